"""The digest of a page as pypdf reads it in a result (see :mod:`yiyu.docgen.pdf.page_digest`)."""

from typing import Any

import pypdf
from pypdf.generic import BooleanObject, ByteStringObject, IndirectObject, NullObject, StreamObject, TextStringObject

from yiyu.docgen.pdf.page_digest import Key, Node, PageDigests, mapping_node, plain_node


class ResultDigests(PageDigests):
    def of_result(self, page: pypdf.PageObject) -> bytes:
        parts = (dict.get(page, "/Contents"), dict.get(page, "/Resources"))
        return self.of_parts(*parts, key=_key_in_result, look=_in_result)

    def of_result_object(self, one: Any) -> bytes:  # noqa: ANN401 - an object of pypdf of any kind
        return self.of_parts(one, key=_key_in_result, look=_in_result)


def _key_in_result(one: Any) -> Key | None:  # noqa: ANN401
    return (one.idnum, one.generation) if isinstance(one, IndirectObject) else None


def _in_result(one: Any) -> Node:  # noqa: ANN401
    one = one.get_object() if isinstance(one, IndirectObject) else one
    if isinstance(one, StreamObject):
        return mapping_node(dict(dict.items(one)), lambda: one._data)  # noqa: SLF001 - pypdf gives out unpacked data only
    if isinstance(one, dict):
        return mapping_node(dict(dict.items(one)))
    if isinstance(one, list):
        return Node(list(list.__iter__(one)))
    if isinstance(one, TextStringObject | ByteStringObject):
        return Node(b"(" + one.original_bytes)
    if isinstance(one, BooleanObject | NullObject):
        return Node(plain_node(one.value if isinstance(one, BooleanObject) else None))
    return Node(plain_node(one))
