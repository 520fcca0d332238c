"""A report: a title, columns, and the rows of an office as of a day."""

from collections.abc import Iterator, Mapping
from typing import Any

from yiyu.registry.institutions.lookup import directory
from yiyu.registry.rules.districts import district_name

title = "没有备案的托育机构"
columns = {"district": "旗区", "name": "机构名称", "places": "托位数"}


def rows(office: Any, period: Any) -> Iterator[Mapping[str, Any]]:
    for one in directory(office).all:
        if one.kind == "childcare" and not one.filed:
            yield {"district": district_name(one.district), "name": one.name, "places": one.places}
