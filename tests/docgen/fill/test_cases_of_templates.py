"""Templates that once lost a feature of Word or got a hint that did not help: each with its right value."""

import io
import json
from pathlib import Path

import pytest
from docx import Document

from yiyu.docgen.fill.controls import W14
from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.files import fill_file
from yiyu.docgen.fill.lint import Expectations, check_template
from yiyu.registry.errors import TemplateFault

CASES = Path(__file__).parents[2] / "data" / "cases" / "template"
DATA = {"甲": "王某某", "项": ["一", "二"], "真": True}


def filled(name: str, tmp_path: Path, data: dict[str, object]) -> tuple[list[str], Document]:
    """The paragraphs that say something, and the whole document."""
    (tmp_path / "数据.json").write_text(json.dumps(data), encoding="utf-8")
    fill_file(CASES / f"{name}.docx", tmp_path / "数据.json", tmp_path / "出.docx")
    document = Document(io.BytesIO((tmp_path / "出.docx").read_bytes()))
    texts = ("".join(at.text or "" for at in one.iter(f"{W}t")) for one in document.element.body.iter(f"{W}p"))
    return [text for text in texts if text], document


@pytest.mark.parametrize(("yes", "sign", "state"), [(True, "☑", "1"), (False, "☐", "0")])
def test_a_check_box_is_kept_and_agrees_with_its_sign(tmp_path: Path, yes: bool, sign: str, state: str) -> None:
    texts, document = filled("sdt_checkbox", tmp_path, {"真": yes})
    assert texts == [sign, "x"]
    assert [at.get(f"{W14}val") for at in document.element.body.iter(f"{W14}checked")] == [state]


def test_a_bound_control_shows_what_was_filled_in(tmp_path: Path) -> None:
    texts, document = filled("sdt_databound", tmp_path, DATA)
    assert texts == ["王某某", "x"]
    assert len(list(document.element.body.iter(f"{W}sdt"))) == 1
    assert not list(document.element.body.iter(f"{W}dataBinding"))


def test_one_numbered_paragraph_of_one_loop_keeps_its_list(tmp_path: Path) -> None:
    texts, document = filled("numbered_in_loop", tmp_path, DATA)
    assert texts == ["一", "二"]
    assert {one.style.name for one in document.paragraphs if one.text} == {"List Number"}


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("for_in_cells_no_tr", "block-across-cells", "请在上一行只写 {%tr for x in 项 %}，下一行只写 {%tr endfor %}"),
        ("attached_template", "file-unreadable", "文档模板"),
        ("strict_ooxml", "file-unreadable", "不要选“严格 Open XML 文档”"),
    ],
)
def test_check_names_what_is_wrong_and_a_remedy_that_helps(name: str, code: str, said: str) -> None:
    (found,) = check_template((CASES / f"{name}.docx").read_bytes(), "模板.docx", Expectations(data=DATA))
    assert (found.code, said in found.message + found.suggestion) == (code, True)


@pytest.mark.parametrize(
    ("name", "said"),
    [("attached_template", "文档模板"), ("strict_ooxml", "严格 Open XML"), ("docxtemplater_tags", "docxtemplater")],
)
def test_filling_refuses_with_the_same_words(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(TemplateFault, match=said):
        filled(name, tmp_path, DATA)
    assert not (tmp_path / "出.docx").exists()


def test_a_tag_in_a_tracked_deletion_asks_for_nothing(tmp_path: Path) -> None:
    assert filled("tracked_del_tag", tmp_path, DATA)[0] == ["王某某"]
    found = check_template((CASES / "tracked_del_tag.docx").read_bytes(), "模板.docx", Expectations(data=DATA))
    assert [one.code for one in found] == ["change-left"]
