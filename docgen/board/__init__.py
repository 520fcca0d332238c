"""The board: one page that holds all it shows. Pure: from plain data to the text of the page."""
