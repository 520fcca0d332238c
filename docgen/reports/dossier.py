"""督导材料 of institutions in one go: a folder of numbered PDFs, and all of them as one with a catalogue in front."""

import datetime as dt
import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from yiyu.docgen.archive.received_files import digest
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.naming import safe_name
from yiyu.docgen.pdf.convert import require_engine
from yiyu.docgen.pdf.signatures import has_signature
from yiyu.docgen.pdf.volume.binding import bind_volume
from yiyu.docgen.pdf.volume.contents import BoundDocument, Section, Volume, placed
from yiyu.docgen.reports.dossier_materials import APART, Material, Materials, as_pdfs
from yiyu.docgen.wording import chinese_date
from yiyu.registry.activities.findings import STATE_LABEL as FINDING_LABEL
from yiyu.registry.errors import BadInput
from yiyu.registry.files import place_folder, read_bytes, replacing, scratch, write_atomic
from yiyu.registry.lifecycle import FORCE_LABEL, SIGNING_LABEL
from yiyu.registry.model import VARIANT_LABEL, Kind
from yiyu.registry.reports.dossiers import Dossier, dossiers
from yiyu.registry.rules.activities import EVIDENCE_LABEL
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.duties import STATE_LABEL, read_period
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.row_changes import head
from yiyu.registry.store.standings import AgreementStatus

FORM = "forms/dossier.docx"
WHOLE, LIST = "督导材料.pdf", "清单.sha256"


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """One paper as it stands in the dossier; ``order`` 0 for one that is not in it, ``why`` says why.

    ``path`` from the folder, "" where there is no file; ``page`` counts from 1 after the catalogue.
    """

    institution: str
    order: int
    title: str
    dated: str
    pages: int
    page: int
    sha256: str
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class DossierMade:
    """``gaps`` by institution, in words. ``pages``, ``sha256``: of the one PDF, 0 and "" in a dry run."""

    papers: tuple[FiledPaper, ...]
    gaps: dict[str, tuple[str, ...]]
    pages: int = 0
    sha256: str = ""


def make_dossier(
    office: OfficeSession,
    names: Sequence[str],
    out: Path,
    *,
    district: str = "",
    year: int | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> DossierMade:
    """Make a new folder ``out`` of the papers of these institutions, or of all 托育机构 of a 旗区, whole or not at all.

    Each PDF stands there under its number, all together in WHOLE, their SHA-256 in LIST. What has no PDF is converted;
    what cannot be, or is not there, is named in the catalogue with the reason. Raises NotFound, BadInput for a folder that
    is there already or lies in the archive, ProgramFault where this machine has no PDF engine or no Chinese font.
    """
    _require_new(office, out)
    chosen = dossiers(office, names, district, year=year or office.today.year)
    known = Materials(office, chosen)
    wanted = [(one, [*known.of(one)]) for one in chosen]
    gaps = {one.institution.name: (*one.gaps(), *_absent(some)) for one, some in wanted}
    if dry_run:
        return DossierMade(tuple(_planned(wanted)), gaps)
    require_engine()
    out.parent.mkdir(parents=True, exist_ok=True)
    with scratch(out.parent) as inside:
        made, work = inside / "dossier", inside / "work"
        for order, (one, some) in enumerate(wanted):
            sheet = work / f"{order}.docx"
            write_atomic(sheet, _sheet(office, one, gaps[one.institution.name], year or office.today.year))
            some.insert(0, Material("支持托育服务情况表", str(office.today), sheet))
        # All at once: a program that converts takes seconds to begin.
        every = [material for _, some in wanted for material in some]
        done = iter(zip(every, as_pdfs(office, every, work, progress=progress), strict=True))
        sections = list(_sections(made, [(one, list(itertools.islice(done, len(some)))) for one, some in wanted]))
        scope = district_name(district) if district else "、".join(one.institution.name for one in chosen[:3])
        facts = (
            ("范围", scope + (f" 等 {len(chosen)} 家" if len(chosen) > 3 and not district else "")),
            ("机构", f"{len(chosen)} 家"),
            (
                "材料",
                f"{sum(len(one.parts) for one in sections)} 件，缺 {sum(len(one.missing) for one in sections)} 件",
            ),
            ("编成日期", chinese_date(office.today)),
            ("链头", str(head(office.db))),
        )
        authority = office.pack.authority_of(district or office.workspace.config.region)
        made_at = dt.datetime.fromisoformat(office.now)
        volume = Volume("督导材料", authority, facts, made_at, tuple(sections), catalogued=True)
        bound = bind_volume(volume, made / WHOLE)
        papers = tuple(_papers(sections, made))
        listed = [*((paper.sha256, paper.path) for paper in papers if paper.path), (bound.sha256, WHOLE)]
        write_atomic(made / LIST, "".join(f"{value}  {path}\n" for value, path in listed).encode())
        place_folder(made, out)
    return DossierMade(papers, gaps, bound.opening + bound.pages, bound.sha256)


def _require_new(office: OfficeSession, out: Path) -> None:
    if out.resolve().is_relative_to((office.workspace.root / "archive").resolve()):
        raise BadInput("督导材料不能存进 archive 文件夹，那里只放归档的原件", where=str(out), remedy="请换一个位置")
    if out.exists():
        raise BadInput("督导材料的文件夹已经存在", where=str(out), remedy="请换一个新的文件夹名")


_Made = list[tuple[Material, tuple[Path, int] | str]]


def _sections(made: Path, wanted: Sequence[tuple[Dossier, _Made]]) -> Iterator[Section]:
    before = 0
    for order, (one, some) in enumerate(wanted, start=1):
        folder = made / f"{order:02}_{safe_name(one.institution.name)}"
        section = _section(one, order, before, some, folder)
        before += len(section.parts)
        yield section


def _section(one: Dossier, order: int, before: int, some: _Made, folder: Path) -> Section:
    """Copy the papers of one institution to ``folder`` under their numbers, which go on from ``before``."""
    parts: list[BoundDocument] = []
    missing: list[tuple[str, str]] = []
    for material, pdf in some:
        name = safe_name(material.title)
        if isinstance(pdf, str):
            missing.append((material.title, pdf))
            if material.path is not None and pdf.endswith(APART):
                _copy(material.path, folder / f"附{len(missing):02}_{name}{material.path.suffix}")
            continue
        path, pages = pdf
        target = folder / f"{before + len(parts) + 1:03}_{name}.pdf"
        _copy(path, target)
        original = target if has_signature(target) else None
        parts.append(BoundDocument(material.title, target, pages, digest(target), original, material.dated))
    place = " ".join(filter(None, (district_name(one.institution.district), one.institution.town)))
    return Section(str(order), place, one.institution.name, (), tuple(parts), tuple(missing))


def _copy(source: Path, target: Path) -> None:
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)


