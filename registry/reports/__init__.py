"""Rates, figures, service hours, worklist and what is held about a person, and their commands."""
