from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf

from yiyu.docgen.archive.reading import read_pages
from yiyu.docgen.page_code import decode, document_id

Run = Callable[..., Any]


def test_every_printed_page_says_what_it_is(run: Run, asked: Run, tmp_path: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    out = tmp_path / "打印.pdf"
    run("print", number, "--kind", "service_list", "--kind", "activity_record", "-o", out)
    found = [decode(code) for page in read_pages(out) for code in page.codes]
    ids = {kind: document_id(number, kind, 1) for kind in ("service_list", "activity_record")}
    pages = sum(code.document_id == ids["service_list"] for code in found)
    assert [(c.document_id, c.page, c.pages) for c in found] == [
        *((ids["service_list"], page, pages) for page in range(1, pages + 1)),
        (ids["activity_record"], 1, 1),
    ]


def test_copies_and_duplex_begin_each_document_on_a_front(run: Run, asked: Run, tmp_path: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    out = tmp_path / "打印.pdf"
    run("print", number, "--kind", "activity_record", "--copies", "3", "--duplex", "-o", out)
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 6


def test_what_is_not_generated_cannot_be_printed(run: Run, asked: Run, office: Path, tmp_path: Path) -> None:
    childcare = asked("institution", "list", "--kind", "childcare")[0]["name"]
    sides = ("--medical", "东胜区蒙医综合医院", "--childcare", childcare)
    number = asked("agreement", "draft", *sides)["made"][0]["number"]
    assert "yiyu generate" in run("print", number, "-o", tmp_path / "a.pdf", code=3).stderr
    other = asked("agreement", "list")[0]["number"]
    for path in (office / "output").rglob(f"{other}*"):
        path.unlink()
    assert "不在了" in run("print", other, "-o", tmp_path / "a.pdf", code=7).stderr
    assert not (tmp_path / "a.pdf").exists()
