"""The archive against the registry, a bag against itself, and the signatures of what they hold."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.archive.bag import check_bag
from yiyu.docgen.archive.fixity import Expected, FileFinding, Progress, compare, files_under, shown
from yiyu.docgen.pdf.signatures import SignatureStatement, has_signature, look
from yiyu.registry.errors import FileFault
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archived import archived_files

FOLDER = "archive"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature and the file it is in. ``failed``: the file could not be looked at, the note says why."""

    path: str
    statement: SignatureStatement
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """``checked`` files were recorded. ``signed`` is None where nobody asked for signatures."""

    checked: int
    faults: list[FileFinding]
    signed: list[Signed] | None = None


@dataclass(frozen=True, slots=True)
class Signatures:
    """How signatures are looked at: on which day, and whose certificates count; see ``look``."""

    on: dt.date
    trust: Path | None = None

    def of(self, paths: Iterable[tuple[str, Path]]) -> list[Signed]:
        """State what is known of each signature; a file that does not open is stated too. Paths by the name to show."""
        found = []
        for name, path in paths:
            try:
                found += [Signed(name, statement) for statement in look(path, on=self.on, trust=self.trust)]
            except FileFault as fault:
                found.append(Signed(name, SignatureStatement("", note=fault.what), failed=True))
        return found

    def under(self, root: Path, paths: Iterable[str]) -> list[Signed]:
        """The same for those of the files under ``root`` that hold a signature."""
        return self.of((shown(path), root / path) for path in paths if has_signature(root / path))


def verify(
    office: OfficeSession, *, signatures: Signatures | None = None, progress: Progress = lambda _done, _all: None
) -> Verified:
    """Find what is wrong with the files the registry names in the archive, and what is there that it does not name.

    Nothing is changed; see ``compare``. What file managers leave in folders is passed over.
    """
    root = office.workspace.root
    expected = [
        Expected(one.path, one.sha256, one.numbers[0] if len(one.numbers) == 1 else "", one.pages, one.size)
        for one in archived_files(office.db)
    ]
    present = {f"{FOLDER}/{path}" for path in files_under(root / FOLDER)}
    present |= {one.path for one in expected if not one.path.startswith(f"{FOLDER}/") and (root / one.path).is_file()}
    faults = compare(root, expected, sorted(present), progress=progress)
    signed = signatures.under(root, (one.path for one in expected)) if signatures else None
    return Verified(len(expected), faults, signed)


def verify_bag(
    root: Path, *, signatures: Signatures | None = None, progress: Progress = lambda _done, _all: None
) -> Verified:
    """The same for a bag, from the folder alone; see ``check_bag``."""
    checked, faults = check_bag(root, progress=progress)
    return Verified(checked, faults, signatures.under(root, files_under(root)) if signatures else None)


def look_at_files(paths: Sequence[Path], signatures: Signatures) -> list[Signed]:
    """State what is known of the signatures in any PDF files."""
    return signatures.of((str(path), path) for path in paths)
