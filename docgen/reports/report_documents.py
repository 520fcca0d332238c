"""服务时长证明, the year's report and the half-year 通报 as Word files."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from yiyu.docgen.documents.clause_forms import ClauseForms
from yiyu.docgen.fill.clauses import expanded
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.naming import safe_name
from yiyu.docgen.wording import chinese_date
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.reports.comparing import PeriodComparison, compare, half_year
from yiyu.registry.reports.issuing import IssuedToday, as_it_stands, issue, last_issued, report_title
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.rate_tables import RateRow
from yiyu.registry.rules.chain import Head, head_line
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.duties import read_period
from yiyu.registry.rules.hours import REASONS, PersonHours, Stay
from yiyu.registry.rules.rates import UNKNOWN, Rate
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.issued_reports import IssuedReport
from yiyu.registry.store.row_changes import head

_FORMS = {"bulletin": "bulletin.docx", "year": "year_report.docx"}
_PERIOD = re.compile(r"(?<![\dA-Za-z-])20\d\d(?:[QH]\d|-\d\d(?:-\d\d)?)(?![\dA-Za-z-])")


def write_certificates(office: OfficeSession, out: Path, *, year: int, people: Sequence[str] = ()) -> list[PersonHours]:
    """Write one certificate a page for everybody with hours that count, or for the names given.

    Raises NotFound where nobody has any, or a name has no record.
    """
    found = [one for one in report_hours(office, year) if one.minutes or one.person in people]
    chosen = [one for one in found if not people or one.person in people]
    missing = sorted(set(people) - {one.person for one in chosen})
    if missing or not chosen:
        who = f"“{'、'.join(missing)}”" if missing else "任何人"
        raise NotFound(
            f"{year} 年没有{who}的服务时长", remedy="请用 yiyu report hours --left-out 查看未计入的记录和原因"
        )
    last = min(dt.date(year, 12, 31), office.today)
    context: dict[str, object] = {
        "年度": year,
        "依据": "、".join(office.pack.citations),
        "截至": chinese_date(last),
        "人员": [_person(one) for one in chosen],
    }
    write_atomic(out, filled_form(office, "hours_certificate.docx", context))
    return chosen


@dataclass(frozen=True, slots=True)
class MadeReport:
    """``issued``: what went out just now; ``before``: what went out of the same period earlier, beside today's figures."""

    found: PeriodComparison
    before: IssuedToday | None = None
    issued: IssuedReport | None = None


@dataclass(frozen=True, slots=True)
class Issuing:
    """That a report is to go out; ``reason`` where it corrects one that went out before."""

    reason: str = ""
    dry_run: bool = False


def make_report(
    office: OfficeSession, form: str, *, period: str | None, out: Path | None = None, issuing: Issuing | None = None
) -> MadeReport:
    """Put the figures of a period together, beside what was issued of it; write them to ``out``, or issue them.

    ``form``: a key of FORM_LABEL (year: S3 四（三）; domain.md#year-calendar: December). ``period`` defaults to the half-year
    of the day asked for. What is issued is written to ``out`` as well, the same bytes. Raises as ``issue`` does.
    """
    scope = office.scope
    if out is not None and scope.provider:
        raise BadInput(
            "报告只写全地区、一个旗区或一个乡镇的",
            where=f"--provider {scope.provider}",
            remedy="请去掉 --docx 看表，或用 report rates --provider",
        )
    found = compare(office, period or half_year(office.today))
    last = None if scope.town or scope.provider else last_issued(office, form, found.period.text)
    before = as_it_stands(office, last, found) if last else None
    if out is None and issuing is None:
        return MadeReport(found, before)
    corrected = before.report if before and issuing and issuing.reason else None
    reached = head(office.db) if issuing else None
    document, issued = _document(office, form, found, _correcting(corrected, issuing), reached), None
    if issuing is not None and reached is not None:
        issued = issue(office, form, found, document, reached, reason=issuing.reason, dry_run=issuing.dry_run)
    if out is not None and not (issuing and issuing.dry_run):
        write_atomic(out, document)
    return MadeReport(found, before, issued)


def make_bulletins(
    office: OfficeSession, folder: Path | None, *, period: str | None, issuing: Issuing | None = None
) -> Iterator[tuple[str, MadeReport]]:
    """Make one 通报 for each 旗区 that has childcare institutions, named for it and the period; those in ``folder``.

    Raises StepNotAllowed before anything is written where some went out before and no reason is given.
    """
    asked = period or half_year(office.today)
    places = [
        (row.group, replace(office, scope=Scope(row.code))) for row in compare(office, asked).rows[:-1] if row.code
    ]
    again = [name for name, place in places if issuing and not issuing.reason and last_issued(place, "bulletin", asked)]
    if again:
        raise StepNotAllowed(
            f"{asked} 的通报已经印发过",
            where="、".join(again),
            remedy="要更正印发，请用 --reason 写明原因，两份都会保留",
        )
    for name, place in places:
        stem = safe_name(f"{name}_通报_{asked}")
        first = issuing and issuing.reason and not last_issued(place, "bulletin", asked)
        wanted = replace(issuing, reason="") if issuing and first else issuing
        out = None if folder is None else folder / f"{stem}.docx"
        yield stem, make_report(place, "bulletin", period=asked, out=out, issuing=wanted)


def _correcting(report: IssuedReport | None, issuing: Issuing | None) -> str:
    """What a report that corrects another says of it; "" for any other."""
    if report is None or issuing is None:
        return ""
    return f"{chinese_date(report.issued_on)}印发的{report_title(report)}（{report.number}）有更正：{issuing.reason}。以本次印发的为准。"


