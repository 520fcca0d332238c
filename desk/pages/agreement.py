"""One agreement on a page: parties, term, the three axes as a timeline, documents, history, and what can be done next."""

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.access import own_agreements
from yiyu.registry.agreements.commands import EVENT_FIELDS, described, row_of
from yiyu.registry.agreements.listing import show_agreement
from yiyu.registry.agreements.steps import history
from yiyu.registry.lifecycle import EVENT_LABEL


def show(asking: Asking) -> Response:
    """The whole of it, as of today."""
    number = asking.part("number")
    with asking.office() as office:
        own_agreements(office, [number])
        dossier = show_agreement(office, number)
        events = history(office, number)
    return asking.page(
        "agreement.html", number=number, dossier=dossier, row=row_of(dossier.standing), lines=described(dossier),
        events=events, labels=EVENT_LABEL, columns=EVENT_FIELDS,
    )  # fmt: skip
