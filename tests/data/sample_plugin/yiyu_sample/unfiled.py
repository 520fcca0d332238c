"""A report: a title, columns, and the rows of an office as of a day."""

from collections.abc import Iterator, Mapping
from typing import Any

import yiyu

title = "没有备案的托育机构"
columns = {"district": "旗区", "name": "机构名称", "places": "托位数"}


def rows(office: yiyu.Office, period: Any) -> Iterator[Mapping[str, Any]]:
    for one in office.institutions.list(kind=yiyu.Kind.CHILDCARE, filed=False):
        yield {"district": office.place(one.district), "name": one.name, "places": one.places}
