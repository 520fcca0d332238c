"""Workbooks and CSV in and out. The only package that knows an Excel library."""
