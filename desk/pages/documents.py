"""生成打印: documents filled and printed as long works; what could not be made is listed, and can be asked for again."""

import zipfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from urllib.parse import urlencode

import click
from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.access import own_agreements
from yiyu.desk.pages.every_agreement import districts_of
from yiyu.desk.pages.steps import numbers_given
from yiyu.desk.works import Outcome, Progressing
from yiyu.docgen.documents.generate_commands import counted_lines, followed_lines, replaced_lines, unshown_lines
from yiyu.docgen.documents.generating import GenerateResult, generate
from yiyu.docgen.documents.printing import print_agreements
from yiyu.registry.agreements.listing import numbers_in_scope
from yiyu.registry.commands.options import DISTRICT, DOC_KIND
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.files import replacing
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession

_COPIES = click.IntRange(1, 20)
_PRINTED, _PACKED = "打印.pdf", "文书.zip"
_MOST_AGAIN = 300
"""Numbers that fit into an address."""


def ask(asking: Asking) -> Response:
    """What to make, of which agreements."""
    return _form(asking, tuple(asking.request.query_params.getlist("number")))


def make(asking: Asking) -> Response:
    """Begin to fill documents, with a PDF beside each where that is asked for."""
    numbers, kinds = numbers_given(asking), _kinds(asking)
    missing, pdf, pack = (bool(asking.text(name)) for name in ("missing", "pdf", "pack"))
    try:
        district = _checked(asking, numbers)
        if not (numbers or missing):
            raise BadInput("没有选协议", remedy="请填编号，或勾选“只补还没有的”")
    except UserError as error:
        return _form(asking, numbers, str(error))

    def act(folder: Path, progress: Progressing) -> Outcome:
        with _office(asking, district) as office:
            result = generate(
                office,
                numbers,
                kinds=kinds,
                missing=missing,
                pdf=pdf,
                progress=progress,
                pdf_progress=progress,
            )
            files = [_PACKED] if pack and _packed(office, result, folder / _PACKED) else []
        lines = [*followed_lines(result), *unshown_lines(result.unshown), *counted_lines(result)]
        return _outcome(lines, result, files)

    return asking.begin(f"生成文书（{_whose(numbers, district)}）", act, again="/documents")


def print_(asking: Asking) -> Response:
    """Begin to make one PDF for the printer; what has no document yet gets it before."""
    numbers, kinds = numbers_given(asking), _kinds(asking)
    fill, duplex, pdfa = (bool(asking.text(name)) for name in ("fill", "duplex", "pdfa"))
    try:
        district, copies = _checked(asking, numbers), asking.read("copies", _COPIES, "一式几份") or 1
        if not (numbers or district):
            raise BadInput("没有选协议", remedy="请填编号，或选一个旗区")
    except UserError as error:
        return _form(asking, numbers, str(error))

    def act(folder: Path, progress: Progressing) -> Outcome:
        with _office(asking, district) as office:
            made = generate(office, numbers, kinds=kinds, missing=True, progress=progress) if fill else GenerateResult()
            lost = {one.subject for one in made.failed}
            wanted = [number for number in numbers_in_scope(office, numbers) if number not in lost]
            if not wanted:
                return _outcome([], made, [])
            printed = print_agreements(
                office,
                wanted,
                folder / _PRINTED,
                kinds=kinds,
                copies=copies,
                duplex=duplex,
                pdfa=pdfa,
                progress=progress,
            )
        told = f"{printed.documents} 份文书，一式 {copies} 份，共 {printed.pages} 页"
        lines = [*followed_lines(made), *unshown_lines(printed.unshown), *replaced_lines(), told]
        return _outcome(lines, made, [_PRINTED])

    return asking.begin(f"打印（{_whose(numbers, district)}）", act, again="/documents")


def _outcome(lines: Sequence[str], result: GenerateResult, files: Sequence[str]) -> Outcome:
    failed = [(f"{one.subject} {DOC_KIND_LABEL[one.kind]}", one.message) for one in result.failed]
    again = list(dict.fromkeys(one.subject for one in result.failed))[:_MOST_AGAIN]
    page = f"/documents?{urlencode({'number': again}, doseq=True)}" if again else "/agreements"
    return Outcome(lines, failed, files, page, "没有做成的再做一次" if again else "回到协议")


def _checked(asking: Asking, numbers: Sequence[str]) -> str:
    """The 旗区 to which it is limited; numbers must be the person's."""
    with asking.office() as office:
        if numbers:
            own_agreements(office, numbers)
            numbers_in_scope(office, numbers)
    return asking.person.district or asking.read("district", DISTRICT, "旗区") or ""


def _office(asking: Asking, district: str) -> AbstractContextManager[OfficeSession]:
    return asking.desk.office(asking.person.name, Scope(district))


def _kinds(asking: Asking) -> list[DocKind]:
    return [DocKind(DOC_KIND.convert(kind, None, None)) for kind in asking.texts("kind") if kind in DOC_KIND_LABEL]


def _whose(numbers: Sequence[str], district: str) -> str:
    if len(numbers) == 1:
        return numbers[0]
    return f"{len(numbers)} 份协议" if numbers else "本旗区缺的" if district else "全部缺的"


def _packed(office: OfficeSession, result: GenerateResult, path: Path) -> bool:
    """Whether there was anything to put into one file for download: Word documents, and the PDF beside each."""
    names = [row.path for _, row in (*result.made, *result.skipped)] + list((result.pdfs or {}).values())
    if not names:
        return False
    with replacing(path, office=office.workspace.root) as temporary, zipfile.ZipFile(temporary, "w") as pack:
        for name in dict.fromkeys(names):
            if (office.workspace.root / name).is_file():
                pack.write(office.workspace.root / name, "/".join(PurePosixPath(name).parts[1:]))
    return True


def _form(asking: Asking, numbers: tuple[str, ...], fault: str = "") -> Response:
    with asking.office() as office:
        districts = districts_of(office)
    return asking.page(
        "documents.html", status=422 if fault else 200, numbers=numbers, fault=fault, districts=districts,
        kinds={str(kind): label for kind, label in DOC_KIND_LABEL.items()},
    )  # fmt: skip
