"""The page whole: head, parts, data, and a policy by which it may ask nobody for anything."""

from collections.abc import Callable

from yiyu.docgen.board import sections
from yiyu.docgen.board.markup import csp_hash, script_data, tag, text
from yiyu.docgen.board.model import Board


def page(board: Board, *, style: str, script: str, encode: Callable[[object], str]) -> str:
    """One self-contained HTML document; ``style`` and ``script`` stand in it as they are, ``encode`` makes JSON."""
    title = f"医育结合看板 {board.office} {board.day}"
    policy = (
        f"default-src 'none'; img-src data:; style-src {csp_hash(style)}; script-src {csp_hash(script)};"
        " base-uri 'none'; form-action 'none'"
    )
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<link rel="icon" href="data:,">',
        tag("title", text(title)),
        tag("style", style),
    ]
    data = script_data([*board.lists, board.ending, *board.units], encode)
    body = [
        _masthead(board),
        tag("main", "".join(_main(board))),
        _foot(board),
        tag("dialog", "", id="rows", aria_labelledby="rows-title"),
        tag("script", data, type="application/json", id="data"),
        tag("script", script),
    ]
    return (
        "<!doctype html>\n"
        + tag("html", "\n" + tag("head", "\n".join(head)) + "\n" + tag("body", "\n".join(body)), lang="zh-CN")
        + "\n"
    )


def _masthead(board: Board) -> str:
    facts = [
        tag("span", f"截至 {tag('b', text(_long(board)))}"),
        tag("span", f"上门与履约按 {tag('b', text(board.period))}"),
    ]
    name = tag("p", text(board.office), class_="office")
    return tag("header", name + tag("h1", "医育结合看板") + tag("p", "".join(facts), class_="facts"))


def _long(board: Board) -> str:
    return f"{board.day.year}年{board.day.month}月{board.day.day}日"


def _main(board: Board) -> tuple[str, ...]:
    return (
        sections.headline(board),
        sections.todo(board),
        sections.groups(board),
        sections.calendar(board),
        sections.lists(board),
        sections.figures(board),
    )


def _foot(board: Board) -> str:
    # Not noscript: some readers switch scripts off and still hide it.
    without = tag("span", "脚本未启用：各清单只显示前几行，数字不能点开。", class_="scriptless")
    said = f"由 yiyu 于 {board.made_at} 制作。本页不联网，数据全部在文件内；不含联系电话和儿童个人信息。"
    return tag("footer", tag("p", without + text(said)))
