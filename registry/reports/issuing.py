"""Reports as they were issued: kept for good, with the rows behind each figure, and held against what is known today."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.duties.listing import period_named
from yiyu.registry.errors import BadInput, FileFault, NotFound, StepNotAllowed
from yiyu.registry.files import read_bytes, sha256, write_atomic
from yiyu.registry.reports.comparing import PeriodComparison, compare, other_figures
from yiyu.registry.reports.since import Since, as_called_now, since
from yiyu.registry.rules.chain import Head
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.duties import read_period
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.rules.issued import FORM_LABEL, counted_why, differences
from yiyu.registry.rules.rates import Rate, rates
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.issued_reports import Frozen, IssuedReport, add_issued, frozen_of, issued_reports
from yiyu.registry.store.opening import changing


@dataclass(frozen=True, slots=True)
class IssuedToday:
    """A report beside what is known today of the same period and day; ``said``: other figures, then and now, by name.

    ``figures``: of each indicator whose rate is another one, then and now.
    """

    report: IssuedReport
    figures: Mapping[str, tuple[Rate, Rate]]
    rows: tuple[Since, ...]
    said: Mapping[str, tuple[str, str]]

    @property
    def sentence(self) -> str:
        """第三季度通报已于2026-10-12印发：履约率（上门）54.9%，现为 53.1%：更正 3 条（补录 3）."""
        told = [
            f"{INDICATORS[key].title} {then.text}，现为 {now.text}"
            if then.text != now.text
            else f"{INDICATORS[key].title} {then}，现为 {now}"
            for key, (then, now) in self.figures.items()
        ]
        told += [f"{name} {then}，现为 {now}" for name, (then, now) in self.said.items()]
        if not told and not self.rows:
            return f"{issue_named(self.report)}：与现在的数一致"
        counted = f"：{counted_why([one.events for one in self.rows])}" if self.rows else ""
        return f"{issue_named(self.report)}：{'；'.join(told) or '各项数未变'}{counted}"


def issue(
    office: OfficeSession,
    form: str,
    found: PeriodComparison,
    document: bytes,
    reached: Head,
    *,
    reason: str = "",
    dry_run: bool = False,
) -> IssuedReport:
    """Keep a report as it goes out: its document in the archive, its rows and figures, and their hashes in the chain.

    ``form``: a key of FORM_LABEL; ``reached``: the head of the chain that is printed on it. A period that went out before is only issued again with a ``reason``; both stay.
    Raises StepNotAllowed for a second time without one, BadInput for a reason without a first time, and for a report of a
    town, of a provider, or of what was known on an earlier day.
    """
    _require_whole(office)
    year = int(office.now[:4])
    with changing(office.db, dry_run=dry_run):
        every = issued_reports(office.db)
        before = _last(every, form, found.period.text, office.scope.district)
        if before is not None and not reason:
            raise StepNotAllowed(
                issue_named(before),
                where=before.number,
                remedy="不能再印发一次；要更正印发，请用 --reason 写明原因，两份都会保留",
            )
        if before is None and reason:
            raise BadInput(
                f"{found.period.title}{FORM_LABEL[form]}还没有印发过，没有可更正的", remedy="请去掉 --reason 再印发"
            )
        number = f"YF-{year}-{sum(one.number[3:7] == str(year) for one in every) + 1:04}"
        report = IssuedReport(
            number=number,
            form=form,
            period=found.period.text,
            district=office.scope.district,
            as_of=found.day,
            issued_on=dt.date.fromisoformat(office.now[:10]),
            recorded_at=office.now,
            actor=office.actor,
            reason=reason,
            replaces=before.number if before else "",
            path=f"archive/issued/{year}/{number}-{FORM_LABEL[form]}.docx",
            sha256=sha256(document),
            size=len(document),
            figures=rates(found.units, "district"),
            head=str(reached),
        )
        add_issued(office.db, report, Frozen(found.units, other_figures(found)))
        if not dry_run:
            write_atomic(office.workspace.root / report.path, document)
    return report


def report_title(report: IssuedReport) -> str:
    """Which report it is, in words: 东胜区2026年第三季度通报."""
    place = district_name(report.district) if report.district else ""
    return f"{place}{read_period(report.period).title}{FORM_LABEL[report.form]}"


def issue_named(report: IssuedReport) -> str:
    """Which report it is and when it went out."""
    return f"{report_title(report)}已于{report.issued_on}{'更正' if report.replaces else ''}印发"


def last_issued(office: OfficeSession, form: str, period: str) -> IssuedReport | None:
    """The newest of that period, and of the 旗区 the session is limited to; None for a town or a provider."""
    if office.scope.town or office.scope.provider:
        return None
    return _last(issued_reports(office.db), form, period, office.scope.district)


def listed_reports(office: OfficeSession, period: str = "", district: str = "") -> list[IssuedReport]:
    """All that went out, or those of one period and 旗区, oldest first. Raises BadInput for a period written otherwise."""
    asked = period_named(period).text if period else ""
    every = issued_reports(office.db)
    return [one for one in every if asked in ("", one.period) and district in ("", one.district)]


def issued_named(office: OfficeSession, number: str) -> IssuedReport:
    """Raises NotFound for a number that was never given."""
    for one in issued_reports(office.db):
        if one.number == number.strip().upper():
            return one
    raise NotFound(f"没有印发过“{number}”", remedy="请用 yiyu report issued 查看印发过的报告和编号")


def issued_document(office: OfficeSession, report: IssuedReport) -> bytes:
    """The document as it went out. Raises FileFault where the archive's copy is gone or not what was issued."""
    data = read_bytes(office.workspace.root / report.path)
    if sha256(data) != report.sha256:
        raise FileFault(
            f"{report.number} 存档的文件被改动过，没有导出", where=report.path, remedy="请从备份放回原件后再导出"
        )
    return data


def as_it_stands(office: OfficeSession, report: IssuedReport, found: PeriodComparison | None = None) -> IssuedToday:
    """Hold a report against the same figures of the same day as they are known now.

    ``found``: those, where they are at hand already.
    """
    scoped = replace(office, today=report.as_of, scope=Scope(report.district))
    if found is None or found.day != report.as_of:
        found = compare(scoped, report.period)
    frozen, now = frozen_of(office.db, report), rates(found.units, "district")[""]
    then = report.figures[""]
    figures = {key: (then[key], rate) for key, rate in now.items() if key in then and then[key] != rate}
    said = other_figures(found)
    others = {
        name: (frozen.said.get(name, "没有"), said.get(name, "没有"))
        for name in {**frozen.said, **said}
        if frozen.said.get(name) != said.get(name)
    }
    rows = since(scoped, report, differences(as_called_now(scoped, frozen.units), found.units))
    return IssuedToday(report, figures, tuple(rows), others)


def _last(every: Sequence[IssuedReport], form: str, period: str, district: str) -> IssuedReport | None:
    fitting = [one for one in every if (one.form, one.period, one.district) == (form, period, district)]
    return fitting[-1] if fitting else None


def _require_whole(office: OfficeSession) -> None:
    if office.scope.town or office.scope.provider:
        raise BadInput("只印发全地区或一个旗区的报告", remedy="请去掉 --town、--provider 再印发")
    if office.known_on is not None:
        raise BadInput("不能按从前已知的情形印发", where=f"--known-on {office.known_on}", remedy="请去掉 --known-on")
