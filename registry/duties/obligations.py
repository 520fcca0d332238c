"""Which duties a pack asks for, as rules the engine knows, and which of them one agreement brings."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from yiyu.registry.model import Item, Variant
from yiyu.registry.packs import Duty, Pack
from yiyu.registry.rules.duties import Rule, given_up, owed_through
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.item_lists import FIRST, ListSince

SELF = "TY"
"""The provider code of what a childcare institution owes by itself."""
STEPS = {
    "self_assessment": ("self_assessed",),
    "self_assessment_report": ("rectified",),
    "year_report": ("summarised",),
}
"""Steps of the yearly assessment (S3 part 4; 58号 art. 38) that fulfil a duty as an activity would."""


class Obligations:
    """The packs of one office, each read once."""

    def __init__(self, office: OfficeSession) -> None:
        self._office = office
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._parted: dict[int, tuple[Sequence[Rule], tuple[Rule, ...], tuple[Rule, ...]]] = {}
        self._over_time: dict[
            tuple[str, Variant, int], tuple[Sequence[ListSince], tuple[tuple[dt.date, tuple[Rule, ...]], ...]]
        ] = {}
        self._through: dict[tuple[str, Variant, int], tuple[tuple[Item, ...], tuple[Rule, ...]]] = {}

    @cached_property
    def of_institutions(self) -> tuple[Rule, ...]:
        """What institutions owe by themselves, under the office's own pack."""
        rules = self._of_pack(self._office.workspace.config.pack)
        return tuple(rule for rule in rules if SELF in rule.providers and rule.counted)

    def through(self, pack: str, variant: Variant, items: tuple[Item, ...]) -> tuple[Rule, ...]:
        """The counted duties of an agreement; lists that are one object are looked at once."""
        key = (pack, variant, id(items))
        if key not in self._through:
            self._through[key] = (items, owed_through(self._of_pack(pack), variant, items))
        return self._through[key][1]

    def over_time(
        self, pack: str, variant: Variant, lists: Sequence[ListSince]
    ) -> tuple[tuple[dt.date, tuple[Rule, ...]], ...]:
        """The counted duties of an agreement by the days from which its lists hold; one object for one tuple of lists."""
        if (key := (pack, variant, id(lists))) not in self._over_time:
            asked = [(one.since, self.through(pack, variant, one.items)) for one in lists] or [
                (FIRST, self.through(pack, variant, ()))
            ]
            for at, (day, later) in reversed(list(enumerate(asked[1:]))):
                asked[at] = (asked[at][0], given_up(asked[at][1], later, day))
            self._over_time[key] = (lists, tuple(asked))
        return self._over_time[key][1]

    def parted(self, rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """Those each provider owes by itself, and those that go on to the next; for rules that are one object, one answer."""
        if id(rules) not in self._parted:
            own = tuple(rule for rule in rules if not rule.follows)
            going_on = tuple(replace(rule, latest=True) for rule in rules if rule.follows)
            self._parted[id(rules)] = (rules, own, going_on)
        return self._parted[id(rules)][1:]

    def _of_pack(self, name: str) -> tuple[Rule, ...]:
        """The tasks of a pack; what others owe (authorities, 疾控, centres) is no party's and stays out."""
        if name not in self._rules:
            pack = self._office.pack_named(name)
            self._rules[name] = tuple(
                _rule(duty, *self._years(pack, duty)) for duty in pack.duties if duty.kind == "task" and duty.provider
            )
        return self._rules[name]

    def _years(self, pack: Pack, duty: Duty) -> tuple[int | None, int | None]:
        """The years of a duty: its own, else those of the pack that states it, be it a parent."""
        seen = {pack.name}
        while pack.extends and pack.extends not in seen:
            parent = self._office.pack_named(pack.extends)
            if duty not in parent.duties:
                break
            seen.add(parent.name)
            pack = parent
        return duty.valid_from or pack.valid_from, duty.valid_to or pack.valid_to


def _rule(duty: Duty, valid_from: int | None, valid_to: int | None) -> Rule:
    return Rule(
        duty=duty.key,
        title=duty.title,
        providers=duty.provider,
        per=duty.per,
        times=duty.times or 0,
        due=duty.due,
        filed_only=duty.filed_only,
        follows=duty.follows == "institution",
        items=duty.items,
        forms=duty.forms,
        steps=STEPS.get(duty.key, ()),
        source=duty.source,
        valid_from=valid_from or 0,
        valid_to=valid_to or 9999,
    )
