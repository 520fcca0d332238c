"""The one builder of offices for tests, and the one day on which tests run.

Words used by every test: ``office`` is the folder of a workspace, ``session`` one that is open, ``season`` an office in
which the demonstration's season has been played. Who needs more in it adds it and names the fixture for what it added.
"""

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from click.testing import CliRunner, Result

from yiyu.cli import main
from yiyu.docgen.demonstration import play_season
from yiyu.registry.config import load_workspace
from yiyu.registry.model import Institution, Kind
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.offices.below import with_offices_below
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.opening import changing, open_registry

CLOCK = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
"""A Sunday morning in China, at which the clock of every test stands when it begins."""
TODAY = CLOCK.date()
NOW = CLOCK.isoformat()
ACTOR = "王某某"

MEDICAL = (
    Institution(Kind.MEDICAL, "东胜区妇幼保健院", "121506021141432612", category="妇幼保健院", district="150602"),
    Institution(
        Kind.MEDICAL, "东胜区兴胜社区卫生服务中心", "12150602MA6751143B", category="社区卫生服务中心", district="150602"
    ),
    Institution(Kind.MEDICAL, "东胜区林荫苏木卫生院", "12150602713715954N", category="苏木卫生院", district="150602"),
    Institution(Kind.MEDICAL, "鄂托克旗妇幼保健院", "12150624MA6136212U", category="妇幼保健院", district="150624"),
)
CHILDCARE = (
    Institution(
        Kind.CHILDCARE, "东胜区甲托育中心", "521506027795605297", district="150602", filed=True, places=60, enrolled=50
    ),
    Institution(Kind.CHILDCARE, "东胜区乙托育中心", "52150602895390563H", district="150602", filed=True),
    Institution(Kind.CHILDCARE, "东胜区丙托育中心", "52150602890495024U", district="150602"),
    Institution(Kind.CHILDCARE, "鄂托克前旗丁托育中心", "52150602400741887W", district="150623", filed=True),
)
INSTITUTIONS = (*MEDICAL, *CHILDCARE)


def new_office(folder: Path, institutions: Iterable[Institution] = INSTITUTIONS) -> Path:
    """A workspace of the pack of Ordos with these institutions, entered an hour before the clock."""
    make_workspace(folder, pack="ordos", region="150600")
    with opened(folder) as session, changing(session.db):
        for institution in institutions:
            entered = (CLOCK - dt.timedelta(hours=1)).isoformat()
            add_institution(session.db, institution, recorded_at=entered, source="测试")
    return folder


def new_season(folder: Path) -> Path:
    """A workspace in which the first season of the demonstration has been played, up to TODAY."""
    make_workspace(folder, pack="ordos", region="150600")
    play_season(folder, today=TODAY, now=NOW, actor=ACTOR)
    return folder


@contextlib.contextmanager
def opened(office: Path, *, now: dt.datetime = CLOCK, actor: str = ACTOR) -> Iterator[OfficeSession]:
    """A session of that office at that moment."""
    workspace = load_workspace(office)
    with open_registry(workspace.registry_path) as db:
        yield with_offices_below(OfficeSession(workspace, db, now.date(), now.isoformat(), actor))


def invoke(*arguments: object) -> Result:
    """Run the command line in this process; what is no refusal of ours is raised."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
