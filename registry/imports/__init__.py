"""What came in from files, of any subject: listed and taken back."""
