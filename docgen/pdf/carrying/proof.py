"""What was carried, read back by a library that had no part in writing it."""

from collections.abc import Iterator
from typing import Any

import pypdf

from yiyu.docgen.pdf.carrying.document import Carrier
from yiyu.docgen.pdf.result_digest import ResultDigests


def holds(reader: pypdf.PdfReader, carrier: Carrier) -> bool:
    """Whether pypdf finds the attachments as they were, the named places with their pages, labels, layers and fields."""
    root = reader.root_object
    digests = ResultDigests()
    files = {_text(key): digests.of_result_object(file) for key, file in _pairs(root, "/Names", "/EmbeddedFiles")}
    places = {_text(key): target for key, target in _pairs(root, "/Names", "/Dests")}
    pages = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages) if page.indirect_reference}
    layers = _below(root, "/OCProperties")
    return (
        carrier.attachments.digests.items() <= files.items()
        and carrier.destinations.pages.keys() <= places.keys()
        and all(page is None or _page(places[name], pages) == page for name, page in carrier.destinations.pages.items())
        and carrier.labels.starts() in ([], [int(at) for at, _ in _pairs(root, "/PageLabels")])
        and len(_list(layers.get("/OCGs"))) == carrier.layers.count
        and len(_list(_below(layers, "/D").get("/OFF"))) == carrier.layers.hidden
        and [_text(_object(one).get("/T")) for one in _list(_below(root, "/AcroForm").get("/Fields"))]
        == carrier.forms.names
    )


def _object(one: Any) -> Any:  # noqa: ANN401 - an object of pypdf of any kind
    return {} if one is None else one.get_object()


def _below(one: Any, *path: str) -> Any:  # noqa: ANN401
    for key in path:
        one = _object(one.get(key))
    return one


def _list(one: Any) -> list[Any]:  # noqa: ANN401
    return list(list.__iter__(_object(one) or []))


def _pairs(root: Any, *path: str) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """Of a tree of names or numbers that is one node, as we write it."""
    tree = _below(root, *path)
    flat = _list(tree.get("/Names") or tree.get("/Nums"))
    return zip(flat[::2], flat[1::2], strict=True)


def _text(one: Any) -> bytes:  # noqa: ANN401
    # A name that is a number or a word is none, to the writer as well.
    return bytes(getattr(_object(one), "original_bytes", b""))


def _page(target: Any, pages: dict[int, int]) -> int | None:  # noqa: ANN401
    target = _object(target)
    first = _list(target.get("/D") if isinstance(target, dict) else target)[0]
    return pages.get(first.idnum)
