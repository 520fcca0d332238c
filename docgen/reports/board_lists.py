"""The board's lists: agreements, duties, evidence and findings that wait for somebody, in words."""

import datetime as dt
from collections.abc import Iterator, Sequence

from yiyu.docgen.board.model import ENDING, BoardColumn, BoardTable, Month, Row
from yiyu.registry.lifecycle import SIGNING_LABEL
from yiyu.registry.model import VARIANT_LABEL
from yiyu.registry.reports.counting import RateInputs
from yiyu.registry.reports.waiting import lacking_evidence, open_findings
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.duties import STATE_LABEL, DutyRow
from yiyu.registry.rules.phones import without_telephones
from yiyu.registry.store.standings import AgreementStatus

EXPIRING_DAYS, SOON_DAYS, MONTHS = 90, 30, 12
_SIDES = (BoardColumn("旗区", "code"), BoardColumn("托育机构"), BoardColumn("医疗卫生机构"))
_END = ("到期日", "协议编号")
_AGREEMENT = (BoardColumn("协议编号", "code"), *_SIDES, BoardColumn("类型", "code"))


class Lists:
    """The board's lists, as of the day asked for."""

    def __init__(self, inputs: RateInputs) -> None:
        self._inputs, self._today = inputs, inputs.office.today
        self._names: dict[int, tuple[str, str, str]] = {}
        self._waiting = [one for one in inputs.listed if not one.state.ended and not one.renewed_by]

    def all(self) -> list[BoardTable]:
        return [self._unsigned(), self._behind(), self._expired(), self._expiring(), self._lacking(), self._findings()]

    def ending(self) -> tuple[BoardTable, list[Month], int]:
        """All signed agreements that end from the day on, month by month, and how many end after the last month."""
        rows = [one for one in self._inputs.listed if one.state.signing == "signed" and not one.state.ended]
        rows = sorted((one for one in rows if one.ends_on >= self._today), key=_by_end)
        columns = (
            *_AGREEMENT,
            BoardColumn("到期日", "code"),
            BoardColumn("剩余天数", "count"),
            BoardColumn("续签", "code"),
        )
        cells: list[Row] = [
            (*self._agreement(one), str(one.ends_on), one.days_left, one.renewal or "未续签") for one in rows
        ]
        about = "各方已签、没有解除或作废的协议，按到期日先后"
        months = {prefix: [0, 0] for prefix in _prefixes(self._today)}
        later = 0
        for one in rows:
            counted = months.get(str(one.ends_on)[:7])
            if counted is None:
                later += 1
            else:
                counted[0] += 1
                counted[1] += bool(one.renewed_by)
        found = [Month(prefix, *counted) for prefix, counted in months.items()]
        return BoardTable(ENDING, "到期日", about, columns, cells, order=_END), found, later

    def _unsigned(self) -> BoardTable:
        rows = sorted((one for one in self._inputs.listed if one.unsigned), key=lambda one: one.agreement.starts_on)
        columns = (
            *_AGREEMENT,
            BoardColumn("签约", "code"),
            BoardColumn("还差签字", "code"),
            BoardColumn("生效日期", "code"),
            BoardColumn("已过生效日天数", "count"),
        )
        cells: list[Row] = [
            (
                *self._agreement(one),
                SIGNING_LABEL[one.state.signing],
                "、".join(role for role in one.state.roles if role not in one.state.signed) + "方",
                str(one.agreement.starts_on),
                (self._today - one.agreement.starts_on).days,
            )
            for one in rows
        ]
        about = "没有签齐的协议，含起草，不含作废和解除；负的天数表示还没有到生效日期"
        return BoardTable("unsigned", "未签齐", about, columns, cells, "全部协议都已签齐", order=("生效日期",))

    def _behind(self) -> BoardTable:
        rows = sorted(filter(self._late, self._inputs.duties), key=lambda row: (row.state != "missed", row.due_by))
        columns = (
            BoardColumn("状态", "code"),
            BoardColumn("旗区", "code"),
            BoardColumn("机构"),
            BoardColumn("应做事项"),
            BoardColumn("时段", "code"),
            BoardColumn("最迟日期", "code"),
            BoardColumn("已做", "count"),
            BoardColumn("应做", "count"),
            BoardColumn("医疗卫生机构"),
            BoardColumn("协议编号", "code"),
        )
        cells: list[Row] = [
            (
                STATE_LABEL[row.state],
                district_name(row.district),
                row.institution,
                row.title,
                row.period,
                str(row.due_by),
                row.done,
                row.needed,
                row.provider if row.number else "",
                row.number,
            )
            for row in rows
        ]
        year = self._inputs.period.year
        about = f"{year} 年到期没有完成的事项，和 {SOON_DAYS} 天内到期还没有完成的事项"
        return BoardTable("behind", "履约落后", about, columns, cells, "没有落后的事项", True, ("状态", "最迟日期"))

    def _late(self, row: DutyRow) -> bool:
        soon = row.state in ("due", "not_yet") and row.due_by <= self._today + dt.timedelta(days=SOON_DAYS)
        return row.state == "missed" or soon

    def _expired(self) -> BoardTable:
        rows = sorted((one for one in self._waiting if one.force == "expired"), key=_by_end)
        columns = (*_AGREEMENT, BoardColumn("到期日", "code"), BoardColumn("已过天数", "count"), BoardColumn("续签"))
        cells: list[Row] = [(*self._agreement(one), str(one.ends_on), -one.days_left, one.renewal) for one in rows]
        return BoardTable(
            "expired",
            "已到期未续签",
            "到期以后，下一份协议没有或还没有签齐",
            columns,
            cells,
            "没有到期未续签的协议",
            urgent=True,
            order=_END,
        )

    def _expiring(self) -> BoardTable:
        rows = sorted((one for one in self._waiting if one.expiring(EXPIRING_DAYS)), key=_by_end)
        columns = (*_AGREEMENT, BoardColumn("到期日", "code"), BoardColumn("剩余天数", "count"), BoardColumn("续签"))
        cells: list[Row] = [(*self._agreement(one), str(one.ends_on), one.days_left, one.renewal) for one in rows]
        title = f"{EXPIRING_DAYS} 天内到期"
        return BoardTable(
            "expiring",
            title,
            "有效、快要到期，下一份协议没有或还没有签齐",
            columns,
            cells,
            f"{title}的协议都已续签",
            order=_END,
        )

    def _lacking(self) -> BoardTable:
        columns = (
            *(BoardColumn(one, "code") for one in ("活动编号", "日期", "形式")),
            *_SIDES,
            BoardColumn("缺什么", "code"),
        )
        rows = lacking_evidence(self._inputs)
        cells: list[Row] = [
            (one.number, str(one.on), one.form, *self._of_all(one.agreements), "、".join(one.lacking)) for one in rows
        ]
        about = f"{self._inputs.period.year} 年的活动，上门要有两张照片，培训要有签到表"
        return BoardTable("lacking", "缺凭据", about, columns, cells, "凭据都齐", order=("日期", "活动编号"))

    def _findings(self) -> BoardTable:
        columns = [
            BoardColumn("期限", "code"),
            BoardColumn("逾期天数", "count"),
            *_SIDES,
            BoardColumn("问题"),
            BoardColumn("整改要求"),
            BoardColumn("活动编号", "code"),
        ]
        cells: list[Row] = [
            (
                str(one.finding.due_on),
                one.late or 0,
                *(
                    self._of_all(one.agreements)
                    if one.at.number
                    else (district_name(one.at.district), one.at.institution, "")
                ),
                without_telephones(one.finding.problem),
                without_telephones(one.finding.demand),
                one.activity,
            )
            for one in open_findings(self._inputs)
            if one.late is not None and one.late > 0
        ]
        about = "发现的问题过了整改期限，还没有复查"
        return BoardTable("findings", "整改逾期", about, columns, cells, "没有逾期的整改", True, ("期限",))

    def _agreement(self, one: AgreementStatus) -> tuple[str, ...]:
        return (one.agreement.number, *self._sides(one), VARIANT_LABEL[one.agreement.variant])

    def _sides(self, one: AgreementStatus) -> tuple[str, str, str]:
        """旗区, 乙方, and 甲方 with 丙方, as they are called on the day."""
        key = one.agreement.id
        if key not in self._names:
            agreement, institutions = one.agreement, self._inputs.institutions
            medical = "、".join(institutions[party.institution_id].name for party in agreement.medical_sides)
            childcare = institutions[agreement.childcare.institution_id]
            self._names[key] = (district_name(childcare.district), childcare.name, medical)
        return self._names[key]

    def _of_all(self, serving: Sequence[AgreementStatus]) -> tuple[str, ...]:
        """The same over several agreements, each name once."""
        sides = zip(*map(self._sides, serving), strict=True) if serving else [()] * len(_SIDES)
        return tuple("、".join(dict.fromkeys(names)) for names in sides)


def _by_end(one: AgreementStatus) -> tuple[dt.date, str]:
    return one.ends_on, one.agreement.number


def _prefixes(day: dt.date) -> Iterator[str]:
    """The months from that of ``day``, as their days begin."""
    for later in range(MONTHS):
        years, month = divmod(day.month - 1 + later, 12)
        yield f"{day.year + years}-{month + 1:02}"
