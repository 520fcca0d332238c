"""What a row of our own roster said when we wrote it, in a hidden column: so that an edit made since is not undone.

Of each cell only a digest is kept: enough to tell that it changed, here or in the registry, and no copy of a telephone
number for the office that erases one.
"""

import hashlib
from dataclasses import asdict, dataclass

import msgspec

from yiyu.registry.institutions.columns import COLUMNS, EXPORTED, EXPORTED_HEADING
from yiyu.registry.model import Institution
from yiyu.registry.workbooks.cells import CellFault
from yiyu.registry.workbooks.merging import Merge, merge_cell
from yiyu.registry.workbooks.text import written
from yiyu.registry.workbooks.writing import WrittenColumn

COLUMN = WrittenColumn(EXPORTED, EXPORTED_HEADING, 4, hidden=True)
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Exported:
    """``registry`` and ``id``: the record the row was written from. ``marks``: digests by field."""

    registry: str
    id: int
    marks: dict[str, str]

    def says(self, field: str, value: object) -> bool:
        """Whether the row said so when it was written."""
        return self.marks.get(field) == _mark(value)

    def merged(self, field: str, ours: object, theirs: object) -> Merge:
        """What to do with a cell of which the registry says ``ours`` now, and the file ``theirs``."""
        return Merge.SAME if ours == theirs else merge_cell(self.marks.get(field), _mark(ours), _mark(theirs))

    def copied(self, institution: Institution) -> bool:
        """Whether neither name nor code is that of the record: a row copied to enter another institution."""
        return not self.says("name", institution.name) and not (
            institution.code and self.says("code", institution.code)
        )


def export_mark(institution: Institution, registry: str) -> str:
    """The text of the hidden cell; ``registry`` tells one registry from another's."""
    marks = {name: _mark(value) for name, value in asdict(institution).items() if name in COLUMNS}
    return msgspec.json.encode(Exported(registry, institution.id, marks)).decode()


def read_mark(text: str) -> Exported | None:
    """What the hidden cell says; None for a row that somebody else wrote. Raises CellFault where it was altered."""
    try:
        return msgspec.json.decode(text, type=Exported) if text else None
    except msgspec.DecodeError:
        raise CellFault("row-altered", "隐藏的导出校验被改动，不能与导出时比较；请重新导出名册后再修改") from None


def _mark(value: object) -> str:
    return hashlib.sha256(written(value).encode()).hexdigest()[:_DIGITS]
