"""A folder that proves itself: copies of archived files as a bag (BagIt, RFC 8493), made and checked without a registry."""

import csv
import datetime as dt
import hashlib
import io
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from yiyu.docgen.archive.fixity import Expected, FileFinding, Progress, compare, files_under, shown
from yiyu.docgen.naming import safe_name
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import read_bytes, replacing, scratch, write_atomic

INDEX = "index.csv"
_AND = "、"
NUMBER, PLACE, PAGES, SIZE = "协议编号", "包内路径", "页数", "字节数"
HEADINGS = (NUMBER, "类别", "档号", PAGES, SIZE, PLACE, "登记路径", "SHA-256")
_PAYLOAD = "data/"
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ALGORITHMS = ("sha512", "sha256", "sha1", "md5")
"""Those of RFC 8493, 2.4, the strongest first."""
_LINE = re.compile(r"([0-9a-fA-F]+)[ \t]+\*?(.+)")
_FORMULA = re.compile(r"[=+\-@\t\r]")
"""What a spreadsheet that opens the index would take for a formula, and so gets an apostrophe before it."""
_GUARDED = re.compile(r"^'(?=[=+\-@\t\r])")
_ESCAPED = {"%0A": "\n", "%0D": "\r", "%25": "%"}
_MOST_BYTES = 256 * 1024 * 1024
_FIGURES = 16
"""More than any size has."""


