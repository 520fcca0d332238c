"""Correct an activity that was recorded wrongly: the form as it stands, and a reason."""

from collections.abc import Sequence

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.seen import mark
from yiyu.desk.pages.visit import news_of
from yiyu.desk.pages.visit_fields import TEXT_LABEL, values_of
from yiyu.registry.activities.commands import row_of
from yiyu.registry.activities.editing import edit
from yiyu.registry.activities.evidence_commands import told_edited
from yiyu.registry.activities.listing import Listed, show_activity
from yiyu.registry.activities.matching import Items
from yiyu.registry.commands.options import TEXT
from yiyu.registry.errors import UserError
from yiyu.registry.rules.activities import COUNTS, FORMS, INDEPENDENT_FORMS
from yiyu.registry.rules.activity_words import person_text


def ask(asking: Asking) -> Response:
    """The form as the activity stands."""
    return _form(asking, asking.part("number"))


def record(asking: Asking) -> Response:
    """Correct it; where somebody else changed it since the form was shown, say what first."""
    number = asking.part("number")
    try:
        with asking.office() as office:
            listed, _ = show_activity(office, number)
            if news := news_of(asking, office, listed):
                return _form(asking, number, news=news)
            values = values_of(asking)
            if values["starts"] and values["ends"] and listed.activity.minutes:
                values["minutes"] = None  # hours say more than a length
            done = edit(
                office,
                number,
                values,
                reason=asking.needed("reason", TEXT, "更正的原因"),
                again=bool(asking.text("again")),
            )
    except UserError as error:
        return _form(asking, number, str(error))
    return asking.go(f"/visits/one/{number}", *told_edited(done))


def _form(asking: Asking, number: str, fault: str = "", news: Sequence[str] = ()) -> Response:
    with asking.office() as office:
        listed, _ = show_activity(office, number)
        seen = mark(office)
        names = Items(office).names(dict.fromkeys(one.pack for one in listed.agreements))
        today = office.today
    return asking.page(
        "visit_edit.html",
        status=422 if fault or news else 200,
        fault=fault,
        news=news,
        mark=seen,
        row=row_of(listed),
        number=number,
        today=today,
        filled=_filled(asking, listed),
        items=names,
        forms=FORMS if listed.agreements else INDEPENDENT_FORMS,
        counts=COUNTS,
        texts=TEXT_LABEL,
    )


def _filled(asking: Asking, listed: Listed) -> dict[str, object]:
    """What stands in the form: as typed, else as recorded."""
    if asking.form:
        typed: dict[str, object] = {name: asking.text(name) for name in asking.form}
        return typed | {"items": asking.texts("item")}
    one = listed.activity
    texts: dict[str, object] = {name: getattr(one, name) for name in TEXT_LABEL}
    hours = {"starts": one.starts, "ends": one.ends}
    return texts | {
        "on": str(one.on),
        "form": one.form,
        **{name: f"{at:%H:%M}" for name, at in hours.items() if at},
        **{f"count_{name}": number for name, number in one.counts.items()},
        "signed_in": "" if one.signed_in is None else one.signed_in,
        "more_people": "\n".join(map(person_text, one.people)),
        "items": list(one.items),
    }
