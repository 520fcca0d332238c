"""What a person can ask of paper: functions that take a desk and return results, and never print."""
