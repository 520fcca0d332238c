"""四性检测: what of 真实性, 完整性, 可用性 and 安全性 of the archive can be tested here, and what a person has to see to.

The properties and what is tested of each are those of GB/T 18894-2016 and DA/T 70-2018; DA/T 46-2009 says which metadata
must be there. What is not tested is listed with the reason, never passed over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from yiyu.docgen.archive.bag import check_bag
from yiyu.docgen.archive.cataloguing import Catalogue, catalogue, filled_form
from yiyu.docgen.archive.fixity import FileFinding, FixityFault, Progress
from yiyu.docgen.archive.verifying import Signatures, Verified, verify
from yiyu.docgen.pdf.signatures import Told
from yiyu.docgen.wording import chinese_date
from yiyu.registry.errors import FileFault, ProgramFault
from yiyu.registry.files import write_atomic
from yiyu.registry.rules.archive_codes import read_code
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archive_items import ArchiveItem
from yiyu.registry.store.events import broken_links
from yiyu.registry.store.integrity import database_faults, schema_faults
from yiyu.registry.store.scans import UnitScans

_FORM = "forms/four_properties.docx"
_SHOWN = 10


class Property(StrEnum):
    AUTHENTIC = "authenticity"
    COMPLETE = "integrity"
    USABLE = "usability"
    SAFE = "security"


PROPERTY_LABEL = {
    Property.AUTHENTIC: "真实性",
    Property.COMPLETE: "完整性",
    Property.USABLE: "可用性",
    Property.SAFE: "安全性",
}


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTED = "not-tested"


OUTCOME_LABEL = {Outcome.PASSED: "通过", Outcome.FAILED: "不通过", Outcome.NOT_TESTED: "未检测"}


@dataclass(frozen=True, slots=True)
class PropertyCheck:
    """One thing that was tested, and how; ``counted`` of what, ``faults`` in words; ``why`` it was not tested."""

    part: Property
    subject: str
    method: str
    counted: int = 0
    faults: tuple[str, ...] = ()
    why: str = ""

    @property
    def outcome(self) -> Outcome:
        if self.faults:
            return Outcome.FAILED
        return Outcome.PASSED if self.counted and not self.why else Outcome.NOT_TESTED

    @property
    def told(self) -> str:
        """Its faults, or why it was not tested, for people; of many the first."""
        more = f"；等 {len(self.faults)} 处" if len(self.faults) > _SHOWN else ""
        nothing = "没有可检测的" if self.outcome is Outcome.NOT_TESTED else ""
        return "；".join(self.faults[:_SHOWN]) + more or self.why or nothing


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the tests look at, read once."""

    office: OfficeSession
    found: Catalogue
    verified: Verified
    package: Path | None
    unsigned: str
    """Why signatures could not be looked at, or ""."""

    def files(self, *faults: FixityFault) -> tuple[str, ...]:
        return _told(one for one in self.verified.faults if one.fault in faults)


def inspect_archive(
    office: OfficeSession,
    *,
    package: Path | None = None,
    progress: Progress = lambda _done, _all: None,
) -> list[PropertyCheck]:
    """Test the archive, and with ``package`` the bag that is to be handed over, in the order of the standard."""
    signatures, unsigned = Signatures(office.today), ""
    try:
        verified = verify(office, signatures=signatures, progress=progress)
    except ProgramFault as fault:
        verified, unsigned = verify(office, progress=progress), str(fault)
    evidence = _Evidence(office, catalogue(office), verified, package, unsigned)
    return [check for test in _TESTS for check in test(evidence)]


def _authentic(it: _Evidence) -> Iterator[PropertyCheck]:
    def check(subject: str, method: str, counted: int, faults: Sequence[str] = (), why: str = "") -> PropertyCheck:
        return PropertyCheck(Property.AUTHENTIC, subject, method, counted, tuple(faults), why)

    items = it.found.items
    broken = [f"第 {key} 号记录与前后不相接" for key in broken_links(it.office.db)]
    yield check("来源", "收件、归位、归档各步的记录逐条相接，没有改动过", 1, broken)
    pattern = it.office.workspace.config.archive_pattern
    odd = [f"{one.code} 不是现行写法" for one in items if read_code(pattern, one.code) is None]
    odd += [
        f"{one.code} 形成日期 {one.document_date} 晚于归档年度" for one in items if one.document_date.year > one.year
    ]
    yield check("元数据", "档号能还原成各部分，日期与年度相符", len(items), odd)
    yield check("内容", "每个文件的 SHA-256 与登记的一致", it.verified.checked, it.files(FixityFault.CHANGED))
    changed = [f"{one.path}：签过的内容已被改动" for one in it.verified.signed or () if one.statement.intact is Told.NO]
    signed = len(it.verified.signed or ())
    yield check("电子签名", "签过的内容完好；SM2 等无法校验的不算不通过", signed, changed, it.unsigned)
    yield check("元数据与内容关联", "登记的页数与扫描件相符，文件在登记的位置", len(items), [
        *_pages(it.office, items), *it.files(FixityFault.MISPLACED),
    ])  # fmt: skip
    yield _of_package(Property.AUTHENTIC, it)


