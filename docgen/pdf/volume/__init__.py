"""A volume: the bound scans of many agreements as one PDF, with cover, contents, bookmarks and page labels."""
