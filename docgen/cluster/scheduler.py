"""The one user of Dask: a connection to a scheduler, over which named functions and bytes go, and nothing else."""

import asyncio
import contextlib
import logging
import socket
import time
import uuid
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from yiyu.docgen.cluster.address import Certificates, ClusterAddress
from yiyu.registry.errors import FileFault, ProgramFault

CONNECT_SECONDS = 10
_RESULT_SECONDS = 60
"""For what a worker has made to come here."""
_LOOK = 0.05
_ASKED_AT_ONCE = 16
_LONGEST_NAME = 60

Task = Any
"""A future of Dask, whose library ships no types."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A worker process: where it is, what it is called, and how much it does at once."""

    address: str
    name: str
    threads: int


@contextlib.contextmanager
def connected(address: ClusterAddress, certificates: Certificates | None) -> Iterator["Scheduler"]:
    """Raises ProgramFault where Dask is not installed or the scheduler not reached, FileFault for certificates that are none."""
    try:
        import dask
        import distributed
        from distributed.versions import VersionMismatchWarning
    except ImportError as error:
        raise ProgramFault("没有安装集群支持", remedy="请运行 pip install 'yiyu[cluster]'，或不用 --cluster") from error
    for name in ("distributed", "distributed.client"):  # what it would say in English is said by us
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", category=VersionMismatchWarning)
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    security = _security(certificates)
    connect: Any = distributed.Client
    try:
        # Dask goes on trying for a while where nobody listens.
        socket.create_connection((address.host.strip("[]"), address.port), CONNECT_SECONDS).close()
        asyncio.run(_knock(str(address), security))
        # Results are read as bytes: of what Dask knows to unpack, pickle is left out.
        client = connect(
            str(address),
            timeout=CONNECT_SECONDS,
            security=security,
            set_as_default=False,
            direct_to_workers=False,
            deserializers=["dask", "msgpack"],
        )
    except (OSError, ValueError, TimeoutError) as error:
        raise _unreached(address, error) from error
    with client:
        yield Scheduler(client)


def _security(certificates: Certificates | None) -> Any:  # noqa: ANN401 - the library ships no types
    """What is given is all that counts: settings of Dask on this machine neither open nor close a door."""
    from distributed.security import Security

    build: Any = Security
    if certificates is None:
        return build(require_encryption=False)
    files = {
        "tls_ca_file": str(certificates.ca),
        "tls_client_cert": str(certificates.cert),
        "tls_client_key": str(certificates.key),
    }
    security = build(require_encryption=True, **files)
    try:
        security.get_connection_args("client")
    except OSError as error:  # of ssl, too
        where = "、".join(path.name for path in (certificates.ca, certificates.cert, certificates.key))
        raise FileFault(
            "集群的证书或私钥读不出来", where=where, remedy="请核对三个 PEM 文件，证书和私钥要是一对"
        ) from error
    return security


def _unreached(address: ClusterAddress, error: BaseException) -> ProgramFault:
    told, cause = "", error
    while not told:
        told = "certificate" if "certificate" in str(cause).lower() or "ssl" in type(cause).__name__.lower() else ""
        if (before := cause.__cause__ or cause.__context__) is None:
            break
        cause = before
    if told:
        return ProgramFault(
            f"集群“{address}”的证书和本机的对不上，没有连接", remedy="请向管集群的人要同一套证书，或核对地址"
        )
    return ProgramFault(f"连不上计算集群“{address}”", remedy="请检查地址和调度程序，或不用 --cluster")


async def _knock(address: str, security: Any) -> None:  # noqa: ANN401 - the library ships no types
    """Raise OSError or ValueError where nobody lets us in: a client that failed to connect prints a traceback as it ends."""
    from distributed.comm.core import connect

    reach: Any = connect
    comm = await reach(address, timeout=CONNECT_SECONDS, **security.get_connection_args("client"))
    await comm.close()


class Scheduler:
    """What is asked of a connected client, in our own terms."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - the library ships no types
        self._client = client

    @property
    def alive(self) -> bool:
        return bool(self._client.status == "running")

    def seats(self) -> list[Seat] | None:
        """The worker processes there are now; None where the scheduler does not answer."""
        if not self.alive:
            return None
        try:
            workers = self._client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, TimeoutError, RuntimeError):
            return None
        return [
            Seat(str(at), str(one.get("name", at))[:_LONGEST_NAME], max(1, int(one.get("nthreads", 1))))
            for at, one in workers.items()
        ]

    def asked(self, function: Callable[[], bytes], addresses: Sequence[str]) -> dict[str, object]:
        """What each of these workers answers; None of one that could not. Each is asked alone: one spoils no other's."""

        def ask(address: str) -> object:
            try:
                return self._client.run(function, workers=[address])[address]
            except Exception:  # noqa: BLE001 - whatever a worker or Dask raises, there is no answer
                return None

        with ThreadPoolExecutor(_ASKED_AT_ONCE) as pool:
            return dict(zip(addresses, pool.map(ask, addresses), strict=True))

    def submit(self, function: Callable[[bytes], bytes], data: bytes, addresses: Collection[str]) -> Task:
        """Have one of these workers do it, another of them where the first is lost."""
        return self._client.submit(
            function,
            data,
            key=f"yiyu-{uuid.uuid4().hex}",
            workers=list(addresses),
            allow_other_workers=False,
            pure=False,
        )

    def finished(self, tasks: Collection[Task], seconds: float) -> list[Task]:
        """Those that have ended, well or not; waits so long for the first."""
        until = time.monotonic() + seconds
        while True:
            done = [one for one in tasks if one.done()]
            if done or time.monotonic() > until:
                return done
            time.sleep(_LOOK)

    def result(self, task: Task) -> tuple[object, str]:
        """What a task gave, None for nothing, and the address of the worker that holds it, "" if nobody does."""
        if task.status != "finished":
            return None, ""
        try:
            holders = self._client.who_has([task])
            where = next(iter(next(iter(holders.values()), ())), "")
            return task.result(timeout=_RESULT_SECONDS), str(where)
        except Exception:  # noqa: BLE001 - whatever a worker or Dask raises, there is no result
            return None, ""

    def drop(self, tasks: Collection[Task]) -> None:
        """Let go of what is not wanted any more; a worker that has not begun it will not."""
        with contextlib.suppress(OSError, TimeoutError, RuntimeError):
            if tasks:
                self._client.cancel(list(tasks), force=True)
