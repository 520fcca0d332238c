"""Check templates and packs; every fault of every file in one run."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.context import fields_of
from yiyu.docgen.fill.lint import Expectations, TemplateFinding, annotate, check_template
from yiyu.registry.errors import BadInput, FileFault, UserError
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.model import DocKind, Severity, Variant
from yiyu.registry.packs import Pack, TemplateFile, load_pack
from yiyu.registry.packs.checking import PackFault, check_pack, pack_names

_KEYS = ("severity", "code", "place", "message", "suggestion")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file and what is wrong with it, in the shape of ``template check --json``."""

    file: str
    problems: tuple[dict[str, str], ...]


def check_files(paths: Sequence[Path], *, pack: Pack, kind: DocKind | None = None) -> list[CheckedFile]:
    """Check Word files as documents of ``kind``; without it a file named as one of the pack's templates is of that kind.

    Raises FileFault for what cannot be read.
    """
    return [CheckedFile(str(path), _of_findings(_findings(path, read_bytes(path), pack, kind))) for path in paths]


def annotate_file(path: Path, out: Path, *, pack: Pack, kind: DocKind | None = None) -> None:
    """Write a copy of ``path`` to ``out`` with a Word comment at each fault. Raises FileFault and TemplateFault."""
    if out.exists() and path.exists() and out.samefile(path):
        raise BadInput("批注要写在另一个文件里", where=str(out), remedy="请换一个输出文件名", code="output-is-input")
    data = read_bytes(path)
    write_atomic(out, annotate(data, path.name, _findings(path, data, pack, kind)))


def _findings(path: Path, data: bytes, pack: Pack, kind: DocKind | None) -> tuple[TemplateFinding, ...]:
    return check_template(data, path.name, _wanted(pack, kind or kind_of(path.name, pack)))


def kind_of(file: str, pack: Pack) -> DocKind | None:
    """Tell the kind of document by the file name the pack uses for it."""
    for kind, document in pack.documents.items():
        if file in {document.file, *document.variants.values()}:
            return kind
    return None


def check_packs(names: Sequence[str], office: Path | None) -> list[CheckedFile]:
    """Check the ``pack.toml`` of the packs (none named: of all) with their parents', and every Word file they use.

    Raises NotFound for a name no pack has.
    """
    problems: dict[str, list[PackFault | TemplateFinding]] = {}
    templates: dict[tuple[TemplateFile, Expectations], None] = {}
    for name in names or pack_names(office):
        own, faults = check_pack(name, office)
        problems.setdefault(own, [])
        for fault in faults:
            problems.setdefault(fault.file, []).append(fault)
        try:
            pack = load_pack(name, office=office)
        except UserError:
            continue  # its faults have just been listed
        problems[own] += _unknown_needs(own, pack)
        templates |= dict.fromkeys(_templates(pack))
    for template, wanted in templates:
        found = check_template(template.data, template.name, wanted)
        problems.setdefault(_shown(template, office), []).extend(found)
    return [CheckedFile(file, _of_findings(found)) for file, found in problems.items()]


def _templates(pack: Pack) -> list[tuple[TemplateFile, Expectations]]:
    """Give each Word file of the pack once, with the variants it serves."""
    used: dict[tuple[DocKind, TemplateFile], list[Variant]] = defaultdict(list)
    for kind in pack.documents:
        for variant in pack.variants:
            try:
                used[kind, pack.template(kind, variant)].append(variant)
            except FileFault:
                continue  # a file that is missing is a fault of the pack.toml
    return [(template, _wanted(pack, kind, tuple(variants))) for (kind, template), variants in used.items()]


def _wanted(pack: Pack, kind: DocKind | None, variants: tuple[Variant, ...] = tuple(Variant)) -> Expectations:
    titles = tuple(document.title for document in pack.documents.values())
    needs = pack.documents[kind].needs if kind in pack.documents else ()
    return Expectations(kind, needs, titles, variants)


def _unknown_needs(file: str, pack: Pack) -> list[PackFault]:
    faults = []
    for kind, document in pack.documents.items():
        paths = {path.replace("[]", "") for field in fields_of(kind) for path in (field.path, field.path.split(".")[0])}
        for need in document.needs:
            if need not in paths:
                message, place = f"没有字段“{need}”", f"documents.{kind}.needs"
                hint = "请核对字段名：yiyu template fields"
                faults.append(PackFault(file, Severity.ERROR, "field-unknown", place, message, hint))
    return faults


def _shown(template: TemplateFile, office: Path | None) -> str:
    own = office / template.name if office else None
    return f"{office.name}/{template.name}" if office and own and own.is_file() else template.name


def _of_findings(found: Sequence[TemplateFinding | PackFault]) -> tuple[dict[str, str], ...]:
    problems = [{key: str(getattr(one, key)) for key in _KEYS} for one in found]
    return tuple(problem for place, problem in enumerate(problems) if problem not in problems[:place])
