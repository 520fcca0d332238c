"""What of a registry an office hands up, column by column, and what stays, with the reason (decision 43).

A table or column that is named in neither place fails a test: whoever adds one decides.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Treatment(StrEnum):
    """What becomes of a column where contacts do not travel along; ``AS_IS`` it is the same then, too."""

    AS_IS = "as-is"
    BLANK = "blank"
    """"" in its place: names of those who work in the office, and paths in its folder."""
    NONE = "none"
    """{} in its place: an object whose keys anybody made up."""
    TEXT = "text"
    """A text somebody typed: without telephone numbers."""
    SNAPSHOT = "snapshot"
    """Facts of an institution as JSON: without its people."""
    EVENT = "event"
    """What an event tells, as JSON: without people."""
    PERSON = "person"
    """A name: one token for each."""
    FACT = "fact"
    """Value of a fact: "" where the fact is a person."""
    FROZEN = "frozen"
    """Compressed JSON: its texts without telephone numbers."""


class Exported(NamedTuple):
    """``columns`` in the order in which they travel. ``rows``: SQL that says which rows do, where not all."""

    columns: Mapping[str, Treatment]
    rows: str = "1"


def _as_is(columns: str) -> dict[str, Treatment]:
    return dict.fromkeys(columns.split(), Treatment.AS_IS)


def _texts(columns: str) -> dict[str, Treatment]:
    return dict.fromkeys(columns.split(), Treatment.TEXT)


_ACTOR = {"actor": Treatment.BLANK}
_RECORDED = _as_is("recorded_at") | _ACTOR

EXPORTED: dict[str, Exported] = {
    "events": Exported(
        _as_is("id agreement_id kind party on_date recorded_at")
        | _ACTOR
        | {"note": Treatment.TEXT, "corrects": Treatment.AS_IS, "data": Treatment.EVENT}
        | _as_is("previous_hash hash institution_id import_id")
    ),
    "institutions": Exported(
        _as_is("id kind code branch")
        | _texts("nature address")
        | dict.fromkeys(("contact", "phone"), Treatment.BLANK)
        | _texts("grade")
        | _as_is("staff health_workers")
        | _texts("remark")
        | _as_is("version merged_into")
    ),
    "institution_facts": Exported(
        _as_is("id institution_id fact") | {"value": Treatment.FACT} | _as_is("valid_from recorded_at source struck_at")
    ),
    "parked": Exported(
        _as_is("id institution_id field")
        | _texts("text")
        | dict.fromkeys(("message", "file", "sheet"), Treatment.BLANK)
        | _as_is("row column")
        | _RECORDED
        | _as_is("settled_on"),
        "field = 'filed_on'",
    ),
    "agreements": Exported(
        _as_is(
            "id number series serial variant pack district starts_on ends_on months mode renewal notice_days copies"
            " renews_id version"
        )
    ),
    "parties": Exported(_as_is("agreement_id role institution_id") | {"snapshot": Treatment.SNAPSHOT}),
    "former_parties": Exported(
        _as_is("id agreement_id role") | {"snapshot": Treatment.SNAPSHOT} | _as_is("replaced_at")
    ),
    "items": Exported(_as_is("agreement_id list_version seq item valid_from recorded_at")),
    "documents": Exported(
        _as_is("id agreement_id kind version path sha256 template_sha256 size made_at clauses"),
        "EXISTS (SELECT 1 FROM sheets s WHERE (s.agreement_id, s.kind, s.version) ="
        " (documents.agreement_id, documents.kind, documents.version))",
    ),
    "sheets": Exported(_as_is("agreement_id kind version period duty activity_id")),
    "activities": Exported(
        _as_is("id number on_date form starts_at ends_at minutes")
        | _texts("place topic")
        | {"organiser": Treatment.BLANK}
        | _texts("content advice summary handouts remark")
        | _as_is("counts signed_in")
        | _texts("source")
        | _RECORDED
        | _as_is("voided_on")
        | _texts("void_reason")
        | _as_is("version")
        | {"others": Treatment.NONE}
        | _as_is("institutions")
    ),
    "activity_agreements": Exported(_as_is("activity_id agreement_id")),
    "activity_items": Exported(_as_is("activity_id item")),
    "activity_people": Exported(
        _as_is("activity_id seq")
        | {"name": Treatment.PERSON}
        | _texts("unit department title")
        | _as_is("arrives_at leaves_at")
    ),
    "activity_evidence": Exported(
        _as_is("activity_id seq kind") | {"path": Treatment.BLANK} | _as_is("sha256 size recorded_at")
    ),
    "findings": Exported(
        _as_is("id activity_id") | _texts("problem demand") | _as_is("due_on rechecked_on") | _texts("outcome")
    ),
    "waivers": Exported(_as_is("id agreement_id duty period") | _texts("reason") | _RECORDED),
    "figures": Exported(
        _as_is("id district year indicator numerator denominator percent") | _texts("source") | _RECORDED
    ),
    "assessments": Exported(
        _as_is("id institution_id year step on_date problems")
        | _texts("note")
        | _RECORDED
        | _as_is("score grade")
        | {"items": Treatment.NONE}
    ),
    "work_progress": Exported(_as_is("id district task on_date status") | _texts("note") | _RECORDED),
    "issued_reports": Exported(
        _as_is("event_id number form period district as_of issued_on")
        | _RECORDED
        | _texts("reason")
        | _as_is("replaces path sha256 size figures")
        | {"frozen": Treatment.FROZEN}
        | _as_is("frozen_sha256")
    ),
}  # fmt: skip
"""Of ``parked`` only months of 备案, which count; of ``documents`` only those whose sheet says of which period work was."""

_PAPER = "归档的纸和它的扫描件留在本级：不进任何一个率"
_PEOPLE = "只管本级的人"
_PROOF = "本级对自己登记库的证明；包里有链头"

LEFT_OUT: dict[str, str] = {
    "accounts": _PEOPLE,
    "event_contacts": "联系人和电话",
    "clause_texts": "条款的文字，印在本级的文书里",
    **dict.fromkeys(("incoming", "scans", "bound_scans", "unplaced", "archive_items"), _PAPER),
    **dict.fromkeys(("compared_pages", "differences", "signing_places"), _PAPER),
    **dict.fromkeys(("row_changes", "chain_links", "chain_seals"), _PROOF),
    "office_packages": "下级的包原样放在旁边，由下级签名",
}
"""Tables that stay, each with the reason."""

UNTOLD_KINDS = frozenset({
    "lent", "brought_back", "held", "hold_ended", "classified", "box_noted", "moved", "drawn",
    "account_opened", "account_invited", "account_changed", "account_closed", "password_set",
    "difference_accepted", "difference_rejected", "recipe_saved", "recipe_removed",
})  # fmt: skip
"""Events of which only travels that they were: who borrowed a file, who was drawn by lot, who may log in."""
