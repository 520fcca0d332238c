"""A page as one digest of all its text is made of, object by object as qpdf spells them.

Of a source and of a result both are read by qpdf, so equal digests say that nothing was lost, exchanged or misnumbered between
them; a quarter of the cost of :mod:`yiyu.docgen.pdf.page_digest`, which reads the two with two libraries.
"""

import hashlib
import re

import pikepdf

from yiyu.docgen.pdf.carrying.objects import Key

_PARTS = re.compile(rb"/(?:Parent|Length|StructParents?) -?\d+(?: \d+ R\b)?|\b(\d+) (\d+) R\b")
"""What is another number in the result, and references. Inside of a string they are taken for the same: then a digest may
differ that need not, never the other way round."""
_BLANK = b"\0"


class Spellings:
    """Digests of the pages of one file; what several pages share is looked at once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._known: dict[Key, bytes] = {}

    def of(self, page: pikepdf.Page) -> bytes:
        """Raises RecursionError where objects are nested too deep."""
        return b"".join(self._digest(page.obj.get(name)) for name in ("/Contents", "/Resources"))

    def _digest(self, one: object) -> bytes:
        if not isinstance(one, pikepdf.Object):
            return repr(one).encode()  # of a plain value pikepdf gives that
        if not one.is_indirect:
            return self._made(one)
        if one.objgen not in self._known:
            self._known[one.objgen] = b"ring"  # where it leads back to itself
            self._known[one.objgen] = self._made(one)
        return self._known[one.objgen]

    def _made(self, one: pikepdf.Object) -> bytes:
        stream = isinstance(one, pikepdf.Stream)
        if stream and one.stream_dict.get("/Subtype") == "/Image":
            return b"a picture"
        spelled = one.stream_dict.unparse(resolved=True) if stream else one.unparse(resolved=True)
        digest = hashlib.blake2b(_PARTS.sub(_BLANK, spelled))
        for number, generation in _PARTS.findall(spelled):
            digest.update(self._digest(self._pdf.get_object(int(number), int(generation))) if number else _BLANK)
        if stream:
            digest.update(one.get_raw_stream_buffer())
        return digest.digest()
