"""Where a batch is filled: in this process, or on a cluster; the same results in the same order either way."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from yiyu.docgen.documents.fill_job import Executor, FillJob, FillResult, in_process
from yiyu.registry.errors import ProgramFault

WINDOW = 32
"""Documents under way at once for each worker: enough to keep it busy, little enough to keep memory flat."""
CONNECT_SECONDS = 10


def executor_for(cluster: str) -> Executor:
    """The executor of a Dask scheduler at that address; of this process for ""."""
    return on_cluster(cluster) if cluster else in_process


def on_cluster(address: str) -> Executor:
    """Fill on a Dask cluster whose workers have yiyu installed. Raises ProgramFault when it cannot be reached."""

    def run(function: Callable[[FillJob], FillResult], work: Iterable[FillJob]) -> Iterator[FillResult]:
        try:
            import distributed
        except ImportError as error:
            raise ProgramFault(
                "没有安装集群支持", remedy="请运行 pip install 'yiyu[cluster]'，或不用 --cluster"
            ) from error
        connect: Any = distributed.Client  # the library ships no types
        try:
            asyncio.run(_knock(address))
            client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ProgramFault(f"连不上计算集群“{address}”", remedy="请检查地址和调度程序，或不用 --cluster") from error
        with client:
            size = max(1, len(client.scheduler_info()["workers"])) * WINDOW
            for window in _windows(work, size):
                yield from client.gather(client.map(function, window, pure=False))

    return run


async def _knock(address: str) -> None:
    """Raise OSError or ValueError where nobody listens: a client that failed to connect prints a traceback as it ends."""
    from distributed.comm.core import connect
    from distributed.security import Security

    reach: Any = connect  # the library ships no types
    security: Any = Security
    comm = await reach(address, timeout=CONNECT_SECONDS, **security().get_connection_args("client"))
    await comm.close()


def _windows(work: Iterable[FillJob], size: int) -> Iterator[list[FillJob]]:
    source = iter(work)
    while window := list(itertools.islice(source, size)):
        yield window
