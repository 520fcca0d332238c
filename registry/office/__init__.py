"""The workspace as a whole: set up, backed up, restored, encrypted, checked, and its commands."""
