"""督导材料: every paper that is there is in it as it is, and every one that is not is named with the reason."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pypdf
import pytest
from build import TODAY, opened
from PIL import Image

from yiyu.docgen.reports.dossier import LIST, WHOLE, DossierMade, make_dossier
from yiyu.registry.activities.adding import add
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.model import Kind
from yiyu.registry.reports.dossiers import dossiers
from yiyu.registry.rules.activities import Activity, Finding
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.standings import standings


class Made(NamedTuple):
    session: OfficeSession
    name: str
    numbers: list[str]
    folder: Path
    dossier: DossierMade


@pytest.fixture(scope="module")
def made(season: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Of an institution with one agreement signed and one not: a visit with a photo, a paper of no known kind, a finding.

    The file of one generated document is gone.
    """
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    folder = tmp_path_factory.mktemp("dossier")
    office = Path(shutil.copytree(season, folder / "office"))
    Image.new("RGB", (60, 40), "white").save(folder / "照片.jpg")
    (folder / "课件.zip").write_bytes(b"PK" + bytes(40))
    with opened(office) as session:
        signed = next(one for one in standings(session.db, TODAY) if one.in_force)
        child = signed.agreement.childcare.institution_id
        numbers = [
            one.agreement.number
            for one in standings(session.db, TODAY)
            if child in (party.institution_id for party in one.agreement.parties)
        ]
        problem = Finding("晨检记录不全", "补齐", TODAY)
        visit = Activity("", TODAY, "上门指导", (signed.agreement.number,), (), findings=(problem,))
        add(session, visit, evidence=[str(folder / "照片.jpg"), f"材料={folder / '课件.zip'}"], again=True)
        next(office.glob(f"output/*/*/{signed.agreement.number}_服务项目清单*")).unlink()
        name = signed.agreement.childcare.facts.name
        yield Made(session, name, numbers, folder / "督导", make_dossier(session, [name], folder / "督导"))


def test_the_folder_holds_what_its_list_says_and_the_list_all_of_it(made: Made) -> None:
    listed = dict(reversed(line.split("  ", 1)) for line in (made.folder / LIST).read_text("utf-8").splitlines())
    for path, digest in listed.items():
        assert hashlib.sha256((made.folder / path).read_bytes()).hexdigest() == digest
    there = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*.pdf")}
    assert set(listed) == there == {one.path for one in made.dossier.papers if one.path} | {WHOLE}
    assert listed[WHOLE] == made.dossier.sha256


def test_the_catalogue_numbers_dates_and_hashes_each_paper_where_it_stands(made: Made) -> None:
    reader = pypdf.PdfReader(made.folder / WHOLE)
    papers = [one for one in made.dossier.papers if one.order]
    assert [one.order for one in papers] == list(range(1, len(papers) + 1))
    assert len(reader.pages) == made.dossier.pages == 2 + sum(one.pages for one in papers)
    catalogue = reader.pages[1].extract_text().replace("\n", "")
    for one in papers:
        assert one.sha256[:12] in catalogue
        assert one.dated in catalogue
        assert Path(one.path).name.startswith(f"{one.order:03}_")
        alone = pypdf.PdfReader(made.folder / one.path)
        assert len(alone.pages) == one.pages
        assert reader.pages[1 + one.page].extract_text() == alone.pages[0].extract_text()
    titles = " ".join(one.title for one in papers)
    assert all(f"合作协议书 {number}" in titles for number in made.numbers)
    assert "照片 HD-2026-0001 上门指导" in titles


def test_what_is_not_there_is_named_with_the_reason(made: Made) -> None:
    catalogue = pypdf.PdfReader(made.folder / WHOLE).pages[1].extract_text()
    missing = {one.title: one.why for one in made.dossier.papers if not one.order}
    assert len(missing) == 2
    for title, why in missing.items():
        assert title.split()[0] in catalogue
        assert why[:6] in catalogue
    assert missing["材料 HD-2026-0001 上门指导"] == ".zip 文件不能转成 PDF，原件另附"
    (beside,) = made.folder.rglob("附*.zip")
    assert beside.read_bytes() == b"PK" + bytes(40)


def test_the_sheet_tells_duties_visits_findings_and_gaps(made: Made) -> None:
    first = next(one for one in made.dossier.papers if one.order == 1)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(made.folder / first.path).pages).replace("\n", "")
    assert made.name in text
    assert "HD-2026-0001" in text
    assert "晨检记录不全" in text
    assert "第一季度" in text
    assert not re.search(rf"{TODAY.year}[QH]\d", text + "".join(made.dossier.gaps[made.name]))
    (found,) = dossiers(made.session, [made.name], "", year=TODAY.year)
    gaps = made.dossier.gaps[made.name]
    assert set(found.gaps()) < set(gaps)
    assert any(row.state == "missed" for row in found.duties)
    assert len([gap for gap in gaps if "还差 1 次" in gap]) >= sum(row.state == "missed" for row in found.duties)
    assert any("照片缺 1 张" in gap for gap in gaps)
    assert any("问题没有复查：晨检记录不全" in gap for gap in gaps)
    assert any(gap.startswith("缺签字扫描件：合作协议书") for gap in gaps)


def test_a_folder_that_is_there_or_lies_in_the_archive_is_refused(made: Made) -> None:
    with pytest.raises(BadInput, match="已经存在"):
        make_dossier(made.session, [made.name], made.folder)
    with pytest.raises(BadInput, match="archive"):
        make_dossier(made.session, [made.name], made.session.workspace.root / "archive" / "督导")


def test_a_dry_run_of_a_district_lists_every_institution_and_writes_nothing(made: Made, tmp_path: Path) -> None:
    planned = make_dossier(made.session, [], tmp_path / "新", district="150602", dry_run=True)
    open_ = [
        one.name
        for one in all_institutions(made.session.db, TODAY)
        if one.kind is Kind.CHILDCARE and one.district == "150602" and one.open_on(TODAY)
    ]
    assert sorted(planned.gaps) == sorted(open_)
    assert list(tmp_path.iterdir()) == []
    without = [name for name in open_ if "本年没有协议" in planned.gaps[name]]
    assert {one.institution for one in planned.papers} == set(open_) - set(without)


def test_an_institution_nobody_knows_is_not_found_and_none_said_is_refused(made: Made, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        make_dossier(made.session, ["没有的托育中心"], tmp_path / "新")
    with pytest.raises(BadInput, match="没有说"):
        make_dossier(made.session, [], tmp_path / "新")
