"""应履约事项: what is owed and done, planned and waived, and its commands."""
