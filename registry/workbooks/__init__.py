"""Excel and CSV in and out, whatever the subject: guarded reading, tables, cells, problems, writing."""
