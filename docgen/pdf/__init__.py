"""PDF: converting, page codes, stamps, merging, signatures, reading back."""
