"""Year report, 通报, 自评 and the board as files, and their commands."""
