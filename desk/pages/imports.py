"""A workbook dropped: looked at as a long work, shown as a table, written as far as it was ticked; and every import so far."""

from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.bringing import FORMS, SUBJECT_LABEL, Brought, bring, failures
from yiyu.desk.drafts import Asked, Draft, draft_of, drop, keep
from yiyu.desk.tables import listing
from yiyu.desk.uploads import files_of, forget, received, told_by_name
from yiyu.desk.works import Act, Outcome, Progressing
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.imports.commands import IMPORT_FIELDS, row_of, undone_told
from yiyu.registry.imports.telling import tell_workbook
from yiyu.registry.imports.undoing import list_imports, undo_import
from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.known_layouts import AUTO, NONE, known_layouts
from yiyu.registry.model import KIND_LABEL
from yiyu.registry.workbooks.previews import (
    FATE_LABEL,
    Choice,
    Fate,
    Leave,
    PreviewLine,
    grouped,
    in_order,
    read_choice,
)

PATH = "/institutions/import"
_GROUPS, _OTHERS = 1000, 300
"""As many groups of lines can be ticked on the page, and as many of each other fate are shown; a workbook has all."""
_MAPPED = 30
"""As many unknown headings are asked for."""
_CLASS = {
    Fate.NEW: "new", Fate.FILLED: "new", Fate.CHANGED: "changed", Fate.IN_DOUBT: "wrong", Fate.UNDOES_EDIT: "conflict",
    Fate.SAME_NAME: "conflict", Fate.SAME_CODE: "conflict",
}  # fmt: skip
"""How a line looks, by what becomes of it; others as the rest."""
_TOLD_ELSEWHERE = (Fate.IN_DOUBT, Fate.UNREAD)
"""Told on the page as what is wrong, and above as what was not read."""
_LONGEST_ID = 15


def ask(asking: Asking) -> Response:
    """The frame to drop a workbook into."""
    return asking.page("import.html", subjects=SUBJECT_LABEL, kinds=KIND_LABEL, layouts=_layouts(), fault="")


def drop_in(asking: Asking) -> Response:
    """Keep the file and look at it."""
    root = asking.desk.workspace.root
    try:
        files = asking.files("file")
        if len(files) > 1:
            raise BadInput("一次只能看一个工作簿的预览", remedy="请逐个放进来")
        key = received(root, files)
    except UserError as error:
        said = {"subjects": SUBJECT_LABEL, "kinds": KIND_LABEL, "layouts": _layouts(), "fault": str(error)}
        return asking.page("import.html", status=422, **said)
    return _look(asking, Draft(key, asking.person.id, files_of(root, key)[0].name, _asked(asking)))


def show(asking: Asking) -> Response:
    """What the preview found, or why there is none; what can be ticked; the file looked at once more, otherwise."""
    draft = _own(asking)
    groups: dict[str, list[PreviewLine]] = grouped(draft.lines)
    rest = [line for line in draft.lines if not line.waits and line.fate not in _TOLD_ELSEWHERE]
    return asking.page(
        "import_preview.html", draft=draft, groups=groups, rest=rest, subjects=SUBJECT_LABEL, kinds=KIND_LABEL,
        fields={name: column.heading for name, column in COLUMNS.items()}, mapped=_mapped(draft), labels=FATE_LABEL,
        classes=_CLASS, layouts=_layouts(),
    )  # fmt: skip


def again(asking: Asking) -> Response:
    """Look at the file once more, with what was said of it now."""
    draft = _own(asking)
    return _look(asking, Draft(draft.key, draft.owner, draft.name, _asked(asking)))


def apply(asking: Asking) -> Response:
    """Write what is new, what fills blanks, and of the rest what was ticked here or in the preview's workbook."""
    draft = _own(asking)
    leave = _leave(asking, draft)
    root, path = asking.desk.workspace.root, files_of(asking.desk.workspace.root, draft.key)[0]

    def act(folder: Path, progress: Progressing) -> Outcome:
        with told_by_name(path), asking.office() as office:
            brought = bring(office, path, draft.subject, draft.asked, folder, progress, leave=leave)
        waiting = len(brought.result.preview.waiting)
        told = [*brought.told, *([f"还有 {waiting} 项等待确认，没有写入"] if waiting else [])]
        if waiting:
            draft.seal = ""
            keep(root, draft)
        else:
            drop(root, draft.key)
        after = (f"{PATH}/{draft.key}", "回到这个文件") if waiting else ("/institutions/imports", "看导入记录")
        return Outcome(told, failures(brought.faults), brought.files, *after)

    return asking.begin(f"导入{draft.name}", act, again=f"{PATH}/{draft.key}")


