"""Visits and trainings: recorded, imported from 活动登记册, with evidence and findings, and their commands."""
