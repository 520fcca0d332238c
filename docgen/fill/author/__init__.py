"""Makes the shipped Word templates."""
