"""What drafting gives: blanks of a form, and what is proposed for each."""

from dataclasses import dataclass
from enum import StrEnum


class BlankKind(StrEnum):
    """How a form leaves room for a value; the words are those a person reads."""

    LINE = "横线"
    BRACKETS = "括号"
    SPACES = "空格"
    COLON = "冒号后"
    DATE = "年月日"
    BOX = "方框"
    CELL = "空单元格"
    ROWS = "重复行"
    MERGE = "邮件合并域"
    BRACES = "花括号"
    TAG = "外来标签"
    CONTROL = "内容控件"


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank in the text of one paragraph; ``name`` is what a placeholder calls its value, ``mark`` its sign (@ # ? /)."""

    kind: BlankKind
    start: int
    end: int
    name: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A field for a blank (a path of the dictionary or an expression of such; "" for none), why, and what else fits.

    ``by_hand``: the words near say that a person writes here, so that no field is wanted.
    """

    field: str = ""
    reason: str = ""
    alternatives: tuple[str, ...] = ()
    by_hand: bool = False


LEFT_EMPTY = "留空"
"""In the place of a field: what stands there goes, and room to write stays."""
LOOP_LIST, LOOP_ITEM = "服务项目", "项"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One blank of a form and the field proposed for it.

    ``paragraph`` is its index among the paragraphs of the form, ``start`` and ``end`` the span in its text. ``field`` "" leaves
    the blank as it is. ``shape``: how the tag is written around the field, for ``str.format``. Those with the same ``pair``
    (opening and end of a section) are only taken together.
    """

    number: int
    place: str
    text: str
    kind: BlankKind
    field: str
    reason: str
    alternatives: tuple[str, ...]
    paragraph: int
    start: int
    end: int
    shape: str = "{{{{ {field} }}}}"
    pair: str = ""

    @property
    def tag(self) -> str:
        """What is written into the blank; "" where it stays."""
        if self.field == LEFT_EMPTY:
            return "　　　　"
        if self.kind is BlankKind.BOX and self.field:
            return f"{{{{ ({self.field})|勾选 }}}}" if " " in self.field else f"{{{{ {self.field}|勾选 }}}}"
        if self.field == LOOP_LIST:
            return f"{{% for {LOOP_ITEM} in {LOOP_LIST} %}}{{{{ loop.index }}}}．{{{{ {LOOP_ITEM}.项目 }}}}　{{% endfor %}}"
        if self.kind is BlankKind.ROWS and self.field:
            return f"{{{{ {self.field.replace(f'{LOOP_LIST}[].', f'{LOOP_ITEM}.')} }}}}"
        field = f"({self.field})" if " " in self.field and "|" in self.shape else self.field
        return self.shape.format(field=field) if field else ""
