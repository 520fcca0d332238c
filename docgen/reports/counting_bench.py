"""The process in which a worker asks offices: a parcel comes on stdin, the answers go to stdout. Run with ``-m``."""

import hashlib
import sys
from contextlib import suppress
from pathlib import Path

from yiyu.docgen.cluster.parcels import Counted, Counting, Declined, asked_in, seal
from yiyu.docgen.reports.questions import QUESTIONS, packed
from yiyu.registry.errors import UserError
from yiyu.registry.files import scratch, write_atomic
from yiyu.registry.offices.below import opened_part
from yiyu.registry.reports.rolling import ask
from yiyu.registry.rules.scope import Scope


def main() -> None:
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


def answer(parcel: bytes) -> bytes:
    """The answers of all offices in a parcel, each opened alone."""
    body, asked = asked_in(parcel), hashlib.sha256(parcel).digest()
    if not isinstance(body, Counting) or body.question not in QUESTIONS:
        return seal(Declined(asked, "parcel"))
    return seal(Counted(asked, tuple(_answer(body, one.files) for one in body.offices)))


def _answer(body: Counting, files: dict[str, bytes]) -> bytes:
    """b"" where the office cannot be opened or asked: who asked will be told why when he tries himself."""
    question = QUESTIONS[body.question].make(**body.options)
    with suppress(UserError), scratch() as folder:
        for name, data in files.items():
            write_atomic(_inside(folder, name), data)
        scope = Scope(body.district, body.town, body.provider)
        with opened_part(folder, today=body.today, known_on=body.known_on, scope=scope) as office:
            return packed(ask(office, question))
    return b""


def _inside(folder: Path, name: str) -> Path:
    """The schema of a parcel admits no name that leads out of the folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    main()
