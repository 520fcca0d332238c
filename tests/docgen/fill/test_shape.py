"""What is proved of a template's markup holds, and what cannot be proved is said to be unproved."""

import pytest

from yiyu.docgen.fill.environment import environment
from yiyu.docgen.fill.shape import PartShape, shape_of
from yiyu.docgen.fill.tree import prepare

GRID = "<w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>"
CELL = "<w:tc><w:p/></w:tc>"
WIDE = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc>'
ROW = f"<w:tr>{CELL}{CELL}</w:tr>"


def shape(xml: str) -> PartShape:
    return shape_of(prepare(environment(), f"<w:body>{xml}</w:body>"))


def table(rows: str) -> str:
    return f"<w:tbl>{GRID}{rows}</w:tbl>"


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p>{{ x }}</w:p>",
        "{% if x %}<w:p/>{% else %}<w:p/><w:p/>{% endif %}",
        "<w:p><w:t>{% if x %}a</w:t></w:p><w:p><w:t>b{% endif %}</w:t></w:p>",
        '<w:p w:a="{% if x %}1{% else %}2{% endif %}"/>',
        '<w:p w:a="{{ x }}"/>',
        "{% for i in x %}<w:p>{% for j in i %}<w:r/>{% endfor %}</w:p>{% endfor %}",
        "{% set a %}文字{% endset %}{% macro m() %}文字{% endmacro %}<w:p>{{ m() }}{{ a }}</w:p>",
    ],
)
def test_markup_that_is_whole_in_every_branch_is_proved_well_formed(xml: str) -> None:
    assert shape(xml).balanced


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p>{% if x %}</w:p>{% endif %}",
        "{% if x %}<w:p>{% endif %}</w:p>",
        "{% if x %}<w:p>{% else %}<w:r>{% endif %}",
        "{% for i in x %}</w:p>{% endfor %}",
        "<w:p><w:t>{% if x %}a</w:t></w:p><w:tbl><w:t>{% endif %}</w:t></w:tbl>",
        '<w:p w:a="{% if x %}"/><w:p w:b="{% else %}1{% endif %}"/>',
        '<w:p w:a="{% if x %}1"/>{% endif %}',
        "{% set a %}<w:p/>{% endset %}{{ a }}",
        "<!-- {% if x %}<w:p>{% endif %} -->",
        "<w:p></w:r>",
    ],
)
def test_markup_that_depends_on_the_data_is_not(xml: str) -> None:
    assert shape(xml) == PartShape(balanced=False, grids_fixed=False)


@pytest.mark.parametrize(
    "rows",
    [
        ROW,
        f"<w:tr>{WIDE}</w:tr>{{% for i in x %}}{ROW}{{% endfor %}}",
        f"{ROW}{{% if x %}}<w:tr>{CELL}</w:tr>{{% endif %}}",
        f"<w:tr><w:tc>{{% if x %}}<w:p/>{{% endif %}}</w:tc>{CELL}</w:tr>",
        f"<w:tr><w:tc>{table(ROW)}</w:tc>{CELL}</w:tr>",
    ],
)
def test_tables_whose_cells_cannot_change_need_no_repair(rows: str) -> None:
    found = shape(table(rows))
    assert (found.balanced, found.grids_fixed, found.may_be_empty) == (True, True, False)


def test_a_table_of_repeated_rows_needs_none_as_long_as_one_is_left() -> None:
    found = shape(table(f"{{% for i in x %}}{ROW}{{% endfor %}}"))
    assert found == PartShape(True, True, may_be_empty=True, sound=True)


@pytest.mark.parametrize(
    "xml",
    [
        f"<w:p/>{table(ROW)}",
        "{% if x %}<w:p/>{% endif %}",
        table(f"<w:tr><w:tc>{{% if x %}}<w:p/>{{% endif %}}<w:p/></w:tc>{CELL}</w:tr>"),
        "<w:p><w:bookmarkStart/>{{ x }}<w:bookmarkEnd/></w:p>",
    ],
)
def test_what_one_document_shows_holds_for_all(xml: str) -> None:
    assert shape(xml).sound


def test_a_cell_that_data_may_leave_without_a_paragraph_is_told() -> None:
    assert shape(table(f"<w:tr><w:tc>{{% if x %}}<w:p/>{{% endif %}}</w:tc>{CELL}</w:tr>")).cells_may_end_bare
    assert not shape(table(ROW)).cells_may_end_bare


@pytest.mark.parametrize(
    "xml",
    [
        "{% for i in x %}<w:p><w:bookmarkStart/><w:bookmarkEnd/></w:p>{% endfor %}",
        "{% if x %}<w:p><w:footnoteReference/></w:p>{% endif %}",
        "<w:p><w:instrText>{{ x }}</w:instrText></w:p>",
        '<w:p><w:fldSimple w:instr="{{ x }}"/></w:p>',
        "{% for i in x %}<wp:docPr/>{% endfor %}",
    ],
)
def test_what_data_decides_is_looked_at_in_each_document(xml: str) -> None:
    assert not shape(xml).sound


@pytest.mark.parametrize(
    "rows",
    [
        f"<w:tr>{CELL}{{% for i in x %}}{CELL}{{% endfor %}}</w:tr>",
        f"<w:tr>{CELL}{{% if x %}}{CELL}{{% endif %}}</w:tr>",
        f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="{{{{ x }}}}"/></w:tcPr></w:tc>{CELL}</w:tr>',
        f"<w:tr>{CELL}</w:tr>",
        f"<w:tr>{CELL}{CELL}{CELL}</w:tr>",
        f"{{% for i in x %}}<w:tr>{CELL}</w:tr>{{% endfor %}}",
        f"<w:tr><w:tc>{{% if x %}}</w:tc></w:tr><w:tr><w:tc>{{% endif %}}</w:tc>{CELL}</w:tr>",
        f"<w:bookmarkStart/>{{% for i in x %}}{ROW}{{% endfor %}}",
        f"<w:tr><w:sdt>{CELL}</w:sdt>{CELL}</w:tr>",
        f"<w:tr><w:tc>{table(f'<w:tr>{CELL}{CELL}{CELL}</w:tr>')}</w:tc>{CELL}</w:tr>",
    ],
)
def test_tables_whose_cells_may_change_are_looked_at_in_each_document(rows: str) -> None:
    assert not shape(table(rows)).grids_fixed
