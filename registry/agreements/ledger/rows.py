"""What the registry says of one agreement, by field of the ledger."""

from collections.abc import Sequence

from yiyu.registry.agreements.ledger.columns import SIDES
from yiyu.registry.lifecycle import Event
from yiyu.registry.rules.copies import PLACES, UNPRINTED, balance, notice_by
from yiyu.registry.rules.districts import district_name
from yiyu.registry.store.standings import AgreementStatus

REMARK = "remark"
"""Key in the data of the event 起草 under which an imported agreement keeps its 备注."""


def ledger_values(standing: AgreementStatus, events: Sequence[Event]) -> dict[str, object]:
    """Values by field of :data:`yiyu.registry.agreements.ledger.columns.COLUMNS`; ``events`` are all of the agreement."""
    one, state = standing.agreement, standing.state
    first = min((event for event in events if event.kind == "drafted"), key=lambda event: event.id)
    childcare = one.childcare.facts
    values: dict[str, object] = {
        "number": one.number,
        "district": district_name(one.district),
        "medical_category": one.medical.facts.category,
        "childcare_filed": "未备案" if "unfiled" in standing.flags else "已备案",
        "variant": one.variant,
        "mode": one.mode,
        "drafted_on": first.on,
        "signed_on": state.signed_on,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "months": one.months,
        "extended_to": state.extended_to,
        "renewal": one.renewal,
        "notice_days": one.notice_days,
        "notice_by": notice_by(standing.ends_on, one.notice_days),
        "renews": one.renews,
        "signing": state.signing,
        "seam": state.seam if state.sealed else None,
        "copies": one.copies,
        "copies_at": _places(one.copies, events),
        "filing": state.filing,
        "force": standing.force,
        "ended_on": state.terminated_on or state.voided_on,
        "contact": childcare.contact,
        "phone": childcare.phone,
        "remark": first.data.get(REMARK, ""),
    }
    parties = {party.role: party.facts for party in one.parties}
    for role, side in SIDES.items():
        values |= {
            side: parties[role].name if role in parties else "",
            f"{side}_code": parties[role].code if role in parties else "",
            f"signed_{side}": state.signed.get(role),
            f"sealed_{side}": state.sealed.get(role),
        }
    return values


def _places(copies: int, events: Sequence[Event]) -> str:
    """Where the originals are, once any has been printed."""
    places = balance(copies, events)
    return "" if places[UNPRINTED] == copies else "，".join(f"{PLACES[at]}{n}" for at, n in places.items() if n)
