"""Claims about scans that come in: every page accounted for, nothing doubled, nothing claimed that was not seen."""

import contextlib
import io
import json
import os
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import img2pdf
import pikepdf
import pillow_heif
import pypdf
import pypdfium2
import pytest
from changed_paper import scanned, two_up
from click.testing import Result
from PIL import Image, ImageDraw, ImageOps

from yiyu.cli import main
from yiyu.docgen.page_code import decode
from yiyu.docgen.scans.reading import read_pages
from yiyu.registry.files import sha256
from yiyu.registry.store.agreements import agreement_ids
from yiyu.registry.store.opening import changing, open_registry
from yiyu.registry.store.record_sheets import add_documents, current_documents

Asked = Callable[..., Any]
KINDS = ("--kind", "agreement", "--kind", "service_list")


class Sheet(NamedTuple):
    number: str
    kind: str
    page: int
    jpeg: bytes
    """The printed page as a scanner saw it, 120 dpi in grey."""


@pytest.fixture(scope="session")
def sheets(season: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Sheet]:
    """Agreement and list of one that all have sealed, and of one that nobody has: printed and scanned, in order."""
    from click.testing import CliRunner

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["--workspace", str(season), *map(str, arguments)])

    standing = json.loads(run("agreement", "list", "--json").stdout)
    chosen = [
        next(one["number"] for one in standing if (one["sealing"], one["filing"], one["force"]) == wanted)
        for wanted in (("sealed", "none", "in_force"), ("none", "none", "not_in_force"))
    ]
    out = tmp_path_factory.mktemp("paper") / "打印.pdf"
    assert run("print", *chosen, *KINDS, "-o", out).exit_code == 0
    codes = [decode(one.codes[0]) for one in read_pages(out)]
    ids = list(dict.fromkeys(code.document_id for code in codes))
    owners = [(number, kind) for number in chosen for kind in ("agreement", "service_list")]
    with contextlib.closing(pypdfium2.PdfDocument(out.read_bytes())) as pdf:
        pictures = [page.render(scale=120 / 72, grayscale=True).to_pil() for page in pdf]
    return [
        Sheet(*owners[ids.index(code.document_id)], code.page, jpeg(picture))
        for code, picture in zip(codes, pictures, strict=True)
    ]


def jpeg(picture: Image.Image, turn: int = 0) -> bytes:
    stream = io.BytesIO()
    picture.rotate(turn, expand=True).save(stream, "JPEG", quality=70, dpi=(120, 120))
    return stream.getvalue()


def turned(data: bytes) -> bytes:
    return jpeg(Image.open(io.BytesIO(data)), 180)


