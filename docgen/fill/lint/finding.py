"""What the check of a template gives: findings, and what it was asked to check against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yiyu.registry.model import DocKind, Severity, Variant

WHOLE_FILE = -1
"""The paragraph of a finding that has none of its own."""

Report = Callable[[int, Severity, str, str, str], None]
"""Takes the paragraph (of a part), the severity, the code, the message and the suggestion of a fault."""


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """One fault of a template. The first five are what people and programs see (design.md#command-line).

    ``paragraph`` is its index in :func:`yiyu.docgen.fill.lint.paragraphs.read_paragraphs`, or WHOLE_FILE.
    """

    severity: Severity
    code: str
    place: str
    message: str
    suggestion: str
    paragraph: int = WHOLE_FILE

    def as_json(self) -> dict[str, str]:
        keys = ("severity", "code", "place", "message", "suggestion")
        return {key: str(getattr(self, key)) for key in keys}


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a template is held against. Without a kind only what holds for all kinds is checked."""

    kind: DocKind | None = None
    needs: tuple[str, ...] = ()
    """Field paths that must be printed (a pack's ``documents.*.needs``)."""
    titles: tuple[str, ...] = ()
    """Titles of the pack's documents, which an agreement may name as annexes."""
    variants: tuple[Variant, ...] = tuple(Variant)
    """The variants the file is used for."""
    guessed: bool = False
    """The kind is only told by title or content: what it needs is then worth a warning."""
    data: Mapping[str, object] | None = None
    """What the template is to be filled with, in place of samples of our own fields."""
