"""Documents of an agreement: generated, converted, printed, templates checked, and their commands."""
