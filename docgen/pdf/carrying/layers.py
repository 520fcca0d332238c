"""Layers: each shown or hidden as it was in its own file (ISO 32000-1, 8.11.4)."""

from collections import defaultdict

import pikepdf

from yiyu.docgen.pdf.carrying.objects import Key, items, joined, key_of, mapping
from yiyu.docgen.pdf.writing import Copying

_LISTS = ("/Order", "/RBGroups", "/Locked", "/AS")


class Layers:
    """The layers of all files under one default: shown, but for those listed as hidden."""

    def __init__(self) -> None:
        self._groups: list[bytes] = []
        self._lists: dict[str, list[bytes]] = defaultdict(list)
        self._others: list[bytes] = []

    def take(self, pdf: pikepdf.Pdf, copying: Copying) -> list[str]:
        """Add those of a file; what of them is left behind."""
        properties = mapping(pdf.Root.get("/OCProperties"))
        groups = [one for one in items(properties.get("/OCGs")) if key_of(one)]
        default = mapping(properties.get("/D"))
        hidden = _hidden(groups, default, {key for one in groups if (key := key_of(one))} if _off(default) else set())
        self._groups += map(copying.spelled, groups)
        self._lists["/OFF"] += [copying.spelled(one) for one in groups if key_of(one) in hidden]
        for name in _LISTS:
            self._lists[name] += map(copying.spelled, items(default.get(name)))
        for one in map(mapping, items(properties.get("/Configs"))):
            self._others.append(_alone(one, groups, _hidden(groups, one, hidden), copying))
        return ["图层的显示意图"] if default.get("/Intent", "/View") != "/View" else []

    @property
    def count(self) -> int:
        return len(self._groups)

    @property
    def hidden(self) -> int:
        return len(self._lists["/OFF"])

    def spelled(self) -> bytes:
        if not self._groups:
            return b""
        lists = b" ".join(b"%s %s" % (name.encode(), joined(one)) for name, one in self._lists.items() if one)
        others = b" /Configs " + joined(self._others) if self._others else b""
        return b"<< /OCGs %s /D << /BaseState /ON %s >>%s >>" % (joined(self._groups), lists, others)


def _off(configuration: pikepdf.Object) -> bool:
    return bool(configuration.get("/BaseState") == "/OFF")


def _hidden(groups: list[pikepdf.Object], configuration: pikepdf.Object, before: set[Key]) -> set[Key]:
    """Which of the groups are hidden under a configuration, ``before`` where it leaves them as they are."""
    keys = {key for one in groups if (key := key_of(one))}
    state = configuration.get("/BaseState")
    hidden = keys if state == "/OFF" else set(before) if state == "/Unchanged" else set()
    shown = {key_of(one) for one in items(configuration.get("/ON"))}
    return (hidden - shown) | {key for one in items(configuration.get("/OFF")) if (key := key_of(one)) in keys}


def _alone(configuration: pikepdf.Object, groups: list[pikepdf.Object], hidden: set[Key], copying: Copying) -> bytes:
    """Another configuration of a file, which must say nothing about the layers of the others."""
    parts = [b"/BaseState /Unchanged"]
    for name, which in (("/ON", False), ("/OFF", True)):
        parts.append(
            name.encode() + joined([copying.spelled(one) for one in groups if (key_of(one) in hidden) is which])
        )
    for name in (*_LISTS, "/Name", "/Creator"):
        if name in configuration:
            parts.append(name.encode() + b" " + copying.spelled(configuration[name]))
    return b"<< %s >>" % b" ".join(parts)
