"""What a person can ask of the registry: functions that take a desk and return results, and never print."""
