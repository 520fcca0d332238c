"""The commands to be killed, each with the office in which it has something to do."""

import dataclasses
import datetime as dt
import functools
import io
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import img2pdf
import pypdfium2
import xlsxwriter
from kill.tracing import Desk
from kill.witness import Unit
from stdnum.cn import uscc

TODAY = dt.datetime.now().astimezone().date()
START = TODAY - dt.timedelta(days=200)
OLD = Path(__file__).parents[1] / "data" / "registry-0001.sql"
HEADS = ("机构名称", "统一社会信用代码", "旗区", "是否备案", "备案时间", "托位数", "联系电话")
NUMBERS = tuple(f"150602-{START.year}-{variant}-{serial:04}" for variant in ("JC", "FY") for serial in (1, 2, 3, 4))


@dataclasses.dataclass(frozen=True)
class Office:
    """A folder made once and copied for each kill, and the command that is killed in a copy.

    ``codes``: how the command ends by itself; ``again``: how it may end when all was done before it was killed.
    """

    prepare: Callable[[Desk, Path], None]
    words: tuple[str, ...]
    codes: tuple[int, ...] = (0,)
    again: tuple[int, ...] = (0,)
    unit: Unit = lambda _table, _row: "all"

    def command(self, place: Path) -> list[str]:
        return [word.format(place=place) for word in self.words]


def code(serial: int) -> str:
    """A right credit code of nobody."""
    number = f"52150602MJ{serial:07}"
    return number + str(uscc.calc_check_digit(number))


def within(place: Path, *words: object) -> list[object]:
    return ["--workspace", place / "office", *words]


def _ask(desk: Desk, *words: object) -> None:
    assert desk.run(words) == 0, desk.told()


def empty(_desk: Desk, place: Path) -> None:
    place.mkdir()


def small(desk: Desk, place: Path, *, childcare: int = 4) -> None:
    """Two providers, childcare institutions, two agreements for each of them; nothing printed yet."""
    empty(desk, place)
    _ask(desk, "init", place / "office")
    providers = (("社区卫生服务中心", "社区卫生服务中心"), ("妇幼保健院", "妇幼保健院"))
    for name, category in providers:
        given = ("--name", f"东胜区示范{name}", "--category", category, "--district", "东胜区")
        _ask(desk, *within(place, "institution", "add", "--kind", "medical", *given))
    for at in range(childcare):
        given = ("--name", f"东胜区第{at + 1}托育中心", "--code", code(at), "--district", "东胜区", "--filed")
        _ask(desk, *within(place, "institution", "add", "--kind", "childcare", *given))
    _ask(desk, *within(place, "agreement", "draft", "--paired", "--start", START))


def with_roster(desk: Desk, place: Path, *, rows: int = 60) -> None:
    """A roster lies ready, one row of it wrong; four of its institutions are known already."""
    small(desk, place)
    with xlsxwriter.Workbook(str(place / "名册.xlsx")) as book:
        sheet = book.add_worksheet("名册")
        for at, head in enumerate(HEADS):
            sheet.write_string(0, at, head)
        for row in range(rows):
            wrong = "12" if row == 7 else code(row)
            texts = (f"东胜区第{row + 1}托育中心", wrong, "东胜区", "是", "2024-03-01", "60", f"1390477{row:04}")
            for at, text in enumerate(texts):
                sheet.write_string(row + 1, at, text)


def printed(desk: Desk, place: Path) -> None:
    small(desk, place)
    _ask(desk, *within(place, "generate"))


def changed(desk: Desk, place: Path) -> None:
    """Terms of every second agreement are other than those in its papers, and one paper is gone."""
    printed(desk, place)
    with closing(sqlite3.connect(place / "office" / "registry.db")) as db, db:
        db.execute("UPDATE agreements SET copies = 6 WHERE id % 2")
    next((place / "office" / "output").rglob("*活动记录表*.docx")).unlink()


