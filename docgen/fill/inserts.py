"""Pictures and formatted text in JSON: ``{"图片": "章.png", "宽": 30}`` and ``{"富文本": ["普通", {"文字": "要紧", "粗": true}]}``.

A picture is a file beside the data, or elsewhere inside the folder that may be read (the workspace, where the data lies in
one); no path and no link leads out of it. It stands where ``{{ 字段 }}`` stands; its width is in millimetres. Formatted text
stands where ``{{r 字段 }}`` stands, as in docxtpl.
"""

import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText

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
    template: list[DocxTemplate] = []

    def picture(value: Mapping[str, Any], path: str) -> InlineImage:
        if not template:
            template.append(owner())
        content, width = _picture(value, path, folder, root)
        return InlineImage(template[0], io.BytesIO(content), width=Mm(width))

    return dict(_replaced(context, "", picture, _rich))


def without_inserts(context: Mapping[str, Any]) -> dict[str, Any]:
    """The data with words in place of pictures and formatted text, for who only looks at fields."""
    return dict(_replaced(context, "", lambda _value, _path: PICTURE, lambda _value, _path: RICH))


def _replaced(value: Any, path: str, picture: Callable[..., Any], rich: Callable[..., Any]) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_replaced(one, f"{path}第{at}项", picture, rich) for at, one in enumerate(value, 1)]
    if not isinstance(value, dict):
        return value
    if path and value.keys() <= {PICTURE, _WIDTH} and isinstance(value.get(PICTURE), str):
        return picture(value, path)
    if path and value.keys() == {RICH}:
        return rich(value[RICH], path)
    if path and value.keys() == {SUBDOCUMENT}:
        raise BadInput(f"“{path}”要插入子文档，本程序不能填写", remedy="请把子文档的内容写进模板，或填好后用 Word 合并")
    return {key: _replaced(one, f"{path}.{key}" if path else key, picture, rich) for key, one in value.items()}


def _picture(value: Mapping[str, Any], path: str, folder: Path, root: Path) -> tuple[bytes, float]:
    """The bytes of a picture and its width in millimetres."""
    place = (folder / value[PICTURE]).resolve()
    if not place.is_relative_to(root.resolve()):
        raise BadInput(
            f"“{path}”的图片不在允许的文件夹内", where=value[PICTURE], remedy="请把图片放到数据文件所在的文件夹里"
        )
    content = read_bytes(place, limit=_MOST_BYTES)
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


def _rich(pieces: Any, path: str) -> RichText:  # noqa: ANN401 whatever JSON can hold
    """Formatted text of pieces: a text, or its 文字 with 粗, 斜, 下划线, 删除线 and 颜色. A line feed breaks the line."""
    made = RichText()
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
