"""Evidence of an activity: what kind a file is, and its copy in the archive, byte for byte."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import read_bytes, sha256, write_atomic
from yiyu.registry.rules.activities import EVIDENCE_LABEL, Activity, Evidence
from yiyu.registry.session import OfficeSession

_PHOTOS = frozenset({".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
_SIGN_IN = "签到"
_PLAIN = re.compile(r"\.[a-z0-9]{1,8}")
"""A suffix that tells a kind; anything else is part of a name, which the copy does not bear."""
_MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file handed in as evidence; ``kind`` a key of EVIDENCE_LABEL."""

    kind: str
    data: bytes
    suffix: str
    sha256: str


def attachment(given: str) -> Attachment:
    """Read FILE or 种类=FILE (照片, 签到表, 扫描件, 材料); without a kind it is told from name and suffix.

    Raises BadInput for another kind, FileFault for a file that cannot be read or is empty.
    """
    kinds = {label: kind for kind, label in EVIDENCE_LABEL.items()} | {kind: kind for kind in EVIDENCE_LABEL}
    label, _, rest = given.partition("=")
    if rest and label not in kinds and not Path(given).exists():
        raise BadInput(f"不认识附件种类“{label}”", remedy=f"可写 {'、'.join(EVIDENCE_LABEL.values())}")
    kind, path = (kinds[label], Path(rest)) if rest and label in kinds else ("", Path(given))
    data = read_bytes(path, limit=_MOST_BYTES)
    if not data:
        raise FileFault("附件是空文件", where=str(path), remedy="请确认文件已保存、已传完")
    suffix = path.suffix.lower()
    return Attachment(kind or _told(path), data, suffix if _PLAIN.fullmatch(suffix) else "", sha256(data))


def placed(activity: Activity, attachments: Sequence[Attachment]) -> tuple[Evidence, ...]:
    """Where each goes, behind what the activity has. The copies bear no name but ours: a file's own may name a child.

    Raises BadInput for a repeat.
    """
    digests = [one.sha256 for one in attachments]
    if len(set(digests)) < len(digests):
        raise BadInput("同一个文件给了两次", where="--evidence", remedy="每张照片、每份材料只写一次")
    if known := {one.sha256 for one in activity.evidence} & set(digests):
        path = next(one.path for one in activity.evidence if one.sha256 in known)
        raise BadInput("这个文件已经是本次活动的材料", where=path, remedy="已有的不必再补")
    folder, after = f"archive/evidence/{activity.on.year}", len(activity.evidence)
    return tuple(
        Evidence(one.kind, f"{folder}/{activity.number}-{at:02}-{EVIDENCE_LABEL[one.kind]}{one.suffix}", one.sha256, len(one.data))
        for at, one in enumerate(attachments, start=after + 1)
    )  # fmt: skip


def keep(office: OfficeSession, evidence: Sequence[Evidence], attachments: Sequence[Attachment]) -> None:
    """Write the copies, or none of them."""
    written: list[Path] = []
    try:
        for one, source in zip(evidence, attachments, strict=True):
            path = office.workspace.root / one.path
            write_atomic(path, source.data)
            written.append(path)
    except BaseException:
        discard(written)
        raise


def discard(paths: Sequence[Path]) -> None:
    """Take back copies no row names."""
    for path in paths:
        path.unlink(missing_ok=True)


def _told(path: Path) -> str:
    if _SIGN_IN in path.stem:
        return "sign_in"
    if path.suffix.lower() in _PHOTOS:
        return "photo"
    return "scan" if path.suffix.lower() == ".pdf" else "material"
