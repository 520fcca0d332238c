"""The annotated copy opens everywhere, holds every finding where it belongs, and is the same each time."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from yiyu.docgen.fill.lint import annotate
from yiyu.registry.errors import TemplateFault
from yiyu.registry.model import DocKind


@pytest.fixture
def faulty(shipped: Callable[[DocKind], bytes]) -> bytes:
    """Faults in a paragraph, in a table cell, in the header."""
    document = Document(io.BytesIO(shipped(DocKind.AGREEMENT)))
    document.paragraphs[3].runs[0].text = "甲方（医疗卫生机构）：{{ 甲方.全秤 }}"
    document.tables[0].cell(1, 0).paragraphs[1].runs[0].text = "{{ 行[0].名陈 }}"
    document.sections[0].header.paragraphs[0].runs[0].text = "编号：{{ 协议.编好 }}"
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_each_finding_is_a_comment_in_the_order_of_the_document(faulty: bytes, check: Callable[..., Any]) -> None:
    findings = check(faulty)
    comments = list(Document(io.BytesIO(annotate(faulty, "a.docx", findings))).comments)
    assert len(comments) == len(findings) == 3
    for comment, finding in zip(comments, findings, strict=True):
        assert finding.message in comment.text
        assert finding.suggestion in comment.text
    assert comments[2].text.startswith("【错误】页眉1 第1段：")


def test_a_comment_stands_at_the_paragraph_of_its_fault(faulty: bytes, check: Callable[..., Any]) -> None:
    document = Document(io.BytesIO(annotate(faulty, "a.docx", check(faulty))))
    start = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}commentRangeStart"
    marked = [next(one.iterancestors(f"{start[:-17]}p")) for one in document.element.body.iter(start)]
    assert document.paragraphs[3]._p in marked
    assert document.tables[0].cell(1, 0).paragraphs[1]._p in marked
    assert document.paragraphs[0]._p in marked


def test_the_text_of_the_template_is_untouched(faulty: bytes, check: Callable[..., Any]) -> None:
    before, after = (Document(io.BytesIO(data)) for data in (faulty, annotate(faulty, "a.docx", check(faulty))))
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs]
    assert [c.text for t in after.tables for r in t.rows for c in r.cells] == [
        c.text for t in before.tables for r in t.rows for c in r.cells
    ]


def test_the_same_template_gives_the_same_bytes_without_any_time(faulty: bytes, check: Callable[..., Any]) -> None:
    findings = check(faulty)
    first = annotate(faulty, "a.docx", findings)
    assert annotate(faulty, "a.docx", findings) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"w:date" not in package.read("word/comments.xml")


def test_a_file_that_is_no_document_cannot_be_annotated(check: Callable[..., Any]) -> None:
    (finding,) = check(b"PK not a zip")
    assert finding.code == "file-unreadable"
    with pytest.raises(TemplateFault, match="不是有效的 Word 文档"):
        annotate(b"PK not a zip", "a.docx", (finding,))


def test_libreoffice_opens_the_copy_with_its_comments(faulty: bytes, check: Callable[..., Any], tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    findings = check(faulty)
    (tmp_path / "copy.docx").write_bytes(annotate(faulty, "a.docx", findings))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "odt", "--outdir", tmp_path, tmp_path / "copy.docx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(tmp_path / "copy.odt") as package:
        content = package.read("content.xml").decode()
    assert content.count("<office:annotation ") == len(findings)
    assert "是不是想写“名称”？" in content
