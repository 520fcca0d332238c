"""Scans come home: intake, matching, filing, volumes, catalogue, fixity, bags, and their commands."""