def _document(
    office: OfficeSession, form: str, found: PeriodComparison, correcting: str, reached: Head | None
) -> bytes:
    """``reached``: how far the registry had come, printed on what is issued."""
    code = office.scope.district or office.workspace.config.region
    region = district_name(code) + office.scope.town
    total = found.rows[-1]
    context: dict[str, object] = {
        "地区": region,
        "单位": office.pack.authority_of(code),
        "主送": "、".join(addressees(office, code)),
        "时段": found.period.title,
        "更正": correcting,
        "链头": head_line(reached, dt.date.fromisoformat(office.now[:10])) if reached else "",
        "截至": chinese_date(found.day),
        "上期截至": chinese_date(found.day_before),
        "合计": _line(total, found.before.get(total.group), _told),
        "各行": [_line(row, found.before.get(row.group)) for row in found.rows],
        "不计入": "，".join(found.left_out),
        "自评": {
            "应": found.loops.due,
            "已自评": found.loops.taken["self_assessed"],
            "已整改": found.loops.taken["rectified"],
            "已总结": found.loops.taken["summarised"],
            "逾期": found.loops.overdue,
        },
        "时长": {"人数": found.hours.people, "小时": found.hours.hours, "未计入": found.hours.left_out},
        "填报": _entered(total),
        "名单": {
            "未签约": list(found.missing.unsigned),
            "未上门": [_in_words(one) for one in found.missing.unvisited],
            "未整改": list(found.missing.unrectified),
        },
    }
    return filled_form(office, _FORMS[form], context)


def addressees(office: OfficeSession, code: str) -> tuple[str, ...]:
    """Who a 通报 of a region is sent to: as the office sets it, else the authority of each of its 旗区.

    A 旗区 has none below it; there it goes to the institutions (GB/T 9704-2012 7.3.2: 全称、规范化简称或统称).
    """
    below = [one for one in office.pack.regions if code.endswith("00") and one != code and one[:4] == code[:4]]
    own = office.workspace.config.addressees if code == office.workspace.config.region else ()
    return own or tuple(dict.fromkeys(map(office.pack.authority_of, below))) or ("各有关医疗卫生机构", "各托育机构")


def filled_form(office: OfficeSession, form: str, context: Mapping[str, object]) -> bytes:
    """A form of ours, or the office's own of that name in ``templates/forms/``, with the clauses of today, filled."""
    name = f"forms/{form}"
    own = office.workspace.templates / name
    data = read_bytes(own) if own.is_file() else (files("yiyu.templates") / name).read_bytes()
    texts = ClauseForms(office.today).texts(office.pack, office.today)
    return compile_template(expanded(data, name, texts).data, name=name).fill(context)


def _person(one: PersonHours) -> dict[str, object]:
    left_out = Counter(REASONS[stay.excluded] for stay in one.stays if stay.excluded)
    return {
        "姓名": one.person,
        "单位": one.unit,
        "科室": one.department,
        "职称": one.title,
        "次数": one.visits,
        "机构数": one.places,
        "小时": f"{one.hours:g}",
        "记录": [_stay(stay) for stay in one.stays if not stay.excluded],
        "未计入": sum(left_out.values()),
        "未计入原因": "，".join(f"{reason}{count}条" for reason, count in left_out.items()),
    }


def _stay(stay: Stay) -> dict[str, object]:
    both = stay.starts is not None and stay.ends is not None
    hours = f"{stay.starts:%H:%M}—{stay.ends:%H:%M}" if both else "未记起止"
    return {
        "日期": str(stay.on),
        "活动": stay.activity,
        "地点": stay.place,
        "时间": hours,
        "小时": f"{stay.length / 60:.4g}",
    }


def _rate(rate: Rate) -> str:
    """A rate as short as a cell of the table wants it."""
    return "—" if rate.percent is None else f"{rate.percent:g}% {rate.numerator}/{rate.denominator}"


def _told(rate: Rate) -> str:
    """A rate as a sentence has it."""
    return "—" if rate.percent is None else f"{rate.percent:g}%（{rate.numerator}/{rate.denominator}）"


def _line(row: RateRow, before: RateRow | None, text: Callable[[Rate], str] = _rate) -> dict[str, object]:
    found, earlier = row.rates, before.rates if before else {}
    return {
        "范围": row.group,
        "托育机构": row.childcare,
        "备案": row.filed,
        "签约": row.signed,
        "应上门": row.visits_due,
        "已上门": row.visits_done,
        "签约率": text(found["signed"]),
        "全部签约率": text(found["signed_all"]),
        "签约率上期": _share(earlier.get("signed")),
        "履约率": text(found["visits"]),
        "履约率上期": _share(earlier.get("visits")),
        "双签率": text(found["both"]),
        "备案率": text(found["filed"]),
        "培训率": text(found["training"]),
        "归档率": text(found["archived"]),
        "全部履约率": text(found["duties"]),
        "整改率": text(found["rectified"]),
    }


def _in_words(line: str) -> str:
    """A line of a list, its periods and days as people say them; what only looks like one stays as somebody typed it."""

    def said(found: re.Match[str]) -> str:
        with suppress(ValueError):
            text = found[0]
            return chinese_date(dt.date.fromisoformat(text)) if text.count("-") > 1 else read_period(text).title
        return found[0]

    return _PERIOD.sub(said, line)


def _share(rate: Rate | None) -> str:
    return "—" if rate is None or rate.percent is None else f"{rate.percent:g}%"


def _entered(total: RateRow) -> list[dict[str, str]]:
    return [
        {
            "名称": one.title,
            "值": UNKNOWN if one.value is None else f"{one.value:g}{one.unit}（{one.source}）",
            "目标": "" if one.target is None else f"{one.target_year}年{one.target:g}{one.unit}",
        }
        for one in total.entered.values()
        if one.value is not None or one.target is not None
    ]
