"""The way through the desk: the sections a person sees, by what the person may do."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from yiyu.desk.asking import Asking


class Section(NamedTuple):
    """``deed``: what one must be allowed to do for it to be shown."""

    label: str
    path: str
    deed: str = "look"


SECTIONS = (
    Section("今天", "/"),
    Section("名册", "/institutions"),
    Section("协议", "/agreements"),
    Section("活动", "/visits"),
    Section("扫描件", "/scans"),
    Section("报表", "/reports"),
    Section("工作", "/works"),
    Section("保管", "/keeper", "keep"),
)


def sections(asking: "Asking") -> list[tuple[Section, bool]]:
    """The sections for the person, each with whether the page asked for lies in it."""
    own = [section for section in SECTIONS if asking.may(section.deed)]
    return [(section, _within(asking.path, section.path)) for section in own]


def _within(path: str, section: str) -> bool:
    return path == section if section == "/" else path.startswith(section)
