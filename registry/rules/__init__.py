"""Everything that only computes: codes, dates, terms, hours, rates, reminders, search, duties. No clock, no files, no SQL."""
