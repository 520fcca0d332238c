"""补充协议 of a signed agreement: old and new of what lags behind the registry, of its list, and of its term."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.context import Context, context_for
from yiyu.docgen.reports.report_documents import filled_form
from yiyu.docgen.wording import chinese_date
from yiyu.registry.agreements.following import Lag, lagging
from yiyu.registry.agreements.listing import show_agreement
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.files import write_atomic
from yiyu.registry.model import DocKind
from yiyu.registry.rules.item_changes import EDITABLE
from yiyu.registry.session import OfficeSession

_BY_HAND = "　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class SupplementPaper:
    """``number`` it will have once it is signed and recorded; ``changes``: what, old, new, as printed."""

    number: str
    changes: tuple[tuple[str, str, str], ...]
    path: Path


def draft_supplement(
    office: OfficeSession,
    number: str,
    *,
    text: str = "",
    ends_on: dt.date | None = None,
    from_day: dt.date | None = None,
    out: Path | None = None,
    dry_run: bool = False,
) -> SupplementPaper:
    """Write the paper to ``out`` (default: output/补充协议/); nothing is recorded until it is signed.

    Raises NotFound, StepNotAllowed for an agreement that not all have signed or that is over, BadInput where there is
    nothing to change, TemplateFault and FileFault.
    """
    dossier = show_agreement(office, number)
    standing, one = dossier.standing, dossier.agreement
    if standing.state.signing != "signed" or standing.state.ended:
        raise StepNotAllowed(
            "补充协议只用于各方已签、没有终止的协议", where=number, remedy="没有签的请改后运行 yiyu generate 重新生成"
        )
    changes = (*_lines(lagging(office, standing)), *_term(standing.ends_on, ends_on))
    if not changes and not text:
        raise BadInput(
            "没有要变更的内容", where=number, remedy="请用 --text 写明，或先改机构、清单，或用 --end 写新的截止日期"
        )
    own = f"{number}-补{len(dossier.supplements) + 1}"
    context = context_for(DocKind.AGREEMENT, one, office.pack_named(one.pack))
    context |= _context(own, changes, text, from_day) | {"签订日期": chinese_date(standing.state.signed_on or "")}
    data = filled_form(office, "supplement.docx", context)
    path = out or office.workspace.output / "补充协议" / f"{own}_补充协议.docx"
    if not dry_run:
        write_atomic(path, data)
    return SupplementPaper(own, changes, path)


def _lines(lag: Lag) -> list[tuple[str, str, str]]:
    facts = [(one.heading, one.old, one.new) for one in lag.facts]
    return facts + [(f"{one.code} {one.name}：{EDITABLE[one.field]}", one.old, one.new) for one in lag.items]


def _term(old: dt.date, new: dt.date | None) -> list[tuple[str, str, str]]:
    return [] if new is None or new == old else [("协议截止日期", chinese_date(old), chinese_date(new))]


def _context(own: str, changes: tuple[tuple[str, str, str], ...], text: str, from_day: dt.date | None) -> Context:
    rows = [
        {"序号": at, "事项": what, "原": old or "（空）", "现": new or "（空）"}
        for at, (what, old, new) in enumerate(changes or (("其他", "—", text),), start=1)
    ]
    return {
        "编号": own,
        "变更": rows,
        "说明": text if changes else "",
        "换清单": any("：" in what for what, _, _ in changes),
        "生效日期": chinese_date(from_day) if from_day else _BY_HAND,
    }
