"""Word templates: compiled once, filled many times, every value exact or refused."""

import docxtpl  # noqa: F401 brings docxcompose, where that is installed
from docx.oxml.ns import nsmap

# docxcompose takes the prefix cp for custom properties in the table all of python-docx reads; it needs it nowhere, and
# python-docx writes core properties under it.
nsmap["cp"] = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
