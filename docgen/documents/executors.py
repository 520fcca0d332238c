"""Where a batch is filled: here, in several processes, or on a cluster; the same results in the same order each way."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from yiyu.docgen.documents.fill_job import Executor, FillJob, FillResult, in_process
from yiyu.registry.errors import ProgramFault

WINDOW = 32
"""Documents under way at once for each worker: enough to keep it busy, little enough to keep memory flat."""
CONNECT_SECONDS = 10


def executor_for(jobs: int, cluster: str) -> Executor:
    """The executor the options ask for; ``cluster`` is a Dask scheduler's address, "" for none."""
    if cluster:
        return on_cluster(cluster)
    return in_processes(jobs) if jobs > 1 else in_process


def in_processes(jobs: int) -> Executor:
    """Fill in ``jobs`` processes of this machine."""

    def run(function: Callable[[FillJob], FillResult], work: Iterable[FillJob]) -> Iterator[FillResult]:
        # Spawned, not forked: the parent holds an open registry, which SQLite forbids carrying over a fork.
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            try:
                for window in _windows(work, jobs * WINDOW):
                    yield from pool.map(function, window, chunksize=WINDOW // 4)
            except BrokenProcessPool as error:
                raise ProgramFault(
                    "有一个填写进程意外退出", remedy="已完成的都已保存；请去掉 --jobs 再运行一次，从断处接着做"
                ) from error

    return run


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