Describe = Callable[[Mapping[str, str]], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Packed:
    """One file for a bag. ``source``: where it is; ``path``: as the registry names it; ``numbers``: its agreements'."""

    source: Path
    path: str
    sha256: str
    numbers: tuple[str, ...]
    kind: str
    """For people."""
    code: str
    pages: int | None
    size: int


@dataclass(frozen=True, slots=True)
class Bag:
    """``seal`` is the SHA-256 of the bag's own list of tag files: kept elsewhere, it proves the whole bag."""

    files: int
    size: int
    seal: str


def require_packable(folder: Path, files: Sequence[Packed]) -> None:
    """Raise BadInput for a folder that is there already or nothing to put in it, FileFault where a file is not."""
    if not files:
        raise BadInput("没有可以装包的归档文件", remedy="请先用 yiyu archive intake 收件")
    if folder.exists():
        raise BadInput("装包的文件夹已经存在", where=str(folder), remedy="请换一个新的文件夹名")
    if absent := [one.path for one in files if not one.source.is_file()]:
        raise _refused(absent)


def write_bag(
    folder: Path,
    files: Sequence[Packed],
    *,
    on: dt.date,
    describe: Describe | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Bag:
    """Make ``folder``, a bag of copies of ``files``, whole or not at all: it is read back before it takes its name.

    ``describe`` gives more tag files, by name, for the places the files have in the bag by their paths.

    Raises what :func:`require_packable` does, and FileFault where a file is no more what was recorded of it.
    """
    require_packable(folder, files)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with scratch(folder.parent) as inside:
            made = inside / "bag"
            bag = _fill(made, files, on, describe, progress)
            if faults := check_bag(made, progress=progress)[1]:
                raise _refused([one.path for one in faults])
            made.replace(folder)
    except OSError as error:
        raise FileFault("写不出文件夹", where=str(folder), remedy="请检查写入权限和剩余空间") from error
    return bag


def check_bag(root: Path, *, progress: Progress = lambda _done, _all: None) -> tuple[int, list[FileFinding]]:
    """Compare a bag, ours or another's, with its own manifests: how many files they name, and what is wrong.

    Of several manifests the strongest counts. Tag files may be there unlisted (RFC 8493, 2.2.4), payload may not.
    Raises FileFault for a folder that is no bag, or whose manifest cannot be read or points out of it.
    """
    encoding = _encoding(root)
    algorithm = next((one for one in _ALGORITHMS if (root / f"manifest-{one}.txt").is_file()), None)
    if algorithm is None:
        raise FileFault("没有可用的清单（manifest-sha256.txt 等）", where=str(root), remedy="请核对文件夹是否完整")
    facts = _index(root)
    payload = [_expected(path, digest, facts) for path, digest in _manifest(root, "", algorithm, encoding)]
    present = [path for path in files_under(root, litter=True) if path.startswith(_PAYLOAD)]
    faults = compare(root, payload, present, algorithm=algorithm, progress=progress)
    tagged = [Expected(path, digest) for path, digest in _manifest(root, "tag", algorithm, encoding)]
    here = [one.path for one in tagged if (root / one.path).is_file()]
    return len(payload) + len(tagged), [*faults, *compare(root, tagged, here, algorithm=algorithm)]


def _fill(made: Path, files: Sequence[Packed], on: dt.date, describe: Describe | None, progress: Progress) -> Bag:
    places = _places(files)
    for done, (one, place) in enumerate(zip(files, places, strict=True), start=1):
        with replacing(made / place) as temporary:
            shutil.copyfile(one.source, temporary)
        progress(done, len(files))
    size = sum(one.size for one in files)
    information = {
        "Bagging-Date": on.isoformat(),
        "Payload-Oxum": f"{size}.{len(files)}",
        "Bag-Software-Agent": "yiyu",
        "External-Description": "归档文件副本，说明见 index.csv",
    }
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": "".join(f"{key}: {value}\n" for key, value in information.items()),
        "manifest-sha256.txt": _lines(zip((one.sha256 for one in files), places, strict=True)),
        INDEX: _table(files, places),
    }
    data = {name: text.encode("utf-8-sig" if name == INDEX else "utf-8") for name, text in tags.items()}
    if describe is not None:
        data |= describe({one.path: place for one, place in zip(files, places, strict=True)})
    seal = _lines((hashlib.sha256(content).hexdigest(), name) for name, content in data.items()).encode()
    for name, content in (data | {"tagmanifest-sha256.txt": seal}).items():
        write_atomic(made / name, content)
    return Bag(len(files), size, hashlib.sha256(seal).hexdigest())


def _places(files: Iterable[Packed]) -> list[str]:
    """Where each file stands in the bag: under data/ by its own path, as every system and tool can take it.

    RFC 8493 wants % written %25, which bagit 1.9 does not read back: none of our names has it.
    """
    places: dict[str, str] = {}
    for one in files:
        parts = [safe_name(part.replace("%", "％")) for part in PurePosixPath(one.path).parts]
        place = PurePosixPath("data", *parts)
        again = 1
        while str(place).casefold() in places:
            again += 1
            place = place.with_name(f"{PurePosixPath(parts[-1]).stem}_{again}{place.suffix}")
        places[str(place).casefold()] = str(place)
    return list(places.values())


def _lines(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{digest}  {path}\n" for digest, path in rows)


def _table(files: Iterable[Packed], places: Iterable[str]) -> str:
    """What each file is, for people: opens in a spreadsheet."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream)
    rows.writerow(HEADINGS)
    for one, place in zip(files, places, strict=True):
        pages = "" if one.pages is None else one.pages
        texts = (_AND.join(one.numbers), one.kind, one.code, pages, one.size, place, one.path, one.sha256)
        rows.writerow([f"'{text}" if _FORMULA.match(str(text)) else text for text in texts])
    return stream.getvalue()


def _index(root: Path) -> dict[str, Mapping[str, str]]:
    """The rows of the index by place; none where there is no index of ours. It only adds to what the manifest says."""
    try:
        text = read_bytes(root / INDEX, limit=_MOST_BYTES).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        plain = [{key: _GUARDED.sub("", value or "") for key, value in row.items() if key is not None} for row in rows]
        return {row[PLACE]: row for row in plain}
    except (FileFault, UnicodeDecodeError, csv.Error, KeyError):
        return {}


def _expected(path: str, digest: str, facts: Mapping[str, Mapping[str, str]]) -> Expected:
    row = facts.get(path, {})
    pages, size = (
        int(text) if (text := row.get(key) or "").isdecimal() and len(text) < _FIGURES else None
        for key in (PAGES, SIZE)
    )
    number = row.get(NUMBER) or ""
    return Expected(path, digest, "" if _AND in number else number, pages, size)


def _encoding(root: Path) -> str:
    path = root / "bagit.txt"
    if not path.is_file():
        remedy = "请给出 yiyu archive bag 做成的文件夹"
        raise FileFault("不是 BagIt 文件夹（没有 bagit.txt）", where=str(root), remedy=remedy)
    found = re.search(rb"(?im)^Tag-File-Character-Encoding:[ \t]*([\w-]+)", read_bytes(path))
    return found[1].decode("ascii") if found else "utf-8"


def _manifest(root: Path, prefix: str, algorithm: str, encoding: str) -> list[tuple[str, str]]:
    """Paths and digests a manifest lists; a tag manifest may be missing."""
    path = root / f"{prefix}manifest-{algorithm}.txt"
    if prefix and not path.is_file():
        return []
    try:
        text = read_bytes(path, limit=_MOST_BYTES).decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise FileFault("清单的文字编码读不懂", where=path.name, remedy="请换用未经改动的文件夹") from error
    listed: dict[str, str] = {}
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), start=1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        place = _place(found[2]) if found else ""
        if not found or not place or place in listed or place.startswith(_PAYLOAD) == bool(prefix):
            what = f"清单第 {number} 行读不懂、重复，或指到了别处"
            raise FileFault(what, where=path.name, remedy="请换用未经改动的文件夹")
        listed[place] = found[1].lower()
    return list(listed.items())


def _place(text: str) -> str:
    """The path a manifest's line names; "" for one that could lead out of the folder (RFC 8493, 6.1.3)."""
    name = re.sub("%(0A|0D|25)", lambda code: _ESCAPED[code[0].upper()], text, flags=re.IGNORECASE)
    parts = PurePosixPath(name).parts
    safe = parts and parts[0][0] not in "/~" and ":" not in parts[0] and ".." not in parts and "\\" not in name
    return "/".join(parts) if safe else ""


def _refused(paths: Sequence[str]) -> FileFault:
    named = "、".join(shown(path) for path in paths[:3]) + (" 等" if len(paths) > 3 else "")
    remedy = "没有装包；请先运行 yiyu archive verify 并处理列出的问题"
    return FileFault(f"有 {len(paths)} 个文件与登记的不符", where=named, remedy=remedy)
