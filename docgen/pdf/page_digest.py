"""A page as one digest of all its text is made of.

Read by pikepdf in a source and by pypdf in the result, equal digests say that any program finds the same text on both:
the same bytes drawn with the same fonts, tables of characters and forms. Numbers of objects do not enter.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import pikepdf
import pypdf
from pypdf.generic import BooleanObject, ByteStringObject, IndirectObject, NullObject, StreamObject, TextStringObject

Key = tuple[int, int]

_LEFT_OUT = frozenset({"/Parent", "/Length"})
"""The page tree is a new one; a length may be said in an object of its own."""


class _Node(NamedTuple):
    """An object of PDF: a mapping, a list or a plain value, with the data of a stream; ``key`` where it has a number."""

    value: Mapping[str, Any] | Iterable[Any] | bytes
    data: bytes | None = None


class PageDigests:
    """Digests of the pages of one file; what several pages share is looked at once."""

    def __init__(self) -> None:
        self._known: dict[Key, bytes] = {}

    def of_source(self, page: pikepdf.Page) -> bytes:
        return self._page(page.obj.get("/Contents"), page.obj.get("/Resources"), key=_key_in_source, look=_in_source)

    def of_object(self, one: pikepdf.Object) -> bytes:
        """Of anything in a source."""
        return self._page(one, key=_key_in_source, look=_in_source)

    def of_result_object(self, one: Any) -> bytes:  # noqa: ANN401 - an object of pypdf of any kind
        return self._page(one, key=_key_in_result, look=_in_result)

    def of_result(self, page: pypdf.PageObject) -> bytes:
        return self._page(
            dict.get(page, "/Contents"), dict.get(page, "/Resources"), key=_key_in_result, look=_in_result
        )

    def _page(self, *parts: Any, key: Callable[[Any], Key | None], look: Callable[[Any], _Node]) -> bytes:  # noqa: ANN401 - objects of either library
        def digest(one: Any) -> bytes:  # noqa: ANN401
            number = key(one)
            if number is None:
                return made(look(one))
            if number not in self._known:
                self._known[number] = b"ring"  # where it leads back to itself
                self._known[number] = made(look(one))
            return self._known[number]

        def made(node: _Node) -> bytes:
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


def _key_in_result(one: Any) -> Key | None:  # noqa: ANN401
    return (one.idnum, one.generation) if isinstance(one, IndirectObject) else None


def _in_source(one: Any) -> _Node:  # noqa: ANN401
    if isinstance(one, pikepdf.Stream):
        return _mapping(dict(one.stream_dict.items()), one.read_raw_bytes)
    if isinstance(one, pikepdf.Dictionary):
        return _mapping(dict(one.items()))
    if isinstance(one, pikepdf.Array):
        return _Node(one.as_list())
    if isinstance(one, pikepdf.String):
        return _Node(b"(" + bytes(one))
    return _Node(_plain(str(one) if isinstance(one, pikepdf.Name) else one))


def _in_result(one: Any) -> _Node:  # noqa: ANN401
    one = one.get_object() if isinstance(one, IndirectObject) else one
    if isinstance(one, StreamObject):
        return _mapping(dict(dict.items(one)), lambda: one._data)  # noqa: SLF001 - pypdf gives out unpacked data only
    if isinstance(one, dict):
        return _mapping(dict(dict.items(one)))
    if isinstance(one, list):
        return _Node(list(list.__iter__(one)))
    if isinstance(one, TextStringObject | ByteStringObject):
        return _Node(b"(" + one.original_bytes)
    if isinstance(one, BooleanObject | NullObject):
        return _Node(_plain(one.value if isinstance(one, BooleanObject) else None))
    return _Node(_plain(one))


def _mapping(entries: Mapping[str, Any], data: Callable[[], bytes] | None = None) -> _Node:
    if data and str(entries.get("/Subtype")) == "/Image":
        return _Node(b"a picture")
    return _Node({name: one for name, one in entries.items() if name not in _LEFT_OUT}, data() if data else None)


def _plain(one: object) -> bytes:
    """A name or a number; of one spelling both libraries make the same."""
    return repr(float(one) if isinstance(one, Decimal | float) else str(one)).encode()
