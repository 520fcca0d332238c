"""The numbers of a large office: ``report rates``, the duties of a year, the board (see ``large_office.py``)."""

import sys
from importlib.machinery import PathFinder

if __name__ == "__main__":
    from large_office import main

    main()
elif __name__ == "numbers" and (found := PathFinder.find_spec("numbers", sys.path[1:])) and found.loader:
    # What the scripts of this folder import asks for the standard library's module of this name, and finds this one.
    found.loader.exec_module(sys.modules["numbers"])
