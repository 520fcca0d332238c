"""Which face shows which style of type: the machine's own first, else one that looks like it, else the packaged one."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from yiyu.registry.errors import ProgramFault

_BOLD = 180
"""fontconfig's weight from which a face is demi-bold or heavier."""


@dataclass(frozen=True, slots=True)
class Face:
    family: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class FontFile:
    """Where a face is; ``index`` within a collection."""

    path: Path
    index: int
    face: Face


class Style(StrEnum):
    """What a line is set in: the styles of type of GB/T 9704-2012, and small print, which no standard fixes."""

    FANGSONG = "仿宋"
    XIAOBIAOSONG = "方正小标宋简体"
    KAITI = "楷体"
    HEITI = "黑体"
    SONGTI = "宋体"
    SMALL_PRINT = "小字"


@dataclass(frozen=True, slots=True)
class _Style:
    """Names under which documents ask for one style of type, what looks most like it, best first, and the packaged face."""

    names: tuple[str, ...]
    stand_ins: tuple[Face, ...]
    packaged: Face


PACKAGED_SERIF, PACKAGED_SANS = Face("Noto Serif SC"), Face("Noto Sans SC")
_MAKERS = (("Noto", "CJK SC"), ("Source Han", "SC"))
_SERIF = tuple(Face(f"{maker} Serif {region}") for maker, region in _MAKERS)
_SANS = tuple(Face(f"{maker} Sans {region}") for maker, region in _MAKERS)
_STYLES = (
    _Style(
        ("仿宋", "仿宋_GB2312", "FangSong", "FangSong_GB2312", "华文仿宋"),
        (Face("FandolFang R"), *_SERIF),
        PACKAGED_SERIF,
    ),
    _Style(
        ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S"),
        (*(Face(one.family, bold=True) for one in _SERIF), Face("宋体"), Face("AR PL UMing CN")),
        PACKAGED_SERIF,
    ),
    _Style(
        ("楷体", "楷体_GB2312", "KaiTi", "KaiTi_GB2312", "华文楷体"),
        (Face("AR PL UKai CN"), Face("AR PL KaitiM GB"), Face("LXGW WenKai"), Face("FandolKai"), *_SANS),
        PACKAGED_SANS,
    ),
    _Style(
        ("黑体", "SimHei", "华文黑体"),
        (Face("WenQuanYi Zen Hei"), *_SANS, *(Face(one.family, bold=True) for one in _SANS)),
        PACKAGED_SANS,
    ),
    _Style(
        ("宋体", "SimSun", "NSimSun", "华文宋体"), (Face("AR PL UMing CN"), Face("FandolSong"), *_SERIF), PACKAGED_SERIF
    ),
)
"""In the order in which they choose: the text, the title and the headings of GB/T 9704-2012 before the page number."""


@cache
def packaged() -> tuple[FontFile, ...]:
    """Noto Serif SC and Noto Sans SC as the extra ``fonts`` installs them; none where it is not installed."""
    try:
        import pylopdf_fonts_zh_cn as package
    except ImportError:
        return ()
    files = ((PACKAGED_SERIF, package.serif_path()), (PACKAGED_SANS, package.sans_path()))
    return tuple(FontFile(path, 0, face) for face, path in files if path.is_file())


@cache
def available() -> tuple[FontFile, ...]:
    """Every face a document can be shown in: the machine's, then the packaged ones.

    None where the machine's are not all known: there names are left as they are, so that a face the machine may have
    is not replaced unseen.
    """
    return (*installed(), *packaged()) if all_known() else ()


def all_known() -> bool:
    """Whether ``installed`` gives every face of the machine: not on Windows and macOS, nor without ``fc-list``.

    A machine without even a configuration of fontconfig has none.
    """
    if sys.platform in ("win32", "darwin"):
        return False
    return shutil.which("fc-list") is not None or not _machine_configuration().is_file()


def _machine_configuration() -> Path:
    """The file that fontconfig reads by itself, by the rules of fonts-conf(5)."""
    folder = os.environ.get("FONTCONFIG_PATH", "/etc/fonts").split(os.pathsep)[0]
    return Path(folder, os.environ.get("FONTCONFIG_FILE", "fonts.conf"))


@cache
def installed() -> tuple[FontFile, ...]:
    """The Chinese faces fontconfig knows; none where there is no fontconfig (Windows, macOS)."""
    found = []
    for line in sorted(fc_list("--format", "%{family}|%{weight}|%{index}|%{file}\n", ":lang=zh-cn")):
        families, weight, index, path = line.split("|", 3)
        for family in families.split(","):
            # A variable font gives a range of weights and is at its regular one.
            bold = weight.isdigit() and int(weight) >= _BOLD
            found.append(FontFile(Path(path), int(index), Face(family, bold)))
    return tuple(found)


