"""Packs: data only, read with importlib.resources."""
