"""The shipped templates, and the check held against the national pack."""

import functools
from collections.abc import Callable

import pytest
from shipped_forms import with_clauses

from yiyu.docgen.fill.lint import Expectations, TemplateFinding, check_template
from yiyu.registry.model import DocKind
from yiyu.registry.packs import load_pack

Check = Callable[..., tuple[TemplateFinding, ...]]


@functools.cache
def template_of(kind: DocKind) -> bytes:
    return with_clauses(kind).data


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
