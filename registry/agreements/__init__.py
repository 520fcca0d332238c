"""Agreements from pairing to renewal: drafting, steps, lists, conflicts, reminders, and their commands."""
