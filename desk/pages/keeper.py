"""保管: backup, check, a look at the machine, the log and its head."""

from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.tables import save_listing
from yiyu.desk.works import Outcome, Progressing
from yiyu.docgen.archive.check_commands import FAULT_FIELDS, fault_row, what_to_do
from yiyu.docgen.archive.paper_text import texts_of
from yiyu.docgen.documents.doctor import look_at_machine
from yiyu.docgen.documents.doctor_commands import LABEL, STATE_LABEL, look_at_office, plugin_findings
from yiyu.registry.office.backing_up import back_up
from yiyu.registry.office.backup_commands import told_of_backup
from yiyu.registry.office.backups import backups_in
from yiyu.registry.office.integrity import check as check_workspace
from yiyu.registry.office.integrity import read_log
from yiyu.registry.office.integrity_commands import LOG_FIELDS, log_row
from yiyu.registry.store.row_changes import head

_LOGGED = 200
_EXPORTED = 100_000


def show(asking: Asking) -> Response:
    """Where a keeper begins: the newest backups, and the ways on."""
    workspace = asking.desk.workspace
    with asking.office() as office:
        reached = head(office.db)
    newest = sorted(backups_in(workspace.backups), key=lambda one: one.path.name, reverse=True)[:5]
    return asking.page(
        "keeper.html",
        reached=reached,
        backups=[one.path.name for one in newest],
        folder=workspace.named(workspace.backups),
    )


def backup(asking: Asking) -> Response:
    """Make one, with the files where that is ticked."""
    whole = asking.text("with_files") == "1"

    def act(_folder: Path, progress: Progressing) -> Outcome:
        with asking.office() as office:
            done = back_up(office, with_files=whole, progress=progress)
            return Outcome(list(told_of_backup(office.workspace, done)), next_page="/keeper", next_label="回到保管")

    return asking.begin("备份（连同文件）" if whole else "备份登记库", act, again="/keeper")


def check(asking: Asking) -> Response:
    """Hold the registry, its chain and all files against what was recorded; beside it, a head or file named."""
    against = asking.text("against")

    def act(folder: Path, progress: Progressing) -> Outcome:
        with asking.office() as office:
            found = check_workspace(office, against=against, texts_of=texts_of, progress=progress)
        rows = [fault_row(one) for one in found.faults]
        if not rows:
            told = f"核对无误：{found.events} 条记录、{found.files} 个文件都是登记时的样子；链头 {found.head}"
            return Outcome([told], next_page="/keeper", next_label="回到保管")
        save_listing(folder / "核对结果.xlsx", "核对结果", FAULT_FIELDS, rows)
        failed = [(f"{row['label']} {row['place']}", str(row["message"])) for row in rows]
        return Outcome([f"核对发现 {len(rows)} 处问题；{what_to_do(found)}"], failed, ["核对结果.xlsx"])

    return asking.begin("核对", act, again="/keeper")


def doctor(asking: Asking) -> Response:
    """The findings of ``doctor``, the pressing ones first."""
    found = [*look_at_office(asking.desk.workspace, asking.office), *look_at_machine(), *plugin_findings()]
    found.sort(key=lambda one: list(STATE_LABEL).index(one.state), reverse=True)
    return asking.page(
        "doctor.html", found=found, labels=LABEL, states={state: label.strip() for state, label in STATE_LABEL.items()}
    )


def log(asking: Asking) -> Response:
    """Who did what when, the newest first."""
    with asking.office() as office:
        found, broken = read_log(office, _LOGGED)
    return asking.page(
        "log.html",
        columns=LOG_FIELDS,
        rows=list(map(log_row, found)),
        fault=str(broken or ""),
    )


def export(asking: Asking) -> Response:
    """The log as a workbook."""
    with asking.office() as office:
        rows = list(map(log_row, read_log(office, _EXPORTED)[0]))
    return written("操作记录.xlsx", lambda path: save_listing(path, "操作记录", LOG_FIELDS, rows))
