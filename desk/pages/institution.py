"""One institution on a page: what is known of it, its agreements, what is missing, what happened to it and when that was told."""

import datetime as dt
from collections.abc import Sequence

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages import seen
from yiyu.desk.pages.access import own_district, own_institution
from yiyu.desk.pages.entering import entered_values, fields_of, typed
from yiyu.desk.pages.every_agreement import day_asked, districts_of
from yiyu.registry.agreements.commands import FIELDS as AGREEMENT_FIELDS
from yiyu.registry.agreements.commands import row_of as agreement_row
from yiyu.registry.agreements.listing import agreements_with
from yiyu.registry.commands.options import DATE
from yiyu.registry.errors import UserError
from yiyu.registry.institutions.commands import described, edited_rows, edited_told
from yiyu.registry.institutions.editing import EditedInstitution, edit_institution
from yiyu.registry.institutions.gap_commands import row_of as gap_row
from yiyu.registry.institutions.gaps import gaps_of
from yiyu.registry.institutions.histories import institution_history
from yiyu.registry.institutions.history_commands import HISTORY_FIELDS
from yiyu.registry.institutions.history_commands import row_of as history_row
from yiyu.registry.model import KIND_LABEL, Institution
from yiyu.registry.session import OfficeSession

_OWN = ("number", "variant_label", "starts_on", "ends_on", "signing_label", "sealing_label", "force_label")


def show(asking: Asking) -> Response:
    """All of it, as of today or the day asked for."""
    with asking.office(day_asked(asking)) as office:
        one = own_institution(office, asking.part("id"))
        agreements = [agreement_row(found) for found in agreements_with(office, one.id)]
        history = [history_row(entry) for entry in institution_history(office, one.id)]
        gap = gaps_of(office, [one])[0]
    columns = [column for column in AGREEMENT_FIELDS if column.key in _OWN]
    return asking.page(
        "institution.html", one=one, kind=KIND_LABEL[one.kind], lines=described(one), gap=gap, missing=gap_row(gap),
        agreements=agreements, columns=columns, history=history, history_columns=HISTORY_FIELDS,
        day=asking.query.get("as_of", ""),
    )  # fmt: skip


def ask(asking: Asking) -> Response:
    """The form with what is known now; ``only=gap``: with what is missing only."""
    with asking.office() as office:
        return _form(asking, office, own_institution(office, asking.part("id")))


def change(asking: Asking) -> Response:
    """Write what was typed otherwise than it stood, from a day on or as a correction; or say why not."""
    with asking.office() as office:
        one = own_institution(office, asking.part("id"))
        if seen.told_since(asking, office, institutions=[one.id]):
            return _form(asking, office, one, changed=_since(asking, office, one))
        try:
            done = _changed(asking, office, one)
        except UserError as error:
            return _form(asking, office, one, str(error))
        said = [*edited_told(done, office.today, dry_run=False)]
    if done.agreements:
        numbers = "、".join(live.number for live in done.agreements)
        said.append(f"还有 {len(done.agreements)} 份没有结束的协议，请逐份处理：{numbers}")
    said[1:1] = [f"{row['label']}：{row['old']} → {row['new']}" for row in edited_rows(done)]
    return asking.go(f"/institutions/one/{one.id}", *said)


def _changed(asking: Asking, office: OfficeSession, one: Institution) -> EditedInstitution:
    values = entered_values(asking, one)
    if "district" in values:
        own_district(office, values["district"])
    from_day: dt.date | None = asking.read("from_day", DATE, "从哪一天起")
    return edit_institution(office, one.id, values, from_day=from_day, correct=asking.text("how") == "correct")


def _since(asking: Asking, office: OfficeSession, one: Institution) -> list[str]:
    """What others changed since the form was shown, with the values."""
    later = [
        entry
        for entry in institution_history(office, one.id)
        if entry.event.id > int(asking.text(seen.FIELD)) and entry.event.actor != asking.person.name
    ]
    rows = map(history_row, later)
    return [f"{row['label']} {row['text']}（{row['actor']} 于 {str(row['recorded_at'])[11:16]} 录入）" for row in rows]


def _form(
    asking: Asking, office: OfficeSession, one: Institution, fault: str = "", changed: Sequence[str] = ()
) -> Response:
    only = asking.query.get("only") or asking.text("only")
    gap = gaps_of(office, [one])[0] if only == "gap" else None
    fields = fields_of(one.kind, one, gap.fields if gap else None)
    return asking.page(
        "institution_form.html",
        status=422 if fault else 409 if changed else 200,
        one=one,
        kind=KIND_LABEL[one.kind],
        fields=fields,
        entered=typed(asking, fields) | {name: asking.text(name) for name in ("how", "from_day")},
        parked=gap.parked if gap else {},
        only=only,
        districts=districts_of(office),
        seen=seen.mark(office),
        changed=changed,
        today=office.today,
        fault=fault,
    )
