"""A hostile template is refused, wherever the tag stands, and before it costs more than a second or two."""

import gc
from typing import Any

import pytest

from yiyu.docgen.fill.compiled import compile_template
from yiyu.registry.errors import ExitCode, TemplateFault

VALUES = {"x": "甲", "items": [1, 2], "big": "z" * 900_000, "rows": [{"a": "1"}]}
DOUBLED = "{% set t = [1] %}" + "{% set t = [t, t] %}" * 60

ESCAPES = {
    "class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals of a global": "{{ range.__init__.__globals__ }}",
    "globals of cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "globals of namespace": "{{ namespace.__init__.__globals__ }}",
    "self": "{{ self._TemplateReference__context }}",
    "value": "{{ x.__class__ }}",
    "item": "{{ x['__class__'] }}",
    "attribute filter": "{{ x|attr('__class__') }}",
    "attribute of map": "{{ items|map(attribute='__class__')|list }}",
    "format string": "{{ '{0.__class__}'.format(x) }}",
    "format_map": "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "loop internals": "{% for i in items %}{{ loop.__class__ }}{% endfor %}",
    "append": "{{ items.append(3) }}",
    "clear": "{{ rows[0].clear() }}",
    "encode": "{{ x.encode('utf-8') }}",
    "lipsum": "{{ lipsum(10) }}",
    "safe": "{{ x|safe }}",
    "include": "{% include 'x' %}",
    "import": "{% import 'x' as y %}",
    "extends": "{% extends 'x' %}",
    "block": "{% block a %}{{ self.a() }}{% endblock %}",
    "autoescape": "{% autoescape false %}{{ x }}{% endautoescape %}",
}
BOMBS = {
    "repeat": "{{ 'x' * 10**9 }}",
    "repeat a list": "{{ ([1] * 10**9)|length }}",
    "power": "{{ 9**(9**9) }}",
    "product": "{% set n = 10**1000 %}{{ n * n }}",
    "range": "{% for i in range(10**9) %}x{% endfor %}",
    "nested loops": "{% for i in range(99999) %}{% for j in range(99999) %}{% for k in range(99999) %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "doubled by tilde": "{% set s = 'xx' %}" + "{% set s = s ~ s %}" * 60 + "{{ s|length }}",
    "doubled by plus": "{% set s = 'xx' %}" + "{% set s = s + s %}" * 60 + "{{ s|length }}",
    "doubled by a block": "{% set s = 'xx' %}" + "{% set s %}{{ s }}{{ s }}{% endset %}" * 60 + "{{ s|length }}",
    "doubled in a namespace": "{% set n = namespace(s='a') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
    "macro without end": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "macro tree": "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "macro of much text": "{% macro m() %}"
    + "y" * 100_000
    + "{% endmacro %}{% for i in range(99999) %}{{ m() }}{% endfor %}",
    "recursive loop": "{% for i in [1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
    "recursive tree": "{% for i in [1] recursive %}{% if loop.depth < 50 %}{{ loop([1, 1]) }}{% endif %}{% endfor %}",
    "center": "{{ 'x'|center(10**9) }}",
    "center method": "{{ 'x'.center(10**9) }}",
    "ljust": "{{ 'x'.ljust(10**9) }}",
    "indent": "{{ 'x'|indent(10**9) }}",
    "percent width": "{{ '%999999999d' % 1 }}",
    "percent star": "{{ '%*d' % (999999999, 1) }}",
    "format filter": "{{ '%999999999d'|format(1) }}",
    "format width": "{{ '{:999999999}'.format(1) }}",
    "format nested": "{{ '{:{}}'.format(1, 999999999) }}",
    "format many": "{{ ('{0}' * 100000).format(big) }}",
    "join": "{{ range(99999)|join('x' * 10000) }}",
    "join method": "{{ ('x' * 10000).join(big) }}",
    "replace": "{{ big|replace('', 'y' * 1000) }}",
    "replace by name": "{{ big|replace(old='', new='y' * 1000) }}",
    "replace method": "{{ big.replace('', 'y' * 1000) }}",
    "batch": "{{ []|batch(10**9, 'x')|length }}",
    "slice": "{{ [1]|slice(10**9)|length }}",
    "round": "{{ 3.5|round(10**9, 'floor') }}",
    "sum of lists": "{{ [[1]]|sum(start=[]) }}",
    "to_bytes": "{{ (1).to_bytes(10**9, 'big') }}",
    "equal nested lists": DOUBLED + "{{ t == [t, t] }}",
    "search nested lists": DOUBLED + "{{ [[1]] in t }}",
    "print nested lists": DOUBLED + "{{ t }}",
    "join nested lists": DOUBLED + "{{ t|join }}",
    "string of nested lists": DOUBLED + "{{ t|string }}",
    "sort nested lists": DOUBLED + "{{ [t, t]|sort|length }}",
    "hash nested tuples": "{% set t = (1,) %}" + "{% set t = (t, t) %}" * 60 + "{{ {}[t] }}",
    "changed nested lists": DOUBLED
    + "{% set u = [1] %}"
    + "{% set u = [u, u] %}" * 60
    + "{% for i in [t, u] %}{{ loop.changed(i) }}{% endfor %}",
    "half width in a loop": "{% for i in range(9999) %}{{ big|半角 }}{% endfor %}",
    "upper in a loop": "{% for i in range(99999) %}{{ big|upper }}{% endfor %}",
    "method in a loop": "{% for i in range(99999) %}{{ big.upper() }}{% endfor %}",
    "slice in a loop": "{% for i in range(99999) %}{{ big[1:] }}{% endfor %}",
    "search in a loop": "{% for i in range(99999) %}{{ 'zy' in big }}{% endfor %}",
    "text in a loop": "{% for i in range(99999) %}{{ big }}{% endfor %}",
    "filter block in a loop": "{% for i in range(99999) %}{% filter upper %}"
    + "y" * 1000
    + "{% endfilter %}{% endfor %}",
}


