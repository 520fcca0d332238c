import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

Rows = Sequence[Sequence[Any]]
Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write rows as a clerk's workbook: dates as dates, numbers as numbers, ``("=A1+1", 2)`` as a formula."""

    def write(
        sheets: Rows | Mapping[str, Rows],
        *,
        merges: Sequence[str] = (),
        name: str = "名册.xlsx",
        date_1904: bool = False,
        hidden: str = "",
    ) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path), {"date_1904": date_1904}) as book:
            date = book.add_format({"num_format": "yyyy/m/d"})
            for title, rows in (sheets if isinstance(sheets, Mapping) else {"名册": sheets}).items():
                sheet = book.add_worksheet(title)
                if title == hidden:
                    sheet.hide()
                for merge in merges:
                    sheet.merge_range(merge, "")
                for r, row in enumerate(rows):
                    for c, value in enumerate(row):
                        put(sheet, r, c, value, date)
        return path

    return write


def put(sheet: Any, row: int, column: int, value: object, date: object) -> None:
    match value:
        case None:
            pass
        case str():
            sheet.write_string(row, column, value)
        case dt.date():
            sheet.write_datetime(row, column, value, date)
        case (str() as formula, result):
            sheet.write_formula(row, column, formula, None, result)
        case _:
            sheet.write(row, column, value)
