"""The words a tag may begin with, what is meant by a wrong one, and what stands for a faulty one in a trial."""

import difflib
import re
from collections.abc import Iterable

from jinja2 import TemplateSyntaxError, nodes

from yiyu.docgen.fill.environment import environment
from yiyu.docgen.fill.faults import TemplatePlace, syntax_fault
from yiyu.docgen.fill.lint.tags import Tag

OPENERS = ("if", "for", "with", "set", "macro", "call", "filter", "raw")
ENDS = {f"end{word}": word for word in OPENERS}
MIDDLE = {"elif": ("if",), "else": ("if", "for")}
CELL_TAGS = ("colspan", "cellbg", "vm", "hm")
REFUSED = ("include", "import", "from", "extends", "block", "autoescape")
NEUTRAL = {"if": "{% if true %}", "elif": "{% elif false %}", "for": "{% for _ in [] %}"}

_WORDS = (*OPENERS, *MIDDLE, *ENDS, *CELL_TAGS)
_SLIPS = {"elseif": "elif", "elsif": "elif", "foreach": "for", "如果": "if", "否则": "else", "循环": "for", "设": "set"}


def meant(tag: Tag) -> tuple[str, str, bool]:
    """Give the word a {% %} tag begins with, put right where it is misspelled, the rest, and whether it was right."""
    word, rest = tag.keyword, tag.rest
    if word in _WORDS and not (word == "else" and rest.startswith("if ")):
        return word, rest, True
    if word.removeprefix("end") in REFUSED:
        return word, rest, True
    if word == "end" and rest in OPENERS:
        return f"end{rest}", "", False
    if word == "else":
        return "elif", rest.removeprefix("if "), False
    near = difflib.get_close_matches(word, _WORDS, n=1, cutoff=0.6)
    return _SLIPS.get(word) or (near[0] if near else ""), rest, False


def parsed(source: str) -> nodes.Node | str:
    """Parse one tag made complete; gives a Chinese phrase for what is wrong with it."""
    try:
        return environment().parse(source).body[0]
    except TemplateSyntaxError as error:
        return syntax_fault(error, TemplatePlace("", "", "")).what


def syntax_hint(tag: Tag) -> str:
    """Say how a tag with a syntax fault is written right."""
    if tag.keyword == "for":
        return "循环要写成 {% for 项 in 列表 %}"
    if tag.keyword in {"if", "elif"} and re.search(r"[^=!<>]=[^=]", tag.code):
        return '判断相等要用两个等号，如 {% if 协议.类型代码 == "JC" %}'
    return "请检查花括号、引号和括号是否成对"


def closes_later(word: str, following: Iterable[Tag]) -> bool:
    """Tell whether a block open now is ended by one of the tags that follow."""
    depth = 0
    for tag in following:
        depth += (tag.keyword == word) - (tag.keyword == f"end{word}")
        if depth < 0:
            return True
    return False
