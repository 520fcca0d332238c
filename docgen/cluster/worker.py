"""What a worker of the cluster runs: bytes in, bytes out. Dask imports these two functions by their names."""

import hashlib
import subprocess
import sys

from yiyu.docgen.cluster.identity import own_identity
from yiyu.docgen.cluster.parcels import Counting, Declined, ParcelFault, asked_in, seal

BENCH, COUNTS = "yiyu.docgen.cluster.bench", "yiyu.docgen.reports.counting_bench"
"""The programs that do the work: Word and scans, figures of offices."""
_SECONDS = 900
"""The programs that convert and the process that reads have limits of their own, which are shorter."""


def introduce() -> bytes:
    """The parcel that says what this worker would do its work with."""
    return seal(own_identity())


def do_parcel(parcel: bytes) -> bytes:
    """The parcel that answers a :class:`Conversion`, :class:`Recognition` or :class:`Counting`; never an exception.

    The work is done in a process of its own: what strangers sent is not opened in that of Dask, which holds the
    cluster's key.
    """
    asked = hashlib.sha256(parcel).digest() if isinstance(parcel, bytes) else b""
    try:
        body = asked_in(parcel)
    except ParcelFault:
        return seal(Declined(asked, "parcel"))
    if body.asker != own_identity():
        return seal(Declined(asked, "identity"))
    command = [sys.executable, "-P", "-m", COUNTS if isinstance(body, Counting) else BENCH]
    try:
        done = subprocess.run(command, input=parcel, capture_output=True, check=True, timeout=_SECONDS)  # noqa: S603 - a fixed list
    except (OSError, subprocess.SubprocessError):
        return seal(Declined(asked, "failed"))
    return done.stdout
