"""Claims about printing and intake on a real Dask cluster: under TLS, with a worker killed, and on this machine alone."""

import contextlib
import io
import itertools
import json
import re
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from subprocess import Popen
from typing import Any

import img2pdf
import msgspec
import pypdfium2
import pytest
from build import invoke
from click.testing import Result
from cluster_machines import Machines, Pems, Wire, machines, new_certificates

from yiyu.docgen.cluster.parcels import MARK, Conversion
from yiyu.registry.store.opening import open_registry

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
BENCH = b"yiyu.docgen.cluster.bench"
KINDS = ("service_list", "activity_record")


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> Pems:
    return new_certificates(tmp_path_factory.mktemp("pems"))


@pytest.fixture(scope="module")
def farm(pems: Pems, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Under TLS: two workers that can do the work, and one of another version."""
    folder = tmp_path_factory.mktemp("farm")
    old = folder / "old" / "yiyu-0.0.9.dist-info"
    old.mkdir(parents=True)
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: yiyu\nVersion: 0.0.9\n", "utf-8")
    with machines(folder / "machines", pems) as found:
        for name in ("甲", "乙"):
            found.worker(name)
        found.worker("旧版", {"PYTHONPATH": str(old.parent)})
        found.joined(3)
        yield found


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """On this machine alone: a worker that can do the work, and one without yiyu."""
    folder = tmp_path_factory.mktemp("here")
    (folder / "none").mkdir()
    (folder / "none" / "sitecustomize.py").write_text("import sys\nsys.modules['yiyu'] = None\n", "utf-8")
    with machines(folder / "machines") as found:
        found.worker("本机")
        found.worker("空机", {"PYTHONPATH": str(folder / "none")})
        found.joined(2)
        yield found


@pytest.fixture(scope="module")
def numbers(season: Path) -> list[str]:
    listed = json.loads(invoke("--workspace", season, "agreement", "list", "--district", "东胜区", "--json").stdout)
    return [one["number"] for one in listed][:4]


@pytest.fixture
def trusted(pems: Pems, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in pems.environment.items():
        monkeypatch.setenv(name, value)


def at_work(pid: int) -> bool:
    """Whether a worker has started a process for a parcel."""
    with contextlib.suppress(OSError):
        children = [one.read_text().split() for one in Path(f"/proc/{pid}/task").glob("*/children")]
        inside = itertools.chain.from_iterable(children)
        return any(BENCH in Path(f"/proc/{one}/cmdline").read_bytes() for one in inside)
    return False


@contextlib.contextmanager
def killed_at_work(process: Popen[str]) -> Iterator[None]:
    """Kill a worker, as a cable that is pulled does, once it has begun a parcel."""

    def kill() -> None:
        until = time.monotonic() + 60
        while not at_work(process.pid) and time.monotonic() < until:
            time.sleep(0.02)
        process.kill()

    watcher = threading.Thread(target=kill)
    watcher.start()
    yield
    watcher.join()
    assert process.wait(5) == -9


def printing(numbers: list[str], out: Path, *more: str) -> tuple[Any, ...]:
    kinds = [word for kind in KINDS for word in ("--kind", kind)]
    return ("print", *numbers, *kinds, "-o", out, *more)


def pdfs(office: Path) -> dict[str, list[str]]:
    """The text of each page of each PDF, by its name."""
    found = {}
    for path in (office / "output").rglob("*.pdf"):
        with pypdfium2.PdfDocument(path.read_bytes()) as pdf:
            found[path.name] = [page.get_textpage().get_text_range() for page in pdf]
    return found


@pytest.mark.usefixtures("trusted")
def test_a_cluster_under_tls_makes_the_same_files_and_names_who_may_not_work(
    run: Callable[..., Result], farm: Machines, office: Path, numbers: list[str]
) -> None:
    words = ("generate", *numbers[:3], "--kind", "service_list", "--pdf")
    told = run(*words, "--cluster", farm.address).stderr
    assert re.search(r"没有用工作机“旧版”：它的 yiyu 是 0\.0\.9，本机是 \d", told)
    assert not re.search("“甲”|“乙”|在本机做|Traceback|distributed", told), told
    there = pdfs(office)
    assert len(there) == 3
    for path in (office / "output").rglob("*.pdf"):
        path.unlink()
    run(*words)
    assert pdfs(office) == there


@pytest.mark.usefixtures("trusted")
def test_scans_read_by_a_cluster_are_taken_in_once_though_a_worker_is_killed(
    run: Callable[..., Result],
    asked: Callable[..., Any],
    farm: Machines,
    office: Path,
    numbers: list[str],
    tmp_path: Path,
) -> None:
    paper = tmp_path / "扫描"
    paper.mkdir()
    run(*printing(numbers[:1], tmp_path / "打印.pdf"))
    with pypdfium2.PdfDocument(tmp_path / "打印.pdf") as pdf:
        for at, page in enumerate(pdf):
            stream = io.BytesIO()
            page.render(scale=120 / 72, grayscale=True).to_pil().save(stream, "JPEG", dpi=(120, 120))
            (paper / f"{at}.pdf").write_bytes(img2pdf.convert(stream.getvalue()))
    (paper / "坏.pdf").write_bytes(b"%PDF-1.7 torn")
    same = ("pages", "placed", "unplaced", "failed", "documents")
    plain = asked("archive", "intake", paper, "--dry-run", code=10)
    with killed_at_work(farm.processes[2]):
        done = run("archive", "intake", paper, "--json", "--cluster", farm.address, code=10)
    assert "工作机“乙”中途断开了，它手上的重做" in done.stderr
    found = json.loads(done.stdout)
    assert [found[key] for key in same] == [plain[key] for key in same]
    assert found["placed"] == found["pages"] > 1
    with open_registry(office / "registry.db") as db:
        events = [(row["agreement_id"], row["kind"]) for row in db["events"].rows]
        rows = [(row["agreement_id"], row["kind"], row["page"]) for row in db["scans"].rows]
    scanned = [one for one in events if one[1] in ("received", "scanned", "checked")]
    assert len(scanned) == len(set(scanned))
    assert len(rows) == len(set(rows)) == found["placed"]
    assert len(list((office / "archive" / "incoming").rglob("*.pdf"))) == found["pages"]
    run("check")


def test_who_has_other_certificates_is_let_in_nowhere(
    run: Callable[..., Result], farm: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: list[str]
) -> None:
    refused = run(*printing(numbers, tmp_path / "a.pdf", "--cluster", farm.address), code=4).stderr
    assert "没有给出集群的证书：缺 cluster_ca、cluster_cert、cluster_key" in refused
    for name, value in new_certificates(tmp_path / "other").environment.items():
        monkeypatch.setenv(name, value)
    refused = run(*printing(numbers, tmp_path / "a.pdf", "--cluster", farm.address), code=9).stderr
    assert f"集群“{farm.address}”的证书和本机的对不上，没有连接" in refused
    assert not (tmp_path / "a.pdf").exists()


def test_an_open_address_is_refused_before_anything_is_sent(
    run: Callable[..., Result], numbers: list[str], tmp_path: Path
) -> None:
    with socket.create_server(("0.0.0.0", 0)) as door:  # noqa: S104 - what is tried is whether anyone knocks
        door.settimeout(0.2)
        address = f"tcp://0.0.0.0:{door.getsockname()[1]}"
        for words in (
            printing(numbers, tmp_path / "a.pdf"),
            ("generate", *numbers, "--pdf"),
            ("archive", "intake", tmp_path),
        ):
            told = run(*words, "--cluster", address, code=4).stderr
            assert f"错误：集群地址“{address}”没有加密" in told
        with pytest.raises(TimeoutError):
            door.accept()


def test_a_cluster_that_is_not_there_is_named(run: Callable[..., Result], numbers: list[str]) -> None:
    told = run("generate", *numbers, "--cluster", "tcp://127.0.0.1:9", code=9).stderr
    assert "连不上计算集群“tcp://127.0.0.1:9”" in told


@pytest.fixture
def wire(here: Machines) -> Iterator[Wire]:
    line = Wire(here.address)
    yield line
    line.close()


def sent_documents(sent: bytes) -> list[bytes]:
    """The Word files in the parcels on a wire, where more follows each of them."""
    found: list[bytes] = []
    for begins in (one.end() + 32 for one in re.finditer(re.escape(MARK), sent)):
        with pytest.raises(msgspec.DecodeError, match="trailing") as ending:
            msgspec.msgpack.decode(sent[begins:], type=Conversion)
        ends = begins + int(re.findall(r"byte (\d+)", str(ending.value))[0])
        found += msgspec.msgpack.decode(sent[begins:ends], type=Conversion).documents
    return found


def test_only_the_documents_go_out_and_with_them_no_telephone_they_do_not_print(
    run: Callable[..., Result], office: Path, wire: Wire, numbers: list[str]
) -> None:
    with open_registry(office / "registry.db") as db:
        phones = {row["phone"].encode() for row in db["institutions"].rows if row["phone"]}
    assert len(phones) > 10
    kinds = ("--kind", "agreement", "--kind", "service_list")
    told = run("generate", numbers[0], *kinds, "--pdf", "--cluster", wire.address).stderr
    assert "没有用工作机“空机”：它没有装能用的 yiyu" in told
    documents = sent_documents(bytes(wire.sent))
    assert len(documents) == 2
    printing_phones = 0
    for data in documents:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            inside = b"".join(package.read(one) for one in package.namelist())
        found = {phone for phone in phones if phone in inside}
        printing_phones += bool(found)
        assert not found or "电话".encode() in inside
    assert printing_phones <= 1
    for secret in (*phones, numbers[0].encode(), str(office).encode()):
        assert secret not in wire.sent  # beside the documents, which are packed


def test_what_was_altered_on_its_way_is_not_taken_and_is_made_here(
    run: Callable[..., Result], wire: Wire, numbers: list[str], tmp_path: Path
) -> None:
    wire.spoil = b"%PDF-1."
    words = ("print", numbers[0], "--kind", "service_list", "-o", tmp_path / "a.pdf")
    told = run(*words, "--cluster", wire.address).stderr
    assert wire.spoiled
    assert "工作机“本机”送回的 PDF 没有用：校验和不对，改在本机做" in told
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        assert "服务发展项目清单" in pdf[0].get_textpage().get_text_range()


@pytest.fixture
def city(tmp_path: Path, season: Path) -> Path:
    """A city with two offices below it: the season's under two codes, so that two packages come."""
    made, settings = tmp_path / "city", []
    invoke("init", made, "--region", "150600")
    for region in ("150602", "150621"):
        own = tmp_path / region
        copytree(season, own)
        text = (own / "yiyu.toml").read_text("utf-8")
        (own / "yiyu.toml").write_text(text.replace('region = "150600"', f'region = "{region}"'), "utf-8")
        invoke("--workspace", own, "office", "export", "-o", tmp_path / f"{region}.yiyu")
        key = json.loads(invoke("--workspace", own, "office", "key", "--json").stdout)["key"]
        settings.append(f'\n[offices.{region}]\nname = "{region}"\nkey = "{key}"\n')
    with (made / "yiyu.toml").open("a", encoding="utf-8") as file:
        file.writelines(settings)
    packages = [tmp_path / f"{region}.yiyu" for region in ("150602", "150621")]
    assert invoke("--workspace", made, "office", "import", *packages).exit_code == 0
    return made


def test_offices_counted_by_a_cluster_give_the_figures_and_the_board_of_this_machine(
    city: Path, here: Machines, tmp_path: Path
) -> None:
    def told(*words: object) -> list[object]:
        result = invoke("--workspace", city, "report", *words, "--json")
        assert result.exit_code == 0, result.stderr
        return [json.loads(result.stdout), "在本机" in result.stderr]

    for words in (("rates",), ("rates", "--rows", "visits"), ("year",), ("bulletin",)):
        assert told(*words, "--cluster", here.address) == told(*words)
    for name, more in (("a", ()), ("b", ("--cluster", here.address))):
        invoke("--workspace", city, "report", "board", "--html", tmp_path / f"{name}.html", *more)
    first, second = (
        re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", (tmp_path / f"{n}.html").read_text("utf-8")) for n in "ab"
    )
    assert first == second


def test_who_has_no_office_below_cannot_have_them_counted_elsewhere(run: Callable[..., Result]) -> None:
    result = run("report", "rates", "--cluster", "tcp://127.0.0.1:1", code=2)
    assert "没有下级办公室" in result.stderr
