"""Forms: fields that can still be filled in, under names that tell the files apart (ISO 32000-1, 12.7)."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable

import pikepdf
from pikepdf import Dictionary, String

from yiyu.docgen.pdf.carrying.objects import distinct, items, joined, key_of, mapping, text, true
from yiyu.docgen.pdf.writing import Copying

_INHERITED = ("/DA", "/Q")
_FONT = re.compile(rb"/([^\s/\[\]<>()]+)(?=\s+[-+.\d]+\s+Tf\b)")


class Forms:
    """The fields of all files as one form."""

    def __init__(self) -> None:
        self._fields: list[bytes] = []
        self._names: set[str] = set()
        self.names: list[bytes] = []
        """Of the fields, in order, those without a name too."""
        self._resources: dict[str, dict[str, bytes]] = defaultdict(dict)
        self._unfinished = False

    def take(self, pdf: pikepdf.Pdf, copying: Copying) -> list[str]:
        """Add those of a file; what of them is left behind."""
        form = mapping(pdf.Root.get("/AcroForm"))
        fields = [one for one in items(form.get("/Fields")) if isinstance(one, Dictionary)]
        names: dict[str, str] = {}
        fonts = self._take_resources(form.get("/DR"), copying)
        for field in {key_of(field) or id(field): field for field in fields}.values():
            for key in _INHERITED:
                if key in form and key not in field:
                    field[key] = form[key]
            if name := text(field.get("/T")):
                # Several fields of a file under one name are one field.
                names[name] = names.get(name) or distinct(name, self._names)
                field.T = String(names[name])
        self.names += [bytes(field.T) if text(field.get("/T")) else b"" for field in fields]
        if fonts:
            _rename_fonts(fields, fonts)
        self._fields += map(copying.spelled, fields)
        self._unfinished |= bool(fields) and true(form.get("/NeedAppearances"))
        return ["XFA 动态表单"] if "/XFA" in form else []

    def _take_resources(self, resources: object, copying: Copying) -> dict[bytes, bytes]:
        """Add what the fields draw with; the new names of fonts whose names were taken."""
        fonts: dict[bytes, bytes] = {}
        for kind, named in mapping(resources).items():
            known = self._resources[kind]
            for name, one in mapping(named).items():
                new = _free(name, known) if kind == "/Font" else name
                if new != name:
                    fonts[name[1:].encode()] = new[1:].encode()
                known.setdefault(new, copying.spelled(one))
        return fonts

    def spelled(self) -> bytes:
        if not self._fields:
            return b""
        named = b" ".join(
            b"%s << %s >>" % (kind.encode(), b" ".join(b"%s %s" % (_name(key), one) for key, one in known.items()))
            for kind, known in self._resources.items()
            if known
        )
        unfinished = b" /NeedAppearances true" if self._unfinished else b""
        return b"<< /Fields %s /DR << %s >>%s >>" % (joined(self._fields), named, unfinished)


def _free(name: str, known: dict[str, bytes]) -> str:
    numbered = (f"{name}_{at}" for at in itertools.count(2))
    return name if name not in known else next(one for one in numbered if one not in known)


def _name(name: str) -> bytes:
    return pikepdf.Name(name).unparse()


def _rename_fonts(fields: Iterable[pikepdf.Object], fonts: dict[bytes, bytes]) -> None:
    """In the fields and all below them."""
    pending, seen = list(fields), set()
    while pending:
        field = pending.pop()
        key = key_of(field)
        if key in seen or not isinstance(field, Dictionary):
            continue
        if key:
            seen.add(key)
        if isinstance(field.get("/DA"), String):
            field.DA = String(_FONT.sub(lambda found: b"/" + fonts.get(found[1], found[1]), bytes(field.DA)))
        pending += items(field.get("/Kids"))
