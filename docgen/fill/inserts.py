"""Pictures, formatted text and sub-documents in JSON, in place of a text.

``{"图片": "章.png", "宽": 30}``, ``{"富文本": ["普通", {"文字": "要紧", "粗": true}]}``, ``{"子文档": "附件.docx"}``.
A picture is a file beside the data, or elsewhere inside the folder that may be read (the workspace, where the data lies in
one); no path and no link leads out of it. It stands where ``{{ 字段 }}`` stands; its width is in millimetres. Formatted text
stands where ``{{r 字段 }}`` stands, as in docxtpl, and a sub-document, a Word file found as a picture is, where ``{{p 字段 }}``.
"""

import functools
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText

from yiyu.docgen.fill.subdocument import Subdocument
from yiyu.registry.errors import BadInput
from yiyu.registry.files import read_bytes

PICTURE, RICH, SUBDOCUMENT = "图片", "富文本", "子文档"
_WIDTH, _TEXT, _COLOUR = "宽", "文字", "颜色"
_SWITCHES = {"粗": "bold", "斜": "italic", "下划线": "underline", "删除线": "strike"}
_COLOUR_CODE = re.compile("#?[0-9A-Fa-f]{6}")
_MOST_BYTES = 20 * 1024 * 1024
_MOST_PIXELS = 60_000_000
_NARROWEST, _WIDEST, _USUAL = 2, 400, 150
_UNREADABLE = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError)


def with_inserts(
    context: dict[str, Any], owner: Callable[[], DocxTemplate], folder: Path, root: Path
) -> dict[str, Any]:
    """The data with docxtpl's objects in place of pictures and formatted text; the same object where there are none.

    ``owner`` makes the docxtpl object the pictures belong to; ``folder`` is where their paths begin, ``root`` what they
    must not leave. Raises BadInput naming the field, FileFault for a file that cannot be read.
    """
    template = functools.cache(owner)
    files: dict[Path, Subdocument] = {}

    def picture(value: Mapping[str, Any], path: str) -> InlineImage:
        content, width = _picture(value, path, folder, root)
        return InlineImage(template(), io.BytesIO(content), width=Mm(width))

    def subdocument(value: Mapping[str, Any], path: str) -> Subdocument:
        place = _inside(value[SUBDOCUMENT], path, SUBDOCUMENT, folder, root)
        if place not in files:
            content = read_bytes(place, limit=_MOST_BYTES)
            files[place] = Subdocument(template(), content, value[SUBDOCUMENT], len(files) + 2)
        return files[place]

    makers = {PICTURE: picture, RICH: _rich, SUBDOCUMENT: subdocument}
    return dict(_replaced(context, "", makers))


def without_inserts(context: Mapping[str, Any]) -> dict[str, Any]:
    """The data with words in place of what is inserted, for who only looks at fields."""
    return dict(_replaced(context, "", {word: lambda *_, word=word: word for word in (PICTURE, RICH, SUBDOCUMENT)}))


def _replaced(value: Any, path: str, makers: Mapping[str, Callable[..., Any]]) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_replaced(one, f"{path}第{at}项", makers) for at, one in enumerate(value, 1)]
    if not isinstance(value, dict):
        return value
    if path and (word := _inserted(value)):
        return makers[word](value, path)
    return {key: _replaced(one, f"{path}.{key}" if path else key, makers) for key, one in value.items()}


def _inserted(value: Mapping[str, Any]) -> str:
    """Which of the three an object of the data is; "" where it is an ordinary one."""
    if value.keys() <= {PICTURE, _WIDTH} and isinstance(value.get(PICTURE), str):
        return PICTURE
    if value.keys() == {SUBDOCUMENT} and isinstance(value[SUBDOCUMENT], str):
        return SUBDOCUMENT
    return RICH if value.keys() == {RICH} else ""


def _inside(given: str, path: str, what: str, folder: Path, root: Path) -> Path:
    """The file that is meant, links followed; one that lies outside of what may be read is refused."""
    place = (folder / given).resolve()
    if not place.is_relative_to(root.resolve()):
        raise BadInput(
            f"“{path}”的{what}不在允许的文件夹内", where=given, remedy=f"请把{what}放到数据文件所在的文件夹里"
        )
    return place


def _picture(value: Mapping[str, Any], path: str, folder: Path, root: Path) -> tuple[bytes, float]:
    """The bytes of a picture and its width in millimetres."""
    content = read_bytes(_inside(value[PICTURE], path, PICTURE, folder, root), limit=_MOST_BYTES)
    try:
        image = Image.from_blob(content)
        wide, high, natural = image.px_width, image.px_height, image.width.mm
    except (*_UNREADABLE, ValueError, KeyError, IndexError, ArithmeticError) as error:
        raise BadInput(f"“{path}”的图片无法识别", where=value[PICTURE], remedy="请用 PNG 或 JPEG 格式的图片") from error
    if not 0 < wide * high <= _MOST_PIXELS:
        raise BadInput(f"“{path}”的图片过大（{wide}×{high} 像素）", where=value[PICTURE], remedy="请缩小后再试")
    width = value.get(_WIDTH, min(max(natural, _NARROWEST), _USUAL))
    if isinstance(width, bool) or not isinstance(width, int | float) or not _NARROWEST <= width <= _WIDEST:
        raise BadInput(f"“{path}”的图片宽度不对（{width}）", remedy=f"请写 {_NARROWEST} 至 {_WIDEST} 之间的毫米数")
    return content, width


def _rich(value: Mapping[str, Any], path: str) -> RichText:
    """Formatted text of pieces: a text, or its 文字 with 粗, 斜, 下划线, 删除线 and 颜色. A line feed breaks the line."""
    made, pieces = RichText(), value[RICH]
    for at, piece in enumerate(pieces if isinstance(pieces, list) else [pieces], 1):
        given = {_TEXT: piece} if isinstance(piece, str) else piece
        if not isinstance(given, dict) or not isinstance(given.get(_TEXT), str):
            raise BadInput(f"“{path}”的富文本第{at}段没有文字", remedy='请写成 "文字" 或 {"文字": "…", "粗": true}')
        if unknown := given.keys() - {_TEXT, _COLOUR, *_SWITCHES}:
            known = "、".join((_TEXT, *_SWITCHES, _COLOUR))
            raise BadInput(f"“{path}”的富文本第{at}段不认识“{min(unknown)}”", remedy=f"可以用的有：{known}")
        colour = given.get(_COLOUR, "")
        if colour and not (isinstance(colour, str) and _COLOUR_CODE.fullmatch(colour)):
            raise BadInput(f"“{path}”的富文本第{at}段颜色不对", remedy="请写六位颜色代码，如 C00000")
        switches = {name: given.get(word) is True for word, name in _SWITCHES.items()}
        made.add(given[_TEXT], color=colour or None, **switches)
    return made