def _complete(it: _Evidence) -> Iterator[PropertyCheck]:
    def check(subject: str, method: str, counted: int, faults: Sequence[str] = ()) -> PropertyCheck:
        return PropertyCheck(Property.COMPLETE, subject, method, counted, tuple(faults))

    items = it.found.items
    yield check(
        "总量", "登记的文件都在，没有多出的文件", it.verified.checked, it.files(FixityFault.MISSING, FixityFault.EXTRA)
    )
    gaps = [
        f"{fault.series} 件号{label} {'、'.join(map(str, serials))}"
        for fault in it.found.faults
        for label, serials in (("缺", fault.missing), ("重", fault.doubled))
        if serials
    ]
    yield check("连续编号", "件号不缺不重", len(items), gaps)
    yield check(
        "元数据",
        "立档单位（全宗）名称、题名、责任者都有值（DA/T 46—2009）",
        len(items),
        list(_lacking(it.office, items)),
    )
    without = [f"{one.code} 没有扫描件" for one in items if not one.pages]
    yield check("内容", "每一件都有电子文件", len(items), without)
    yield _of_package(Property.COMPLETE, it)


def _usable(it: _Evidence) -> Iterator[PropertyCheck]:
    def check(subject: str, method: str, counted: int, faults: Sequence[str] = (), why: str = "") -> PropertyCheck:
        return PropertyCheck(Property.USABLE, subject, method, counted, tuple(faults), why)

    yield check("元数据", "登记库能读取，结构完整", 1, [*database_faults(it.office.db), *schema_faults(it.office.db)])
    yield check("内容", "每个文件都能打开，页数不少", it.verified.checked, it.files(FixityFault.UNREADABLE))
    yield check("软硬件环境", "阅读所需的软硬件", 0, why="请由人核对：PDF 阅读软件能在本单位的电脑上打开")
    yield _of_package(Property.USABLE, it)


def _safe(_it: _Evidence) -> Iterator[PropertyCheck]:
    for subject, method, why in (
        ("病毒", "没有恶意代码", "本程序不查毒：请用杀毒软件扫描归档文件夹后填写"),
        ("载体", "载体完好，没有无关文件", "请由人查看移交用的光盘、硬盘"),
        ("过程", "归档、移交过程受控", "请由人核对：谁经手、在哪台设备上；记录见 yiyu log"),
    ):
        yield PropertyCheck(Property.SAFE, subject, method, why=why)


_TESTS: tuple[Callable[[_Evidence], Iterator[PropertyCheck]], ...] = (_authentic, _complete, _usable, _safe)


def _pages(office: OfficeSession, items: Sequence[ArchiveItem]) -> Iterator[str]:
    scans = UnitScans(office.db, {item.agreement_id for item in items})
    for item in items:
        pages = sum(row.pages for row in scans.of_item(item.unit, item.agreement_id, item.record_year))
        if pages != item.pages:
            yield f"{item.code} 登记 {item.pages} 页，扫描件 {pages} 页"


def _lacking(office: OfficeSession, items: Sequence[ArchiveItem]) -> Iterator[str]:
    """Elements of DA/T 46-2009 without which nobody knows what a 件 is; the others may be blank."""
    config = office.workspace.config
    if items and not config.fonds_name:
        yield "没有立档单位（全宗）名称，请写进 yiyu.toml 的 fonds_name"
    for item in items:
        told = {"题名": item.title, "责任者": item.responsible}
        if lacking := [name for name, value in told.items() if not value]:
            yield f"{item.code} 缺{'、'.join(lacking)}"


def _of_package(part: Property, it: _Evidence) -> PropertyCheck:
    """The bag that is to be handed over, by the faults that concern this property."""
    label, method = "归档信息包", "移交包里的文件与包内清单一致"
    if it.package is None:
        return PropertyCheck(part, label, method, why="没有给出移交包：加 --package 文件夹")
    concerned = {
        Property.AUTHENTIC: (FixityFault.CHANGED, FixityFault.MISPLACED),
        Property.COMPLETE: (FixityFault.MISSING, FixityFault.EXTRA),
        Property.USABLE: (FixityFault.UNREADABLE,),
    }[part]
    try:
        counted, faults = check_bag(it.package)
    except FileFault as fault:
        return PropertyCheck(part, label, method, 1, (str(fault),))
    return PropertyCheck(part, label, method, counted, _told(one for one in faults if one.fault in concerned))


def _told(faults: Iterator[FileFinding]) -> tuple[str, ...]:
    return tuple(f"{one.path}：{one.message}" for one in faults)


def write_inspection(office: OfficeSession, checks: Sequence[PropertyCheck], out: Path) -> None:
    """Write the report as a Word file, for whoever tested to sign. Raises TemplateFault and FileFault."""
    context = {
        "单位": office.workspace.config.fonds_name,
        "检测日期": chinese_date(office.today),
        "检测": [
            {
                "四性": PROPERTY_LABEL[one.part],
                "项目": one.subject,
                "内容": one.method,
                "数量": one.counted or "",
                "结果": OUTCOME_LABEL[one.outcome],
                "说明": one.told,
            }
            for one in checks
        ],
    }
    write_atomic(out, filled_form(office, _FORM, context))
