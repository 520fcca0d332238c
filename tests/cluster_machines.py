"""A Dask cluster as an office would start it: a scheduler and workers, each a process, with certificates of their own."""

import contextlib
import datetime as dt
import os
import re
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_BEGAN, _ENDS = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2090, 1, 1, tzinfo=dt.UTC)
_STARTED = 60.0


@dataclass(frozen=True)
class Pems:
    ca: Path
    cert: Path
    key: Path

    @property
    def switches(self) -> list[str]:
        return ["--tls-ca-file", str(self.ca), "--tls-cert", str(self.cert), "--tls-key", str(self.key)]

    @property
    def environment(self) -> dict[str, str]:
        return {f"YIYU_CLUSTER_{name.upper()}": str(getattr(self, name)) for name in ("ca", "cert", "key")}


def new_certificates(folder: Path) -> Pems:
    """Of an authority of its own, and one machine it signed for."""
    folder.mkdir(exist_ok=True)
    authority, machine = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    pems = Pems(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    pems.ca.write_bytes(_certificate("集群", authority, "集群", authority, authority=True))
    pems.cert.write_bytes(_certificate("工作机", machine, "集群", authority, authority=False))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pems.key.touch(mode=0o600)
    pems.key.write_bytes(machine.private_bytes(serialization.Encoding.PEM, form, plain))
    return pems


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, signer: ec.EllipticCurvePrivateKey, *, authority: bool
) -> bytes:
    subject, by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    builder = x509.CertificateBuilder(by, subject, key.public_key(), x509.random_serial_number(), _BEGAN, _ENDS)
    bound = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    return bound.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@dataclass
class Machines:
    """A scheduler; ``worker`` starts one more process for it."""

    folder: Path
    pems: Pems | None
    address: str = ""
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def worker(self, name: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """Not waited for: ``joined`` does that for several at once."""
        return self._started(
            "dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--name", name, environment=environment
        )

    def joined(self, count: int) -> None:
        """Wait until the scheduler has said of so many workers that they registered."""
        self._read(r"Register worker", count)

    def start(self) -> None:
        scheme = "tls" if self.pems else "tcp"
        self._started("dask_scheduler", "--port", "0", "--protocol", scheme)
        self.address = self._read(rf"{scheme}://127\.0\.0\.1:\d+", 1)

    def _started(self, program: str, *more: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", f"distributed.cli.{program}", *more, "--no-dashboard"]
        log = (self.folder / f"{len(self.processes)}.log").open("w")
        with log:
            process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", *(self.pems.switches if self.pems else ())],
                stdout=log,
                stderr=log,
                text=True,
                cwd=self.folder,
                env={**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self.folder), **(environment or {})},
            )
        self.processes.append(process)
        return process

    def _read(self, pattern: str, count: int) -> str:
        """What the log of the scheduler says so many times."""
        until = time.monotonic() + _STARTED
        while time.monotonic() < until:
            found = re.findall(pattern, (self.folder / "0.log").read_text("utf-8"))
            if len(found) >= count:
                return str(found[-1])
            select.select([], [], [], 0.05)
        raise TimeoutError((self.folder / "0.log").read_text("utf-8"))


@contextlib.contextmanager
def machines(folder: Path, pems: Pems | None = None) -> Iterator[Machines]:
    folder.mkdir()
    found = Machines(folder, pems)
    try:
        found.start()
        yield found
    finally:
        for process in reversed(found.processes):
            process.kill()
            process.wait()


class Wire:
    """A line to a scheduler on this machine that keeps what is sent, and may spoil what comes back."""

    def __init__(self, address: str) -> None:
        self.sent, self.spoil = bytearray(), b""
        self.spoiled = 0
        self._port = int(address.rpartition(":")[2])
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._let_in, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _let_in(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._port))
                for pair in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, sending: bool) -> None:
        with contextlib.suppress(OSError), source, target:
            while data := source.recv(1 << 20):
                if sending:
                    self.sent += data
                elif self.spoil and self.spoil in data:
                    # A letter of the word is another one: the length stays, the checksum does not.
                    data = data.replace(self.spoil, self.spoil[:-1] + b"\x7e")
                    self.spoiled += 1
                target.sendall(data)
