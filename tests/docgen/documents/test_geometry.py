"""Claims about how every shipped form lies on paper, measured on the PDF that either engine makes of it.

``YIYU_UPDATE_GOLDEN=1`` writes the numbers of pages anew; read the difference before committing it.
"""

import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document
from form_samples import FilledForm, filled_forms
from page_geometry import (
    MM,
    Box,
    Sheet,
    blank_pages,
    codes,
    misplaced_codes,
    orphan_signatures,
    overfull,
    place_of,
    sheets,
)

from yiyu.docgen.fill.code import without_code
from yiyu.docgen.fill.joining import BEGINS, join_key, joined
from yiyu.docgen.page_code import mark
from yiyu.docgen.pdf.convert import Engine, convert, dxpdf, libreoffice
from yiyu.docgen.pdf.drawing import HEIGHT, WIDTH, Drawing
from yiyu.docgen.pdf.fonts import available, standings
from yiyu.docgen.pdf.print_file import named_pages
from yiyu.docgen.pdf.stamp import Stamping, stamp
from yiyu.registry.model import DocKind

SOFFICE = shutil.which("soffice") or ""
ENGINES = {"LibreOffice": lambda: libreoffice(SOFFICE), "dxpdf": dxpdf}
GOLDEN = Path(__file__).parents[2] / "data" / "pages.json"
Margins = Callable[[Sheet], Box]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A filled form with its pages, and where the code stands on each where pages of this form have one."""

    form: str
    sample: str
    pages: list[Sheet]
    margins: Margins
    codes: list[Box]


def rendered(engine: Engine, folder: Path) -> Iterator[Rendered]:
    """All forms, those that can be joined in one file."""
    plain = [FilledForm(one.form, one.sample, without_code(one.data)) for one in filled_forms()]
    files = {}
    for (form, key), some in groupby(sorted(plain, key=_alike), _alike):
        together = list(some)
        for number, part in enumerate([together] if key else [[one] for one in together]):
            path = folder / f"{form}{number}.docx"
            path.write_bytes(joined([one.data for one in part]) if key else part[0].data)
            files[path] = part
    for path, pdf in convert(list(files), folder / "pdf", engine=engine).items():
        assert isinstance(pdf, Path), pdf
        yield from _read(files[path], pdf)


def _alike(one: FilledForm) -> tuple[str, str]:
    return one.form, join_key(one.data)


def _read(forms: list[FilledForm], pdf: Path) -> Iterator[Rendered]:
    pages, begins = sheets(pdf), [BEGINS.format(at) for at in range(len(forms))]
    starts = named_pages(pdf, begins) if len(forms) > 1 else [0, len(pages)]
    assert len(starts) == len(forms) + 1, "a joined form is not found again"
    marked = _marked(pdf, [after - first for first, after in pairwise(starts)]) if forms[0].form in set(DocKind) else []
    for one, first, after in zip(forms, starts, starts[1:], strict=False):
        yield Rendered(one.form, one.sample, pages[first:after], margins_of(one.data), marked[first:after])


def _marked(pdf: Path, counts: list[int]) -> list[Box]:
    out = pdf.with_name(f"{pdf.stem}_marked.pdf")

    def marking(page: int, pages: int) -> Any:
        return mark(page, pages, number="150627-2026-JC-0001", kind="agreement", title="服务项目清单", version=1)

    assert stamp([Stamping(pdf, out, marking, documents=tuple(counts))]) == [sum(counts)]
    return codes(out)


def margins_of(data: bytes) -> Margins:
    sections = Document(io.BytesIO(data)).sections

    def margins(sheet: Sheet) -> Box:
        one = next(one for one in sections if (one.page_width > one.page_height) == (sheet.width > sheet.height))
        right, bottom = sheet.width - one.right_margin.pt, sheet.height - one.bottom_margin.pt
        return Box(one.left_margin.pt, one.top_margin.pt, right, bottom)

    return margins


def faults(one: Rendered) -> list[str]:
    found = orphan_signatures(one.pages) + overfull(one.pages, one.margins) + blank_pages(one.pages)
    return found + (misplaced_codes(one.pages, one.codes) if one.codes else [])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            "LibreOffice", marks=pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")
        ),
        "dxpdf",
    ],
)
def test_every_form_of_every_variant_and_pack_lies_on_paper_as_a_typist_would_have_it(
    name: str, tmp_path: Path
) -> None:
    made = list(rendered(ENGINES[name](), tmp_path))
    assert {f"{one.form} {one.sample}": found for one in made if (found := faults(one))} == {}
    counts: dict[str, dict[str, int]] = {}
    for one in made:
        counts.setdefault(one.form, {})[one.sample] = len(one.pages)
    places = {one.form: {place_of(code) for code in one.codes} for one in made if one.codes}
    found = {
        "faces": {one.name: one.shown_by for one in standings(file.face for file in available())},
        "code": {form: sorted(map(list, some)) for form, some in places.items()},
        "pages": counts,
    }
    golden = json.loads(GOLDEN.read_text("utf-8")) if GOLDEN.is_file() else {}
    if os.environ.get("YIYU_UPDATE_GOLDEN"):
        golden[name] = found
        GOLDEN.write_text(json.dumps(golden, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    if golden[name]["faces"] != found["faces"]:
        pytest.skip(f"the pages were counted with {golden[name]['faces']}, which are not all installed")
    assert found == golden[name]


# What follows shows that each rule finds what it is there for.

TEXTS = (
    "甲方（盖章）：",
    "日期：　　年　　月　　日",
    "第二条　由双方签字。",
    "编号：150627-2026-JC-0001",
    "— 2 —",
    "项目",
    "某某卫生院",
)
LABEL, DATE, SENTENCE, HEADER, NUMBER, ROW, NAME = TEXTS
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, WIDTH - 26 * MM, 37 * MM, HEIGHT - 35 * MM
Paint = Callable[[Drawing], None]


def text(words: str, x: float = LEFT, y: float = TOP + 20) -> Paint:
    return lambda drawing: drawing.text(x, y, 14, words)


def rule(x: float, y: float, to_x: float, to_y: float) -> Paint:
    return lambda drawing: drawing.line(x, y, to_x, to_y)


HEADED = (text(HEADER, LEFT + 150, 20 * MM), text(NUMBER, LEFT, HEIGHT - 25 * MM))
SOUND = (*HEADED, text(SENTENCE), text(LABEL, y=TOP + 60), text(DATE, y=TOP + 90))
FRAME = (rule(LEFT, TOP, RIGHT, TOP), rule(LEFT, TOP + 30, RIGHT, TOP + 30))


def drawn(path: Path, *pages: tuple[Paint, ...]) -> list[Sheet]:
    drawing = Drawing(set("".join(TEXTS)))
    for page in pages:
        drawing.page()
        for paint in page:
            paint(drawing)
    finished: pikepdf.Pdf = drawing.finish()
    finished.save(path)
    return sheets(path)


def judged(pages: list[Sheet]) -> set[str]:
    found = {
        "orphan": orphan_signatures(pages),
        "overfull": overfull(pages, lambda _: Box(LEFT, TOP, RIGHT, BOTTOM)),
        "blank": blank_pages(pages),
    }
    return {rule for rule, faults in found.items() if faults}


@pytest.mark.parametrize(
    ("pages", "fault"),
    [
        ((SOUND,), None),
        (((*FRAME, text(ROW, LEFT + 5), text(LABEL, y=TOP + 60)),), None),
        ((SOUND, (*HEADED, text(LABEL), text(DATE, y=TOP + 50))), "orphan"),
        ((SOUND, (*HEADED, text(NAME), text(DATE, y=TOP + 50))), "orphan"),
        ((SOUND, (*HEADED, text(SENTENCE), text(LABEL, y=TOP + 50))), "orphan"),
        (((*SOUND, rule(LEFT, TOP + 15, RIGHT, TOP + 15)),), "overfull"),
        (((*SOUND, rule(LEFT + 35, TOP, LEFT + 35, TOP + 200)),), "overfull"),
        (((*SOUND, text(ROW, RIGHT - 10, TOP + 120)),), "overfull"),
        (((*SOUND, text(ROW, LEFT - 10, TOP + 120)),), "overfull"),
        (((*SOUND, text(ROW, LEFT, BOTTOM + 20)),), "overfull"),
        (((*SOUND, text(ROW, LEFT, TOP - 10)),), "overfull"),
        ((SOUND, HEADED), "blank"),
        ((SOUND, (), SOUND), "blank"),
    ],
)
def test_what_a_typist_would_be_ashamed_of_is_found_and_nothing_else(
    pages: tuple[tuple[Paint, ...], ...], fault: str | None, tmp_path: Path
) -> None:
    assert judged(drawn(tmp_path / "a.pdf", *pages)) == ({fault} if fault else set())


GOOD = Box(24 * MM, 10 * MM, 39 * MM, 25 * MM)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (GOOD, ""),
        (Box(12 * MM, 10 * MM, 27 * MM, 25 * MM), "in the binding edge"),
        (Box(WIDTH - 27 * MM, 10 * MM, WIDTH - 12 * MM, 25 * MM), "in the binding edge"),
        (Box(24 * MM, 3 * MM, 39 * MM, 18 * MM), "at the edge of the paper"),
        (Box(LEFT, TOP, LEFT + 15 * MM, TOP + 15 * MM), "touched by print"),
    ],
)
def test_a_code_where_it_may_not_stand_is_found(code: Box, fault: str, tmp_path: Path) -> None:
    found = misplaced_codes(drawn(tmp_path / "a.pdf", (text(SENTENCE),)), [code])
    assert found == ([f"page 1: the code is {fault}"] if fault else [])


def test_a_code_in_another_place_than_that_of_the_first_page_is_found(tmp_path: Path) -> None:
    below = Box(24 * MM, HEIGHT - 25 * MM, 39 * MM, HEIGHT - 10 * MM)
    pages = drawn(tmp_path / "a.pdf", (text(SENTENCE),), (text(SENTENCE),))
    assert misplaced_codes(pages, [GOOD, GOOD]) == []
    assert misplaced_codes(pages, [GOOD, below]) == ["page 2: the code is not in the place of the first"]
