"""Columns that several tables share."""


def date(column: str, *, null: bool = False) -> str:
    """Text that holds an ISO date; SQLite answers 30 February with another day, and so refuses it."""
    return f"{column} TEXT {'' if null else 'NOT NULL '}CHECK ({column} IS date({column}))"
