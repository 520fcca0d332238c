"""What the red on a scanned agreement looks like: a hint for the person who has the paper, never a verdict."""

from collections.abc import Sequence

from yiyu.docgen.scans.page import RED_LABEL, Ink, Red


def seal_hint(roles: Sequence[str], pages: Sequence[Ink | None], recorded: str) -> str:
    """Say where red was seen: in each party's column of the sign page, the last, and at the edges (骑缝章).

    Our forms set the parties' fields in two columns, 甲 left, 乙 right, 丙 left again. ``pages``: None for one that was
    not read this time; of such a sign page only the word ``recorded`` is known ("" where nobody looked).
    """
    last = pages[-1] if pages else None
    if last is None:
        field = RED_LABEL[Red(recorded)] if recorded else ""
    elif last.red is Red.GREY:
        field = RED_LABEL[Red.GREY]
    else:
        left = sum(x < 0.5 for x, _ in last.seals)
        columns = ((roles[0::2], left), (roles[1::2], len(last.seals) - left))
        field = "、".join(_column(own, seals) for own, seals in columns if own)
    return "；".join(part for part in (field, _edges(pages)) if part)


def _column(roles: Sequence[str], seals: int) -> str:
    counted = f" {seals} 处" if seals and len(roles) > 1 else ""
    return f"{'、'.join(roles)}方栏{RED_LABEL[Red.SEEN if seals else Red.NOT_SEEN]}{counted}"


def _edges(pages: Sequence[Ink | None]) -> str:
    """Of the pages in colour, how many are red at the edge; nothing where a single page needs no 骑缝章."""
    coloured = [one for one in pages if one is not None and one.red is not Red.GREY]
    if len(pages) < 2 or not coloured:
        return ""
    seen = sum(one.edge for one in coloured)
    return f"骑缝：{len(coloured)} 页彩色，{seen} 页边缘见红" if seen else f"骑缝：{len(coloured)} 页边缘未见红"
