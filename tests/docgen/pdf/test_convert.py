"""Claims about Word to PDF: every document its own PDF or its own reason, whatever the engine does."""

import http.server
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import docx
import pikepdf
import pypdf
import pypdfium2
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from yiyu.docgen.pdf.convert import Engine, _without_network, convert, dxpdf, installed_engine, libreoffice
from yiyu.docgen.pdf.fonts import installed
from yiyu.docgen.wording import WITH_WHAT_STANDS_BEFORE
from yiyu.registry.errors import ExitCode, FileFault, ProgramFault, UserError

SOFFICE = shutil.which("soffice") or ""
ENGINES = [
    pytest.param("libreoffice", marks=pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")),
    "dxpdf",
]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return libreoffice(SOFFICE) if request.param == "libreoffice" else dxpdf()


def make(path: Path, *lines: str, font: str = "仿宋_GB2312") -> Path:
    document = docx.Document()
    for line in lines or ("合作协议书",):
        run = document.add_paragraph().add_run(line)
        run.font.name = "Times New Roman"
        run.font.size = Pt(16)
        run.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    document.save(str(path))
    return path


def text_of(pdf: Path | UserError) -> str:
    assert isinstance(pdf, Path), pdf
    document = pypdfium2.PdfDocument(pdf.read_bytes())
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(text.split())


def scripted(tmp_path: Path, body: str, *, batch: int = 40, seconds: float = 20) -> Engine:
    """An engine whose program does as told; ``one_page(path)`` writes a PDF, ``sources`` and ``out`` are given."""
    script = tmp_path / "program.py"
    start = """
        import os, subprocess, sys, time
        from pathlib import Path
        import pikepdf
        out, sources = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
        def one_page(source):
            pdf = pikepdf.Pdf.new()
            pdf.add_blank_page()
            pdf.docinfo["/Title"] = str(len(source.read_bytes()))
            pdf.save(out / f"{source.stem}.pdf")
    """
    script.write_text(textwrap.dedent(start) + textwrap.dedent(body), encoding="utf-8")

    def command(sources: Sequence[Path], out: Path, _own: Path) -> list[str]:
        return [sys.executable, str(script), str(out), *map(str, sources)]

    return Engine("试验程序", batch, command, first_seconds=seconds, more_seconds=0)


def test_each_document_becomes_a_pdf_of_its_own_name_and_text(tmp_path: Path, engine: Engine) -> None:
    sources = [make(tmp_path / f"协议{n}.docx", f"编号 150627-2026-JC-{n:04}", "甲方：卫生院") for n in range(1, 6)]
    told: list[tuple[int, int]] = []
    made = convert(sources, tmp_path / "pdf", engine=engine, progress=lambda *at: told.append(at))
    assert told[-1] == (5, 5)
    assert list(made) == sources
    for n, source in enumerate(sources, start=1):
        assert made[source] == tmp_path / "pdf" / f"协议{n}.pdf"
        assert f"150627-2026-JC-{n:04}" in text_of(made[source])
    assert len(list((tmp_path / "pdf").iterdir())) == 5


def test_what_is_no_sound_docx_is_named_and_the_rest_is_done(tmp_path: Path, engine: Engine) -> None:
    good = make(tmp_path / "好.docx")
    whole = good.read_bytes()
    bad = {"空.docx": b"", "断.docx": whole[: len(whole) // 2], "文本.docx": b"hello", "压缩包.docx": _zip(tmp_path)}
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    sources = [tmp_path / name for name in (*bad, "没有.docx", "好.docx")]
    made = convert(sources, tmp_path / "pdf", engine=engine)
    assert isinstance(made.pop(good), Path)
    for source, error in made.items():
        assert isinstance(error, FileFault)
        assert source.name in str(error)
        assert error.exit_code is ExitCode.FILE
    assert [path.name for path in (tmp_path / "pdf").iterdir()] == ["好.pdf"]


def _zip(tmp_path: Path) -> bytes:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("a")
    return Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", tmp_path / "in")).read_bytes()


def test_two_documents_of_one_name_do_not_replace_each_other_and_odd_names_are_converted(
    tmp_path: Path, engine: Engine
) -> None:
    names = ["甲/协议.docx", "乙/协议.docx", "--help.docx"]
    if sys.platform == "linux":  # elsewhere no name can be other than Unicode
        names.append(os.fsdecode("活动记录表.docx".encode("gbk")))
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
    sources = [make(tmp_path / name, f"第{n}份") for n, name in enumerate(names)]
    made = convert(sources, tmp_path / "pdf", engine=engine)
    assert [made[source] for source in sources[:3]] == [
        tmp_path / "pdf" / name for name in ("协议.pdf", "协议_2.pdf", "--help.pdf")
    ]
    assert all(f"第{n}份" in _plain(text_of(made[source])) for n, source in enumerate(sources))


def _plain(text: str) -> str:
    """One engine maps some characters to the radicals that look alike."""
    return unicodedata.normalize("NFKC", text)


@pytest.mark.skipif(len({one.face for one in installed()}) < 4, reason="fewer than four Chinese faces are installed")
def test_text_title_and_headings_are_shown_in_different_faces(tmp_path: Path, engine: Engine) -> None:
    fonts = ("仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312")
    sources = [make(tmp_path / f"{font}.docx", "协议书", font=font) for font in fonts]
    made = convert(sources, tmp_path / "pdf", engine=engine)
    assert len(set.union(*(_fonts_in(made[source]) for source in sources))) == 4


def test_no_line_begins_with_what_would_tear_a_party_a_date_or_a_number_apart(tmp_path: Path, engine: Engine) -> None:
    source = tmp_path / "a.docx"
    document = docx.Document(str(files("yiyu.templates") / "national" / "agreement.docx"))
    for element in list(document.element.body)[:-1]:
        element.getparent().remove(element)
    for count in range(28):
        document.add_paragraph("某" * count + "由乙方在2026年3月15日前交第3版清单，按第12条共26项；" * 4, "条款正文")
    document.save(str(source))
    pdf = convert([source], tmp_path / "out", engine=engine)[source]
    assert isinstance(pdf, Path)
    with pypdf.PdfReader(pdf) as reader:
        lines = [_plain(line).strip() for page in reader.pages for line in page.extract_text().splitlines()]
    assert len(lines) > 28 * 3
    assert [line for line in lines if line[:1] in set(WITH_WHAT_STANDS_BEFORE)] == []


def _fonts_in(pdf: Path | UserError) -> set[str]:
    assert isinstance(pdf, Path), pdf
    with pypdf.PdfReader(pdf) as reader:
        fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
        return {(font.get("/BaseFont") or font["/FontDescriptor"]["/FontName"]).split("+")[1] for font in fonts}


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("written", ["", '<w:overflowPunct w:val="0"/>'], ids=["left out, as by Word", "off"])
def test_libreoffice_loses_no_punctuation_whatever_the_file_says_of_it(tmp_path: Path, written: str) -> None:
    source, opening = tmp_path / "a.docx", "为促进医疗卫生服务与托育服务融合发展，提升托育机构科学养育照护水平，"
    document = docx.Document(str(files("yiyu.templates") / "national" / "agreement.docx"))
    for element in list(document.element.body)[:-1]:
        element.getparent().remove(element)
    for count in range(28):
        document.add_paragraph("甲" * count + opening * 5, "条款正文")
    document.save(str(source))
    with zipfile.ZipFile(source) as package:
        members = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(source, "w") as package:
        for name, data in members.items():
            package.writestr(name, data.replace(b"<w:overflowPunct/>", written.encode()))
    made = convert([source], tmp_path / "out", engine=libreoffice(SOFFICE))
    assert text_of(made[source]).count("，") == 28 * 5 * 2


def test_text_in_a_table_has_the_size_of_its_style(tmp_path: Path, engine: Engine) -> None:
    document = docx.Document()
    [default] = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:sz")
    default.set(qn("w:val"), "32")
    style = document.styles.add_style("表格", WD_STYLE_TYPE.PARAGRAPH)
    style.font.size = Pt(10)
    table = document.add_table(1, 1, style="Table Grid")
    table.cell(0, 0).paragraphs[0].text = "AAAA"
    table.cell(0, 0).paragraphs[0].style = style
    document.save(str(tmp_path / "a.docx"))
    pdf = convert([tmp_path / "a.docx"], tmp_path / "pdf", engine=engine)[tmp_path / "a.docx"]
    assert isinstance(pdf, Path)
    opened = pypdfium2.PdfDocument(pdf.read_bytes())
    left, bottom, right, top = opened[0].get_textpage().get_charbox(0)
    opened.close()
    assert 5 < top - bottom < 9, "a capital letter is seven tenths of 10 points high, of 16 it would be 11"
    assert 5 < right - left < 9


class _Asked(http.server.BaseHTTPRequestHandler):
    paths: list[str] = []  # noqa: RUF012 - the server makes the handler

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_error(404)

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - the names the library asks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so too
        pass


@pytest.fixture
def asked() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine: its port, and what was asked of it."""
    _Asked.paths.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Asked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, _Asked.paths
        server.shutdown()


@pytest.mark.parametrize("isolated", [True, False])
def test_a_picture_named_by_its_address_is_not_fetched(
    tmp_path: Path, engine: Engine, asked: tuple[int, list[str]], isolated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed()  # asks a program on the PATH, once
    if not isolated:  # as on a system that cannot cut the network off: the engine's own settings must do
        monkeypatch.setenv("PATH", str(tmp_path))
    _without_network.cache_clear()
    port, paths = asked
    document = docx.Document()
    address = f"http://127.0.0.1:{port}/p.png"
    picture = document.part.relate_to(address, RELATIONSHIP_TYPE.IMAGE, is_external=True)
    document.add_paragraph("x").add_run().element.append(
        parse_xml(_DRAWING.format(nsdecls("w", "wp", "a", "pic", "r"), picture))
    )
    document.save(str(tmp_path / "a.docx"))
    assert "x" in text_of(convert([tmp_path / "a.docx"], tmp_path, engine=engine)[tmp_path / "a.docx"])
    assert paths == []
    _without_network.cache_clear()


_DRAWING = """<w:drawing {0}><wp:inline><wp:extent cx="9000" cy="9000"/><wp:docPr id="1" name="p"/><a:graphic>
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>
<pic:cNvPr id="0" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="{1}"/><a:stretch><a:fillRect/>
</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9000" cy="9000"/></a:xfrm>
<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"""


def test_an_engine_that_dies_on_one_document_still_does_the_others(tmp_path: Path) -> None:
    sources = [make(tmp_path / f"{n}.docx", "毒" if n in {2, 5} else "x" * n) for n in range(8)]
    poison = {sources[n].stat().st_size for n in (2, 5)}
    die = f"""
        for source in sources:
            if source.stat().st_size in {poison}: os.abort()
            one_page(source)
    """
    made = convert(sources, tmp_path / "pdf", engine=scripted(tmp_path, die))
    failed = {source.stem: error for source, error in made.items() if isinstance(error, UserError)}
    assert failed.keys() == {"2", "5"}
    for error in failed.values():
        assert isinstance(error, ProgramFault)
        assert error.exit_code is ExitCode.PROGRAM
        assert "试验程序 没能把这份文书转成 PDF" in str(error)
    for source in sources:
        if source.stem not in failed:
            with pikepdf.open(made[source]) as pdf:
                assert str(pdf.docinfo["/Title"]) == str(source.stat().st_size)


def test_a_document_that_fails_only_in_company_is_done_alone(tmp_path: Path) -> None:
    sources = [make(tmp_path / f"{n}.docx") for n in range(4)]
    made = convert(sources, tmp_path / "pdf", engine=scripted(tmp_path, "if len(sources) == 1: one_page(sources[0])"))
    assert all(isinstance(pdf, Path) for pdf in made.values())


@pytest.mark.parametrize(
    ("body", "done"),
    [
        ("one_page(sources[0]); sys.exit(3)", True),
        ("sys.exit(0)", False),
        ("(out / f'{sources[0].stem}.pdf').touch()", False),
        ("(out / f'{sources[0].stem}.pdf').write_bytes(b'%PDF-1.4 cut')", False),
        ("pikepdf.Pdf.new().save(out / f'{sources[0].stem}.pdf')", False),
    ],
)
def test_only_a_sound_pdf_with_pages_counts_and_never_the_exit_code(tmp_path: Path, body: str, done: bool) -> None:
    [result] = convert([make(tmp_path / "a.docx")], tmp_path / "pdf", engine=scripted(tmp_path, body)).values()
    assert isinstance(result, Path) == done
    assert (tmp_path / "pdf" / "a.pdf").exists() == done


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are a matter of POSIX")
def test_an_engine_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    hang = f"""
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        Path({str(tmp_path / "pid")!r}).write_text(str(child.pid))
        time.sleep(60)
    """
    started = time.monotonic()
    [result] = convert([make(tmp_path / "a.docx")], tmp_path, engine=scripted(tmp_path, hang, seconds=3)).values()
    assert isinstance(result, ProgramFault)
    assert time.monotonic() - started < 15
    state = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    until = (
        time.monotonic() + 10
    )  # what was killed ends when a busy machine gets to it; by itself it would sleep a minute
    while (there := state.exists() and state.read_text().split()[2] != "Z") and time.monotonic() < until:
        time.sleep(0.05)
    assert not there


def test_nothing_is_left_behind_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    convert([make(tmp_path / "a.docx")], tmp_path / "pdf", engine=scripted(tmp_path, "one_page(sources[0])"))
    assert not list((tmp_path / "tmp").iterdir())


def test_no_documents_are_no_work(tmp_path: Path) -> None:
    assert convert([], tmp_path / "pdf", engine=scripted(tmp_path, "")) == {}


def test_without_libreoffice_dxpdf_does_and_without_both_the_remedy_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("yiyu.docgen.pdf.convert._LIBREOFFICE_PLACES", ())
    assert installed_engine().name == "dxpdf"
    monkeypatch.setitem(sys.modules, "dxpdf", None)
    with pytest.raises(ProgramFault, match=r"请安装 LibreOffice，或运行 pip install dxpdf") as caught:
        installed_engine()
    assert caught.value.exit_code is ExitCode.PROGRAM


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
def test_libreoffice_finds_its_build_in_its_profile_and_need_not_start_twice(tmp_path: Path) -> None:
    command = libreoffice(SOFFICE).command([make(tmp_path / "a.docx")], tmp_path, tmp_path / "own")
    named = tmp_path / "own" / "user" / "extensions" / "buildid"
    before = named.read_bytes(), named.stat().st_mtime_ns
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert before[0]
    assert (named.read_bytes(), named.stat().st_mtime_ns) == before, "it is written anew where it is another"
