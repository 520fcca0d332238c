"""Claims about what is written: no cell that a spreadsheet would calculate, no file outside the folder it belongs in."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
from hostile import workbooks
from hostile.case import Forge, copied, harm
from hostile.offices import NUMBER

from yiyu.cli import main
from yiyu.docgen.archive.bag import INDEX, Packed, check_bag, write_bag
from yiyu.registry.files import sha256

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    '=HYPERLINK("http://127.0.0.1:9/","x")',
    "http://127.0.0.1:9/",
    "{=1}",
)
ESCAPES = (
    "../../../逃",
    "..",
    "/etc/逃",
    "C:\\逃",
    "..\\..\\逃",
    "CON",
    "逃\n逃",
    "逃" * 200,
    "~/逃",
    "$HOME",
    "-rf",
    ".part",
)


def planted(names: tuple[str, ...]) -> bytes:
    head = (*workbooks.HEAD, "地址", "备注", "苏木乡镇/街道", "法定代表人")
    rows = [
        [*workbooks.row(serial, 机构名称=name, 联系人=name[:20], 联系电话=name[:20]), name, name, name, name[:20]]
        for serial, name in enumerate(names, start=1)
    ]
    return workbooks.book([head, *rows])


def listings(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with --xlsx, by its words."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from listings(child, (*words, name))
    elif any("--xlsx" in param.opts for param in command.params):
        yield words, command


NEEDED: dict[str, tuple[str, ...]] = {
    "person": ("王某某",),
    "template fields": ("--kind", "agreement"),
    "report hours": (),
    "archive signatures": ("x.pdf",),
}
"""What a listing wants beside its options."""


def test_no_listing_writes_a_formula_or_a_link(forge: Forge, base: Path, tmp_path: Path) -> None:
    office = copied(base, tmp_path)
    within = ["--workspace", str(office)]
    (tmp_path / "名册.xlsx").write_bytes(planted(FORMULAS))
    first = FORMULAS[0]
    draft = ["--medical", "东胜区妇幼保健院", "--childcare", first, "--variant", "FY", "--start", "2026-01-01"]
    visit = [
        "--on",
        "2026-03-05",
        "--form",
        "上门指导",
        "--person",
        "王某某/=1+1/@SUM(1)",
        "--topic",
        first,
        "--finding",
        "=1+1|=2|2026-04-01",
    ]
    begun = forge.run(
        tmp_path,
        [*within, "institution", "import", "名册.xlsx", "--kind", "childcare"],
        [*within, "agreement", "draft", *draft],
        [*within, "agreement", "sign", NUMBER, "--party", "all", "--on", "2026-01-01"],
        [*within, "activity", "add", NUMBER, *visit],
        [*within, "agreement", "void", "150602-2026-FY-0001", "--reason", first],
        proceed=(0, 10),
    )
    assert begun.codes[:4] == [10, 0, 0, 0], begun.err  # names that are none stay outside, telephones are left blank
    found = dict(listings(main))
    commands = [
        [*within, *words, *NEEDED.get(" ".join(words), ()), "--xlsx", f"{'-'.join(words)}.xlsx"] for words in found
    ]
    commands.append([*within, "institution", "export", "--kind", "childcare", "全部.xlsx"])
    outcome = forge.run(tmp_path, *commands, proceed=range(11))
    assert not harm(outcome)
    written = list(tmp_path.glob("*-*.xlsx"))
    assert len(written) >= 20, [path.name for path in written]
    texts_seen = ""
    for path in [*written, *tmp_path.glob("全部.xlsx")]:
        with zipfile.ZipFile(path) as book:
            parts = {name: book.read(name).decode("utf-8", "replace") for name in book.namelist()}
        sheets = "".join(content for name, content in parts.items() if name.startswith("xl/worksheets/"))
        assert not re.search(r"<f[ >]|<hyperlink|ddeLink|externalLink", sheets), path.name
        texts_seen += "".join(parts.values())
    assert "=cmd|" in texts_seen


def test_the_index_of_a_bag_holds_no_formula_and_is_read_back(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(b"x")
    digest = sha256(b"x")
    files = [
        Packed(source, f"archive/{at}.txt", digest, (number,), "扫描件", number, None, 1)
        for at, number in enumerate(FORMULAS)
    ]
    write_bag(tmp_path / "bag", files, on=dt.date(2026, 1, 1))
    index = (tmp_path / "bag" / INDEX).read_text("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(index)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert f"'{FORMULAS[0]}" in cells
    for path in (tmp_path / "bag" / "data").rglob("*.txt"):
        path.write_bytes(b"y")
    assert [fault.number for fault in check_bag(tmp_path / "bag")[1]] == list(FORMULAS)


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_no_name_in_the_data_leads_out_of_the_workspace(forge: Forge, base: Path, tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    office = copied(base, deep)
    within = ["--workspace", str(office)]
    (deep / "名册.xlsx").write_bytes(planted(ESCAPES))
    ledger = [("协议编号", "甲方", "乙方", "协议类型", "生效日期", "截止日期")]
    ledger += [
        (name[:50].replace("\n", ""), "东胜区妇幼保健院", "东胜区小马托育中心", "妇幼型", "2025-01-01", "2025-12-31")
        for name in ESCAPES
    ]
    (deep / "台账.xlsx").write_bytes(workbooks.book(ledger))
    (deep / "证据.../x").parent.mkdir()
    (deep / "证据.../x").write_bytes(b"x")
    before = everything(tmp_path)
    (office / "registry.db").read_bytes()
    drafts = [
        [
            *within,
            "agreement",
            "draft",
            "--medical",
            "东胜区妇幼保健院",
            "--childcare",
            workbooks.code(serial),
            "--variant",
            "FY",
            "--start",
            "2026-01-01",
        ]
        for serial in range(1, len(ESCAPES) + 1)
    ]
    outcome = forge.run(
        deep,
        [*within, "institution", "import", "名册.xlsx", "--kind", "childcare"],
        *drafts,
        [*within, "agreement", "import", "台账.xlsx", "--apply"],
        [*within, "generate"],
        [
            *within,
            "activity",
            "add",
            NUMBER,
            "--on",
            "2026-03-05",
            "--form",
            "上门指导",
            "--evidence",
            "材料=证据.../x",
        ],
        [*within, "backup", "--with-files"],
        proceed=(0, 3, 10),
    )
    assert not harm(outcome)
    assert len(outcome.codes) == len(drafts) + 5, (outcome.codes, outcome.err[-500:])
    made = everything(tmp_path) - before
    assert len([path for path in made if path.endswith(".docx")]) >= 20
    outside = [
        path for path in made if not path.startswith("a/b/c/office/") and path not in ("a/b/c/.out", "a/b/c/.err")
    ]
    assert outside == []
    assert all(
        len(part.encode()) <= 255 and not set(part) & set('\\:*?"<>|\n') for path in made for part in path.split("/")
    )
    top = {path.removeprefix("a/b/c/office/").split("/")[0] for path in made}
    assert top - {"a", ""} <= {"output", "archive", "backups", "problems", "templates", "registry.db"}
