"""The pure piece of a batch: one template and one context in, the bytes of one document or its failure out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yiyu.docgen.context import missing_fields
from yiyu.docgen.fill.compiled import CompiledTemplate, compile_template
from yiyu.registry.errors import UserError
from yiyu.registry.packs import TemplateFile


@dataclass(frozen=True, slots=True)
class Work:
    """What one document is made from; plain data, so that it can be sent to another process."""

    template: TemplateFile
    context: dict[str, Any]
    needs: tuple[str, ...] = ()
    """Paths of the context that may not be blank."""
    refused: tuple[str, str] | None = None
    """Code and message where no context could be made at all."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The document, or the code and message of why there is none."""

    data: bytes
    template_sha256: str
    code: str = ""
    message: str = ""


Executor = Callable[[Callable[[Work], Filled], Iterable[Work]], Iterator[Filled]]
"""Maps the pure function over the work, results in the order of the work."""


def fill_one(work: Work) -> Filled:
    """Fill one document. A fault of the template or of a value is a result, so that it never stops the others."""
    if work.refused is not None:
        return Filled(b"", "", *work.refused)
    blank = missing_fields(work.context, work.needs)
    if blank:
        return Filled(b"", "", "field-missing", f"必填内容为空：{'、'.join(blank)}；请先补全机构或协议信息。")
    try:
        template = _compiled(work.template)
        return Filled(template.fill(work.context), template.sha256)
    except UserError as error:
        return Filled(b"", "", error.code, str(error))


def in_process(function: Callable[[Work], Filled], work: Iterable[Work]) -> Iterator[Filled]:
    """The plain executor: one after the other, here."""
    return map(function, work)


@lru_cache(maxsize=64)
def _compiled(source: TemplateFile) -> CompiledTemplate:
    return compile_template(source.data, name=source.name)
