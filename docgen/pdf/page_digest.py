"""A page as one digest of all its text is made of.

Read by pikepdf in a source and by pypdf in the result, equal digests say that any program finds the same text on both:
the same bytes drawn with the same fonts, tables of characters and forms. Numbers of objects do not enter.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import pikepdf

Key = tuple[int, int]

_LEFT_OUT = frozenset({"/Parent", "/Length"})
"""The page tree is a new one; a length may be said in an object of its own."""


class Node(NamedTuple):
    """An object of PDF: a mapping, a list or a plain value, with the data of a stream; ``key`` where it has a number."""

    value: Mapping[str, Any] | Iterable[Any] | bytes
    data: bytes | None = None


class PageDigests:
    """Digests of the pages of one file; what several pages share is looked at once."""

    def __init__(self) -> None:
        self._known: dict[Key, bytes] = {}

    def of_source(self, page: pikepdf.Page) -> bytes:
        return self.of_parts(page.obj.get("/Contents"), page.obj.get("/Resources"), key=_key_in_source, look=_in_source)

    def of_object(self, one: pikepdf.Object) -> bytes:
        """Of anything in a source."""
        return self.of_parts(one, key=_key_in_source, look=_in_source)

    def of_parts(self, *parts: Any, key: Callable[[Any], Key | None], look: Callable[[Any], Node]) -> bytes:  # noqa: ANN401 - objects of either library
        def digest(one: Any) -> bytes:  # noqa: ANN401
            number = key(one)
            if number is None:
                return made(look(one))
            if number not in self._known:
                self._known[number] = b"ring"  # where it leads back to itself
                self._known[number] = made(look(one))
            return self._known[number]

        def made(node: Node) -> bytes:
            value = node.value
            if isinstance(value, bytes):
                return hashlib.blake2b(b"=" + value).digest()
            if isinstance(value, Mapping):
                inside = b"<" + b"".join(name.encode() + b"\0" + digest(one) for name, one in sorted(value.items()))
            else:
                inside = b"[" + b"".join(map(digest, value))
            return hashlib.blake2b(inside + (b"]" if node.data is None else b"|" + node.data)).digest()

        return b"".join(map(digest, parts))


def _key_in_source(one: Any) -> Key | None:  # noqa: ANN401
    return one.objgen if isinstance(one, pikepdf.Object) and one.is_indirect else None


def _in_source(one: Any) -> Node:  # noqa: ANN401
    if isinstance(one, pikepdf.Stream):
        return mapping_node(dict(one.stream_dict.items()), one.read_raw_bytes)
    if isinstance(one, pikepdf.Dictionary):
        return mapping_node(dict(one.items()))
    if isinstance(one, pikepdf.Array):
        return Node(one.as_list())
    if isinstance(one, pikepdf.String):
        return Node(b"(" + bytes(one))
    return Node(plain_node(str(one) if isinstance(one, pikepdf.Name) else one))


def mapping_node(entries: Mapping[str, Any], data: Callable[[], bytes] | None = None) -> Node:
    if data and str(entries.get("/Subtype")) == "/Image":
        return Node(b"a picture")
    return Node({name: one for name, one in entries.items() if name not in _LEFT_OUT}, data() if data else None)


def plain_node(one: object) -> bytes:
    """A name or a number; of one spelling both libraries make the same."""
    return repr(float(one) if isinstance(one, Decimal | float) else str(one)).encode()
