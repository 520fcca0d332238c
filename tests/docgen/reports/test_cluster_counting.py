"""Claims about offices counted by others: what a worker that errs or lies sends back changes no figure."""

import dataclasses
import hashlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import msgspec
import pytest
from build import CLOCK, opened
from office_tree import DONGSHENG, KANGBASHI, above, declare, handed, key_of, lower_office

from yiyu.docgen.cluster.address import cluster_address
from yiyu.docgen.cluster.dispatch import Cluster
from yiyu.docgen.cluster.identity import Duty, own_identity
from yiyu.docgen.cluster.parcels import Counted, Counting, OfficeFiles, ParcelFault, asked_in, seal, unseal
from yiyu.docgen.cluster.scheduler import Seat
from yiyu.docgen.reports.cluster_counting import ClusterOffices
from yiyu.docgen.reports.counting_bench import answer
from yiyu.registry.offices.below import HeldOffices
from yiyu.registry.offices.importing import receive
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.session import OfficeSession

Change = Callable[[bytes, bytes], bytes]
"""What a worker makes of the parcel and of what it should have answered."""


class Workers:
    """Machines of strangers: they do a parcel as ours would, and send back what they like."""

    alive = True

    def __init__(self, change: Change) -> None:
        self._change = change

    def seats(self) -> list[Seat]:
        return [Seat("tcp://127.0.0.1:4000", "生人", 1)]

    def asked(self, function: Callable[[], bytes], workers: Collection[str]) -> dict[str, bytes]:
        return dict.fromkeys(workers, function())

    def submit(self, _function: object, parcel: bytes, _workers: object) -> tuple[bytes]:
        return (self._change(parcel, answer(parcel)),)

    def finished(self, tasks: Collection[tuple[bytes]], _seconds: float) -> list[tuple[bytes]]:
        return list(tasks)

    def result(self, task: tuple[bytes]) -> tuple[bytes, str]:
        return task[0], "tcp://127.0.0.1:4000"

    def drop(self, tasks: object) -> None:
        raise AssertionError(tasks)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    made = above(folder / "city")
    for region in (DONGSHENG, KANGBASHI):
        declare(made, region, key_of(lower_office(folder / region, region)))
        with opened(made) as session:
            receive(session, [handed(folder / region, folder / f"{region}.yiyu")])
    return made


@pytest.fixture
def session(city: Path) -> Iterator[OfficeSession]:
    with opened(city) as found:
        yield found


def counted(session: OfficeSession, change: Change) -> tuple[list[dict[str, object]], str]:
    """The rows of the rates as strangers count them, and what was said of it."""
    told: list[str] = []
    assert isinstance(session.below, HeldOffices)
    cluster = Cluster(Workers(change), cluster_address("127.0.0.1:1"), Duty.COUNT, told.append)  # type: ignore[arg-type]  # stands where Dask does
    office = dataclasses.replace(session, below=ClusterOffices(cluster, session.below))
    return [row.as_json() for row in report_rates(office)[0]], "".join(told)


def better(_parcel: bytes, given: bytes) -> bytes:
    """Figures that look nicer, in a parcel that is whole."""
    body = unseal(given, Counted)
    tables = [msgspec.msgpack.decode(one) for one in body.answers]
    for table in tables:
        for row in table["rows"]:
            row["rates"]["visits"] = {"numerator": 9, "denominator": 9}
    return seal(Counted(body.asked, tuple(map(msgspec.msgpack.encode, tables))))


def fewer(_parcel: bytes, given: bytes) -> bytes:
    body = unseal(given, Counted)
    return seal(Counted(body.asked, body.answers[:-1]))


def nonsense(_parcel: bytes, given: bytes) -> bytes:
    body = unseal(given, Counted)
    return seal(Counted(body.asked, (*body.answers[:-1], b"\xc1")))


def of_another(_parcel: bytes, given: bytes) -> bytes:
    return seal(Counted(hashlib.sha256(b"").digest(), unseal(given, Counted).answers))


def unable(_parcel: bytes, given: bytes) -> bytes:
    body = unseal(given, Counted)
    return seal(Counted(body.asked, (b"",) * len(body.answers)))


def test_what_workers_count_is_what_this_machine_counts(session: OfficeSession) -> None:
    rows, told = counted(session, lambda _parcel, given: given)
    assert rows == [row.as_json() for row in report_rates(session)[0]]
    assert not told


@pytest.mark.parametrize("change", [better, fewer, nonsense, of_another])
def test_an_answer_that_is_no_good_is_named_and_counted_here(session: OfficeSession, change: Change) -> None:
    rows, told = counted(session, change)
    assert rows == [row.as_json() for row in report_rates(session)[0]]
    assert "工作机“生人”算出的数没有用" in told
    assert "改在本机算" in told


def test_an_office_that_a_worker_cannot_open_is_counted_here(session: OfficeSession) -> None:
    rows, _ = counted(session, unable)
    assert rows == [row.as_json() for row in report_rates(session)[0]]


@pytest.mark.parametrize(
    "name",
    [
        "../registry.db",
        "/etc/registry.db",
        "templates/../../x/a.toml",
        "150602/../registry.db",
        "a.py",
        "x/registry.db",
    ],
)
def test_a_parcel_names_no_file_outside_its_folder(name: str) -> None:
    parcel = seal(Counting(own_identity(), "rates", {}, CLOCK.date(), None, "", "", "", (OfficeFiles({name: b""}),)))
    with pytest.raises(ParcelFault):
        asked_in(parcel)
