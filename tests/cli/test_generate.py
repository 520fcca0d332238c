import hashlib
import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import docx
from PIL import Image, ImageOps

from yiyu.docgen.page_code import PageCode, decode, document_id
from yiyu.docgen.scans.codes import find_codes
from yiyu.docgen.scans.reading import read_pages
from yiyu.registry.model import Institution, Kind
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.opening import changing, open_registry

Run = Callable[..., Any]


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        parts = [n for n in archive.namelist() if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", n)]
        xml = "".join(archive.read(n).decode() for n in parts)
    return re.sub(r"<[^>]+>", "", xml)


def test_every_document_names_both_parties_and_leaves_no_trace_of_the_template(asked: Run, office: Path) -> None:
    for row in asked("agreement", "list"):
        for document in asked("agreement", "show", row["number"])["documents"]:
            text = unescape(text_of(office / document["path"]))
            assert all(party["name"] in text for party in row["parties"])
            assert row["number"] in text
            assert not re.search(r"\{\{|\}\}|\{%|None|nan", text)


def test_the_documents_open_in_python_docx(office: Path) -> None:
    for path in sorted((office / "output").rglob("*.docx"))[:12]:
        assert docx.Document(str(path)).element.body is not None


def test_again_for_the_same_numbers_gives_the_same_bytes(asked: Run, office: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    before = {p: p.read_bytes() for p in (office / "output").rglob("*.docx")}
    result = asked("generate", number)
    assert (len(result["made"]), len(result["skipped"]), result["failed"]) == (0, 3, [])
    assert {p: p.read_bytes() for p in (office / "output").rglob("*.docx")} == before


def test_a_private_character_in_a_name_is_told_before_it_is_printed(run: Run, office: Path) -> None:
    name = "东胜区葛\ue004托育中心"
    place = ("--kind", "childcare", "--district", "东胜区")
    told = run("institution", "add", *place, "--name", name, "--filed-on", "2024-03-05").stderr
    assert "--name：“\ue004”（U+E004）是自造字" in told
    run("agreement", "draft", "--medical", "东胜区示范社区卫生服务中心", "--childcare", name)
    assert "（U+E004），印出来可能是别的字" in run("generate").stderr
    assert "U+E004" in run("doctor").stdout


def test_nothing_is_left_to_do_after_the_first_run(asked: Run) -> None:
    assert asked("generate", "--missing") == {
        "made": [], "skipped": [], "failed": [], "followed": [], "lagging": [],
    }  # fmt: skip


def test_a_lost_file_is_made_again_with_its_old_hash(asked: Run, office: Path) -> None:
    document = asked("agreement", "show", asked("agreement", "list")[0]["number"])["documents"][0]
    (office / document["path"]).unlink()
    made = asked("generate", "--missing")["made"]
    assert [(m["path"], m["sha256"]) for m in made] == [(document["path"], document["sha256"])]
    assert hashlib.sha256((office / document["path"]).read_bytes()).hexdigest() == document["sha256"]


def test_a_changed_template_makes_a_new_version_beside_the_old(asked: Run, office: Path) -> None:
    number = next(r["number"] for r in asked("agreement", "list", "--unsigned") if r["signing"] == "awaiting")
    old = next(d for d in asked("agreement", "show", number)["documents"] if d["kind"] == "activity_record")
    replace_template(office, "activity_record.docx")
    (made,) = asked("generate", number, "--kind", "activity_record")["made"]
    assert made["path"].endswith("_v2.docx")
    assert (office / old["path"]).is_file()


def test_what_is_signed_is_not_written_anew(asked: Run, office: Path) -> None:
    number = next(r["number"] for r in asked("agreement", "list") if r["signing"] == "signed")
    replace_template(office, "agreement.docx")
    result = asked("generate", number, "--kind", "agreement", code=10)
    assert [one["code"] for one in result["failed"]] == ["already-signed"]


def replace_template(office: Path, name: str) -> None:
    """Put the shipped template with one more sentence into the office's own pack."""
    source = files("yiyu.templates") / "national" / name
    folder = office / "templates" / "ordos"
    folder.mkdir()
    (folder / name).write_bytes(source.read_bytes())
    document = docx.Document(str(folder / name))
    document.paragraphs[0].insert_paragraph_before("本单位补充的一句话。")
    document.save(str(folder / name))


def test_a_dry_run_writes_nothing(asked: Run, office: Path) -> None:
    for path in (office / "output").rglob("*.docx"):
        path.unlink()
    before = (office / "registry.db").read_bytes()
    planned = asked("generate", "--missing", "--dry-run")
    assert list((office / "output").rglob("*.docx")) == []
    assert (office / "registry.db").read_bytes() == before
    assert planned == asked("generate", "--missing")


def test_a_copy_goes_where_it_is_asked_for(asked: Run, tmp_path: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    asked("generate", number, "--out", tmp_path / "u盘")
    assert len(list((tmp_path / "u盘").rglob("*.docx"))) == 3


def test_an_unknown_number_is_refused(run: Run) -> None:
    run("generate", "150602-1999-JC-0001", code=3)


def test_one_bad_agreement_does_not_stop_the_rest(asked: Run, office: Path) -> None:
    """A name that no door lets in, as an older program may have left it, is refused with field and position."""
    with open_registry(office / "registry.db") as db, changing(db):
        for name in ("东胜区一\u0007托育中心", "东胜区二托育中心"):
            one = Institution(Kind.CHILDCARE, name, district="150602", filed=True)
            add_institution(db, one, recorded_at="2026-01-01", source="旧系统")
    asked("agreement", "draft", "--paired", "--variant", "FY")
    result = asked("generate", code=10)
    assert len(result["made"]) == 3
    assert len(result["failed"]) == 3
    assert all("乙方" in one["message"] and "U+0007" in one["message"] for one in result["failed"])


def test_the_header_of_each_version_names_that_version(asked: Run, office: Path) -> None:
    number = next(r["number"] for r in asked("agreement", "list", "--unsigned") if r["signing"] == "awaiting")
    replace_template(office, "activity_record.docx")
    (made,) = asked("generate", number, "--kind", "activity_record")["made"]
    assert f"{number} 活动记录表 v2" in text_of(office / made["path"])
    assert code_in(office / made["path"]) == PageCode(document_id(number, "activity_record", 2), 0, 0)
    again = asked("generate", number, "--kind", "activity_record")
    assert [one["path"] for one in again["skipped"]] == [made["path"]]


def code_in(path: Path) -> PageCode:
    """The code in the header's picture, as a reader of QR codes sees it."""
    with zipfile.ZipFile(path) as archive:
        [name] = [n for n in archive.namelist() if n.startswith("word/media/")]
        picture = Image.open(io.BytesIO(archive.read(name))).convert("L")
    [code] = find_codes(ImageOps.expand(picture, 40, 255)).texts
    return decode(code)


def test_a_pdf_beside_each_document_says_page_by_page_what_it_is(run: Run, asked: Run, office: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    wanted = ("generate", number, "--kind", "service_list", "--kind", "activity_record", "--pdf")
    planned = asked(*wanted, "--dry-run")
    assert not list((office / "output").rglob("*.pdf"))
    result = asked(*wanted)
    assert result == planned
    for one in result["skipped"]:
        assert one["pdf"] == str(Path(one["path"]).with_suffix(".pdf"))
        codes = [decode(code) for page in read_pages(office / one["pdf"]) for code in page.codes]
        own = document_id(number, one["kind"], 1)
        assert codes == [PageCode(own, page, len(codes)) for page in range(1, len(codes) + 1)]
    assert "pdf" not in asked("generate", number)["skipped"][0]
    assert asked("check")["faults"] == []


def test_pdfs_already_there_stay_and_missing_ones_come_without_filling_anything_anew(
    asked: Run, office: Path, tmp_path: Path
) -> None:
    ending = {r["number"] for r in asked("agreement", "list")}
    number = min(ending)
    [first] = asked("generate", number, "--kind", "activity_record", "--pdf")["skipped"]
    (office / first["pdf"]).write_bytes(b"what stands stays")
    replace_template(office, "activity_record.docx")
    for row in asked("agreement", "list"):
        for document in asked("agreement", "show", row["number"])["documents"] if row["number"] != number else []:
            (office / document["path"]).with_suffix(".pdf").write_bytes(b"as if made")
    (office / first["pdf"]).unlink()
    result = asked("generate", "--kind", "activity_record", "--pdf", "--out", tmp_path / "u")
    assert (result["made"], result["failed"]) == ([], [])
    assert [one["pdf"] for one in result["skipped"]] == [first["pdf"]]
    [copy] = (tmp_path / "u").rglob("*.pdf")
    assert copy.read_bytes() == (office / first["pdf"]).read_bytes()


def test_a_document_that_gives_no_pdf_is_listed_and_all_else_stands(asked: Run, office: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    rows = {d["kind"]: d for d in asked("agreement", "show", number)["documents"]}
    (office / rows["activity_record"]["path"]).with_suffix(".pdf").mkdir()
    wanted = ("generate", number, "--kind", "service_list", "--kind", "activity_record", "--pdf")
    result = asked(*wanted, code=10)
    assert [(one["number"], one["kind"]) for one in result["failed"]] == [(number, "activity_record")]
    assert {one["kind"]: bool(one["pdf"]) for one in result["skipped"]} == {
        "service_list": True,
        "activity_record": False,
    }
    assert (office / rows["activity_record"]["path"]).is_file()


def test_a_file_in_the_place_of_a_folder_is_named(run: Run, asked: Run, tmp_path: Path) -> None:
    number = asked("agreement", "list")[0]["number"]
    (tmp_path / "file").write_bytes(b"")
    assert "file" in run("generate", number, "--out", tmp_path / "file" / "x", code=7).stderr


def test_a_run_broken_off_is_carried_on_without_a_second_copy(asked: Run, office: Path) -> None:
    """Killed outright while it writes: what stands is whole, and --missing ends as a run never broken off."""
    expected = {p: p.read_bytes() for p in (office / "output").rglob("*.docx")}
    for path in expected:
        path.unlink()
    command = [sys.executable, "-m", "yiyu.cli", "--workspace", str(office), "generate", "--missing"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(list((office / "output").rglob("*.docx"))) < 20:
            time.sleep(0.001)
        process.kill()
    left = {p: p.read_bytes() for p in (office / "output").rglob("*.docx")}
    assert all(expected[path] == data for path, data in left.items())
    asked("generate", "--missing")
    assert {p: p.read_bytes() for p in (office / "output").rglob("*.docx")} == expected
    found = asked("check", code=0 if not leftovers(office) else 8)["faults"]
    assert [f["fault"] for f in found] == ["leftover"] * leftovers(office)


def leftovers(office: Path) -> int:
    return len(list(office.rglob(".*.part")))
