"""``yiyu.toml`` changed by the program: headings remembered for the next roster, every other line left as it stands."""

import json
import re
from collections.abc import Mapping, Sequence

from yiyu.registry.config import CONFIG_NAME, Workspace
from yiyu.registry.errors import BadInput
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.toml import MOST_BYTES, TomlFault, parse

_SECTION = re.compile(r"^\[aliases\][^\n]*\n", re.MULTILINE)


def remember_headings(
    workspace: Workspace, headings: Mapping[str, Sequence[str]], *, dry_run: bool = False
) -> list[str]:
    """Add headings by field to ``[aliases]``, or with ``dry_run`` only see that they can be; gives those not there yet.

    Raises BadInput, leaving the file as it is, where it is written in a way that a line cannot be added to.
    """
    path = workspace.root / CONFIG_NAME
    text = read_bytes(path, limit=MOST_BYTES).decode("utf-8-sig")
    known: dict[str, list[str]] = parse(text.encode()).get("aliases", {})
    wanted = {field: list(dict.fromkeys([*known.get(field, ()), *names])) for field, names in headings.items()}
    changed = {field: names for field, names in wanted.items() if names != known.get(field)}
    if not changed:
        return []
    new = text
    for field, names in changed.items():
        new = _with_line(new, field, f"{field} = {json.dumps(names, ensure_ascii=False)}\n")
    try:
        right = parse(new.encode()) == {**parse(text.encode()), "aliases": {**known, **changed}}
    except TomlFault:
        right = False
    if not right:
        lines = "；".join(f"{field} = {json.dumps(names, ensure_ascii=False)}" for field, names in changed.items())
        raise BadInput(
            "列名没有记住：aliases 的写法不能由程序改", where=str(path), remedy=f"请在 [aliases] 下写上：{lines}"
        )
    if not dry_run:
        write_atomic(path, new.encode())
    return [name for field, names in changed.items() for name in names if name not in known.get(field, ())]


def _with_line(text: str, field: str, line: str) -> str:
    section = _SECTION.search(text)
    if section is None:
        return f"{text.rstrip()}\n\n[aliases]\n{line}"
    end = re.compile(r"^\[", re.MULTILINE).search(text, section.end())
    body = text[section.end() : end.start() if end else len(text)]
    old = re.compile(rf"^{re.escape(field)}[ \t]*=[ \t]*\[[^\]]*\]([^\n]*)\n?", re.MULTILINE)
    kept = (
        old.sub(lambda found: line.rstrip("\n") + found[1] + "\n", body, count=1) if old.search(body) else line + body
    )
    return text[: section.end()] + kept + (text[end.start() :] if end else "")
