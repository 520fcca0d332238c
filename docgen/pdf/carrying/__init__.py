"""What belongs to a file as a whole, carried into the file its pages are joined to."""