def scanned(desk: Desk, place: Path) -> None:
    """The agreement of the first pair is signed, sealed and scanned: its first three pages, and the rest."""
    printed(desk, place)
    with closing(sqlite3.connect(place / "office" / "registry.db")) as db:
        [number] = db.execute("SELECT number FROM agreements ORDER BY id LIMIT 1").fetchone()
    for step in ("sign", "seal"):
        _ask(desk, *within(place, "agreement", step, number, "--party", "all", "--on", START))
    _ask(desk, *within(place, "print", number, "--kind", "agreement", "-o", place / "打印.pdf"))
    pages = []
    with (place / "打印.pdf").open("rb") as stream:
        for page in pypdfium2.PdfDocument(stream):
            made = io.BytesIO()
            page.render(scale=100 / 72, grayscale=True).to_pil().save(made, "JPEG", dpi=(100, 100))
            pages.append(made.getvalue())
    (place / "打印.pdf").unlink()
    (place / "扫描").mkdir()
    (place / "扫描" / "一.pdf").write_bytes(img2pdf.convert(pages[:3]))
    (place / "扫描" / "二.pdf").write_bytes(img2pdf.convert(pages[3:]))


def archived(desk: Desk, place: Path) -> None:
    scanned(desk, place)
    _ask(desk, *within(place, "archive", "intake", place / "扫描"))


def old(desk: Desk, place: Path) -> None:
    """A registry of the first released schema."""
    empty(desk, place)
    _ask(desk, "init", place / "office")
    registry = place / "office" / "registry.db"
    registry.unlink()
    with closing(sqlite3.connect(registry)) as db:
        db.executescript(OLD.read_text("utf-8"))


def handed_up(desk: Desk, place: Path) -> None:
    """An office below has handed up its package, and its key stands in the settings of the one above."""
    small(desk, place)
    (place / "office").rename(place / "low")
    _ask(desk, "--workspace", place / "low", "office", "export", "-o", place / "low.yiyu")
    _ask(desk, "--workspace", place / "low", "office", "key")
    lines = (desk.folder / "out").read_text("utf-8")
    _ask(desk, "init", place / "office", "--region", "150000")
    with (place / "office" / "yiyu.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n{lines}")


def by_file_and_document(table: str, row: Mapping[str, object]) -> object:
    """An intake takes in one file after the other, then binds one document after the other."""
    match table:
        case "incoming":
            return "file", row["id"]
        case "scans":
            return "file", row["file_id"]
        case "bound_scans" | "events":
            return "document", row["agreement_id"]
    return "all"


def by_document(table: str, row: Mapping[str, object]) -> object:
    """Many documents are recorded some at a time; that an agreement was printed goes with its document."""
    match table:
        case "documents":
            return row["agreement_id"], row["kind"]
        case "events":
            return row["agreement_id"], "agreement"
    return "all"


_IN = ("--workspace", "{place}/office")

OFFICES: Mapping[str, Office] = {
    "init": Office(empty, ("init", "{place}/office"), again=(0, 7)),
    "edit": Office(
        small, (*_IN, "institution", "edit", "东胜区第1托育中心", "--places", "80", "--phone", "13904770000")
    ),
    "import": Office(
        with_roster,
        (*_IN, "institution", "import", "{place}/名册.xlsx", "--problems", "{place}/office/problems/待改.xlsx"),
        codes=(10,),
        again=(10,),
    ),
    "generate": Office(small, (*_IN, "generate")),
    "generate-again": Office(changed, (*_IN, "generate", *NUMBERS)),
    "intake": Office(scanned, (*_IN, "archive", "intake", "{place}/扫描"), unit=by_file_and_document),
    "volume": Office(archived, (*_IN, "archive", "volume", "--year", str(START.year), "-o", "{place}/office/卷.pdf")),
    "backup": Office(printed, (*_IN, "backup")),
    "backup-with-files": Office(printed, (*_IN, "backup", "--with-files")),
    "migrate": Office(old, (*_IN, "agreement", "list")),
}

LARGER: Mapping[str, Office] = {
    "import-many": dataclasses.replace(OFFICES["import"], prepare=functools.partial(with_roster, rows=600)),
    "generate-many": Office(functools.partial(small, childcare=20), (*_IN, "generate"), unit=by_document),
    "office-import": Office(handed_up, (*_IN, "office", "import", "{place}/low.yiyu")),
}
"""Too many points for every day."""

ALL = {**OFFICES, **LARGER}


def prepared(desk: Desk, name: str, place: Path) -> Path:
    """The office of a command, made where nothing is yet."""
    shutil.rmtree(place, ignore_errors=True)
    ALL[name].prepare(desk, place)
    return place
