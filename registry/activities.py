"""What was done for a childcare institution: one activity with its people, counts, evidence and findings. Pure.

Fields are those of 活动记录表 (domain 3.3). Children appear as numbers only (domain 14; PIPL art. 28).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

FORMS = ("上门指导", "培训讲座", "健康检查", "筛查", "应急演练", "家长活动", "坐诊咨询", "线上", "年度梳理")
"""活动形式, as packs name them in a duty's ``forms``."""
COUNTS = ("婴幼儿", "从业人员", "家长", "新建档案", "更新档案", "筛查", "异常", "转诊", "中医药")
"""What may be counted: people who took part, then what was done for how many children."""
AUDIENCES = COUNTS[:3]
EVIDENCE_LABEL = {"photo": "照片", "sign_in": "签到表", "scan": "扫描件", "material": "材料"}


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


@dataclass(frozen=True, slots=True)
class Activity:
    """``agreements`` holds the numbers of all it counts for: one visit may serve several (domain 16.5)."""

    number: str
    on: dt.date
    form: str
    agreements: tuple[str, ...]
    items: tuple[str, ...] = ()
    """Catalogue codes."""
    starts: dt.time | None = None
    ends: dt.time | None = None
    place: str = ""
    topic: str = ""
    organiser: str = ""
    content: str = ""
    advice: str = ""
    summary: str = ""
    handouts: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    """By key of COUNTS; a key that is not there is unknown, not 0."""
    signed_in: int | None = None
    """Names on the 签到表."""
    people: tuple[Person, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    source: str = ""
    """The file it was read from; "" when typed in."""
    recorded_at: str = ""
    actor: str = ""
    voided_on: dt.date | None = None
    void_reason: str = ""
    id: int = 0
