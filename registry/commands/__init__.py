"""The kit of every command: session, options, tables, layout, Chinese help, completion."""
