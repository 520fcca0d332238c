"""What was done for a childcare institution: one activity with its people, counts, evidence and findings. Pure.

Fields are those of 活动记录表 (domain.md#record-sheet). Children appear as numbers only (domain.md#privacy; PIPL art. 28).
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

FORMS = ("上门指导", "培训讲座", "健康检查", "筛查", "应急演练", "家长活动", "坐诊咨询", "线上", "年度梳理")
"""活动形式, as packs name them in a duty's ``forms``."""
RAISED = "困难问题"
"""What an institution cannot solve by itself: no finding that it has to put right."""
INDEPENDENT_FORMS = ("监督检查", "未签约指导", "签约见证", RAISED)
"""What an authority does of itself, or a provider for those that have not signed: of institutions, of no agreement.

None of it is a service under an agreement, so no duty, hour or rate of services counts it (S0 三（一）（三）); what it found is to
be put right as any finding.
"""
_ON_THE_SPOT = frozenset({"监督检查", "未签约指导"})
"""Of these, those that leave photos."""
COUNTS = ("婴幼儿", "从业人员", "家长", "新建档案", "更新档案", "筛查", "异常", "转诊", "中医药", "参加人数")
"""What may be counted: people who took part, what was done for how many children, and last the number of all who took
part where a record does not say who they were."""
AUDIENCES = COUNTS[:3]
EVIDENCE_LABEL = {"photo": "照片", "sign_in": "签到表", "scan": "扫描件", "material": "材料"}
_PHOTOS = 2
_SIGNED_IN = frozenset({"培训讲座", "家长活动"})
_NOT_ON_THE_SPOT = frozenset({"线上", "年度梳理"})


@dataclass(frozen=True, slots=True)
class Person:
    """One who served. ``arrives`` and ``leaves`` are None where only the activity's own hours are known."""

    name: str
    unit: str = ""
    department: str = ""
    title: str = ""
    arrives: dt.time | None = None
    leaves: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """``path`` is relative to the workspace; ``kind`` a key of EVIDENCE_LABEL."""

    kind: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Finding:
    """发现问题 → 整改要求 → 期限 → 复查. ``id`` is 0 before it is stored."""

    problem: str
    demand: str = ""
    due_on: dt.date | None = None
    rechecked_on: dt.date | None = None
    outcome: str = ""
    id: int = 0

    def open_on(self, day: dt.date) -> bool:
        """Whether nobody had yet seen it put right at the end of ``day``."""
        return self.rechecked_on is None or self.rechecked_on > day

    def overdue_on(self, day: dt.date) -> bool:
        return self.open_on(day) and self.due_on is not None and self.due_on < day


@dataclass(frozen=True, slots=True)
class Activity:
    """``agreements`` holds the numbers of all it counts for: one visit may serve several.

    Source: domain.md#trap-served-together.
    """

    number: str
    on: dt.date
    form: str
    agreements: tuple[str, ...]
    items: tuple[str, ...] = ()
    """Catalogue codes."""
    starts: dt.time | None = None
    ends: dt.time | None = None
    minutes: int | None = None
    """时长, where a record gives only that and no hours."""
    place: str = ""
    topic: str = ""
    organiser: str = ""
    content: str = ""
    advice: str = ""
    summary: str = ""
    handouts: str = ""
    remark: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By key of COUNTS; a key that is not there is unknown, not 0."""
    signed_in: int | None = None
    """Names on the 签到表."""
    people: tuple[Person, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    """What a register said of it under headings that have no field here, as written, by heading."""
    institutions: tuple[int, ...] = ()
    """Ids of those it was done for where there is no agreement; else empty."""
    source: str = ""
    """The file it was read from; "" when typed in."""
    recorded_at: str = ""
    actor: str = ""
    voided_on: dt.date | None = None
    void_reason: str = ""
    id: int = 0

    @property
    def subjects(self) -> frozenset[object]:
        """What it was done for: numbers of agreements, or ids of institutions."""
        return frozenset((*self.agreements, *self.institutions))

    @property
    def participants(self) -> int | None:
        """How many took part, by their kinds or as one number; None where no record says."""
        kinds = [self.counts[name] for name in AUDIENCES if name in self.counts]
        return sum(kinds) if kinds else self.counts.get("参加人数")

    @property
    def sign_in_differs(self) -> str:
        """The sentence for a 签到表 that does not bear the number reported (domain.md#record-sheet), or "".

        Infants sign no list: it may hold all who took part, or the grown-ups among them.
        """
        grown = [self.counts[name] for name in AUDIENCES[1:] if name in self.counts]
        possible = {self.participants, sum(grown) if grown else None} - {None}
        if self.signed_in is None or not possible or self.signed_in in possible:
            return ""
        of_them = f"（其中成人 {sum(grown)} 人）" if grown and sum(grown) != self.participants else ""
        return f"签到 {self.signed_in} 人，与参加人数 {self.participants} 人{of_them}不符"

    def minutes_of(self, person: Person) -> int | None:
        """How long somebody served: by arrival and leaving, else by the hours of the activity, else by its 时长."""
        hours = (person.arrives, person.leaves) if person.arrives and person.leaves else (self.starts, self.ends)
        start, end = hours
        if start is None or end is None:
            return self.minutes
        return (end.hour - start.hour) * 60 + end.minute - start.minute

    def lacking(self, group_items: Collection[str] = ()) -> tuple[str, ...]:
        """What evidence is still wanted: two photos of what was done on the spot, a 签到表 of every training.

        ``group_items``: codes of items done as 集中培训. What was done at a distance leaves a paper instead of photos.

        Source: domain.md#record-sheet.
        """
        return tuple(self._lacking(group_items))

    def _lacking(self, group_items: Collection[str]) -> Iterator[str]:
        kinds = [one.kind for one in self.evidence]
        photos = kinds.count("photo")
        if self.form in INDEPENDENT_FORMS and self.form not in _ON_THE_SPOT:
            return
        if self.form in _NOT_ON_THE_SPOT:
            if not kinds:
                yield "缺材料或截图"
        elif photos < _PHOTOS:
            yield f"照片缺 {_PHOTOS - photos} 张" if photos else f"缺照片（至少 {_PHOTOS} 张）"
        if "sign_in" not in kinds and (self.form in _SIGNED_IN or set(self.items) & set(group_items)):
            yield "缺签到表"
