"""How a listing shows the hours of people."""

from yiyu.registry.commands.show import Field
from yiyu.registry.hours import REASONS, PersonHours

HOUR_FIELDS = (
    Field("person", "姓名", 10),
    Field("unit", "单位", 30),
    Field("department", "科室", 14),
    Field("title", "职称", 12),
    Field("visits", "次数", 6),
    Field("places", "机构数", 8),
    Field("hours", "计入小时", 10),
    Field("left_out", "不计入", 8),
)
STAY_FIELDS = (
    Field("person", "姓名", 10),
    Field("activity", "活动", 16),
    Field("on", "日期", 12),
    Field("place", "地点", 28),
    Field("reason", "不计入的原因", 28),
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
