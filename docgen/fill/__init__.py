"""Word templates: compiled once, filled many times, every value exact or refused."""
