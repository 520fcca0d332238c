"""The same documents in the same order: here, and on a real Dask scheduler and worker."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiyu.docgen.context import sample_context
from yiyu.docgen.documents.executors import executor_for
from yiyu.docgen.documents.fill_job import FillJob, fill_one
from yiyu.registry.errors import ProgramFault
from yiyu.registry.model import DocKind, Variant
from yiyu.registry.packs import load_pack

COUNT = 150


def work() -> Iterator[FillJob]:
    template = load_pack("ordos").template(DocKind.ACTIVITY_RECORD, Variant.JC)
    for number in range(COUNT):
        context = sample_context(DocKind.ACTIVITY_RECORD)
        context["协议"]["编号"] = f"150602-2026-JC-{number:04}"
        if number == 70:
            context["乙方"] = {**context["乙方"], "全称": "坏\u0007名"}
        yield FillJob(template, context)


@pytest.fixture(scope="module")
def expected() -> list[tuple[bytes, str]]:
    filled = [(one.data, one.code) for one in executor_for("")(fill_one, work())]
    assert sum(bool(code) for _, code in filled) == 1
    assert len({data for data, _ in filled}) == COUNT
    return filled


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A scheduler and a worker as an office would start them, on loopback."""
    common = ["--no-dashboard", "--host", "127.0.0.1"]
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", *common]
    with subprocess.Popen(dask, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.findall(r"tcp://127\.0\.0\.1:\d+", line)))
        worker = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            address,
            "--nworkers",
            "1",
            "--no-nanny",
            *common,
        ]
        with subprocess.Popen(worker, stderr=subprocess.DEVNULL, cwd=tmp_path) as other:
            yield address
            other.terminate()
        process.terminate()


@pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_gives_the_same(scheduler: str, expected: list[tuple[bytes, str]]) -> None:
    assert [(one.data, one.code) for one in executor_for(scheduler)(fill_one, work())] == expected


def test_a_cluster_that_is_not_there_is_named() -> None:
    with pytest.raises(ProgramFault, match=r"连不上计算集群“tcp://127\.0\.0\.1:9”"):
        list(executor_for("tcp://127.0.0.1:9")(fill_one, work()))
