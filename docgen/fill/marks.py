"""What marks a stretch of text by two ends: bookmarks, ranges of comments and of what may be edited, each pair once.

A loop writes both ends again, under a name of its own or the same; a condition may leave one end out.

Source: ECMA-376-1, 17.13.4.3 and 17.13.4.4 (comments), 17.13.6 (bookmarks), 17.13.7 (permissions): the two ends have one
id, which no other pair of the kind has; bookmarks have a name of their own.
"""

from collections.abc import Iterator

from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.fields import W

_KINDS = (("bookmarkStart", "bookmarkEnd"), ("commentRangeStart", "commentRangeEnd"), ("permStart", "permEnd"))
_ID = f"{W}id"


def mend_marks(root: BaseOxmlElement) -> Iterator[str]:
    """Keep the first of each mark, so that what refers to it still fits, renumber what only shares an id, drop lone ends."""
    for start, end in _KINDS:
        if _mend(list(root.iter(f"{W}{start}", f"{W}{end}")), f"{W}{start}"):
            yield "整理循环或条件写乱的书签或批注"
    references = set[str | None]()
    for at in list(root.iter(f"{W}commentReference")):
        if at.get(_ID) in references:
            drop(at)
            yield "去掉循环重复写出的批注"
        references.add(at.get(_ID))


def _mend(ends: list[BaseOxmlElement], start: str) -> bool:
    """Mend the marks of one kind, whose ends stand in the order of the text; says whether anything was done."""
    opened: dict[str, BaseOxmlElement] = {}
    names, numbers = set[str](), set[str]()
    lone: list[BaseOxmlElement] = []
    free = 1 + max((int(number) for at in ends if (number := at.get(_ID) or "").isdecimal()), default=0)
    renumbered = False
    for at in ends:
        number = at.get(_ID) or ""
        if at.tag == start:
            name = (at.get(f"{W}name") or number).casefold()
            if number in opened or name in names:
                lone.append(at)
            else:
                opened[number] = at
                names.add(name)
        elif (first := opened.pop(number, None)) is None:
            lone.append(at)
        elif number in numbers:
            first.set(_ID, str(free))
            at.set(_ID, str(free))
            free, renumbered = free + 1, True
        else:
            numbers.add(number)
    lone += opened.values()
    for at in lone:
        drop(at)
    return bool(lone) or renumbered


def drop(at: BaseOxmlElement) -> None:
    """Take an element out; the text after it, if any, is white space between elements."""
    owner = at.getparent()
    if owner is not None:
        owner.remove(at)
