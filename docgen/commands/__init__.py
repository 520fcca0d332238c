"""One module for each Click group; they read the clock, print and exit, and leave the work to actions."""
