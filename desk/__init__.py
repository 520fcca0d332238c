"""The desk: the office in a browser. A front door as ``cli.py`` is: it calls the same actions and holds no rule and no SQL."""
