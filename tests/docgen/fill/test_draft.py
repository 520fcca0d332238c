"""From a form to a template: how many of the right fields are proposed, and that what is written can be used."""

import io
import itertools
import time
from collections.abc import Sequence

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_forms import FORMS, LATER, TUNED, UNSEEN, Blank, Form

from yiyu.docgen.context import sample_context
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.draft import Proposal, draft_form, write_draft
from yiyu.docgen.fill.draft.blanks import find_blanks
from yiyu.docgen.fill.draft.proposal import LEFT_EMPTY
from yiyu.docgen.fill.lint import check_template
from yiyu.registry.model import DocKind, Severity

SAMPLE = sample_context(DocKind.ACTIVITY_RECORD)


def written(form: Form, *, comments: bool = False) -> bytes:
    one = draft_form(form.docx(), form.name)
    return write_draft(one.opened, one.draft.proposals, one.draft.loops, comments=comments)


def proposed(form: Form) -> list[Proposal]:
    """What is proposed as a field: no condition and no emptied tag."""
    found = draft_form(form.docx(), form.name).draft.proposals
    return [one for one in found if one.field and one.field != LEFT_EMPTY and not one.pair]


def fits(one: Proposal, blank: Blank) -> bool:
    touches = max(one.start, blank.start) <= min(one.end, blank.end)
    return one.paragraph == blank.paragraph and touches and one.field in blank.fields


def figures(forms: Sequence[Form]) -> tuple[int, int, int]:
    """Fields proposed right, proposed at all, and wanted. A blank counts once."""
    right = all_proposed = wanted = 0
    for form in forms:
        left = list(form.blanks())
        wanted += len(left)
        for one in proposed(form):
            all_proposed += 1
            if hit := next((blank for blank in left if fits(one, blank)), None):
                left.remove(hit)
                right += 1
    return right, all_proposed, wanted


@pytest.mark.parametrize("forms", [TUNED, UNSEEN, LATER], ids=["tuned", "unseen", "later"])
def test_nine_of_ten_fields_proposed_are_right_and_eight_of_ten_wanted_are_proposed(forms: Sequence[Form]) -> None:
    right, all_proposed, wanted = figures(forms)
    assert right / all_proposed >= 0.9
    assert right / wanted >= 0.8


def test_there_are_twenty_forms_and_a_quarter_of_them_was_set_aside() -> None:
    assert len({form.name for form in FORMS}) == 20
    assert len(UNSEEN) == 5


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_drafted_form_passes_the_check_and_fills_with_real_data(form: Form) -> None:
    template = written(form)
    assert [one for one in check_template(template, form.name) if one.severity is Severity.ERROR] == []
    filled = compile_template(template, name=form.name).fill(SAMPLE)
    assert "{{" not in "".join(docx.Document(io.BytesIO(filled)).element.body.itertext())


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("应急联系电话：____", ""),
        ("监护人姓名：____", ""),
        ("整改（期限：___月___日）", ""),
        ("附近有托育机构____家", ""),
        ("自________起至甲方住所", "协议.生效日期"),
        ("期限届满____日前书面协商", "协议.提前天数"),
        ("乙方备案情况：____", '"是" if 乙方.备案 else "否"'),
    ],
)
def test_a_label_that_means_somebody_else_gets_no_field_and_one_in_a_sentence_gets_its_own(
    label: str, field: str
) -> None:
    document = docx.Document()
    document.add_paragraph(label)
    target = io.BytesIO()
    document.save(target)
    assert "".join(one.field for one in draft_form(target.getvalue(), "范本").draft.proposals) == field


def test_the_text_around_the_blanks_stays_as_it_was() -> None:
    form = TUNED[0]
    before = docx.Document(io.BytesIO(form.docx())).paragraphs
    after = docx.Document(io.BytesIO(written(form))).paragraphs
    assert len(before) == len(after)
    assert after[2].text == "甲方（医疗卫生机构）：{{ 甲方.名称|填空(10) }}"
    assert (
        after[12].text == "甲方采取{{ 协议.巡回指导|勾选 }}巡回指导　{{ 协议.协议派驻|勾选 }}协议派驻的方式提供服务。"
    )
    assert after[-1].text == before[-1].text


def test_each_tag_has_a_comment_with_the_reason_and_the_alternatives() -> None:
    document = docx.Document(io.BytesIO(written(TUNED[0], comments=True)))
    texts = [comment.text for comment in document.comments]
    assert len(texts) == len(proposed(TUNED[0]))
    assert texts[1].splitlines() == [
        "拟填字段：甲方.名称",
        "理由：空白前面写着“甲方”",
        "也可能是：甲方.全称、乙方.名称",
    ]


def test_empty_rows_under_the_headings_of_a_service_list_become_one_row_that_repeats() -> None:
    document = docx.Document(io.BytesIO(written(TUNED[2])))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[0] for row in rows] == ["序号", "{%tr for 项 in 服务项目 %}", "{{ 项.序号 }}", "{%tr endfor %}"]
    filled = compile_template(written(TUNED[2]), name="清单").fill(SAMPLE)
    table = docx.Document(io.BytesIO(filled)).tables[0]
    assert [row.cells[2].text for row in table.rows] == ["服务项目", "上门对接和指导", "从业人员卫生保健培训"]


def test_a_list_of_people_who_sign_is_left_to_the_pen() -> None:
    found = draft_form(TUNED[14].docx(), "签到").draft
    assert {one.place[:5] for one in found.proposals} == {"正文 表1"}
    assert found.loops == ()


def test_a_content_control_stays_one_and_asks_for_nothing_any_more() -> None:
    body = docx.Document(io.BytesIO(written(next(form for form in TUNED if form.name == "内容控件协议")))).element.body
    names = {element.tag.rpartition("}")[2] for element in body.iter("*")}
    assert "sdt" in names
    assert "showingPlcHdr" not in names


def test_the_same_form_gives_the_same_bytes() -> None:
    assert written(TUNED[0], comments=True) == written(TUNED[0], comments=True)


@given(st.text("甲乙方：:（）() 　_＿年月日□{}«»【】\t名称", max_size=60))
def test_blanks_lie_in_the_text_in_order_and_never_overlap(text: str) -> None:
    found = find_blanks(text)
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


@pytest.mark.parametrize(
    "text",
    [
        "　" * 100_000,
        "{{" * 50_000,
        "_ " * 50_000,
        "甲方：" * 1_900,
        "（ " * 50_000,
        "{{" + " " * 100_000,
        "□是" * 1_900,
    ],
)
def test_a_hostile_form_is_answered_within_seconds(text: str) -> None:
    document = docx.Document()
    document.add_paragraph(text)
    target = io.BytesIO()
    document.save(target)
    started = time.process_time()
    assert draft_form(target.getvalue(), "范本").draft is not None
    assert time.process_time() - started < 10
