"""The things an office keeps, and their Chinese labels. Pure: no clock, no files, no SQL."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    MEDICAL = "medical"
    CHILDCARE = "childcare"


class Variant(StrEnum):
    """协议类型 (domain.md#variants): who provides, and so what the agreement emphasises."""

    JC = "JC"
    FY = "FY"
    ZY = "ZY"
    YL = "YL"
    SF = "SF"
    TB = "TB"


class DocKind(StrEnum):
    """文书种类: the three annexes the notice of 2024-10-15 names (S0)."""

    AGREEMENT = "agreement"
    SERVICE_LIST = "service_list"
    ACTIVITY_RECORD = "activity_record"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class PlaceState(StrEnum):
    """What is seen in a place to sign or seal. ``UNCLEAR``: in grey, ink that may be of a seal or of a hand."""

    FILLED = "filled"
    EMPTY = "empty"
    UNCLEAR = "unclear"


PLACE_STATE_LABEL = {PlaceState.FILLED: "有", PlaceState.EMPTY: "空白", PlaceState.UNCLEAR: "看不清"}
KIND_LABEL = {Kind.MEDICAL: "医疗卫生机构", Kind.CHILDCARE: "托育机构"}
VARIANT_LABEL = {
    Variant.JC: "基层型",
    Variant.FY: "妇幼型",
    Variant.ZY: "中（蒙）医型",
    Variant.YL: "医联体专科型",
    Variant.SF: "三方型",
    Variant.TB: "幼儿园托班型",
}
USUAL_MODE, RESIDENT_MODES = "visit", frozenset({"resident", "both"})
RESIDENT_ITEM = "F05"
"""The catalogue item of 协议派驻 (domain.md#catalogue)."""
MODE_LABEL = {"visit": "巡回指导", "resident": "协议派驻", "both": "巡回指导和协议派驻"}
MODE_SPELLINGS = {
    "visit": "巡回 上门指导",
    "resident": "派驻 驻点",
    "both": "两者 巡回指导、协议派驻 巡回指导,协议派驻 巡回指导及协议派驻",
}
"""Other words for them in the tables of offices."""
MODE_WORDS = {mode: (label, mode, *MODE_SPELLINGS[mode].split()) for mode, label in MODE_LABEL.items()}
RENEWAL_LABEL = {"none": "期满终止", "negotiate": "协商续签", "auto_once": "自动顺延一次", "auto": "自动顺延"}
DOC_KIND_LABEL = {
    DocKind.AGREEMENT: "合作协议书",
    DocKind.SERVICE_LIST: "服务项目清单",
    DocKind.ACTIVITY_RECORD: "活动记录表",
}

MEDICAL_ROLE, CHILDCARE_ROLE = "甲", "乙"
ROLES = (MEDICAL_ROLE, CHILDCARE_ROLE, "丙", "丁")
"""Party letters in order (domain.md#parties)."""
ROLE_KIND = {MEDICAL_ROLE: Kind.MEDICAL, CHILDCARE_ROLE: Kind.CHILDCARE, "丙": Kind.MEDICAL}
"""Kind of institution for each party letter in use; 丙 is the second medical side of 三方型."""


WITHDRAWN = "号导入已撤回）"
"""How the number ends that an agreement is left with once the import that brought it was taken back."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in an input, addressed to its cell. ``sheet`` and ``column`` may be empty (CSV, whole row).

    ``row`` is 1-based as Excel shows it; ``column`` is the Excel letter; ``field`` the English field name.
    """

    sheet: str
    row: int
    column: str
    field: str
    severity: Severity
    code: str
    message: str


def open_on(closed_on: dt.date | None, day: dt.date) -> bool:
    """Whether an institution is open on ``day``: 停办 begins on its day. The one definition of it."""
    return closed_on is None or day < closed_on


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution as known on a day. Texts are "" when unknown; numbers and dates are None."""

    kind: Kind
    name: str
    code: str = ""
    branch: str = ""
    category: str = ""
    nature: str = ""
    district: str = ""
    """GB/T 2260, six digits."""
    town: str = ""
    address: str = ""
    legal_person: str = ""
    contact: str = ""
    phone: str = ""
    grade: str = ""
    filed: bool = False
    """备案/许可 holds (domain.md#filing)."""
    filed_on: dt.date | None = None
    filing_no: str = ""
    inclusive: bool | None = None
    """普惠."""
    places: int | None = None
    enrolled: int | None = None
    staff: int | None = None
    health_workers: int | None = None
    """保健员."""
    closed_on: dt.date | None = None
    remark: str = ""
    id: int = 0
    """Row id in the registry; 0 when not yet stored."""

    def open_on(self, day: dt.date) -> bool:
        """Whether it is not yet 停办 on ``day``."""
        return open_on(self.closed_on, day)


@dataclass(frozen=True, slots=True)
class Party:
    """One side of an agreement with the facts as printed (domain.md#trap-renamed: a later rename leaves them)."""

    role: str
    institution_id: int
    facts: Institution


@dataclass(frozen=True, slots=True)
class Item:
    """One row of 服务项目清单 (domain.md#service-list), the same row that later makes duties."""

    seq: int
    code: str
    group: str
    name: str
    content: str
    target: str
    provider: str
    mode: str
    times: int | None
    """How often per ``per``; None for 按需 and the like."""
    per: str
    """quarter, half_year, year, by_age, on_demand, standing, once."""
    department: str = ""
    fee: str = ""
    selected: bool = True
    mandatory: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement with its parties and current list. Dates inclusive (domain.md#term-end)."""

    id: int
    number: str
    variant: Variant
    pack: str
    district: str
    starts_on: dt.date
    ends_on: dt.date
    months: int
    mode: str
    """visit 巡回指导, resident 协议派驻, both."""
    renewal: str
    """none 期满终止, negotiate 协商续签, auto_once, auto (domain.md#renewal)."""
    notice_days: int
    copies: int
    list_version: int
    renews: str
    """Number of the agreement this one follows; "" when first."""
    parties: tuple[Party, ...]
    """In the order of their letters."""
    items: tuple[Item, ...]

    @property
    def medical(self) -> Party:
        """甲方, the medical side; of 三方型 the first of two."""
        return self._party(MEDICAL_ROLE)

    @property
    def childcare(self) -> Party:
        """乙方, the childcare side."""
        return self._party(CHILDCARE_ROLE)

    @property
    def medical_sides(self) -> tuple[Party, ...]:
        """Every party but 乙方: 甲方, and of 三方型 丙方."""
        return tuple([party for party in self.parties if party.role != CHILDCARE_ROLE])

    def _party(self, role: str) -> Party:
        for party in self.parties:
            if party.role == role:
                return party
        raise LookupError(f"agreement {self.number} has no {role}方")
