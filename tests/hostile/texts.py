"""JSON, TOML and folders with manifests of the corpus."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA: dict[str, Any] = {"甲方": {"名称": "东胜区示范社区卫生服务中心"}, "乙方": {"名称": "东胜区小鹿托育中心"}}


def named(name: object) -> dict[str, Any]:
    return {**DATA, "甲方": {"名称": name}}


def data(value: object = None, encoding: str = "utf-8", **options: Any) -> Callable[[], bytes]:
    return lambda: json.dumps(DATA if value is None else value, **{"ensure_ascii": False, **options}).encode(encoding)


def text(content: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: content.encode(encoding)


def nested(levels: int, extra: str = "") -> Callable[[], bytes]:
    return text(json.dumps(DATA, ensure_ascii=False)[:-1] + ', "深": ' + "[" * levels + extra + "]" * levels + "}")


def bag(
    *, name: str = "data/a.txt", digest: str = "", listed: str = "", declaration: str = "", extra: str = ""
) -> Callable[[Path], None]:
    """A folder that proves itself (RFC 8493); what is given is wrong in it."""

    def make(path: Path) -> None:
        content = b"x"
        target = path / "data" / "a.txt"
        target.parent.mkdir(parents=True)
        target.write_bytes(content)
        (path / "bagit.txt").write_text(declaration or "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        line = f"{digest or hashlib.sha256(content).hexdigest()}  {listed or name}\n"
        (path / "manifest-sha256.txt").write_text(line + extra)

    return make
