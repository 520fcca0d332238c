"""活动记录表: prefilled for what is due, as one PDF to print; and the scan of one that came home."""

from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking, inline
from yiyu.desk.pages.access import own_agreements
from yiyu.desk.works import Outcome, Progressing
from yiyu.docgen.documents.record_sheets import SheetResult, make_sheets
from yiyu.registry.activities.commands import PERIOD
from yiyu.registry.activities.listing import waiting_sheets
from yiyu.registry.errors import NotFound, UserError

_FILE = "活动记录表.pdf"


def ask(asking: Asking) -> Response:
    """For which agreements and which period."""
    return _form(asking)


def make(asking: Asking) -> Response:
    """Make them: a long work, whose file is then fetched."""
    numbers = tuple(asking.text("numbers").replace("，", " ").replace("、", " ").split())
    try:
        period = asking.read("period", PERIOD, "时段")
        with asking.office() as office:
            if numbers:
                own_agreements(office, numbers)
    except UserError as error:
        return _form(asking, str(error))
    due = bool(asking.text("due")) or not asking.text("numbers")

    def act(folder: Path, progress: Progressing) -> Outcome:
        with asking.office() as own:
            folder.mkdir(parents=True, exist_ok=True)
            made = make_sheets(
                own,
                numbers,
                period=period.text if period else None,
                due=due,
                print_to=folder / _FILE,
                progress=progress,
            )
        return _told(made, folder / _FILE)

    return asking.begin("做活动记录表", act, again="/visits/sheets")


def scan(asking: Asking) -> Response:
    """The scan of a record sheet that waits to be entered."""
    number, version = asking.part("number"), asking.part("version")
    with asking.office() as office:
        found = [one for one in waiting_sheets(office) if one.number == number and str(one.version) == version]
    if not found:
        raise NotFound(f"没有待补录的活动记录表“{number} v{version}”", remedy="请从“待补录”里重新选择")
    return inline(asking.desk.workspace.root / found[0].scan, "application/pdf")


def _form(asking: Asking, fault: str = "") -> Response:
    return asking.page("sheets.html", status=422 if fault else 200, fault=fault)


def _told(made: SheetResult, path: Path) -> Outcome:
    new = sum(one.new for one in made.sheets)
    kept = len(made.sheets) - new
    line = (
        f"已做 {new} 张活动记录表" + (f"，原有未用的 {kept} 张" if kept else "")
        if made.sheets
        else "没有应做而未做的事项"
    )
    failed = [(one.subject, one.message) for one in made.failed]
    files = [path.name] if path.is_file() else []
    return Outcome([line], failed, files, "/visits/waiting", "看待补录的")