TANGLES = {
    "braces": "{{" * 50_000,
    "percent braces": "{%" * 50_000,
    "tags left open": "{{ x " * 20_000,
    "comments left open": "{#" * 50_000,
    "spaces after colspan": "{% colspan" + " " * 20_000 + "%",
    "a tag without end": "{% colspan x" + " x" * 50_000,
    "brackets": "{{ " + "(" * 2400 + "1" + ")" * 2400 + " }}",
    "terms": "{{ 1" + "+1" * 2400 + " }}",
    "digits": "{{ " + "9" * 4900 + " }}",
    "blocks": "{% if x %}" * 2000 + "{% endif %}" * 2000,
}


def in_header(document: Any, tag: str) -> None:
    document.sections[0].header.paragraphs[0].text = tag


def in_footer(document: Any, tag: str) -> None:
    document.sections[0].footer.paragraphs[0].text = tag


def in_title(document: Any, tag: str) -> None:
    document.core_properties.title = tag


@pytest.mark.parametrize("attack", [*ESCAPES, *BOMBS])
def test_an_attack_is_refused(word: Any, attack: str) -> None:
    template = word.build((ESCAPES | BOMBS)[attack])
    with pytest.raises(TemplateFault) as refused:
        compile_template(template, name="攻击").fill(VALUES)
    assert refused.value.exit_code == ExitCode.TEMPLATE
    assert "正文" in refused.value.where
    gc.collect()


@pytest.mark.parametrize(
    "attack", ["class", "globals of cycler", "repeat", "range", "nested loops", "macro without end"]
)
@pytest.mark.parametrize(
    ("place", "label"),
    [
        ("body", "正文"),
        ("table", "正文"),
        ("header", "页眉"),
        ("footer", "页脚"),
        ("footnotes", "脚注"),
        ("properties", "文档属性"),
    ],
)
def test_an_attack_is_refused_wherever_it_stands(word: Any, attack: str, place: str, label: str) -> None:
    tag = (ESCAPES | BOMBS)[attack]
    template = {
        "body": lambda: word.build(tag),
        "table": lambda: word.build(word.table((tag, "乙"))),
        "header": lambda: word.build("正文", prepare=lambda document: in_header(document, tag)),
        "footer": lambda: word.build("正文", prepare=lambda document: in_footer(document, tag)),
        "footnotes": lambda: word.build("正文", footnotes=tag),
        "properties": lambda: word.build("正文", prepare=lambda document: in_title(document, tag)),
    }[place]()
    with pytest.raises(TemplateFault) as refused:
        compile_template(template, name="攻击").fill(VALUES)
    assert label in refused.value.where


@pytest.mark.parametrize("tangle", TANGLES)
@pytest.mark.parametrize("place", ["body", "table"])
def test_a_template_that_would_never_be_read_to_its_end_is_refused(word: Any, tangle: str, place: str) -> None:
    text = TANGLES[tangle]
    with pytest.raises(TemplateFault) as refused:
        compile_template(word.build(word.table((text, "乙")) if place == "table" else text), name="乱")
    assert "模板 乱，正文" in refused.value.where


@pytest.mark.parametrize("attack", ["nested loops", "doubled by tilde", "text in a loop", "class"])
def test_the_docxtpl_road_is_held_to_the_same_limits(word: Any, attack: str) -> None:
    compiled = compile_template(word.build((ESCAPES | BOMBS)[attack]), name="攻击")
    with pytest.raises(TemplateFault):
        compiled.fill(VALUES, owner=compiled.docxtpl())


def test_a_year_of_rows_is_within_the_budget(word: Any) -> None:
    columns = ("{{ '%04d'|format(loop.index) }}", "{% if 行.a == '1' %}☑{% endif %}", *("{{ 行.a|填空(4) }}",) * 12)
    template = word.build(word.table(("{%tr for 行 in rows %}",), columns, ("{%tr endfor %}",)))
    document = compile_template(template, name="年度").fill({"rows": [{"a": "1"}] * 2000})
    assert "\n2000\n☑\n1\n" in word.text_of(document)


def test_years_in_a_format_are_no_widths(word: Any) -> None:
    template = word.build("{{ '2026年%d月%%' % 3 }}{{ '{}月2026日{:.2f}'.format(4, 1.5) }}{{ '%05.1f'|format(2.25) }}")
    assert word.text_of(compile_template(template, name="年").fill({})) == "2026年3月%4月2026日1.50002.2"


def test_a_value_that_looks_like_a_tag_is_never_run(word: Any) -> None:
    def two_sections(document: Any) -> None:
        document.add_section()

    template = word.build("{{ x }}", footnotes="{{ x }}", prepare=two_sections)
    document = compile_template(template, name="两节").fill({"x": "{{ 7 * 7 }}{% for i in y %}"})
    assert "{{ 7 * 7 }}{% for i in y %}" in word.text_of(document)
    assert "{{ 7 * 7 }}{% for i in y %}" in word.text_of(document, "word/footnotes.xml")
