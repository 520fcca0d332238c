"""Whether a PDF that another machine made is what a converter makes: pages and the names of places in them."""

from pathlib import Path

import pikepdf

from yiyu.docgen.pdf.carrying.objects import ODD, mapping
from yiyu.docgen.pdf.source import display_name, sound_pdf
from yiyu.registry.errors import FileFault

_KNOWN = frozenset(
    {"/Type", "/Version", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/Metadata", "/OutputIntents", "/Outlines"}
    | {"/Dests", "/Names", "/OpenAction", "/ViewerPreferences", "/PageMode", "/PageLayout", "/PageLabels"}
)
"""Entries of a catalog without which no script, file or form comes with a document (ISO 32000-1, 7.7.2)."""
_MOST_BYTES = 256 * 1024 * 1024


def require_plain(path: Path) -> None:
    """Raise FileFault for a PDF that is not sound, or brings more than pages: scripts, files, forms, what acts by itself."""
    if path.stat().st_size > _MOST_BYTES:
        raise FileFault("文件过大", where=display_name(path))
    with sound_pdf(path) as pdf:
        try:
            plain = _is_plain(pdf)
        except ODD as error:
            raise FileFault("已损坏，无法完整读出", where=display_name(path)) from error
    if not plain:
        raise FileFault("带有脚本、附件或表单", where=display_name(path))


def _is_plain(pdf: pikepdf.Pdf) -> bool:
    """What opens the document may lead to a page, no more."""
    first = pdf.Root.get("/OpenAction")
    leads = not isinstance(first, pikepdf.Dictionary) or (str(first.get("/S", "")) == "/GoTo" and "/Next" not in first)
    named = set(mapping(pdf.Root.get("/Names")).keys())
    return leads and set(pdf.Root.keys()) <= _KNOWN and named <= {"/Dests"}
