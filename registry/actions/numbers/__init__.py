"""The numbers an office hands up, each with the rows behind it."""
