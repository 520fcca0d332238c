import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiyu.registry.config import load_workspace
from yiyu.registry.model import Institution, Kind
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institutions import add_institution
from yiyu.registry.store.opening import changing, open_registry

TODAY = dt.date(2026, 11, 22)

OFFICE = (
    Institution(Kind.MEDICAL, "东胜区妇幼保健院", "121506021141432612", category="妇幼保健院", district="150602"),
    Institution(
        Kind.MEDICAL, "东胜区兴胜社区卫生服务中心", "12150602MA6751143B", category="社区卫生服务中心", district="150602"
    ),
    Institution(Kind.MEDICAL, "东胜区林荫苏木卫生院", "12150602713715954N", category="苏木卫生院", district="150602"),
    Institution(Kind.MEDICAL, "鄂托克旗妇幼保健院", "12150624MA6136212U", category="妇幼保健院", district="150624"),
    Institution(
        Kind.CHILDCARE, "东胜区甲托育中心", "521506027795605297", district="150602", filed=True, places=60, enrolled=50
    ),
    Institution(Kind.CHILDCARE, "东胜区乙托育中心", "52150602895390563H", district="150602", filed=True),
    Institution(Kind.CHILDCARE, "东胜区丙托育中心", "52150602890495024U", district="150602"),
    Institution(Kind.CHILDCARE, "鄂托克前旗丁托育中心", "52150602400741887W", district="150623", filed=True),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[OfficeSession]:
    """An office on TODAY with four medical and four childcare institutions, one of them not filed."""
    make_workspace(tmp_path / "office", pack="ordos", region="150600")
    workspace = load_workspace(tmp_path / "office")
    with open_registry(workspace.registry_path) as db:
        with changing(db):
            for one in OFFICE:
                add_institution(db, one, recorded_at="2026-11-22T08:00:00+08:00", source="测试")
        yield OfficeSession(workspace, db, TODAY, "2026-11-22T09:00:00+08:00", "王某某")
