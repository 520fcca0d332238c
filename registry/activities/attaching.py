"""Evidence that comes after its activity was recorded: kept byte for byte, by hash, as an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.activities.adding import tell
from yiyu.registry.activities.evidence import Attachment, attachment, discard, keep, placed
from yiyu.registry.activities.listing import Listed, find_valid, listed
from yiyu.registry.rules.activities import EVIDENCE_LABEL, Evidence
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import add_evidence, evidence_known
from yiyu.registry.store.opening import changing


@dataclass(frozen=True, slots=True)
class Attached:
    """An activity with what was added to it; ``warnings`` in words."""

    listed: Listed
    added: tuple[Evidence, ...]
    warnings: tuple[str, ...]


def attach(office: OfficeSession, given: Mapping[str, Sequence[str]], *, dry_run: bool = False) -> list[Attached]:
    """Add files to activities by number, all or nothing; each file as :func:`attachment` takes it.

    Raises NotFound, StepNotAllowed for an activity that is void, BadInput for a file it has already, FileFault for one
    that cannot be read or kept.
    """
    kept: list[str] = []
    try:
        with changing(office.db, dry_run=dry_run):
            return [_attach(office, number, files, kept, dry_run=dry_run) for number, files in given.items()]
    except BaseException:
        discard([office.workspace.root / path for path in kept])
        raise


def _attach(office: OfficeSession, number: str, files: Sequence[str], kept: list[str], *, dry_run: bool) -> Attached:
    one = find_valid(office, number)
    attachments: list[Attachment] = [attachment(file) for file in files]
    added = placed(one, attachments)
    warnings = tuple(
        f"{piece.path.rpartition('/')[2]} 与 {known[0]} 的附件是同一个文件"
        for piece in added
        if (known := evidence_known(office.db, piece.sha256))
    )
    if not dry_run:
        keep(office, added, attachments)
        kept += [piece.path for piece in added]
    add_evidence(office.db, one.id, added, after=len(one.evidence), recorded_at=office.now)
    kinds = [EVIDENCE_LABEL[piece.kind] for piece in added]
    note = "、".join(f"{kind} {kinds.count(kind)} 份" for kind in dict.fromkeys(kinds))
    said = [{"kind": piece.kind, "path": piece.path, "sha256": piece.sha256} for piece in added]
    tell(office, "evidenced", one, on=one.on, note=f"{number} 补充{note}", data={"evidence": said})
    (row,) = listed(office, [replace(one, evidence=(*one.evidence, *added))])
    return Attached(row, added, warnings)
