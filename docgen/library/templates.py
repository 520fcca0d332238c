"""Templates: checked, filled, joined, drafted of forms, compared."""

from collections.abc import Sequence
from pathlib import Path

from yiyu.docgen.context import Context
from yiyu.docgen.context.fields import TemplateField
from yiyu.docgen.documents.checking import CheckedFile, annotate_file, check_files, dictionary
from yiyu.docgen.documents.clause_forms import ClauseForms
from yiyu.docgen.documents.drafting import Drafted, compare_files, draft_file
from yiyu.docgen.documents.fill_job import picture_for
from yiyu.docgen.documents.generating import document_context
from yiyu.docgen.fill.composing import join_files
from yiyu.docgen.fill.files import FilledFile, expand_file, fill_file
from yiyu.docgen.fill.lint.comparing import FieldChange
from yiyu.docgen.library.action import Group, action
from yiyu.registry.errors import BadInput
from yiyu.registry.model import DocKind
from yiyu.registry.packs.clauses import ClauseText
from yiyu.registry.session import OfficeSession


def check(
    office: OfficeSession,
    files: Sequence[Path],
    *,
    kind: DocKind | None = None,
    data: Path | None = None,
    annotate: Path | None = None,
) -> list[CheckedFile]:
    """What is wrong with Word templates, file by file; ``kind``: None, told by name, title or content.

    ``data``: a JSON file they are tried with. ``annotate``: a copy of the one file with a comment at each fault.
    Raises FileFault for what cannot be read.
    """
    if annotate is not None and len(files) > 1:
        raise BadInput("带批注的副本一次只能写一个文件的", where="annotate", remedy="请一个一个检查")
    results = check_files(files, pack=office.pack, kind=kind, data=data)
    if annotate is not None:
        annotate_file(files[0], annotate, pack=office.pack, kind=kind)
    return results


def fields(office: OfficeSession, *, kind: DocKind | None = None) -> tuple[TemplateField, ...]:  # noqa: ARG001 - an action
    """The fields a template of ``kind`` may name; None: of all kinds, each once."""
    return dictionary(kind)


def context(office: OfficeSession, number: str, *, kind: DocKind = DocKind.AGREEMENT) -> Context:
    """The data a document of an agreement is filled with. Raises NotFound."""
    return document_context(office, number, kind)


def fill(office: OfficeSession, template: Path, data: Path, out: Path, *, dry_run: bool = False) -> FilledFile:
    """Fill any Word template with the JSON object in ``data`` and write it to ``out``.

    Raises FileFault, TemplateFault for the template, BadInput for the data.
    """
    return fill_file(
        template, data, out, picture=picture_for, root=office.workspace.root, clauses=_clauses(office), dry_run=dry_run
    )


def expand(office: OfficeSession, template: Path, out: Path, *, dry_run: bool = False) -> int:
    """Write a copy of a template with the clauses of the day in place of what refers to them; gives their number.

    Raises FileFault, TemplateFault, BadInput where nothing refers to one.
    """
    return expand_file(template, out, _clauses(office), dry_run=dry_run)


def join(office: OfficeSession, sources: Sequence[Path], out: Path, *, dry_run: bool = False) -> None:  # noqa: ARG001 - an action
    """Join Word documents into one. Raises FileFault, TemplateFault."""
    join_files(sources, out, dry_run=dry_run)


def draft(
    office: OfficeSession,  # noqa: ARG001 - an action
    form: Path,
    *,
    out: Path | None = None,
    kind: DocKind | None = None,
    review: bool = False,
    accept: Path | None = None,
) -> Drafted:
    """Make a template of an ordinary Word form, beside it or at ``out``, with comments that say why.

    ``review``: only told, nothing written. ``accept``: a reviewed list, whose decisions are carried out.
    Raises FileFault, TemplateFault for what is no form, BadInput for a list that does not fit.
    """
    if review and accept is not None:
        raise BadInput("只看和写成模板一次只能用一样", where="review, accept", remedy="请去掉一样")
    return draft_file(form, out, kind=kind, review=review, accept=accept)


def diff(office: OfficeSession, old: Path, new: Path) -> tuple[FieldChange, ...]:  # noqa: ARG001 - an action
    """Fields that went, came or moved between two versions of a template. Raises FileFault, TemplateFault."""
    return compare_files(old, new)


def _clauses(office: OfficeSession) -> tuple[ClauseText, ...]:
    return ClauseForms(office.today).texts(office.pack, office.today)


class Templates(Group):
    """Word templates."""

    command = "template"

    check = action(check, reads=("files", "data"), writes=("annotate",))
    fields = action(fields)
    context = action(context)
    fill = action(fill, reads=("template", "data"), writes=("out",))
    expand = action(expand, reads=("template",), writes=("out",))
    join = action(join, reads=("sources",), writes=("out",))
    draft = action(draft, reads=("form", "accept"), writes=("out",))
    diff = action(diff, reads=("old", "new"))
