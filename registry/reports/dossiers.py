"""What a 督导 wants to see of one institution: its agreements, what was owed and done, what was found, what lacks."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from yiyu.registry.activities.findings import FindingRecord, state_of
from yiyu.registry.activities.listing import ActivityFilter, Listed, list_activities
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.editing import InstitutionFilter
from yiyu.registry.institutions.gaps import gaps
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.lifecycle import FORCE_LABEL, SEALING_LABEL, SIGNING_LABEL
from yiyu.registry.model import Institution, Kind
from yiyu.registry.rules.duties import DutyRow, read_period
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.standings import AgreementStatus, standings


@dataclass(frozen=True, slots=True)
class Dossier:
    """One institution as of the day asked for; ``agreements`` that lived in the year, the rest of the year up to the day.

    ``blank``: the names of fields the registry lacks of it.
    """

    institution: Institution
    agreements: tuple[AgreementStatus, ...]
    duties: tuple[DutyRow, ...]
    activities: tuple[Listed, ...]
    findings: tuple[FindingRecord, ...]
    blank: tuple[str, ...]

    def gaps(self) -> Iterator[str]:
        """What is not as it should be, in words."""
        if not self.agreements:
            yield "本年没有协议"
        for one in self.agreements:
            yield from _of_agreement(one)
        yield from (
            f"{row.title} {read_period(row.period).title}：{row.reason}" for row in self.duties if row.state == "missed"
        )
        for listed in self.activities:
            if listed.lacking:
                yield f"活动 {listed.activity.number}（{listed.activity.on}）：{'、'.join(listed.lacking)}"
        for found in self.findings:
            if found.state != "closed":
                due = f"，期限 {found.finding.due_on}" if found.finding.due_on else ""
                yield f"问题没有复查：{found.finding.problem}（{found.listed.activity.number}{due}）"
        if self.blank:
            yield f"机构资料缺{'、'.join(self.blank)}"


def dossiers(office: OfficeSession, names: Sequence[str], district: str, *, year: int) -> list[Dossier]:
    """Those of the institutions named, or of the 托育机构 of a 旗区 that are open. Raises NotFound, BadInput for none said."""
    if not names and not district:
        raise BadInput("没有说要哪些机构的督导材料", remedy="请写机构名称，或用 --district 写旗区")
    found = _Found(office, year)
    known = directory(office)
    chosen = [known.find(name) for name in dict.fromkeys(names)] or [
        one
        for one in known.all
        if one.kind is Kind.CHILDCARE and one.district == district and one.open_on(office.today)
    ]
    if not chosen:
        raise NotFound("这个旗区没有托育机构", remedy="请用 yiyu institution list 查看")
    return [found.of(one) for one in chosen]


class _Found:
    """Everything of the office is read once, however many institutions are asked for."""

    def __init__(self, office: OfficeSession, year: int) -> None:
        self._office, self._year = office, year

    def of(self, one: Institution) -> Dossier:
        agreements = [
            status
            for status in self._standings
            if any(party.institution_id == one.id for party in status.agreement.parties)
        ]
        numbers = {status.agreement.number for status in agreements}
        activities = [listed for listed in self._activities if not numbers.isdisjoint(listed.activity.agreements)]
        findings = [
            FindingRecord(finding, listed, state_of(finding, self._office.today))
            for listed in activities
            for finding in listed.activity.findings
        ]
        own = [row for row in self._duties if one.id in (row.institution_id, row.provider_id)]
        blank = self._blank.get(one.id, ())
        return Dossier(one, tuple(agreements), tuple(own), tuple(activities), tuple(findings), blank)

    @cached_property
    def _standings(self) -> list[AgreementStatus]:
        first, last = dt.date(self._year, 1, 1), dt.date(self._year, 12, 31)
        return [
            one
            for one in standings(self._office.db, self._office.today)
            if one.state.voided_on is None and one.agreement.starts_on <= last and one.ends_on >= first
        ]

    @cached_property
    def _duties(self) -> list[DutyRow]:
        return [row for row in duty_rows(self._office, year=self._year) if row.state not in ("waived", "exempt")]

    @cached_property
    def _activities(self) -> list[Listed]:
        first, last = dt.date(self._year, 1, 1), dt.date(self._year, 12, 31)
        return list_activities(self._office, ActivityFilter(first=first, last=last))

    @cached_property
    def _blank(self) -> dict[int, tuple[str, ...]]:
        return {
            gap.institution.id: tuple(COLUMNS[name].heading for name in gap.missing)
            for gap in gaps(self._office, InstitutionFilter())
        }


def _of_agreement(one: AgreementStatus) -> Iterator[str]:
    number, state = one.agreement.number, one.state
    if one.unsigned:
        lacking = "、".join(role for role in state.roles if role not in state.signed)
        yield f"协议 {number} {SIGNING_LABEL[state.signing]}，还差{lacking}方签字"
    elif state.sealing != "sealed" and not state.ended:
        yield f"协议 {number} {SEALING_LABEL[state.sealing]}"
    if one.force in ("expired", "terminated"):
        yield f"协议 {number} {FORCE_LABEL[one.force]}" + (f"，{one.renewal}" if one.renewal else "")
