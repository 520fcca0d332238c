"""Which forms use which clause: those of a pack, and those in ``forms/``."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from yiyu.docgen.documents.clause_forms import clause_form
from yiyu.registry.files import read_bytes
from yiyu.registry.packs import Pack, TemplateFile
from yiyu.registry.packs.clauses import ClauseText


def clause_uses(pack: Pack, office: Path | None, texts: tuple[ClauseText, ...]) -> dict[str, list[str]]:
    """Names of the Word files, by code of the clause; ``office`` is the workspace's ``templates/``.

    Raises TemplateFault for a form that cannot be read or refers to what is not there.
    """
    uses: dict[str, list[str]] = {}
    for form in _forms(pack, office):
        for clause in clause_form(form, texts).clauses:
            uses.setdefault(clause.code, []).append(form.name)
    return uses


def _forms(pack: Pack, office: Path | None) -> Iterator[TemplateFile]:
    yield from (TemplateFile(name, data) for name, data in pack.forms().items())
    for shipped in sorted((files("yiyu.templates") / "forms").iterdir(), key=lambda one: one.name):
        name = f"forms/{shipped.name}"
        own = office / name if office else None
        yield TemplateFile(name, read_bytes(own) if own and own.is_file() else shipped.read_bytes())
