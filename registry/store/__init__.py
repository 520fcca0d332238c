"""The SQLite registry: its tables, the only SQL, and where agreements stand."""
