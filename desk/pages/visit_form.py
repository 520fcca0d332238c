"""Record one visit: the agreement found by search, people and items as on the last one, photos dropped in."""

from typing import Any

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.access import own_agreements, own_institutions
from yiyu.desk.pages.every_agreement import Row, every_agreement
from yiyu.desk.pages.visit_fields import (
    FINDING_ROWS,
    TEXT_LABEL,
    evidence_of,
    findings_of,
    kept_files,
    names_of,
    values_of,
)
from yiyu.desk.pages.visits import EVERY_FORM
from yiyu.desk.uploads import forget
from yiyu.registry.activities.adding import RecordedActivity, add
from yiyu.registry.activities.adding_commands import told_recorded
from yiyu.registry.activities.remembering import LikelyVisit, likely_visit
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.model import VARIANT_LABEL
from yiyu.registry.rules.activities import COUNTS, FORMS, INDEPENDENT_FORMS, Activity
from yiyu.registry.rules.activity_words import person_text
from yiyu.registry.rules.search import search_keyed
from yiyu.registry.session import OfficeSession

_SHOWN = 30


def ask(asking: Asking) -> Response:
    """The form; without an agreement, the search for one."""
    query = asking.request.query_params
    numbers, institutions = tuple(query.getlist("number")), tuple(query.getlist("institution"))
    return _form(asking, numbers, institutions) if numbers or institutions else _pick(asking)


def record(asking: Asking) -> Response:
    """Record it, its files with it, or nothing; then show it."""
    numbers, institutions = asking.texts("number"), asking.texts("institution")
    kept = kept_files(asking)
    try:
        with asking.office() as office:
            done = _recorded(asking, office, numbers, institutions, kept)
    except UserError as error:
        return _form(asking, numbers, institutions, str(error), kept)
    for key in kept.values():
        forget(asking.desk.workspace.root, key)
    return asking.go(f"/visits/one/{done.listed.activity.number}", *told_recorded(done))


def _recorded(
    asking: Asking, office: OfficeSession, numbers: tuple[str, ...], institutions: tuple[str, ...], kept: dict[str, str]
) -> RecordedActivity:
    if institutions and numbers:
        raise BadInput("协议和机构两样只写一样", remedy="不属于协议的工作只写机构")
    own_institutions(office, institutions) if institutions else own_agreements(office, numbers)
    activity = Activity("", agreements=numbers, findings=findings_of(asking), **values_of(asking))
    return add(
        office, activity, institutions=institutions, evidence=evidence_of(asking, kept), sheet=asking.text("sheet"),
        again=bool(asking.text("again")), force=asking.text("force"),
    )  # fmt: skip


def _pick(asking: Asking) -> Response:
    text = asking.query.get("search", "").strip()
    rows: list[Row] = []
    with asking.office() as office:
        if text:
            every = [one for one in every_agreement(asking, office) if not one.standing.state.ended]
            found = search_keyed(text, every, [one.kept.found_by for one in every])
            rows = [one.row for one in sorted(found, key=lambda one: not one.standing.in_force)[:_SHOWN]]
    return asking.page("visit_pick.html", search=text, rows=rows, forms=INDEPENDENT_FORMS)


def _form(
    asking: Asking,
    numbers: tuple[str, ...],
    institutions: tuple[str, ...],
    fault: str = "",
    kept: dict[str, str] | None = None,
) -> Response:
    with asking.office() as office:
        if numbers:
            own_agreements(office, numbers)
        likely = likely_visit(office, numbers) if numbers else LikelyVisit((), None, (), ())
        today = office.today
    return asking.page(
        "visit_form.html",
        status=422 if fault else 200,
        fault=fault,
        likely=likely,
        institutions=institutions,
        today=today,
        filled=_filled(asking, likely, str(today)),
        forms=FORMS if numbers else INDEPENDENT_FORMS,
        counts=COUNTS,
        texts=TEXT_LABEL,
        finding_rows=range(1, FINDING_ROWS + 1),
        person_text=person_text,
        variants=VARIANT_LABEL,
        kept=kept or {},
        names=names_of(asking, kept or {}),
        sheet=asking.text("sheet") or asking.query.get("sheet", ""),
    )


def _filled(asking: Asking, likely: LikelyVisit, today: str) -> dict[str, Any]:
    """What stands in the form: as typed, else as the last visit was."""
    if asking.form:
        typed = {name: asking.text(name) for name in asking.form}
        return typed | {"people": asking.texts("person"), "items": asking.texts("item")}
    last, asked = likely.last, asking.query
    told = {
        "on": asked.get("on") or today,
        "form": asked.get("form") or (last.form if last else EVERY_FORM[0]),
        "people": [person_text(one) for one in likely.people],
        "items": asked.get("item", "").split() or (list(last.items) if last else []),
    }
    hours = {"starts": last.starts, "ends": last.ends} if last else {}
    return told | {name: f"{at:%H:%M}" for name, at in hours.items() if at} | {"place": last.place if last else ""}
