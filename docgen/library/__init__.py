"""The office for other programs: a front door as ``cli.py`` and ``desk`` are; ``yiyu.open`` gives its object."""
