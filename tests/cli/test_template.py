import io
import json
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from shipped_forms import with_clauses

from yiyu.cli import main
from yiyu.docgen.context import FIELDS
from yiyu.docgen.documents.checking import EXAMPLES, dictionary, fields_page
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.filters import WORDING
from yiyu.registry.model import DocKind

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]
NATIONAL = files("yiyu.templates") / "national"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The shipped agreement with a field and a clause number wrong."""
    document = docx.Document(io.BytesIO(with_clauses(DocKind.AGREEMENT).data))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("甲方.全称", "甲方.全秤").replace("第七条　", "第八条　")
    document.save(str(tmp_path / "agreement.docx"))
    return tmp_path / "agreement.docx"


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return Path(shutil.copy(str(NATIONAL / "service_list.docx"), tmp_path / "service_list.docx"))


def test_all_faults_are_listed_with_place_and_suggestion_and_the_exit_code_is_6(run: Run, faulty: Path) -> None:
    result = run("template", "check", faulty, code=6)
    assert "正文 第4段　没有字段“甲方.全秤”" in result.stdout
    assert "是不是想写“全称”？" in result.stdout
    assert "这里应是“第七条”" in result.stdout
    assert "共有 2 处错误" in result.stderr


def test_one_file_gives_one_object_in_json(asked: Run, faulty: Path) -> None:
    found = asked("template", "check", faulty, code=6)
    assert list(found) == ["file", "problems", "kind", "rules"]
    assert found["file"] == str(faulty)
    assert [list(one) for one in found["problems"]] == [["severity", "code", "place", "message", "suggestion"]] * 2
    assert [one["code"] for one in found["problems"]] == ["field-unknown", "clause-number"]


def test_several_files_give_a_list_and_a_bad_one_does_not_hide_the_others(
    asked: Run, faulty: Path, clean: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.docx").write_bytes(b"not a document")
    found = asked("template", "check", tmp_path / "broken.docx", clean, faulty, code=6)
    assert [len(one["problems"]) for one in found] == [1, 0, 2]
    assert found[0]["problems"][0]["code"] == "file-unreadable"


def test_a_clean_file_exits_with_0_and_prints_nothing_to_stdout(run: Run, clean: Path) -> None:
    result = run("template", "check", clean)
    assert result.stdout == ""
    assert "没有发现问题" in result.stderr


def test_warnings_alone_are_no_failure(asked: Run, clean: Path) -> None:
    document = docx.Document(str(clean))
    document.add_comment(document.paragraphs[0].runs, text="核对", author="王某某")
    document.save(str(clean))
    (problem,) = asked("template", "check", clean)["problems"]
    assert (problem["severity"], problem["code"]) == ("warning", "comment-left")


def test_the_kind_is_told_from_the_name_or_given_or_from_the_title(asked: Run, faulty: Path) -> None:
    named = asked("template", "check", faulty, code=6)
    other = Path(shutil.copy(faulty, faulty.with_name("范本.docx")))
    titled = asked("template", "check", other, code=6)
    given = asked("template", "check", other, "--kind", "agreement", code=6)
    assert given["problems"] == titled["problems"] == named["problems"]
    assert {one["kind"] for one in (named, titled, given)} == {"agreement"}
    assert [one["rules"] for one in (named, given)] == [
        "按合作协议书检查（按文件名判断）",
        "按合作协议书检查（按 --kind 判断）",
    ]
    assert titled["rules"].startswith("按合作协议书检查（按标题")


def test_where_no_kind_is_told_only_general_rules_run_and_that_is_said(run: Run, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("会议通知")
    document.add_paragraph("{{ 甲方.名称 }}")
    document.save(str(tmp_path / "通知.docx"))
    result = run("template", "check", tmp_path / "通知.docx")
    assert "通知.docx：只按通用规则检查（看标题是函件，没有专门的规则）" in result.stderr


def test_any_template_is_held_against_the_data_it_is_to_be_filled_with(asked: Run, tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("{{ 收件人 }}，{{ 事由 }}", "{% for 行 in 事由 %}{{ 行 }}{% endfor %}", "{{ 会 | 勾选 }}"):
        document.add_paragraph(text)
    document.save(str(tmp_path / "信.docx"))
    (tmp_path / "数据.json").write_text(json.dumps({"事由": "开会", "会": "是"}), "utf-8")
    found = asked("template", "check", tmp_path / "信.docx", "--data", tmp_path / "数据.json", code=6)["problems"]
    assert [one["message"] for one in found] == [
        "数据里没有字段“收件人”",
        "“事由”不是列表，不能循环",
        "过滤器“勾选”只用于是/否，“会”是文字",
    ]
    (tmp_path / "数据.json").write_text(json.dumps({"收件人": "某某", "事由": ["开会"], "会": True}), "utf-8")
    changed = docx.Document(str(tmp_path / "信.docx"))
    changed.paragraphs[0].text = "{{ 收件人 }}"
    changed.save(str(tmp_path / "信.docx"))
    assert asked("template", "check", tmp_path / "信.docx", "--data", tmp_path / "数据.json")["problems"] == []


def test_data_that_is_no_object_is_refused(run: Run, clean: Path, tmp_path: Path) -> None:
    (tmp_path / "数据.json").write_text("[]", "utf-8")
    assert "应是一个对象" in run("template", "check", clean, "--data", tmp_path / "数据.json", code=4).stderr


def test_a_template_can_be_checked_without_a_workspace(
    clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YIYU_WORKSPACE", raising=False)
    assert CliRunner().invoke(main, ["template", "check", str(clean)]).exit_code == 0


def test_the_annotated_copy_has_a_comment_for_each_fault(run: Run, faulty: Path, tmp_path: Path) -> None:
    before = faulty.read_bytes()
    run("template", "check", faulty, "--annotate", tmp_path / "批注.docx", code=6)
    comments = [comment.text for comment in docx.Document(str(tmp_path / "批注.docx")).comments]
    assert [text.split("\n")[1] for text in comments] == ["是不是想写“全称”？", "请改成“第七条”"]
    assert faulty.read_bytes() == before


def test_a_copy_is_not_written_over_the_template_nor_for_two_at_once(run: Run, faulty: Path, clean: Path) -> None:
    before = faulty.read_bytes()
    run("template", "check", faulty, "--annotate", faulty, code=4)
    run("template", "check", faulty, clean, "--annotate", faulty.with_name("x.docx"), code=2)
    assert faulty.read_bytes() == before


def test_a_file_that_is_not_there_is_a_file_problem(run: Run, tmp_path: Path) -> None:
    assert "找不到文件" in run("template", "check", tmp_path / "no.docx", code=7).stderr


def test_the_dictionary_lists_every_field_once_with_a_live_sample(asked: Run) -> None:
    rows = asked("template", "fields")
    assert [row["path"] for row in rows] == list(FIELDS)
    assert all(list(row) == ["path", "type", "meaning", "sample"] and row["meaning"] for row in rows)
    assert {row["path"]: row["sample"] for row in rows}["协议.生效日期"] == "2026年3月1日"


def test_the_dictionary_of_a_kind_leaves_out_what_that_kind_has_not(asked: Run) -> None:
    agreement, record = (
        {row["path"] for row in asked("template", "fields", "--kind", kind)}
        for kind in ("agreement", "activity_record")
    )
    assert record - agreement == {path for path in FIELDS if path.startswith("记录.")}


def test_the_dictionary_goes_to_excel(run: Run, tmp_path: Path) -> None:
    run("template", "fields", "--xlsx", tmp_path / "字段.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "字段.xlsx").active.iter_rows(values_only=True))
    below = rows[rows.index(("字段", "类型", "含义", "示例")) + 1 :]
    assert [row[0] for row in below] == list(FIELDS)


def test_the_page_in_docs_is_what_the_dictionary_says(run: Run) -> None:
    page = run("template", "fields", "--markdown").stdout
    assert page == fields_page() == (ROOT / "docs" / "fields.md").read_text("utf-8")
    assert all(f"`{field.path}`" in page for field in dictionary())


def test_the_page_has_an_example_of_every_filter_of_this_trade() -> None:
    assert EXAMPLES.keys() == WORDING.keys()


@pytest.mark.parametrize("kind", DocKind)
def test_the_context_printed_fills_the_template_as_generate_did(
    run: Run, asked: Run, office: Path, kind: DocKind, tmp_path: Path
) -> None:
    number = asked("agreement", "list")[0]["number"]
    made = next(one for one in asked("agreement", "show", number)["documents"] if one["kind"] == kind)
    data = tmp_path / "data.json"
    data.write_text(run("template", "context", number, "--kind", kind).stdout, "utf-8")
    told = run("template", "fill", NATIONAL / f"{kind}.docx", data, "-o", tmp_path / "out.docx", "--dry-run")
    assert "相符" in told.stderr
    assert not (tmp_path / "out.docx").exists()
    run("template", "fill", NATIONAL / f"{kind}.docx", data, "-o", tmp_path / "out.docx")
    assert (tmp_path / "out.docx").read_bytes() == (office / made["path"]).read_bytes()


def test_the_context_is_that_of_the_agreement_and_only_text_and_numbers(run: Run, asked: Run) -> None:
    row = asked("agreement", "list")[0]
    context = json.loads(run("template", "context", row["number"]).stdout)
    assert context["协议"]["编号"] == row["number"]
    assert [side["名称"] for side in context["各方"]] == [party["name"] for party in row["parties"]]
    compile_template(with_clauses(DocKind.AGREEMENT).data, name="a").fill(context)


def test_the_context_of_an_unknown_agreement_is_not_found(run: Run) -> None:
    run("template", "context", "150602-1999-JC-0001", code=3)


def test_faults_of_form_are_told_beside_a_block_left_open_as_warnings(asked: Run, faulty: Path) -> None:
    document = docx.Document(str(faulty))
    document.paragraphs[3].add_run("{% if 丙方.名称 %}")
    document.save(str(faulty))
    found = {one["code"]: one["severity"] for one in asked("template", "check", faulty, code=6)["problems"]}
    assert found["block-unclosed"] == found["field-unknown"] == "error"
    assert found["clause-number"] == "warning"


def test_different_documents_are_joined_and_a_single_one_is_not(run: Run, clean: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(str(NATIONAL / "agreement.docx"), tmp_path / "协议.docx"))
    assert "已把 2 份文书合并" in run("template", "join", other, clean, "-o", tmp_path / "合订.docx").stderr
    assert len(docx.Document(str(tmp_path / "合订.docx")).sections) == 2
    assert "两份以上" in run("template", "join", clean, "-o", tmp_path / "o.docx", code=4).stderr
