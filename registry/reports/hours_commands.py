"""How a listing shows the hours of people."""

from yiyu.registry.commands.show import ListColumn
from yiyu.registry.rules.hours import REASONS, PersonHours

HOUR_FIELDS = (
    ListColumn("person", "姓名", 10),
    ListColumn("unit", "单位", 30),
    ListColumn("department", "科室", 14),
    ListColumn("title", "职称", 12),
    ListColumn("visits", "次数", 6),
    ListColumn("places", "机构数", 8),
    ListColumn("hours", "计入小时", 10),
    ListColumn("left_out", "不计入", 8),
)
STAY_FIELDS = (
    ListColumn("person", "姓名", 10),
    ListColumn("activity", "活动", 16),
    ListColumn("on", "日期", 12),
    ListColumn("place", "地点", 28),
    ListColumn("reason", "不计入的原因", 28),
)


def hours_row(one: PersonHours) -> dict[str, object]:
    names = ("person", "unit", "department", "title", "visits", "places", "hours", "minutes")
    return {name: getattr(one, name) for name in names} | {"left_out": sum(bool(stay.excluded) for stay in one.stays)}


def left_out_rows(people: list[PersonHours]) -> list[dict[str, object]]:
    return [
        {
            "person": stay.person,
            "unit": stay.unit,
            "activity": stay.activity,
            "on": str(stay.on),
            "place": stay.place,
            "minutes": stay.length,
            "excluded": stay.excluded,
            "reason": REASONS[stay.excluded],
        }
        for one in people
        for stay in one.stays
        if stay.excluded
    ]
