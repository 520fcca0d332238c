"""Write the diagram of tables in docs/map.md from the schema itself.

Run from the root: ``python docs/tables.py``. A test compares the page with the schema.
"""

import re
from collections import defaultdict
from pathlib import Path

from sqlite_utils import Database

from yiyu.registry.store.schema import migrations

PAGE = Path(__file__).parent / "map.md"
BEGIN, END = "<!-- tables: python docs/tables.py -->\n", "<!-- end of tables -->\n"
WIDTH = 118


def diagram() -> str:
    """Each table with its columns, and under it an arrow for every column that names a row of another."""
    db = Database(memory=True)
    migrations.apply(db)
    lines = []
    for name in sorted(name for name in db.table_names() if not name.startswith(("_", "sqlite"))):
        columns = [column.name for column in db[name].columns]
        lines += _wrapped(f"{name}(", columns)
        lines += sorted(_arrows(db, name))
    return "\n".join(["```text", *lines, "```", ""])


def _arrows(db: Database, table: str) -> set[str]:
    keys: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for number, _, other, column, other_column, *_ in db.execute(f"PRAGMA foreign_key_list([{table}])"):
        keys[number].append((column, other, other_column or ""))
    return {f"    {', '.join(column for column, _, _ in key)} ──> {key[0][1]}" for key in keys.values()}


def _wrapped(head: str, columns: list[str]) -> list[str]:
    lines, line = [], head
    for at, column in enumerate(columns):
        word = column + (", " if at < len(columns) - 1 else ")")
        if len(line) + len(word.rstrip()) > WIDTH:
            lines.append(line.rstrip())
            line = "    "
        line += word
    return [*lines, line.rstrip()]


def page() -> str:
    text = PAGE.read_text("utf-8")
    return re.sub(
        rf"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: f"{BEGIN}{diagram()}{END}", text, flags=re.DOTALL
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
