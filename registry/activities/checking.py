"""What is wrong or odd about an activity, held against agreements, catalogues and what was recorded before."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from yiyu.registry.activities.privacy import child_number
from yiyu.registry.model import Severity
from yiyu.registry.rules.activities import AUDIENCES, COUNTS, FORMS, INDEPENDENT_FORMS, Activity
from yiyu.registry.rules.cleaning import plain
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.item_lists import ListSince, service_lists
from yiyu.registry.store.standings import AgreementStatus, standings
from yiyu.registry.workbooks.cells import holds_id_number
from yiyu.registry.workbooks.text import entry_fault

_TEXTS = ("place", "topic", "organiser", "content", "advice", "summary", "handouts", "remark")


@dataclass(frozen=True, slots=True)
class Remark:
    """One fault (``error``) or oddity of one field of an activity."""

    field: str
    severity: Severity
    code: str
    message: str


class ActivityChecker:
    """Checks activities against the registry, whose records are read once for many of them."""

    def __init__(self, office: OfficeSession, ids: set[int] | None = None) -> None:
        """Take the agreements of ``ids``, or all, as they stand on the day asked for."""
        self._office = office
        self.standings = {one.agreement.number: one for one in standings(office.db, office.today, ids)}
        self._same_day: dict[dt.date, list[Activity]] = {}
        self._listed: dict[str, tuple[ListSince, ...]] = {}
        self._catalogue = cache(self._codes)

    def note(self, activity: Activity) -> None:
        """Remember an activity that was written since."""
        self._on(activity.on).append(activity)

    def remarks(self, activity: Activity) -> list[Remark]:
        """Everything to be said, errors first. ``agreements`` must be known numbers."""
        found = [*self._time(activity), *self._texts(activity), *self._service(activity)]
        for number in activity.agreements:
            found += self._agreement(activity, self.standings[number])
        return sorted(found, key=lambda one: one.severity is not Severity.ERROR)

    def twins(self, activity: Activity) -> tuple[Activity, ...]:
        """What was recorded of the same day, agreement, form and hours."""
        hours = activity.starts, activity.ends
        return tuple(one for one in self._near(activity) if (one.starts, one.ends) == hours)

    def _near(self, activity: Activity) -> list[Activity]:
        others = (one for one in self._on(activity.on) if one.number != activity.number)
        return [one for one in others if one.form == activity.form and one.subjects & activity.subjects]

    def _on(self, day: dt.date) -> list[Activity]:
        if day not in self._same_day:
            self._same_day[day] = load_activities(self._office.db, first=day, last=day)
        return self._same_day[day]

    def _time(self, activity: Activity) -> Iterator[Remark]:
        if activity.on > self._office.today:
            yield _error(
                "on", "date-future", f"日期 {activity.on} 还没有到（今天是 {self._office.today}），请填实际发生的日期"
            )
        starts, ends = activity.starts, activity.ends
        if (starts is None) != (ends is None):
            yield _error("hours", "hours-half", "开始和结束时间要么都填，要么都不填")
        if starts and ends and ends <= starts:
            yield _error("hours", "hours-order", f"结束时间 {ends:%H:%M} 不晚于开始时间 {starts:%H:%M}，请核对")
        for finding in activity.findings:
            if finding.due_on and finding.due_on < activity.on:
                yield _warning("findings", "due-order", f"整改期限 {finding.due_on} 早于活动日期，请核对年份")
        for one in activity.people:
            if one.arrives and one.leaves and one.leaves <= one.arrives:
                yield _error("people", "hours-order", f"{one.name}的离开时间不晚于到达时间，请核对")
            elif starts and ends and one.arrives and one.leaves and (one.arrives >= ends or one.leaves <= starts):
                yield _warning("people", "hours-apart", f"{one.name}的到达离开时间不在活动时间之内，请核对")
        if near := self._near(activity):
            yield _warning("on", "same-day", f"同一协议同日已有{activity.form} {near[0].number}，请核对是否重复")

    def _texts(self, activity: Activity) -> Iterator[Remark]:
        findings = [text for one in activity.findings for text in (one.problem, one.demand, one.outcome)]
        people = [text for one in activity.people for text in (one.name, one.unit, one.department, one.title)]
        texts = [(name, getattr(activity, name)) for name in _TEXTS]
        texts += [*(("findings", text) for text in findings), *(("people", text) for text in people)]
        texts += [("others", text) for pair in activity.others.items() for text in pair]
        for name, text in texts:
            if fault := plain(text).fault or entry_fault(text):
                yield _error(name, "cell-character", f"{fault}，请重新录入")
            if holds_id_number(text) or child_number(text, self._office.today):
                yield _error(name, "privacy", "内容中有身份证号码，本系统不收个人证件信息，请删去")

    def _service(self, activity: Activity) -> Iterator[Remark]:
        forms = FORMS if activity.agreements else INDEPENDENT_FORMS
        if activity.form not in forms:
            whose = "" if activity.agreements else "不属于协议的"
            yield _error(
                "form", "form-unknown", f"没有“{activity.form[:20]}”这种{whose}活动形式，可填：{'、'.join(forms)}"
            )
        if activity.items and not activity.agreements:
            yield _error("items", "item-unknown", "服务项目只随协议登记，不属于协议的活动请去掉")
        known = {code for number in activity.agreements for code in self._of_pack(number)}
        listed = {code for number in activity.agreements for code in self._of_list(number, activity.on)}
        for code in activity.items if activity.agreements else ():
            if code not in known:
                yield _error("items", "item-unknown", f"服务目录中没有“{code}”，可用 pack show 查看代码")
            elif code not in listed:
                yield _warning("items", "item-unlisted", f"{code} 不在协议勾选的服务项目之内")
        kinds = [activity.counts[name] for name in AUDIENCES if name in activity.counts]
        total = activity.counts.get(COUNTS[-1])
        if kinds and total not in (None, sum(kinds)):
            yield _warning("takers", "count-differs", f"参加人数 {total} 与各类人数之和 {sum(kinds)} 不符，请核对")
        if activity.sign_in_differs:
            yield _warning("signed_in", "sign-in-differs", activity.sign_in_differs)
        names = [one.name for one in activity.people]
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            yield _warning("people", "person-twice", f"{name}写了不止一次，请核对")

    def _of_pack(self, number: str) -> frozenset[str]:
        return self._catalogue(self.standings[number].agreement.pack)

    def _codes(self, pack: str) -> frozenset[str]:
        return frozenset(one.key for one in self._office.pack_named(pack).catalogue)

    def _of_list(self, number: str, on: dt.date) -> frozenset[str]:
        """What is ticked in the list that holds on the day."""
        if number not in self._listed:
            key = self.standings[number].agreement.id
            self._listed[number] = service_lists(self._office.db, [key]).get(key, ())
        items = next((one.items for one in reversed(self._listed[number]) if one.since <= on), ())
        return frozenset(one.code for one in items if one.selected)

    def _agreement(self, activity: Activity, standing: AgreementStatus) -> Iterator[Remark]:
        state, one, on = standing.state, standing.agreement, activity.on
        if state.voided_on is not None:
            yield _error("agreements", "agreement-void", f"协议 {one.number} 已于 {state.voided_on} 作废")
        elif state.terminated_on is not None and on > state.terminated_on:
            yield _warning("on", "after-termination", f"{on} 时协议 {one.number} 已解除（{state.terminated_on}）")
        elif not one.starts_on <= on <= standing.ends_on:
            term = f"{one.starts_on} 至 {standing.ends_on}"
            yield _warning("on", "outside-term", f"{on} 不在协议 {one.number} 的期限（{term}）之内")
        elif state.signed_on is None or on < state.signed_on:
            yield _warning("on", "not-signed", f"{on} 时协议 {one.number} 还没有由各方签字")


def _error(field: str, code: str, message: str) -> Remark:
    return Remark(field, Severity.ERROR, code, message)


def _warning(field: str, code: str, message: str) -> Remark:
    return Remark(field, Severity.WARNING, code, message)
