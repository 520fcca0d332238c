"""A plugin of yiyu with one of everything, for the manual and the tests."""
