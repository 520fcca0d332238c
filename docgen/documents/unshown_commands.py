"""What will look otherwise on paper than the document asks for, said once."""

from collections.abc import Mapping

from yiyu.docgen.pdf.fonts import replaced_faces
from yiyu.registry.commands.show import say


def warn_of_unshown(unshown: Mapping[str, str]) -> None:
    """Name the characters no font has, agreement by agreement (number to characters)."""
    for number, characters in unshown.items():
        signs = "、".join(f"{character}（U+{ord(character):04X}）" for character in characters)
        say(f"提醒：协议 {number} 中的 {signs} 在这台电脑的字体里没有，PDF 中会是空白或方框")
    if unshown:
        say("请安装含有这些字的字体（如 Noto CJK、天珩全字库）后重新生成 PDF，或在纸上手写补上")


def tell_of_replaced_faces() -> None:
    """Say in one line which 公文 faces this machine shows by others; nothing where it has all of them."""
    if replaced := replaced_faces():
        say(f"提醒：没有装的公文字体已用相近的代替：{replaced}")
