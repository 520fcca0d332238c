"""Raw inputs of a made-up office: what happened on which day, and on which day somebody wrote it down.

Neither the program nor the recount had a hand in it; both get the same. A seed gives the same office again.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from recount.inputs import DISTRICTS, FIRST, LAST, Entry, code_of, monday, term_end

GRASSROOTS = ("社区卫生服务中心", "苏木卫生院", "乡镇卫生院", "中心卫生院")
MOTHER_AND_CHILD = "妇幼保健院"
ITEMS = {
    "JC": ("C03", "C08", "F01"),
    "TB": ("C03", "C08", "F01"),
    "FY": ("C07", "E01", "E02", "F04"),
    "SF": ("C07", "E01", "F01", "F04"),
    "ZY": ("D04", "D05"),
}
"""What is done under an agreement of a type, by code of the catalogue."""
FORM = {"E01": "培训讲座", "E02": "培训讲座", "C07": "线上", "D04": "培训讲座", "D05": "家长活动"}
"""The form of an activity for an item; 上门指导 where none stands."""
CLAUSES = ("negotiate", "negotiate", "none", "auto_once", "auto")
"""The setting of the office for what a new agreement says of its renewal; it changes from one day of writing to the next."""
_ORDER = (
    "institution", "change", "correct", "draft", "renewal", "step", "take_back", "activity", "void_activity", "recheck", "waive",
    "assess", "figure",
)  # fmt: skip


def generated(seed: int, childcare: int = 237) -> list[Entry]:
    """All entries in the order of writing."""
    maker = _Maker(Random(seed), childcare)  # noqa: S311 - the same office every time
    made = sorted(maker.entries(), key=lambda one: (one.recorded, _ORDER.index(one.what)))
    known = {one.key: one.recorded for one in made if one.what == "institution"}
    return [one for one in made if known.get(one.key, FIRST) <= one.recorded <= LAST]


@dataclass
class _Maker:
    chance: Random
    childcare: int
    made: list[Entry] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        for place, district in enumerate(DISTRICTS):
            for order in range(7):
                category = {0: MOTHER_AND_CHILD, 6: "中医院"}.get(order) or self.chance.choice(GRASSROOTS)
                self._tell(FIRST, "institution", f"M{place}{order}", FIRST, kind="medical", code=code_of(f"M{place}{order}"),
                           category=category, name=f"医{place}{order}{category}", district=district, town=f"镇{order % 3}")  # fmt: skip
        for number in range(self.childcare):
            self._institution(f"K{number:03}")
        for number in range(0, 54, 9):
            self._closing(f"M{number // 6}{number % 6 or 5}")
        for year in (2024, 2025, 2026):
            for district in (*DISTRICTS, ""):
                if self._likely(0.6):
                    on = self._day(dt.date(year, 11, 10), 60)
                    share = self.chance.randrange(700, 990)
                    self._tell(on, "figure", "tcm", on, district=district, year=year, numerator=share, denominator=1000)
                if self._likely(0.4):
                    on = self._day(dt.date(year, 11, 10), 60)
                    self._tell(
                        on, "figure", "hospital", on, district=district, year=year, value=self.chance.randrange(3)
                    )
        return self.made

    def _tell(self, recorded: dt.date, what: str, key: str, on: dt.date, **data: object) -> None:
        self.made.append(Entry(monday(recorded), what, key, on, data))

    def _likely(self, share: float) -> bool:
        return self.chance.random() < share

    def _day(self, first: dt.date, span: int) -> dt.date:
        return first + dt.timedelta(days=self.chance.randrange(span))

    def _written(self, on: dt.date) -> dt.date:
        """Mostly within days, sometimes months later."""
        if self._likely(0.75):
            return self._day(on, 9)
        return self._day(on + dt.timedelta(days=10), 210)

    def _institution(self, key: str) -> None:
        district = self.chance.choice(DISTRICTS)
        known = FIRST if self._likely(0.8) else self._day(FIRST, 500)
        filed = self._likely(0.65)
        told: dict[str, object] = {"filed": filed, "name": f"托育{key}", "district": district}
        told |= {"town": f"镇{self.chance.randrange(3)}"} if self._likely(0.9) else {}
        passed = dt.date(2023, 6, 1)
        told |= {"filed_on": self._day(passed, (known - passed).days)} if filed and self._likely(0.7) else {}
        told |= {"places": self.chance.randrange(20, 150)} if self._likely(0.9) else {}
        told |= {"enrolled": self.chance.randrange(5, 90)} if self._likely(0.8) else {}
        told |= {"inclusive": self._likely(0.5)} if self._likely(0.8) else {}
        self._tell(known, "institution", key, known, kind="childcare", code=code_of(key), category="托育机构", **told)
        self._agreements(key, district, known)
        self._later(key, district, known, filed=filed)
        for year in (2025, 2026):
            self._assessed(key, year, known)

    def _later(self, key: str, district: str, known: dt.date, *, filed: bool) -> None:
        """What changes of an institution, and what turns out to have been wrong."""
        if self._likely(0.3):
            on = max(known, self._day(dt.date(2025, 1, 1), 600))
            given = {"filed": not filed} | ({} if filed else {"filed_on": on})
            written = monday(self._written(on))
            self._tell(written, "change", key, written if not filed and self._likely(0.4) else on, fields=given)
        changes: list[tuple[float, dict[str, object]]] = [
            (0.15, {"district": self.chance.choice(DISTRICTS), "town": f"镇{self.chance.randrange(3)}"}),
            (0.15, {"name": f"新托育{key}"}),
            (0.2, {"places": self.chance.randrange(10, 160)}),
            (0.2, {"enrolled": self.chance.randrange(10, 160)}),
            (0.1, {"inclusive": self._likely(0.5)}),
        ]
        for share, fields in changes:
            if self._likely(share):
                on = self._day(dt.date(2025, 1, 1), 600)
                self._tell(self._written(on), "change", key, on, fields=fields)
        if self._likely(0.12):
            self._closing(key)
        if self._likely(0.12):  # wrong all along, from the day the wrong value began
            wrong: list[dict[str, object]]
            wrong = [{"filed": False}, {"places": 77}, {"town": "镇9"}, {"district": district}, {"filed": True}]
            on = self._day(dt.date(2025, 3, 1), 550)
            self._tell(on, "correct", key, on, fields=self.chance.choice(wrong))
        if self._likely(0.08):  # the right value begins on another day
            since = self._day(dt.date(2025, 1, 1), 500)
            self._tell(self._written(since), "correct", key, since, fields={"filed": self._likely(0.7)}, since=True)

    def _closing(self, key: str) -> None:
        on = self._day(dt.date(2025, 11, 1), 350)
        written = monday(self._written(on))
        self._tell(written, "change", key, written if self._likely(0.4) else on, fields={"closed_on": on})

    def _assessed(self, key: str, year: int, known: dt.date) -> None:
        on, written = dt.date(year, self.chance.choice((3, 5, 7)), 31), known
        for step in ("self_assessed", "guided", "rectified", "summarised"):
            if not self._likely(0.7):
                return
            written = max(written, on if self._likely(0.7) else on + dt.timedelta(days=80))
            self._tell(written, "assess", key, on, step=step, year=year)
            on += dt.timedelta(days=self.chance.choice((0, 31)))

    def _agreements(self, key: str, district: str, known: dt.date) -> None:
        place = DISTRICTS.index(district)
        clinics = [f"M{place}{order}" for order in range(1, 6)]
        mother = f"M{place}0"
        if self._likely(0.12):
            self._line(key, "SF", [self.chance.choice(clinics)], known, third=mother)
            if self._likely(0.4):
                self._line(key, "FY", [f"M{(place + 1) % 9}0"], known)
        else:
            if self._likely(0.72):
                self._line(key, "TB" if self._likely(0.12) else "JC", self.chance.sample(clinics, 2), known)
            if self._likely(0.55):
                self._line(key, "FY", [mother, f"M{(place + 1) % 9}0"], known)
        if self._likely(0.06):
            self._line(key, "ZY", [f"M{place}6"], known)

    def _line(self, key: str, variant: str, providers: list[str], known: dt.date, third: str = "") -> None:
        """Agreements of a type that follow each other: renewed, or after an early end with another provider."""
        start = self._day(dt.date(2024, 10, 1), 600)
        start = start.replace(day=min(start.day, 28))
        before, turn, old_end = "", 0, dt.date.min
        while start < dt.date(2026, 11, 1):
            own = f"A-{key}-{variant}{turn}"
            months = self.chance.choice((6, 12, 12, 12, 12, 18, 24))
            drafted = max(known + dt.timedelta(days=7), self._day(start - dt.timedelta(days=50), 80))
            if before:
                drafted = max(drafted, old_end - dt.timedelta(days=60))
            renewal = CLAUSES[monday(drafted).toordinal() // 28 % len(CLAUSES)]
            provider = providers[min(turn, len(providers) - 1)] if not before else providers[0]
            self._tell(drafted, "renewal" if before else "draft", own, start, variant=variant, medical=provider, childcare=key, third=third,
                       starts=start, months=months, renews=before, renewal=renewal)  # fmt: skip
            ends = term_end(start, months)
            signed = self._signatures(own, start, drafted, ("甲", "乙", "丙") if third else ("甲", "乙"))
            if signed is None:
                return
            over = self._life(own, max(start, signed), ends, renewal)
            self._served(key, own, variant, start, over)
            if over < ends and len(providers) > 1 and self._likely(0.8):
                before, providers, start = "", providers[1:], (over + dt.timedelta(days=20)).replace(day=1)
            elif over == ends and self._likely(0.7):
                before, old_end, start = own, ends, ends + dt.timedelta(days=1)
            else:
                return
            turn += 1

    def _signatures(self, own: str, start: dt.date, drafted: dt.date, roles: tuple[str, ...]) -> dt.date | None:
        """The day all had signed, or None; some entered in one, some taken back and entered again."""
        if self._likely(0.08):
            if self._likely(0.4):
                on = monday(drafted + dt.timedelta(days=60))
                self._tell(on, "step", own, on, kind="voided")
            return None
        if self._likely(0.07):
            on = monday(drafted + dt.timedelta(days=10))
            self._tell(on, "step", own, on, kind="signed", party="甲")
            return None
        on = self._day(start - dt.timedelta(days=20), 45 if self._likely(0.9) else 150)
        written = max(drafted, self._written(on))
        if self._likely(0.06):  # written down with a wrong day, found out later
            wrong, later = on - dt.timedelta(days=30), self._written(written + dt.timedelta(days=14))
            self._tell(written, "step", own, wrong, kind="signed", party="乙")
            self._tell(later, "take_back", own, later, kind="signed", party="乙", wrong=wrong)
            self._tell(later + dt.timedelta(days=7), "step", own, on, kind="signed", party="乙")
            self._tell(written, "step", own, on, kind="signed", party="甲")
            roles = roles[2:]
        for role in roles:
            self._tell(written, "step", own, on, kind="signed", party=role)
        sealed = roles if self._likely(0.85) else roles[:1]
        for role in sealed:
            self._tell(self._written(written), "step", own, on, kind="sealed", party=role)
        if len(sealed) < 2:
            return on
        filed = on + dt.timedelta(days=10)
        written += dt.timedelta(days=220)
        for step in ("received", "scanned", "checked"):
            if self._likely(0.12):
                break
            filed = self._day(filed, 20)
            written = monday(max(written, filed)) + dt.timedelta(days=7)
            self._tell(written, "step", own, filed, kind=step)
        return on

    def _life(self, own: str, since: dt.date, ends: dt.date, renewal: str) -> dt.date:
        """What becomes of it after signing; gives its last day."""
        if self._likely(0.1):
            on = self._day(since + dt.timedelta(days=20), 200)
            if on < ends:
                self._tell(self._written(on + dt.timedelta(days=100)), "step", own, on, kind="terminated")
                return on - dt.timedelta(days=1)
        if renewal.startswith("auto") and self._likely(0.5):
            on = ends + dt.timedelta(days=1)
            self._tell(self._written(on), "step", own, on, kind="extended")
            return ends + dt.timedelta(days=1)  # nothing follows
        if self._likely(0.05):
            on, until = self._day(since + dt.timedelta(days=30), 60), ends + dt.timedelta(days=90)
            self._tell(self._written(on + dt.timedelta(days=60)), "step", own, on, kind="supplemented", ends=until)
            return until + dt.timedelta(days=1)
        return ends

    def _served(self, key: str, own: str, variant: str, start: dt.date, over: dt.date) -> None:
        for on in self._quarters(start, over):
            for item in ITEMS[variant]:
                if not self._likely(0.55 if item in ("F01", "E01") else 0.12):
                    self._waived(own, item, on)
                    continue
                day = self._day(on, 85)
                self._activity(f"H-{own}-{on}-{item}", own, item, day, again=True)

    def _waived(self, own: str, item: str, quarter: dt.date) -> None:
        if item in ("F01", "E01") and self._likely(0.12):
            period = f"{quarter.year}Q{(quarter.month + 2) // 3}" if item == "F01" else str(quarter.year)
            written = self._written(self._day(quarter, 80))
            self._tell(written, "waive", own, written, duty="visit" if item == "F01" else "training", period=period)

    def _quarters(self, start: dt.date, over: dt.date) -> Iterator[dt.date]:
        first = dt.date(start.year, start.month - (start.month - 1) % 3, 1)
        while first <= min(over, LAST):
            yield first
            first = (first + dt.timedelta(days=95)).replace(day=1)

    def _activity(self, own: str, agreement: str, item: str, on: dt.date, *, again: bool) -> None:
        items = () if item == "F01" and self._likely(0.15) else (item,)
        others = [
            one
            for one in self.made
            if one.what in ("draft", "renewal") and one.data["childcare"] == agreement.split("-")[1]
        ]
        drafted, written = {one.key: one.recorded for one in others}, self._written(on)
        if (written := monday(written)) < drafted[agreement]:
            return
        at_hand = [key for key, day in drafted.items() if day <= written and key != agreement]
        served = (agreement, *(key for key in at_hand if self._likely(0.2)))
        found = [
            {
                "problem": f"问题{order}",
                "due": on + dt.timedelta(days=self.chance.randrange(5, 40)) if self._likely(0.8) else None,
            }
            for order in range(self.chance.choice((0, 0, 0, 1, 2)))
        ]
        counts = {"新建档案": self.chance.randrange(1, 12)} if self._likely(0.2) else {}
        self._tell(written, "activity", own, on, form=FORM.get(item, "上门指导"), items=items, agreements=served,
                   findings=found, counts=counts)  # fmt: skip
        for order in range(len(found)):
            if self._likely(0.6):
                seen = self._day(on + dt.timedelta(days=3), 60)
                self._tell(max(monday(written), self._written(seen)), "recheck", own, seen, order=order)
        if self._likely(0.05):
            self._tell(self._written(monday(written) + dt.timedelta(days=7)), "void_activity", own, on)
            if again and self._likely(0.5):
                self._activity(f"{own}-2", agreement, item, self._day(on, 20), again=False)