def _papers(sections: Sequence[Section], made: Path) -> Iterator[FiledPaper]:
    order = 0
    for section, parts in zip(sections, placed(sections), strict=True):
        for one in parts:
            order += 1
            path = one.part.path.relative_to(made).as_posix()
            facts = (one.part.title, one.part.dated, one.part.length, one.page, one.part.sha256, path, "")
            yield FiledPaper(section.subject, order, *facts)
        for title, why in section.missing:
            yield FiledPaper(section.subject, 0, title, "", 0, 0, "", "", why)


def _planned(wanted: Sequence[tuple[Dossier, Sequence[Material]]]) -> Iterator[FiledPaper]:
    for one, some in wanted:
        for material in some:
            yield FiledPaper(one.institution.name, 0, material.title, material.dated, 0, 0, "", "", material.why)


def _absent(some: Sequence[Material]) -> Iterator[str]:
    for one in some:
        if one.why:
            yield f"缺{one.title}：{one.why}"
        elif one.row is not None:
            yield f"缺签字扫描件：{one.title.partition('（')[0]}"


def _sheet(office: OfficeSession, one: Dossier, gaps: Sequence[str], year: int) -> bytes:
    own = office.workspace.templates / FORM
    data = read_bytes(own) if own.is_file() else (files("yiyu.templates") / FORM).read_bytes()
    return compile_template(data, name=FORM).fill(_context(office, one, gaps, year))


def _context(office: OfficeSession, one: Dossier, gaps: Sequence[str], year: int) -> dict[str, object]:
    return {
        "年度": year,
        "截至": chinese_date(office.today),
        "机构": {"名称": one.institution.name, "简况": _brief(one)},
        "协议": [
            {
                "编号": status.agreement.number,
                "类型": VARIANT_LABEL[status.agreement.variant],
                "对方": _other_sides(status, one.institution.id),
                "起止": f"{status.agreement.starts_on} 至 {status.ends_on}",
                "状态": SIGNING_LABEL[status.state.signing] if status.unsigned else FORCE_LABEL[status.force],
            }
            for status in one.agreements
        ],
        "事项": [
            {
                "事项": row.title,
                "时段": read_period(row.period).title.removeprefix(f"{year}年") or "全年",
                "最迟": str(row.due_by),
                "次数": f"{row.done}/{row.needed}",
                "状态": STATE_LABEL[row.state],
                "说明": row.reason or row.activity,
            }
            for row in one.duties
        ],
        "活动": [
            {
                "日期": str(listed.activity.on),
                "编号": listed.activity.number,
                "形式": listed.activity.form,
                "人员": "、".join(person.name for person in listed.activity.people),
                "材料": "、".join(EVIDENCE_LABEL[kept.kind] for kept in listed.activity.evidence)
                + (f"（{'、'.join(listed.lacking)}）" if listed.lacking else ""),
            }
            for listed in one.activities
        ],
        "问题": [
            {
                "问题": found.finding.problem,
                "要求": found.finding.demand,
                "期限": str(found.finding.due_on or ""),
                "状态": FINDING_LABEL[found.state],
                "活动": found.listed.activity.number,
            }
            for found in one.findings
        ],
        "缺口": list(gaps),
    }


def _other_sides(status: AgreementStatus, own: int) -> str:
    return "、".join(party.facts.name for party in status.agreement.parties if party.institution_id != own)


def _brief(one: Dossier) -> str:
    """What an inspector asks first; what is not known is left out."""
    facts = one.institution
    told = [district_name(facts.district), facts.town, f"统一社会信用代码 {facts.code}" if facts.code else ""]
    if facts.kind is Kind.CHILDCARE:
        filed = f"已备案（{facts.filed_on}）" if facts.filed_on else "已备案"
        told += [filed if facts.filed else "未备案", {True: "普惠", False: "非普惠", None: ""}[facts.inclusive]]
        told += [f"{label} {value}" for label, value in (("托位", facts.places), ("在托", facts.enrolled)) if value]
    else:
        told.append(facts.category)
    return "；".join(filter(None, told)) + "。"
