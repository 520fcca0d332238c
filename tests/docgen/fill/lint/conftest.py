"""The shipped templates, and the check held against the national pack."""

import functools
from collections.abc import Callable
from importlib.resources import files

import pytest

from yiyu.docgen.fill.lint import Expectations, TemplateFinding, check_template
from yiyu.registry.model import DocKind
from yiyu.registry.packs import load_pack

Check = Callable[..., tuple[TemplateFinding, ...]]


@functools.cache
def template_of(kind: DocKind) -> bytes:
    return (files("yiyu.templates") / "national" / f"{kind}.docx").read_bytes()


@pytest.fixture
def shipped() -> Callable[[DocKind], bytes]:
    return template_of


@pytest.fixture
def check() -> Check:
    """Check the bytes of a template as a document of ``kind`` of the national pack."""

    def run(data: bytes, kind: DocKind = DocKind.AGREEMENT) -> tuple[TemplateFinding, ...]:
        pack = load_pack("national")
        titles = tuple(document.title for document in pack.documents.values())
        return check_template(data, f"{kind}.docx", Expectations(kind, pack.documents[kind].needs, titles))

    return run
