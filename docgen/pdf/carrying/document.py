"""Everything a file holds beside its pages, carried into the joined file or named as left behind."""

from collections.abc import Callable, Iterable, Mapping

import pikepdf

from yiyu.docgen.pdf.carrying.attachments import Attachments
from yiyu.docgen.pdf.carrying.destinations import Destinations, Places
from yiyu.docgen.pdf.carrying.forms import Forms
from yiyu.docgen.pdf.carrying.labels import PageLabels
from yiyu.docgen.pdf.carrying.layers import Layers
from yiyu.docgen.pdf.carrying.objects import ODD, items, joined, mapping
from yiyu.docgen.pdf.carrying.properties import Properties
from yiyu.docgen.pdf.carrying.structure import Structure
from yiyu.docgen.pdf.writing import Copying, Writer

_CARRIED = frozenset({
    "/Type", "/Pages", "/Version", "/Extensions", "/Outlines", "/Names", "/Dests", "/AF", "/PageLabels", "/OCProperties",
    "/AcroForm", "/StructTreeRoot", "/MarkInfo", "/Metadata", "/Lang", "/Threads", "/OutputIntents",
})  # fmt: skip
_LEFT = {
    "/OpenAction": "打开时的动作", "/AA": "自动执行的动作", "/URI": "网址的共同开头", "/PieceInfo": "制作软件的私有数据",
    "/Collection": "文件包的界面", "/Perms": "使用权签名", "/DSS": "签名校验资料", "/Legal": "法律声明",
    "/PageMode": "阅读器的显示设置", "/PageLayout": "阅读器的显示设置", "/ViewerPreferences": "阅读器的显示设置",
    "/Requirements": "对阅读器的要求", "/SpiderInfo": "网页抓取信息", "/NeedsRendering": "XFA 动态表单",
}  # fmt: skip
_NAMES_CARRIED = frozenset({"/Dests", "/EmbeddedFiles"})
_NAMES_LEFT = {"/JavaScript": "脚本"}


class Carrier:
    """What belongs to whole files, taken file by file; then the entries of the catalog of the result."""

    def __init__(
        self,
        writer: Writer,
        *,
        places: Iterable[str] = (),
        attached: Iterable[str] = (),
        own_words: bool = False,
    ) -> None:
        """``places`` and ``attached``: names that are ours. With ``own_words`` the result says itself what it is."""
        self.destinations, self.attachments = Destinations(places), Attachments(attached)
        self.labels, self.layers, self.forms = PageLabels(), Layers(), Forms()
        self._structure, self._properties = Structure(writer), Properties(writer)
        self._own_words = own_words
        self._threads: list[bytes] = []

    def take(self, pdf: pikepdf.Pdf, copying: Copying, first: int) -> list[str]:
        """Take what a file holds whose pages begin at ``first`` (from 0); the names of what is left behind."""
        left = list(_left_behind(pdf))

        def attempt(name: str, part: Callable[[], list[str] | None]) -> None:
            try:
                left.extend(part() or [])
            except (*ODD, RecursionError):
                left.append(f"{name}（结构有误）")

        attempt("链接的目标", lambda: self.destinations.take(pdf, Places(pdf), copying, first))
        attempt("附件", lambda: self.attachments.take(pdf, copying))
        attempt("图层", lambda: self.layers.take(pdf, copying))
        attempt("表单", lambda: self.forms.take(pdf, copying))
        attempt("结构标签", lambda: self._structure.take(pdf, copying))
        if not self._own_words:
            attempt("页码标签", lambda: self.labels.take(pdf, copying, first))
            attempt("文档属性", lambda: self._properties.take(pdf, copying))
        self._threads += map(copying.spelled, items(pdf.Root.get("/Threads")))
        return list(dict.fromkeys(left))

    def holds_nothing(self) -> bool:
        """Whether no file had attachments, named places, labels, layers or fields."""
        parts = (self.attachments.digests, self.destinations.pages, self.labels.starts(), self.forms.names)
        return not any(parts) and not self.layers.count

    def catalog(self, places: Mapping[str, bytes] | None = None, attached: Mapping[str, bytes] | None = None) -> bytes:
        """The entries of the catalog, with our places and attached files."""
        ours = attached or {}
        names = (("Dests", self.destinations.spelled(places or {})), ("EmbeddedFiles", self.attachments.spelled(ours)))
        parts = (
            ("Names", b"<< %s >>" % _entries(names) if any(one for _, one in names) else b""),
            ("AF", self.attachments.associated(ours)),
            ("PageLabels", self.labels.spelled()),
            ("OCProperties", self.layers.spelled()),
            ("AcroForm", self.forms.spelled()),
            ("Threads", joined(self._threads) if self._threads else b""),
        )
        return b" ".join((_entries(parts), self._structure.finish(), self._properties.finish()))

    def information(self) -> bytes:
        return self._properties.information()

    def left_at_last(self) -> dict[int, list[str]]:
        """What is left behind because several files have it, by the place of the file (from 0)."""
        return self._properties.left()


def _entries(parts: tuple[tuple[str, bytes], ...]) -> bytes:
    return b" ".join(b"/%s %s" % (name.encode(), one) for name, one in parts if one)


def _left_behind(pdf: pikepdf.Pdf) -> list[str]:
    left = [_LEFT.get(key, f"其他条目（{key}）") for key in _present(pdf.Root) if key not in _CARRIED]
    names = mapping(pdf.Root.get("/Names"))
    return left + [_NAMES_LEFT.get(key, f"其他名称（{key}）") for key in _present(names) if key not in _NAMES_CARRIED]


def _present(entries: pikepdf.Object) -> list[str]:
    """The entries that hold something; one whose value is null is not there (ISO 32000-1, 7.3.7)."""
    return [key for key, one in entries.items() if one is not None]