def list_(asking: Asking) -> Response:
    """Every import so far."""
    with asking.office() as office:
        rows = [row_of(one) for one in list_imports(office)]
    return asking.page("imports.html", found=listing(IMPORT_FIELDS, rows, "/institutions/imports", dict(asking.query)))


def one(asking: Asking) -> Response:
    """One import, and what taking it back would do."""
    key, fault, told = _number(asking.part("id")), "", ""
    with asking.office() as office:
        row = next((row_of(found) for found in list_imports(office) if found.id == key), None)
        try:
            told = undone_told(undo_import(office, key, dry_run=True), dry_run=True)
        except UserError as error:
            if row is None:
                raise
            fault = str(error)
    return asking.page("import_one.html", row=row, columns=IMPORT_FIELDS, told=told, fault=fault)


def undo(asking: Asking) -> Response:
    """Take an import back, as far as nothing rests on it."""
    with asking.office() as office:
        done = undo_import(office, _number(asking.part("id")))
    return asking.go("/institutions/imports", undone_told(done, dry_run=False))


def _look(asking: Asking, draft: Draft) -> Response:
    keep(asking.desk.workspace.root, draft)
    return asking.begin(f"预览{draft.name}", _looking(asking, draft), again=f"{PATH}/{draft.key}")


def _looking(asking: Asking, draft: Draft) -> Act:
    """The work that tells what the file is and tries it; what it found, or why nothing, stays in the draft."""
    root = asking.desk.workspace.root

    def act(folder: Path, progress: Progressing) -> Outcome:
        path = files_of(root, draft.key)[0]
        draft.work = folder.name
        try:
            with told_by_name(path), asking.office() as office:
                told = tell_workbook(path, office.workspace.config.aliases, FORMS, layout=draft.asked.layout or AUTO)
                draft.subject = draft.asked.subject or told.subject or "roster"
                draft.unknown = told.unknown if draft.subject == "roster" else ()
                brought = bring(office, path, draft.subject, draft.asked, folder, progress)
        except UserError as error:
            draft.fault = str(error)
            raise
        finally:
            keep(root, draft)
        _fill(draft, brought)
        keep(root, draft)
        return Outcome(draft.told, (), draft.files, f"{PATH}/{draft.key}", "看预览，选要写入的")

    return act


def _fill(draft: Draft, brought: Brought) -> None:
    preview = brought.result.preview
    lines = in_order(preview.lines)
    shown = list(grouped(lines))[:_GROUPS]
    draft.lines = [line for line in lines if line.waits and line.together in set(shown)]
    for fate in Fate:
        draft.lines += [line for line in lines if not line.waits and line.fate is fate][:_OTHERS]
    draft.counts, draft.told, draft.files, draft.seal = preview.counts, brought.told, brought.files, preview.seal
    faults = brought.faults
    draft.problems, draft.faulty = faults[:_OTHERS], len(faults)


def _leave(asking: Asking, draft: Draft) -> Leave:
    """What may be overwritten. Raises as reading a preview's workbook does."""
    root = asking.desk.workspace.root
    if ticked := asking.files("choice"):
        key = received(root, ticked)
        path = files_of(root, key)[0]
        try:
            with told_by_name(path):
                return Leave(choice=read_choice(path))
        finally:
            forget(root, key)
    if asking.text("leave") == "all":
        return Leave(apply=True)
    groups = grouped(draft.lines)
    keys = [line.key for name in asking.texts("take") for line in groups.get(name, ())]
    return Leave(choice=Choice(draft.seal, frozenset(keys)))


def _layouts() -> dict[str, str]:
    """What the form offers for 表样, besides that the program tells."""
    return {NONE: "只按列名读", **{name: layout.title for name, layout in known_layouts().items()}}


def _asked(asking: Asking) -> Asked:
    fields = [one for one in asking.form.getlist("field") if isinstance(one, str)]
    headings = [*zip(asking.texts("heading"), fields, strict=False)]
    said = {name: asking.text(name) for name in ("subject", "kind", "sheet", "year", "layout")}
    if said["subject"] not in SUBJECT_LABEL:
        said["subject"] = ""
    return Asked(**said, hidden=asking.text("hidden") == "1", headings=headings)


def _mapped(draft: Draft) -> list[tuple[str, str]]:
    """Headings to be explained: those nobody knows, with what was said of them."""
    said = dict(draft.asked.headings)
    return [(heading, said.get(heading, "")) for heading in dict.fromkeys((*draft.unknown, *said))][:_MAPPED]


def _own(asking: Asking) -> Draft:
    return draft_of(asking.desk.workspace.root, asking.part("key"), asking.person.id)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_ID else 0
