"""The only SQL besides schema and reports: one module for each kind of row."""