def faces_digest() -> str:
    """SHA-256 of the names and versions of every face of this machine, whatever its script; of two alike it is alike.

    Where the faces are not all known, on Windows and macOS, only the name of the system and the packaged ones count.
    """
    told = fc_list("--format", "%{family}|%{style}|%{fontversion}\n") if all_known() else [sys.platform]
    lines = {*told, *(f"{one.path.name}|{one.path.stat().st_size}" for one in packaged())}
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(frozen=True, slots=True)
class FontStatus:
    """A style of type by the name documents ask for it, the family that shows it, and whether that is its own."""

    name: str
    shown_by: str
    own: bool


def standings(faces: Iterable[Face]) -> list[FontStatus]:
    """What shows 仿宋, 小标宋, 楷体, 黑体 and 宋体 of the documents; "" where there is no Chinese face at all."""
    known = list(faces)
    chosen, found = stand_ins(known), []
    for style in _STYLES:
        own = next((name for name in style.names if Face(name) in known), "")
        stand_in = _shown(chosen[style.names[0]]) if style.names[0] in chosen else ""
        found.append(FontStatus(style.names[0], own or stand_in, bool(own)))
    return found


def _shown(face: Face) -> str:
    return f"{face.family}（粗）" if face.bold else face.family


def fc_list(*asked: str) -> list[str]:
    program = shutil.which("fc-list")
    if program is None:
        return []
    listed = subprocess.run([program, *asked], capture_output=True, check=False, timeout=60)  # noqa: S603 - a fixed list
    return listed.stdout.decode("utf-8", "surrogateescape").splitlines()


def stand_ins(faces: Iterable[Face]) -> dict[str, Face]:
    """Which of ``faces`` shows each font name that documents use and this machine lacks.

    Styles get different faces as long as there are enough of them; the text chooses first.
    """
    known = list(dict.fromkeys(faces))
    chosen: dict[str, Face] = {}
    for style in _STYLES:
        real = [Face(name) for name in style.names if Face(name) in known]
        alike = [face for face in style.stand_ins if face in known] or [
            face for face in (style.packaged,) if face in known
        ]
        fitting = real or alike or known[:1]
        if fitting:
            face = next((one for one in fitting if one not in chosen.values()), fitting[0])
            chosen |= {name: face for name in style.names if Face(name) not in known}
    return chosen


def fontconfig(chosen: dict[str, Face], *folders: Path) -> bytes:
    """A configuration for fontconfig: the machine's own, our stand-ins, and the packaged serif as the last resort.

    ``folders`` hold more fonts, for characters that the others lack.
    """
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{escape(face.family)}</string></edit>'
        + ('<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit>' if face.bold else "")
        + "</match>\n"
        for name, face in chosen.items()
    )
    named = dict.fromkeys([*(file.path.parent for file in packaged()), *folders])
    rules += "".join(f"<dir>{escape(str(folder))}</dir>\n" for folder in named)
    if packaged():
        # Without it dxpdf says "no fonts available" where a document asks for a family nobody has.
        rules += (
            '<match target="pattern"><edit name="family" mode="append_last">'
            f"<string>{escape(packaged()[0].face.family)}</string></edit></match>\n"
        )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f'<include ignore_missing="yes">{escape(str(_machine_configuration()))}</include>\n{rules}</fontconfig>\n'
    ).encode()


FONTS_REMEDY = "请运行 pip install 'yiyu[fonts]'，或安装中文字体（Debian/Ubuntu：apt install fonts-noto-cjk）"
_KNOWN_FILES = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("C:/Windows/Fonts/simhei.ttf", 0),
    ("C:/Windows/Fonts/msyh.ttc", 0),
    ("C:/Windows/Fonts/simsun.ttc", 0),
    ("/System/Library/Fonts/STHeiti Light.ttc", 0),
    ("/System/Library/Fonts/Hiragino Sans GB.ttc", 0),
)


def face_file(style: Style) -> FontFile:
    """The file of the face that shows ``style``, for what draws glyphs itself.

    Raises ProgramFault where the machine has no Chinese font at all.
    """
    if style is Style.SMALL_PRINT or not available():
        return chinese_font()
    wanted = stand_ins(file.face for file in available()).get(style) or Face(style)
    return next(file for file in available() if file.face == wanted)


def chinese_font() -> FontFile:
    """A plain face for small print. Raises ProgramFault where the machine has no Chinese font at all."""
    plain = [one for one in available() if not one.face.bold]
    for wanted in (*_SANS, Face("黑体"), Face("WenQuanYi Zen Hei"), *_SERIF, PACKAGED_SANS):
        if found := next((one for one in plain if one.face == wanted), None):
            return found
    if plain:
        return plain[0]
    for name, index in _KNOWN_FILES:
        if Path(name).is_file():
            return FontFile(Path(name), index, Face(Path(name).stem))
    if packaged():
        return packaged()[-1]
    raise ProgramFault("这台电脑没有中文字体，打印出来会是空白或方框", remedy=f"{FONTS_REMEDY}，然后再试")


def replaced_faces() -> str:
    """One sentence that names each 公文 face this machine lacks and what shows it instead; "" where none is lacking."""
    lacking = [one for one in standings(file.face for file in available()) if not one.own and one.shown_by]
    return "、".join(f"{one.name}→{one.shown_by}" for one in lacking)
