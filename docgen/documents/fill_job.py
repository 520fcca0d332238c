"""The pure piece of a batch: one template and one context in, the bytes of one document or its failure out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yiyu.docgen.context import coded, missing_fields
from yiyu.docgen.fill.compiled import CompiledTemplate, compile_template
from yiyu.docgen.page_code import decode
from yiyu.docgen.pdf.qr_code import code_picture
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.files import sha256
from yiyu.registry.model import DocKind
from yiyu.registry.packs import TemplateFile


@dataclass(frozen=True, slots=True)
class Version:
    """The version in the code of the header. ``last`` and ``digest`` are those of the current document, if there is one.

    Same bytes keep ``last``; otherwise the version is max(last, newest) + 1. ``newest`` is higher than ``last`` where
    record sheets of that agreement were made since.
    """

    kind: DocKind
    last: int = 0
    digest: str = ""
    newest: int = 0

    @property
    def next(self) -> int:
        return max(self.last, self.newest) + 1


@dataclass(frozen=True, slots=True)
class FillJob:
    """What one document is made from; plain data, so that it can be sent to another process."""

    template: TemplateFile
    context: dict[str, Any]
    needs: tuple[str, ...] = ()
    """Paths of the context that may not be blank."""
    refused: tuple[str, str] | None = None
    """Code and message where no context could be made at all."""
    version: Version | None = None
    """Without one the document has no code."""


@dataclass(frozen=True, slots=True)
class FillResult:
    """The document, or the code and message of why there is none."""

    data: bytes
    template_sha256: str
    code: str = ""
    message: str = ""


Executor = Callable[[Callable[[FillJob], FillResult], Iterable[FillJob]], Iterator[FillResult]]
"""Maps the pure function over the work, results in the order of the work."""


def fill_one(work: FillJob) -> FillResult:
    """Fill one document. A fault of the template or of a value is a result, so that it never stops the others."""
    if work.refused is not None:
        return FillResult(b"", "", *work.refused)
    blank = missing_fields(work.context, work.needs)
    if blank:
        return FillResult(b"", "", "field-missing", f"必填内容为空：{'、'.join(blank)}；请先补全机构或协议信息。")
    try:
        template = _compiled(work.template)
        return FillResult(_filled(template, work), template.sha256)
    except UserError as error:
        return FillResult(b"", "", error.code, str(error))


def _filled(template: CompiledTemplate, work: FillJob) -> bytes:
    version, data = work.version, b""
    if version is None:
        return template.fill(work.context)
    for number in (version.last, version.next):
        if number:
            context = coded(work.context, version.kind, number)
            data = template.fill(context, code=picture_for(context))
            if sha256(data) == version.digest:
                break
    return data


def picture_for(context: Mapping[str, Any]) -> bytes:
    """Draw the code a context names; b"" for a document without one. Raises BadInput for what is no code of ours."""
    group = context.get("文书")
    text = group.get("编码") if isinstance(group, dict) else ""
    if not text:
        return b""
    try:
        decode(str(text))
    except ValueError as error:
        remedy = "请原样使用 yiyu template context 输出的内容，或者留空"
        raise BadInput(str(error), where="数据的 文书.编码", remedy=remedy) from error
    return code_picture(text)


def in_process(function: Callable[[FillJob], FillResult], work: Iterable[FillJob]) -> Iterator[FillResult]:
    """The plain executor: one after the other, here."""
    return map(function, work)


@lru_cache(maxsize=64)
def _compiled(source: TemplateFile) -> CompiledTemplate:
    return compile_template(source.data, name=source.name)