def scan(path: Path, pages: list[bytes]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(img2pdf.convert(pages))
    return path


def of(sheets: list[Sheet], which: int, kind: str = "agreement") -> list[Sheet]:
    """The pages of the sealed agreement (0) or of the other (1)."""
    number = list(dict.fromkeys(one.number for one in sheets))[which]
    return [one for one in sheets if (one.number, one.kind) == (number, kind)]


def pictures_in(path: Path) -> list[bytes]:
    with pikepdf.open(path) as pdf:
        return [next(iter(page.obj.Resources.XObject.as_dict().values())).read_raw_bytes() for page in pdf.pages]


def kept(office: Path) -> dict[str, bytes]:
    folder = office / "archive"
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


PAPER = Image.new("L", (800, 1100), 250)
BLANK = jpeg(PAPER)
FOREIGN = jpeg(ImageOps.expand(Image.new("L", (300, 200), 60), (250, 450), 250))


@pytest.fixture
def batch(sheets: list[Sheet], tmp_path: Path) -> Path:
    """All pages, shuffled over a PDF, a TIFF and a JPEG: one dropped, one doubled, one turned over, two of no document."""
    pages = {(one.kind, one.page): one.jpeg for one in of(sheets, 0) + of(sheets, 0, "service_list")}
    last = max(page for kind, page in pages if kind == "agreement")
    dropped = pages.pop(("service_list", 1))
    assert dropped
    pages[("agreement", 2)] = turned(pages[("agreement", 2)])
    folder = tmp_path / "扫描"
    single = pages.pop(("agreement", last))
    order = sorted(pages, key=lambda at: (at[1] % 3, at))
    half = len(order) // 2
    scan(folder / "一.pdf", [*(pages[at] for at in order[:half]), FOREIGN, pages[("agreement", 1)]])
    frames = [Image.open(io.BytesIO(pages[at])) for at in order[half:]]
    blank = Image.open(io.BytesIO(BLANK))
    frames[0].save(folder / "二.TIFF", save_all=True, append_images=[*frames[1:], blank], compression="jpeg")
    (folder / "里层").mkdir()
    (folder / "里层" / "三.jpg").write_bytes(single)
    (folder / "说明.txt").write_text("不是扫描件", "utf-8")
    return folder


def test_every_page_of_a_shuffled_batch_is_accounted_for(
    asked: Asked, office: Path, batch: Path, sheets: list[Sheet]
) -> None:
    agreement, listed = of(sheets, 0), of(sheets, 0, "service_list")
    number = agreement[0].number
    before = {path: path.read_bytes() for path in batch.rglob("*") if path.is_file()}
    answer = asked("archive", "intake", batch, code=10)
    placed = len(agreement) + len(listed) - 1 + 1
    assert (answer["pages"], answer["placed"]) == (placed + 2, placed)
    assert sorted((Path(one["file"]).name, one["reason"]) for one in answer["unplaced"]) == [
        ("一.pdf", "no-code"),
        ("二.TIFF", "blank"),
    ]
    assert answer["documents"] == [
        {
            "number": number,
            "kind": "agreement",
            "pages": len(agreement),
            "expected": len(agreement),
            "missing": [],
            "duplicate": [1],
            "originals": [],
        },
        {
            "number": number,
            "kind": "service_list",
            "pages": len(listed) - 1,
            "expected": len(listed),
            "missing": [1],
            "duplicate": [],
            "originals": [],
        },
    ]
    assert [Path(one["file"]).name for one in answer["failed"]] == ["说明.txt"]
    assert list(answer) == [
        "pages",
        "placed",
        "unplaced",
        "documents",
        "absent",
        "failed",
        "again",
        "notes",
        "ledger",
        "unplaced_file",
        "compared",
    ]
    assert answer["absent"] == [{"number": number, "kind": "activity_record"}]
    assert {path: path.read_bytes() for path in before} == before
    copies = [data for name, data in kept(office).items() if name.startswith("incoming/")]
    originals = [data for path, data in before.items() if path.suffix != ".txt"]
    assert sorted(map(sha256, copies)) == sorted(map(sha256, originals))
    [standing] = [one for one in asked("agreement", "list") if one["number"] == number]
    assert standing["filing"] == "checked"


def test_a_second_run_doubles_nothing(run: Asked, asked: Asked, office: Path, batch: Path, sheets: list[Sheet]) -> None:
    number = sheets[0].number
    first = asked("archive", "intake", batch, code=10)
    files, history = kept(office), run("agreement", "history", number).stdout
    shutil.copy(batch / "里层" / "三.jpg", batch / "同一页另一个名.jpg")
    second = asked("archive", "intake", batch, code=10)
    assert second | {"again": []} == first
    assert sorted(Path(one["file"]).name for one in second["again"]) == [
        "一.pdf",
        "三.jpg",
        "二.TIFF",
        "同一页另一个名.jpg",
    ]
    assert all((office / one["path"]).is_file() and one["received_at"] for one in second["again"])
    assert kept(office) == files
    assert run("agreement", "history", number).stdout == history
    assert run("check").exit_code == 0


def test_a_bound_document_holds_the_scanned_bytes_in_order_and_upright(
    run: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = [one.jpeg for one in of(sheets, 0)]
    pages[1] = turned(pages[1])
    scan(tmp_path / "反.pdf", pages[:0:-1])
    (tmp_path / "首页.jpeg").write_bytes(pages[0])
    said = run("archive", "intake", tmp_path / "反.pdf", tmp_path / "首页.jpeg")
    assert "1 页方向不正，已转正" in said.stderr
    assert "灰度无法判断" in said.stdout
    [bound] = (office / "archive").glob("2*/*/*_合作协议书.pdf")
    assert pictures_in(bound) == pages
    assert [page.rotation for page in pypdf.PdfReader(bound).pages] == [0, 180, *[0] * (len(pages) - 2)]
    readings = read_pages(bound)
    assert [decode(one.codes[0]).page for one in readings] == list(range(1, len(pages) + 1))
    assert {one.turn for one in readings} == {0}


def test_pages_that_come_another_day_complete_the_document(
    asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = of(sheets, 0)
    scan(tmp_path / "昨天.pdf", [one.jpeg for one in pages if one.page != 3])
    assert asked("archive", "intake", tmp_path / "昨天.pdf", code=10)["documents"][0]["missing"] == [3]
    assert not list((office / "archive").glob("2*"))
    (tmp_path / "今天.jpg").write_bytes(pages[2].jpeg)
    [document] = asked("archive", "intake", tmp_path / "今天.jpg")["documents"]
    assert (document["missing"], document["pages"]) == ([], len(pages))
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    assert pictures_in(bound) == [one.jpeg for one in pages]


def test_no_signature_is_claimed_until_a_person_says_so(
    run: Asked, asked: Asked, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = of(sheets, 1)
    number = pages[0].number
    path = scan(tmp_path / "未签.pdf", [one.jpeg for one in pages])

    def axes() -> tuple[str, ...]:
        [one] = [one for one in asked("agreement", "list") if one["number"] == number]
        return one["signing"], one["sealing"], one["filing"]

    before = axes()
    assert "归档之前必须先双方已盖" in run("archive", "intake", path).stdout
    assert axes() == before
    run("archive", "intake", path, "--signed")
    assert axes() == ("signed", "none", "none")
    assert "已校验" in run("archive", "intake", path, "--sealed").stdout
    assert axes() == ("signed", "sealed", "checked")
    history = run("agreement", "history", number).stdout
    run("archive", "intake", path, "--signed", "--sealed")
    assert run("agreement", "history", number).stdout == history


def coloured(data: bytes, *seals: int) -> bytes:
    """The page in colour, with a red ring around each of these places across."""
    page = Image.open(io.BytesIO(data)).convert("RGB")
    draw = ImageDraw.Draw(page)
    draw.rectangle((450, 300, 510, 360), fill=(40, 60, 200))
    for x in seals:
        draw.ellipse((x - 100, 600, x + 100, 800), outline=(200, 20, 30), width=9)
    return jpeg(page)


@pytest.mark.parametrize(
    ("seals", "hint"),
    [
        ((), "甲方栏未见红章、乙方栏未见红章；骑缝：1 页边缘未见红"),
        ((250,), "甲方栏见红章、乙方栏未见红章；"),
        ((250, 720), "甲方栏见红章、乙方栏见红章；"),
    ],
)
def test_red_in_each_party_s_column_of_the_sign_page_is_a_hint_and_no_more(
    run: Asked, asked: Asked, sheets: list[Sheet], tmp_path: Path, seals: tuple[int, ...], hint: str
) -> None:
    pages = [one.jpeg for one in of(sheets, 1)]
    before = asked("agreement", "list")
    path = scan(tmp_path / "彩色.pdf", [*pages[:-1], coloured(pages[-1], *seals)])
    assert hint in run("archive", "intake", path).stdout
    assert asked("agreement", "list") == before


def test_a_seal_across_the_edges_is_counted_by_the_pages_that_show_it(
    run: Asked, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = [coloured(one.jpeg, *([992] if one.page < 4 else [])) for one in of(sheets, 1)]
    said = run("archive", "intake", scan(tmp_path / "骑缝.pdf", pages))
    assert f"骑缝：{len(pages)} 页彩色，3 页边缘见红" in said.stdout


def signed(path: Path) -> Path:
    """A scan with the field of a digital signature; what is in it is for another test to check."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        value = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Sig, Contents=b"0" * 64))
        seal = pdf.make_indirect(
            pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="甲方", V=value, Subtype=pikepdf.Name.Widget, Rect=[0, 0, 0, 0])
        )
        pdf.pages[-1].Annots = pikepdf.Array([seal])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[seal], SigFlags=3)
        pdf.save(path)
    return path


def test_a_digitally_signed_agreement_is_filed_byte_for_byte(
    run: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    path = signed(scan(tmp_path / "电子签.pdf", [one.jpeg for one in of(sheets, 0)]))
    assert "电子签名只在" not in run("archive", "intake", path).stdout
    assert list(kept(office).values()) == [path.read_bytes()] * 2


def test_of_a_signed_file_in_another_order_the_original_is_kept_and_it_is_said(
    run: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    path = signed(scan(tmp_path / "电子签.pdf", [one.jpeg for one in of(sheets, 0)][::-1]))
    assert "电子签名只在收到的原件里有效" in run("archive", "intake", path).stdout
    files = kept(office)
    assert [data == path.read_bytes() for name, data in files.items() if "incoming" in name] == [True]
    assert len(files) == 2


def test_pages_without_a_place_come_as_small_pictures_with_the_command_that_places_them(
    run: Asked, asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = [one.jpeg for one in of(sheets, 0)]
    pages[3] = jpeg(Image.open(io.BytesIO(pages[3])).resize((300, 424)))
    path = scan(tmp_path / "糊 了.pdf", [*pages, BLANK, FOREIGN])
    named = asked("archive", "intake", path, code=10)["unplaced_file"]
    assert named.startswith("problems/未归位-")
    assert asked("archive", "intake", path, code=10)["unplaced_file"] == named
    assert named in run("archive", "intake", path, code=10).stderr
    with pikepdf.open(office / named) as pdf:
        assert len(pdf.pages[0].Resources.XObject) == 2
    text = pypdf.PdfReader(office / named).pages[0].extract_text()
    assert "没有可读的页面码" in text
    of_all = f"--of {len(pages)}"
    command = text[text.index("yiyu archive assign") :].split(of_all)[0].replace("\\", " ") + of_all
    assert "已校验" in run(*shlex.split(command)[1:]).stdout
    assert [one["page"] for one in asked("archive", "intake", path, code=10)["unplaced"]] == [
        len(pages) + 1,
        len(pages) + 2,
    ]


def test_a_dry_run_and_blank_pages_alone_make_no_sheet_of_pictures(
    asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    before = set((office / "problems").iterdir())
    answer = asked("archive", "intake", scan(tmp_path / "外.pdf", [FOREIGN]), "--dry-run", code=10)
    assert answer["unplaced_file"] is None
    assert asked("archive", "intake", scan(tmp_path / "白.pdf", [BLANK]))["unplaced_file"] is None
    assert set((office / "problems").iterdir()) == before


def test_the_scan_of_an_older_version_is_bound_but_proves_nothing(
    run: Asked, asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = of(sheets, 0)
    with open_registry(office / "registry.db") as db, changing(db):
        [key] = agreement_ids(db, [pages[0].number]).values()
        current = current_documents(db)[key, "agreement"]
        add_documents(db, [replace(current, version=2, path="output/新版.docx")])
    said = run("archive", "intake", scan(tmp_path / "旧版.pdf", [one.jpeg for one in pages]), "--signed", "--sealed")
    assert "是旧版 v1（现行 v2），归档状态不变" in said.stdout
    [standing] = [one for one in asked("agreement", "list") if one["number"] == pages[0].number]
    assert standing["filing"] == "none"
    assert list((office / "archive").glob("2*/*/*_合作协议书.pdf"))


def test_an_incomplete_scan_bears_no_signature(asked: Asked, sheets: list[Sheet], tmp_path: Path) -> None:
    pages = of(sheets, 1)
    path = scan(tmp_path / "缺页.pdf", [one.jpeg for one in pages[:-1]])
    before = asked("agreement", "list")
    asked("archive", "intake", path, "--signed", "--sealed", code=10)
    assert asked("agreement", "list") == before


def test_one_bad_file_never_stops_the_others(asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path) -> None:
    pages = of(sheets, 0, "service_list")
    good = scan(tmp_path / "好.pdf", [one.jpeg for one in pages])
    (tmp_path / "断.pdf").write_bytes(good.read_bytes()[:2000])
    names = ("断.pdf", "空.jpg", "又空.jpg", "无.pdf")
    for name in names[1:3]:
        (tmp_path / name).write_bytes(b"")
    answer = asked("archive", "intake", *(tmp_path / name for name in names), good, code=10)
    assert sorted(Path(one["file"]).name for one in answer["failed"]) == sorted(names)
    assert {one["code"] for one in answer["failed"]} == {"file"}
    assert (answer["placed"], answer["documents"][0]["missing"]) == (len(pages), [])
    assert len(kept(office)) == 2


def test_a_file_named_on_another_system_is_kept_and_named_readably(
    asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + "/目录".encode("gb18030")))
    scan(folder / os.fsdecode("一盒：扫描.pdf".encode("gb18030")), [sheets[0].jpeg, FOREIGN])
    [unplaced] = asked("archive", "intake", folder, code=10)["unplaced"]
    assert Path(unplaced["file"]).name == "一盒：扫描.pdf"
    [copy] = kept(office)
    assert copy.endswith("-一盒：扫描.pdf")


def test_a_dry_run_tells_the_same_and_leaves_nothing(asked: Asked, office: Path, batch: Path) -> None:
    before = {path: path.read_bytes() for path in office.rglob("*") if path.is_file()}
    planned = asked("archive", "intake", batch, "--signed", "--sealed", "--dry-run", code=10)
    assert {path: path.read_bytes() for path in office.rglob("*") if path.is_file()} == before
    done = asked("archive", "intake", batch, "--signed", "--sealed", code=10)
    assert planned | {"unplaced_file": done["unplaced_file"]} == done


def test_two_copies_of_one_agreement_are_not_mixed(
    asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = [one.jpeg for one in of(sheets, 1)]
    other = [jpeg(Image.open(io.BytesIO(one)).point(lambda level: level * 0.98)) for one in pages]
    first = scan(tmp_path / "甲份.pdf", pages)
    second = scan(tmp_path / "乙份.pdf", other[::-1])
    [document] = asked("archive", "intake", first, second)["documents"]
    assert document["duplicate"] == list(range(1, len(pages) + 1))
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    assert pictures_in(bound) == other


@pytest.fixture
def originals(run: Asked, sheets: list[Sheet], tmp_path: Path) -> dict[str, list[bytes]]:
    """Two copies of the agreement that all have sealed, printed in one go: the pages of each, by its number."""
    number = sheets[0].number
    out = tmp_path / "两份.pdf"
    run("print", number, "--kind", "agreement", "--copies", 2, "-o", out)
    found: dict[str, list[bytes]] = {}
    with contextlib.closing(pypdfium2.PdfDocument(out.read_bytes())) as pdf:
        for reading, page in zip(read_pages(out), pdf, strict=True):
            picture = page.render(scale=120 / 72, grayscale=True).to_pil()
            found.setdefault(decode(reading.codes[0]).copy, []).append(jpeg(picture))
    return found


def test_pages_of_two_originals_shuffled_into_one_feed_are_not_checked_and_it_is_said_which_are_whose(
    run: Asked, asked: Asked, office: Path, originals: dict[str, list[bytes]], sheets: list[Sheet], tmp_path: Path
) -> None:
    (one, first), (two, second) = originals.items()
    path = scan(tmp_path / "混.pdf", [first[0], *second[1:3], *first[3:]])
    missing = [2, 3]
    [document] = asked("archive", "intake", path, code=10)["documents"]
    assert document["missing"] == missing
    others = [page for page in range(1, len(first) + 1) if page not in missing]
    assert document["originals"] == [{"copy": one, "came": others}, {"copy": two, "came": missing}]
    said = run("archive", "intake", path, code=10).stdout
    assert f"没有一份原件是齐的：份号 {one} 的有第 {'、'.join(map(str, others))} 页，份号 {two} 的有第 2、3 页" in said
    [standing] = [row for row in asked("agreement", "list") if row["number"] == sheets[0].number]
    assert standing["filing"] == "none"
    assert not list((office / "archive").glob("2*"))


def test_an_original_that_is_all_there_is_bound_without_the_stray_pages_of_another(
    run: Asked, asked: Asked, office: Path, originals: dict[str, list[bytes]], sheets: list[Sheet], tmp_path: Path
) -> None:
    (_, first), (two, second) = originals.items()
    path = scan(tmp_path / "一份多.pdf", [second[0], *first, second[2]])
    said = run("archive", "intake", path).stdout
    assert f"另一份原件的没有装订：份号 {two} 的有第 1、3 页" in said
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    assert pictures_in(bound) == first
    [standing] = [row for row in asked("agreement", "list") if row["number"] == sheets[0].number]
    assert standing["filing"] == "checked"


def test_what_was_checked_stays_when_more_comes(
    asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = [one.jpeg for one in of(sheets, 0)]
    asked("archive", "intake", scan(tmp_path / "正本.pdf", pages))
    other = [jpeg(Image.open(io.BytesIO(one)).point(lambda level: level * 0.98)) for one in pages]
    asked("archive", "intake", scan(tmp_path / "又一份.pdf", other))
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    assert pictures_in(bound) == pages


def test_a_bound_document_that_is_gone_is_made_again_from_the_originals(
    run: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    path = scan(tmp_path / "正本.pdf", [one.jpeg for one in of(sheets, 0)])
    run("archive", "intake", path)
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    before = bound.read_bytes()
    bound.unlink()
    run("archive", "intake", path)
    assert bound.read_bytes() == before


def test_a_page_without_a_code_is_placed_by_hand(
    run: Asked, asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    pages = of(sheets, 0)
    number = pages[0].number
    covered = Image.open(io.BytesIO(pages[3].jpeg)).resize((300, 424)).rotate(180)
    path = scan(tmp_path / "糊.pdf", [jpeg(covered), *(one.jpeg for one in pages if one.page != 4)])
    answer = asked("archive", "intake", path, code=10)
    assert (answer["unplaced"][0]["page"], answer["unplaced"][0]["reason"]) == (1, "no-code")
    assert answer["documents"][0]["missing"] == [4]
    wanted = ("archive", "assign", path, 1, number, "--kind", "agreement", "--page", 4, "--turn", 180)
    assert "试算" in run(*wanted, "--dry-run").stderr
    assert not list((office / "archive").glob("2*"))
    assert "已校验" in run(*wanted).stdout
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    assert pictures_in(bound)[3] == jpeg(covered)
    assert pypdf.PdfReader(bound).pages[3].rotation == 180
    again = asked("archive", "intake", path)
    assert (again["placed"], again["unplaced"]) == (len(pages), [])


def test_what_cannot_be_placed_by_hand_says_why(run: Asked, sheets: list[Sheet], tmp_path: Path) -> None:
    number = sheets[0].number
    path = scan(tmp_path / "外来.pdf", [FOREIGN])
    to = ("--kind", "agreement", "--page")
    assert "archive intake" in run("archive", "assign", path, 1, number, *to, 1, code=3).stderr
    run("archive", "intake", path, code=10)
    assert "没有第 2 页" in run("archive", "assign", path, 2, number, *to, 1, code=4).stderr
    assert "--of" in run("archive", "assign", path, 1, number, *to, 1, code=4).stderr
    assert "它共 2 页" in run("archive", "assign", path, 1, number, *to, 3, "--of", 2, code=4).stderr
    assert "1/2" in run("archive", "assign", path, 1, number, *to, 1, "--of", 2).stdout
    assert "没有第 2 版" in run("archive", "assign", path, 1, number, *to, 1, "--version", 2, code=3).stderr
    coded = scan(path.with_name("有码.pdf"), [of(sheets, 0)[0].jpeg])
    run("archive", "intake", coded, code=10)
    own = ("archive", "assign", path, 1, number, "--kind", "agreement", "--page", 2)
    count = len(of(sheets, 0))
    assert f"印着共 {count} 页，不是 {count + 1} 页" in run(*own, "--of", count + 1, code=4).stderr
    run(*own, "--of", count)


def test_a_file_with_codes_of_several_documents_is_not_taken_for_one_of_them(
    run: Asked, sheets: list[Sheet], office: Path, tmp_path: Path
) -> None:
    path = scan(
        tmp_path / "混.pdf", [one.jpeg for kind in ("agreement", "service_list") for one in of(sheets, 0, kind)]
    )
    run("archive", "intake", path)
    bound = sorted((office / "archive").glob("2*/*/*.pdf"))
    assert len(bound) == 2
    whole = ("archive", "assign", path, "all", sheets[0].number, "--kind", "agreement")
    told = run(*whole, code=4).stderr
    listed = len(of(sheets, 0, "service_list"))
    assert f"有 {listed} 页带着别的文书的识别码，如第 {len(of(sheets, 0)) + 1} 页" in told
    assert sorted((office / "archive").glob("2*/*/*.pdf")) == bound
    run("archive", "unassign", path, "all")
    run(*whole)


def test_a_file_that_came_before_is_named_with_the_day_and_where_it_is_kept(
    run: Asked, sheets: list[Sheet], tmp_path: Path
) -> None:
    path = scan(tmp_path / "一份.pdf", [one.jpeg for one in of(sheets, 0)])
    assert "以前收过" not in run("archive", "intake", path).stderr
    told = run("archive", "intake", path.rename(tmp_path / "另一个名.pdf"))
    assert "1 个文件的内容以前收过" in told.stderr
    assert re.search(r"另一个名\.pdf +20\d\d-\d\d-\d\d \d\d:\d\d +archive/incoming/20\d\d/\w+-一份\.pdf", told.stdout)
    backwards = scan(tmp_path / "倒着放.pdf", [one.jpeg for one in reversed(of(sheets, 0))])
    assert f" 1至{len(of(sheets, 0))} " in run("archive", "intake", backwards).stdout


def test_a_page_goes_to_the_version_it_is_said_to_be_of(
    run: Asked, asked: Asked, sheets: list[Sheet], tmp_path: Path
) -> None:
    number = sheets[0].number
    for period in ("2026Q3", "2026Q4"):
        run("activity", "sheet", number, "--period", period)
    path = scan(tmp_path / "记录.pdf", [FOREIGN])
    run("archive", "intake", path, code=10)
    to = ("--kind", "activity_record", "--page", 1, "--of", 1)
    assert "v2" in run("archive", "assign", path, 1, number, *to, "--version", 2).stdout
    assert [one["version"] for one in asked("activity", "waiting")] == [2]


def test_what_we_bound_ourselves_is_no_scan(run: Asked, asked: Asked, office: Path, sheets: list[Sheet]) -> None:
    path = scan(office / "正本.pdf", [one.jpeg for one in of(sheets, 0, "service_list")])
    run("archive", "intake", path)
    answer = asked("archive", "intake", office / "archive", code=10)
    assert answer["placed"] == len(of(sheets, 0, "service_list"))
    assert [one["file"].split("/")[0] for one in answer["failed"]] == ["archive"]


def test_our_own_print_is_no_original_and_the_paper_scanned_is(
    asked: Asked, run: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    number, out = sheets[0].number, tmp_path / "打印.pdf"
    run("print", number, "--kind", "service_list", "-o", out)
    shutil.copy(out, tmp_path / "又一个名.pdf")
    answer = asked("archive", "intake", out, tmp_path / "又一个名.pdf", code=10)
    assert (answer["pages"], answer["documents"], kept(office)) == (0, [], {})
    assert {Path(one["file"]).name for one in answer["failed"]} == {"打印.pdf", "又一个名.pdf"}
    assert all("没有签字盖章" in one["message"] and "扫描纸件" in one["message"] for one in answer["failed"])
    taken = asked("archive", "intake", scanned(out, tmp_path / "扫描.pdf"))
    assert (taken["failed"], taken["documents"][0]["missing"]) == ([], [])


@pytest.mark.parametrize("put_on", ["stamp", "picture", "signature"])
def test_a_print_that_somebody_put_something_on_is_taken(
    asked: Asked, run: Asked, sheets: list[Sheet], tmp_path: Path, put_on: str
) -> None:
    """Whether it is a signature, a person says."""
    out = tmp_path / "打印.pdf"
    run("print", sheets[0].number, "--kind", "activity_record", "-o", out)
    with pikepdf.open(out, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        if put_on == "stamp":
            stamp = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[90, 90, 200, 200])
            page.obj.Annots = pikepdf.Array([pdf.make_indirect(stamp)])
        elif put_on == "picture":
            image = pdf.make_stream(bytes(100), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
            image.Width, image.Height, image.BitsPerComponent = 10, 10, 8
            image.ColorSpace = pikepdf.Name.DeviceGray
            page.add_resource(image, pikepdf.Name.XObject)
        pdf.save(out)
    if put_on == "signature":
        signed(out)
    assert asked("archive", "intake", out)["failed"] == []


def test_an_empty_folder_is_said_to_be_empty(run: Asked, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert "没有找到扫描件" in run("archive", "intake", tmp_path / "空", code=4).stderr


CASES = Path(__file__).parents[1] / "data" / "cases" / "paper"


def test_a_sheet_of_two_pages_becomes_two_pages_and_the_original_is_kept(
    run: Asked, asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    """A booklet: 8 and 1, 2 and 7, and so on; every other sheet lay upside down; an odd last page by itself."""
    pages = [one.jpeg for one in of(sheets, 0)]
    count, even = len(pages), len(pages) // 2 * 2
    pairs = [(even - at, at + 1) if at % 2 == 0 else (at + 1, even - at) for at in range(even // 2)]
    copied = [two_up(pages[left - 1], pages[right - 1]) for left, right in pairs]
    turned_over = [turned(one) if at % 2 else one for at, one in enumerate(copied)]
    path = scan(tmp_path / "小册子.pdf", [*turned_over, *pages[even:]])
    answer = asked("archive", "intake", path)
    assert (answer["pages"], answer["placed"], answer["documents"][0]["missing"]) == (count, count, [])
    [original] = [data for name, data in kept(office).items() if name.startswith("incoming/")]
    assert original == path.read_bytes()
    [bound] = (office / "archive").glob("2*/*/*_合作协议书.pdf")
    assert [decode(one.codes[0]).page for one in read_pages(bound)] == list(range(1, count + 1))
    assert len(set(pictures_in(bound))) == count - even // 2, "the bytes of the sheets as they came"
    first = pypdf.PdfReader(bound).pages[0].mediabox
    assert first.width < first.height
    assert asked("archive", "intake", path)["placed"] == count
    assert run("check").exit_code == 0


def test_half_a_sheet_is_placed_by_hand(
    run: Asked, asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    """Both codes of the right page are torn off, and nothing else tells that these are two."""
    pages = [one.jpeg for one in of(sheets, 0)]
    right = Image.open(io.BytesIO(pages[1]))
    for top in (0, right.height - 150):
        right.paste(250, (0, top, right.width, top + 150))
    right.paste(30, (0, 200, 60, right.height - 100))
    path = scan(tmp_path / "复印.pdf", [two_up(pages[0], jpeg(right)), *pages[2:]])
    answer = asked("archive", "intake", path, code=10)
    assert answer["documents"][0]["missing"] == [2]
    number = sheets[0].number
    run("archive", "assign", path, "1中", number, "--kind", "agreement", "--page", "2", code=2)
    run("archive", "assign", path, "1右", number, "--kind", "agreement", "--page", "2")
    again = asked("archive", "intake", path)
    assert (again["documents"][0]["missing"], again["unplaced"]) == ([], [])
    [bound] = (office / "archive").glob("2*/*/*_合作协议书.pdf")
    assert [one.codes != () for one in read_pages(bound)] == [True, False, *[True] * (len(pages) - 2)]


def test_a_faint_page_with_a_code_is_not_called_blank(asked: Asked) -> None:
    answer = asked("archive", "intake", CASES / "low_contrast_150dpi.jpg", code=10)
    assert (answer["placed"], answer["unplaced"]) == (1, [])
    assert answer["documents"][0]["missing"] != []


def test_pictures_of_telephones_are_taken_in_and_what_is_not_read_is_listed(
    asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    folder = tmp_path / "手机"
    shutil.copytree(CASES / "09-folder-with-phone-photos", folder)
    page = Image.open(io.BytesIO(sheets[0].jpeg))
    pillow_heif.register_heif_opener()
    for name in ("IMG_0004.HEIC", "IMG_0005.webp"):
        page.convert("RGB").save(folder / name, quality=80)
    (folder / "一箱.zip").write_bytes(b"PK")
    (folder / "一份.ofd").write_bytes(b"PK")
    answer = asked("archive", "intake", folder, code=10)
    failed = {Path(one["file"]).name: one["message"] for one in answer["failed"]}
    assert failed.keys() == {"IMG_0001.HEIC", "一箱.zip", "一份.ofd"}
    assert "请解压后再收" in failed["一箱.zip"]
    assert (answer["placed"], answer["documents"][0]["duplicate"]) == (2, [1])
    assert {one.rsplit(".")[-1] for one in kept(office)} == {"HEIC", "webp", "jpg"}


def test_pages_of_telephones_are_bound_as_jpeg(asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path) -> None:
    pillow_heif.register_heif_opener()
    pages = of(sheets, 0, "service_list")
    for one in pages:
        kind = ("heic", "webp")[one.page % 2]
        Image.open(io.BytesIO(one.jpeg)).convert("RGB").save(tmp_path / f"{one.page}.{kind}", quality=80)
    (answer,) = asked("archive", "intake", *tmp_path.glob("*.*"))["documents"]
    assert answer["missing"] == []
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    assert [decode(one.codes[0]).page for one in read_pages(bound)] == [one.page for one in pages]


def test_a_scan_that_may_only_be_read_is_taken_with_a_note_and_bound_without_its_lock(
    run: Asked, asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    open_to_all = scan(tmp_path / "原样.pdf", [one.jpeg for one in of(sheets, 0, "service_list")])
    path = tmp_path / "限制编辑.pdf"
    with pikepdf.open(open_to_all) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="某密码", user=""))
    answer = asked("archive", "intake", path)
    assert (answer["failed"], answer["documents"][0]["missing"]) == ([], [])
    assert [(one["file"], "限制编辑" in one["message"]) for one in answer["notes"]] == [(str(path), True)]
    assert path.read_bytes() in kept(office).values()
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    with pikepdf.open(bound) as pdf:
        assert not pdf.is_encrypted
    assert pictures_in(bound) == pictures_in(open_to_all)
    with pikepdf.open(open_to_all) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="某密码", user="另一密码"))
    assert "需要密码" in run("archive", "intake", path, code=10).stdout.replace("\n", "")


def test_whatever_of_a_folder_is_not_read_is_listed(
    run: Asked, asked: Asked, sheets: list[Sheet], tmp_path: Path
) -> None:
    folder = tmp_path / "交来的"
    scan(folder / "一.pdf", [one.jpeg for one in of(sheets, 0, "service_list")])
    for name in ("协议.docx", "旧.DOC", "说明.txt", "名单.xlsx", "没有后缀", "Thumbs.db", "~$协议.docx", ".隐藏"):
        (folder / name).write_bytes(b"PK")
    failed = {Path(one["file"]).name: one["message"] for one in asked("archive", "intake", folder, code=10)["failed"]}
    assert failed.keys() == {"协议.docx", "旧.DOC", "说明.txt", "名单.xlsx", "没有后缀"}
    assert "打印、签字盖章后扫描再收" in failed["协议.docx"]
    assert "不是 PDF，也不是能读的图片" in failed["没有后缀"]
    told = run("archive", "intake", folder, code=10).stdout.replace("\n", "")
    assert "等 4 个" in re.sub(r"\s", " ", told), "what is said of all is said once"


def test_a_scan_is_what_is_in_it_whatever_it_is_called(
    asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    """Programs that send pictures on give them names of their own; a link may lead nowhere."""
    pillow_heif.register_heif_opener()
    folder, pages = tmp_path / "转发的", [one.jpeg for one in of(sheets, 0, "service_list")]
    scan(folder / "其余.jpg", pages[1:-1])
    (folder / "首页.pdf").write_bytes(pages[0])
    Image.open(io.BytesIO(pages[-1])).convert("RGB").save(folder / "末页.jpg", "HEIF", quality=80)
    (folder / "没有了.pdf").symlink_to(folder / "别处.pdf")
    answer = asked("archive", "intake", folder, code=10)
    assert [(Path(one["file"]).name, one["message"][:5]) for one in answer["failed"]] == [("没有了.pdf", "找不到文件")]
    assert [(one["pages"], one["missing"]) for one in answer["documents"]] == [(len(pages), [])]
    [bound] = (office / "archive").glob("2*/*/*.pdf")
    assert [decode(one.codes[0]).page for one in read_pages(bound)] == list(range(1, len(pages) + 1))


def test_the_office_itself_is_no_heap_of_scans(
    run: Asked, asked: Asked, office: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(FOREIGN)
    number = sheets[0].number
    run("activity", "add", number, "--on", "2026-11-02", "--form", "上门指导", "--evidence", photo)
    scan(office / "刚扫的.pdf", [one.jpeg for one in of(sheets, 0, "service_list")])
    shutil.copy(photo, office / "群里的照片.jpg")
    answer = asked("archive", "intake", office, code=10)
    assert {Path(one["file"]).suffix for one in answer["failed"]} == {".xlsx"}, "the rosters, which are no scans"
    assert (answer["unplaced"], answer["placed"]) == ([], len(of(sheets, 0, "service_list")))
    told = {one["file"]: one["message"] for one in answer["notes"]}
    assert "佐证材料" in told.pop("群里的照片.jpg")
    assert "archive/" in told
    assert all("本系统自己的文件夹" in one for one in told.values())
    assert len(asked("archive", "intake", office / "archive" / "incoming")["again"]) == 1
    evidence = asked("archive", "intake", office / "archive" / "evidence", code=10)["failed"]
    assert ["佐证材料" in one["message"] for one in evidence] == [True]
    volume = office / "卷.pdf"
    run("archive", "volume", number, "-o", volume)
    assert "archive volume" in asked("archive", "intake", volume, code=10)["failed"][0]["message"]
    scan(office / "problems" / "未归位.pdf", [FOREIGN])
    assert "待办" in asked("archive", "intake", office / "problems", code=10)["failed"][0]["message"]


def test_what_was_checked_by_a_scan_gets_no_number_once_the_scan_is_taken_back(
    run: Asked, asked: Asked, sheets: list[Sheet], tmp_path: Path
) -> None:
    number = sheets[0].number
    path = scan(
        tmp_path / "一份.pdf", [one.jpeg for kind in ("agreement", "service_list") for one in of(sheets, 0, kind)]
    )
    run("archive", "intake", path)
    run("archive", "number", number, "--dry-run")
    run("archive", "unassign", path, "all")
    assert "校验时所依据的扫描件已不在" in run("archive", "number", number, code=5).stderr
    assert number in [one["number"] for one in asked("archive", "number")["waiting"]]
    run("archive", "intake", path)
    [numbered] = asked("archive", "number", number)["numbered"]
    assert numbered["pages"] == len([one for one in sheets if one.number == number])
