"""Plain tables in and out: every ``--xlsx`` listing, and small workbooks with known headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name, write_atomic
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.layout import find_tables, place
from yiyu.registry.workbooks.loading import load_grids
from yiyu.registry.workbooks.records import LeftOut, record_rows
from yiyu.registry.workbooks.text import cell_error, clean_line, column_letter, written
from yiyu.registry.workbooks.writing import WorksheetPage, WrittenColumn, workbook_bytes

__all__ = ["TableRow", "WrittenColumn", "read_table", "write_table"]


@dataclass(frozen=True, slots=True)
class TableRow:
    """``row`` as Excel counts; ``values`` the cleaned texts and ``columns`` the Excel letters, both by field name."""

    sheet: str
    row: int
    values: dict[str, str]
    columns: dict[str, str]


def write_table(path: Path, title: str, columns: Sequence[WrittenColumn], rows: Sequence[Mapping[str, object]]) -> None:
    """Write a listing. Raises BadInput for a text no workbook can hold, FileFault when the file cannot be written."""
    write_atomic(path, workbook_bytes([WorksheetPage(title, title, columns, rows)]))


def read_table(path: Path, headings: Mapping[str, Sequence[str]]) -> list[TableRow]:
    """Read the rows under the given headings (field name to spellings) from every sheet that has them.

    At least two of the fields (one, where only one is asked for) must be found. A column that is missing has no entry
    in ``values``. Raises FileFault for an unreadable file, BadInput without a table or at a cell that shows an error.
    """
    recognised = Headings(headings)
    tables = [table for grid in load_grids(path, recognised) for table in find_tables(grid, recognised)]
    if not tables:
        expected = "、".join(spellings[0] for spellings in headings.values())
        raise BadInput("没有找到表头", where=str(path), remedy=f"表头应有：{expected}")
    rows = []
    for table in tables:
        letters = {name: column_letter(column) for name, column in table.columns.items()}
        for index in record_rows(table, LeftOut()):
            values = {}
            for name, column in table.columns.items():
                cell = table.grid.cell(index, column)
                if cell_error(cell):
                    raise BadInput(cell_error(cell), where=f"{file_name(path)} {place(table.grid, index, column)}")
                values[name] = clean_line(written(cell))
            if any(values.values()):
                rows.append(TableRow(table.grid.sheet, index + 1, values, letters))
    return rows
