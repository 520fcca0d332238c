"""The tables, as named migrations. A released migration is never edited; a change is a new one."""

from collections.abc import Callable

from sqlite_utils import Database, Migrations

from yiyu.registry.store.schema.accounts import ACCOUNTS
from yiyu.registry.store.schema.activities import (
    ACTIVITIES,
    ASSESSMENT_FORMS,
    EVIDENCE_LATER,
    NUMBERS,
    OTHER_COLUMNS,
    WITHOUT_AGREEMENT,
)
from yiyu.registry.store.schema.clauses import CLAUSES
from yiyu.registry.store.schema.first import AGREEMENTS, EVENTS, INSTITUTIONS
from yiyu.registry.store.schema.former_parties import FORMER_PARTIES
from yiyu.registry.store.schema.histories import HISTORIES, tell_what_is_known
from yiyu.registry.store.schema.issued import ISSUED
from yiyu.registry.store.schema.item_lists import ITEM_LISTS
from yiyu.registry.store.schema.offices import OFFICES
from yiyu.registry.store.schema.parked import PARKED
from yiyu.registry.store.schema.row_changes import ROW_CHANGES, SEALS
from yiyu.registry.store.schema.scans import ARCHIVE, COMPARED, COMPARED_HALVES, HALVES, MERGED, OLD_PAPER, SCANS
from yiyu.registry.store.schema.unplaced import UNPLACED

APPLICATION_ID = 0x59495955
"""``YIYU`` in ASCII; tells our registry from any other SQLite file."""

migrations = Migrations("yiyu")


def _running(statements: tuple[str, ...]) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        for statement in statements:
            db.execute(statement)

    return run


for _name, _statements in (
    ("0001_registry", (*INSTITUTIONS, *AGREEMENTS, *EVENTS)),
    ("0002_scans", SCANS),
    ("0003_archive_items", ARCHIVE),
    ("0004_activities", ACTIVITIES),
    ("0005_numbers", NUMBERS),
    ("0006_merged", MERGED),
    ("0007_histories", HISTORIES),
):
    migrations(name=_name)(_running(_statements))
migrations(name="0008_known")(tell_what_is_known)
migrations(name="0009_parked")(_running(PARKED))
migrations(name="0010_issued")(_running(ISSUED))
migrations(name="0011_evidence_later")(_running(EVIDENCE_LATER))
migrations(name="0012_other_columns")(_running(OTHER_COLUMNS))
migrations(name="0013_item_lists")(_running(ITEM_LISTS))
migrations(name="0014_without_agreement")(_running(WITHOUT_AGREEMENT))
migrations(name="0015_former_parties")(_running(FORMER_PARTIES))
migrations(name="0016_assessment_forms")(_running(ASSESSMENT_FORMS))
migrations(name="0017_old_paper")(_running(OLD_PAPER))
migrations(name="0018_clauses")(_running(CLAUSES))
migrations(name="0019_compared")(_running(COMPARED))
migrations(name="0020_halves")(_running(HALVES))
migrations(name="0021_row_changes")(_running(ROW_CHANGES))
migrations(name="0022_seals")(_running(SEALS))
migrations(name="0023_compared_halves")(_running(COMPARED_HALVES))
migrations(name="0025_accounts")(_running(ACCOUNTS))
migrations(name="0026_unplaced")(_running(UNPLACED))
migrations(name="0027_office_packages")(_running(OFFICES))
