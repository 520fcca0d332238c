"""Archived files for another house, in a folder that proves itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.archive.bag import Bag, Packed, require_packable, write_bag
from yiyu.docgen.archive.fixity import Progress
from yiyu.docgen.archive.verifying import FOLDER
from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import DOC_KIND_LABEL
from yiyu.registry.rules.activities import EVIDENCE_LABEL
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archived import INCOMING, ArchivedFile, archived_files

_LABEL = {INCOMING: "收件原件", **EVIDENCE_LABEL, **{str(kind): label for kind, label in DOC_KIND_LABEL.items()}}


@dataclass(frozen=True, slots=True)
class Bagged:
    """``bag`` is None for a dry run. ``held_back``: files that hold something of agreements not asked for as well."""

    files: list[ArchivedFile]
    held_back: int
    bag: Bag | None


def bag(
    office: OfficeSession,
    numbers: Sequence[str],
    folder: Path,
    *,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Bagged:
    """Copy the files of these agreements, of all where none is named, to a new ``folder`` as a bag; see ``write_bag``.

    With ``numbers`` a file goes along only if all it holds is of them: what concerns others stays in the house.
    Raises NotFound for a number that is none, BadInput for a folder inside the archive.
    """
    if folder.resolve().is_relative_to((office.workspace.root / FOLDER).resolve()):
        raise BadInput("包不能做在归档文件夹里面", where=str(folder), remedy="请换一个地方")
    wanted = set(numbers_to_ids(office, numbers))
    files = archived_files(office.db)
    touched = [one for one in files if not wanted or wanted & set(one.numbers)]
    chosen = [one for one in touched if not wanted or wanted >= set(one.numbers)]
    root = office.workspace.root
    packed = [
        Packed(root / one.path, one.path, one.sha256, one.numbers, _LABEL[one.kind], one.code, one.pages, one.size)
        for one in chosen
    ]
    require_packable(folder, packed)
    made = None if dry_run else write_bag(folder, packed, on=office.today, progress=progress)
    return Bagged(chosen, len(touched) - len(chosen), made)
