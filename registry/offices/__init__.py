"""Offices of one tree: what one hands up as a signed package, and what an office above holds of those below."""
