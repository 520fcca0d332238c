"""Objects of a PDF read as what they should be, and as empty where they are something else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, String

ODD = (
    pikepdf.PdfError, RuntimeError, AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError,
)  # fmt: skip
"""What pikepdf raises where an object is not of the kind the standard asks for."""

Key = tuple[int, int]


def mapping(one: object) -> pikepdf.Object:
    return one if isinstance(one, Dictionary | pikepdf.Stream) else Dictionary()


def items(one: object) -> list[pikepdf.Object]:
    return list(one.as_list()) if isinstance(one, Array) else []


def one_or_more(one: object) -> list[pikepdf.Object]:
    """The items of an array, or what stands in its place."""
    return [one] if isinstance(one, pikepdf.Object) and not isinstance(one, Array) else items(one)


def true(one: object) -> bool:
    return one is True


def text(one: object) -> str:
    return str(one) if isinstance(one, String) else ""


def number(one: object) -> int | None:
    return one if isinstance(one, int) and not isinstance(one, bool) else None


def key_of(one: object) -> Key | None:
    """The number of an object that has one."""
    return one.objgen if isinstance(one, pikepdf.Object) and one.is_indirect else None


def leaves(tree: object, kind: str) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """Pairs of a tree of names or numbers (ISO 32000-1, 7.9.6 and 7.9.7); a branch that leads back is not taken again."""
    pending, seen = [tree], set()
    while pending:
        node = pending.pop()
        key = key_of(node)
        if key in seen:
            continue
        if key:
            seen.add(key)
        flat = items(mapping(node).get(kind))
        yield from zip(flat[::2], flat[1::2], strict=False)
        pending += reversed(items(mapping(node).get("/Kids")))


def spelled_tree(kind: bytes, pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A tree of one node; the pairs are sorted already."""
    return b"<< /%s [%s] >>" % (kind, b" ".join(b"%s %s" % pair for pair in pairs))


def spelled_names(named: Mapping[bytes, bytes]) -> bytes:
    """A tree of names, each a string as it is spelled, or nothing; in the order of their bytes, as it must be."""
    pairs = sorted(named.items(), key=lambda pair: bytes(pikepdf.Object.parse(pair[0])))
    return spelled_tree(b"Names", pairs) if pairs else b""


def distinct(wanted: str, taken: set[str]) -> str:
    """``wanted``, or with a number before its ending where that is taken; it is taken from now on."""
    stem, dot, ending = wanted.rpartition(".")
    if not stem or "/" in ending or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = wanted, "", ""
    found, at = wanted, 1
    while found in taken:
        at += 1
        found = f"{stem} ({at}){dot}{ending}"
    taken.add(found)
    return found


_LONGEST_ENDING = 5


def actions(holder: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The action of an annotation or outline entry, and those after it."""
    pending: list[object] = [holder.get("/A")]
    seen: set[Key] = set()
    while pending:
        action = pending.pop()
        key = key_of(action)
        if not isinstance(action, Dictionary) or key in seen:
            continue
        if key:
            seen.add(key)
        yield action
        after = action.get("/Next")
        pending += items(after) if isinstance(after, Array) else [after]


def notes_of(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """The annotations of all pages."""
    for page in pdf.pages:
        for note in items(page.obj.get("/Annots")):
            if isinstance(note, Dictionary):
                yield note


def is_named(target: object) -> bool:
    return isinstance(target, String | Name)


def joined(spelled: Sequence[bytes]) -> bytes:
    return b"[%s]" % b" ".join(spelled)
