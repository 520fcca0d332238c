"""File names that every system can keep. Pure (design.md#file-names)."""

import re
import unicodedata

LONGEST_BYTES = 200
"""In UTF-8; file systems stop at 255 bytes, and a suffix or a temporary name must still fit."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in range(1, 10))}


def safe_name(text: str) -> str:
    """``text`` as one path segment on Windows, Linux and macOS; never empty, ".", ".." or a device name.

    NFC; forbidden characters become "_"; at most LONGEST_BYTES bytes.
    """
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", text))
    name = name.encode("utf-8", "replace")[:LONGEST_BYTES].decode("utf-8", "ignore").strip(" .")
    if not name or name.split(".")[0].rstrip(" ").upper() in _DEVICES:
        name = f"_{name}"
    return name


def document_name(pattern: str, *, number: str, title: str, childcare: str, version: int) -> str:
    """The file name of a document by its pack's pattern; a later version says so before the suffix."""
    stem = pattern.format(number=number, title=title, childcare=childcare)
    suffix = "" if version == 1 else f"_v{version}"
    room = LONGEST_BYTES - len(suffix) - len(".docx")
    stem = safe_name(stem).encode()[:room].decode("utf-8", "ignore").rstrip(" .")
    return f"{stem}{suffix}.docx"


def document_folder(year: int, district: str) -> str:
    """Where the documents of an agreement lie, from the workspace: by the year it begins in and its 旗区."""
    return f"output/{year}/{safe_name(district)}"
