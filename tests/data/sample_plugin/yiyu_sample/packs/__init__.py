"""Packs (口径包): each folder beside this file is one."""
