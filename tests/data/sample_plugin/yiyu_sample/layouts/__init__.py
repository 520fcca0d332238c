"""Layouts (表样): each file beside this one is one."""
