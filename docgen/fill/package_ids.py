"""Which comments and notes a package holds, and which relations of a part lead out of it."""

import re
from collections.abc import Mapping

from docx.opc.part import Part

from yiyu.docgen.fill.gate import PackageIds

_ID = re.compile(rb'<w:(?:comment|footnote|endnote)\b[^>]*?\sw:id="(-?\d+)"')
_HOLDERS = {"批注": "comments", "脚注": "footnotes", "尾注": "endnotes"}


def package_ids(members: Mapping[str, bytes], part: Part) -> PackageIds:
    """Tell what ``part`` of a saved package may refer to."""
    known = {
        what: frozenset(number.decode() for number in _ID.findall(content))
        for what, holder in _HOLDERS.items()
        for content in [next((members[name] for name in members if name.casefold() == f"word/{holder}.xml"), None)]
        if content is not None
    }
    return PackageIds(known, frozenset(key for key, relation in part.rels.items() if relation.is_external))
