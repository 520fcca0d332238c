"""签约台账: the table of signed agreements, out to Excel and back, with three-way conflicts by cell."""
