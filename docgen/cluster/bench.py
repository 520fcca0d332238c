"""The process in which a worker does a parcel: it comes on stdin, the answer goes to stdout. Run with ``-m``."""

import hashlib
import sys
from pathlib import Path

import msgspec

from yiyu.docgen.cluster.parcels import (
    Conversion,
    Converted,
    Counting,
    Declined,
    Recognised,
    Recognition,
    asked_in,
    seal,
)
from yiyu.docgen.pdf.convert import convert
from yiyu.docgen.scans.page import PageReading
from yiyu.docgen.scans.reading import read_files
from yiyu.registry.errors import FileFault, UserError
from yiyu.registry.files import read_bytes, scratch, write_atomic


def main() -> None:
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


def answer(parcel: bytes) -> bytes:
    """Convert or read what is in a parcel, one thing after the other: a worker has as many hands as Dask gave it."""
    body = asked_in(parcel)
    if isinstance(body, Counting):
        return seal(Declined(hashlib.sha256(parcel).digest(), "parcel"))
    asked = hashlib.sha256(parcel).digest()
    with scratch() as folder:
        done: msgspec.Struct = (
            Converted(asked, _converted(body, folder))
            if isinstance(body, Conversion)
            else Recognised(asked, _recognised(body, folder))
        )
    return seal(done)


def _converted(body: Conversion, folder: Path) -> tuple[bytes, ...]:
    files = [folder / f"{at:06}.docx" for at in range(len(body.documents))]
    for path, data in zip(files, body.documents, strict=True):
        write_atomic(path, data)
    made = convert(files, folder / "pdf", at_once=1)
    return tuple(b"" if isinstance(pdf := made[path], UserError) else read_bytes(pdf) for path in files)


def _recognised(body: Recognition, folder: Path) -> tuple[tuple[PageReading, ...], ...]:
    files = [folder / f"{at:06}{scan.suffix}" for at, scan in enumerate(body.scans)]
    for path, scan in zip(files, body.scans, strict=True):
        write_atomic(path, scan.data)
    readings = (reading for _, reading in read_files(files, at_once=1))
    return tuple(() if isinstance(one, FileFault) else tuple(one) for one in readings)


if __name__ == "__main__":
    main()
