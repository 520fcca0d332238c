"""What an office keeps of one below: its package as it came, and beside it a registry to be asked, made from it.

``offices/150602/SHA256.yiyu`` stays for good. ``offices/150602/model-KEY/`` holds ``registry.db``, the settings and packs of
that office and, for a city's, a folder of the same for each of its own offices. The key is of the package and of the
program, so that what another version made is not found, and made anew; nothing is lost with it.
"""

import contextlib
import hashlib
import importlib.metadata
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from yiyu.registry.config import PACKAGE_SUFFIX, PACKAGES, REGISTRY_NAME, Config, Workspace
from yiyu.registry.errors import FileFault
from yiyu.registry.files import file_sha256, place_folder, read_bytes, replacing, scratch, write_atomic
from yiyu.registry.offices.container import MANIFEST, Manifest, Package, read_package, verified
from yiyu.registry.offices.facts import (
    DEEPEST,
    FACTS,
    SETTINGS,
    TABLES,
    TEMPLATES,
    Facts,
    OfficeBelow,
    package_file,
    table_file,
)
from yiyu.registry.store.copying import newest_schema
from yiyu.registry.store.exporting import ChainPosition
from yiyu.registry.store.office_packages import ReceivedPackage
from yiyu.registry.store.read_models import build_model

MODEL = "model-"
_MODEL = re.compile(rf"{MODEL}[0-9a-f]{{16}}")
_MOST_SMALL = 4 << 20
"""Bytes of settings, or of one file of a pack."""
_BLOCK = 1 << 20
_SMALL = re.compile(rf"holidays-\d{{4}}\.toml|{TEMPLATES}/[^/]+/[^/]+\.(?:toml|csv)")


def package_path(workspace: Workspace, region: str, sha256: str) -> Path:
    return workspace.root / PACKAGES / region / f"{sha256}{PACKAGE_SUFFIX}"


def model_of(workspace: Workspace, held: ReceivedPackage) -> Path:
    """The folder of the model of a package that was received, made where it is not there.

    Raises FileFault where the package itself is gone or altered.
    """
    target = model_folder(workspace, held.region, held.sha256)
    if not (target / MANIFEST).is_file():
        path = workspace.root / held.path
        if file_sha256(path) != held.sha256:
            raise FileFault("收到的上报包被改动过", where=held.path, remedy="请从备份放回，或请下级重新交一份")
        with scratch(workspace.root) as aside:
            place_model(build(read_package(path, place=held.path), aside / "model", workspace.root), target)
    return target


def model_folder(workspace: Workspace, region: str, sha256: str) -> Path:
    made_by = f"{sha256} {importlib.metadata.version('yiyu')} {newest_schema()}"
    return workspace.root / PACKAGES / region / f"{MODEL}{hashlib.sha256(made_by.encode()).hexdigest()[:16]}"


def place_model(made: Path, target: Path) -> None:
    """Give a model its name, and remove those of before; one that stands there already, made meanwhile, is as good."""
    try:
        place_folder(made, target)
    except OSError as error:
        if not (target / MANIFEST).is_file():
            raise FileFault("下级的查询库没有写成", where=str(target), remedy="请检查写入权限和剩余空间") from error
    for other in target.parent.glob(f"{MODEL}*"):
        if other != target and _MODEL.fullmatch(other.name):
            shutil.rmtree(other, ignore_errors=True)  # another program may be reading it


def build(package: Package, folder: Path, root: Path, depth: int = 1) -> Path:
    """Make the model of a verified package in ``folder``, of the office ``root``, with those of the packages it holds.

    Raises RegistryFault for facts that no registry can hold, FileFault for a package within that is not what it is said to be.
    """
    facts = facts_of(package)
    chain = ChainPosition(*msgspec.structs.astuple(facts.chain))
    tables = [name.removeprefix(f"{TABLES}/").removesuffix(".jsonl") for name in package.manifest.files]
    with replacing(folder / REGISTRY_NAME, office=root) as temporary:
        build_model(
            temporary,
            tables,
            lambda table: package.member(table_file(table)),
            schema=(facts.schema.number, facts.schema.name),
            chain=chain,
            place=package.place,
        )
    for name in package.manifest.files:
        if _SMALL.fullmatch(name):
            write_atomic(folder / name, package.read(name, _MOST_SMALL), office=root)
    config = settings_of(package)
    write_atomic(folder / SETTINGS, msgspec.json.encode(config), office=root)
    for below in facts.offices:
        if below.package is not None:
            with held_within(package, below, depth) as inner:
                build(inner, folder / below.region, root, depth + 1)
    write_atomic(folder / MANIFEST, package.signed, office=root)
    return folder


@contextlib.contextmanager
def held_within(package: Package, below: OfficeBelow, depth: int) -> Iterator[Package]:
    """The package of an office below that travels in another, verified by the key the outer one names.

    Raises FileFault naming what is wrong with it.
    """
    name = package_file(below.region)
    place = f"{package.place} 里的 {name}"
    if depth >= DEEPEST:
        raise FileFault("上报包套得太深", where=place, remedy=f"一个包里最多有 {DEEPEST} 级单位，请与对方核对")
    with scratch() as aside:
        with (
            package.member(name) as stream,
            replacing(aside / f"held{PACKAGE_SUFFIX}") as temporary,
            temporary.open("wb") as to,
        ):
            shutil.copyfileobj(stream, to, _BLOCK)
        path = aside / f"held{PACKAGE_SUFFIX}"
        inner = read_package(path, place=place)
        verified(inner, below.key)
        said = below.package
        facts = facts_of(inner)
        if said is None or (inner.manifest.office.region, facts.as_of, facts.chain.events, file_sha256(path)) != (
            below.region, said.as_of, said.events, said.sha256
        ):  # fmt: skip
            raise FileFault("上报包里下级的包与清单说的不是一份", where=place, remedy="请与对方核对后重新要一份")
        yield inner


def facts_of(package: Package) -> Facts:
    """What a package of facts says of itself. Raises FileFault for one of another kind."""
    if package.manifest.kind != FACTS:
        remedy = "下发的包请用 yiyu office adopt" if package.manifest.kind == "drafts" else "请检查文件是否选对"
        raise FileFault("这不是上报的包", where=package.place, remedy=remedy)
    return package.body(Facts)


def settings_of(package: Package) -> Config:
    """The settings of the office; what only a later yiyu knows is left out."""
    data = package.read(SETTINGS, _MOST_SMALL)
    try:
        raw = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        known = {key: raw[key] for key in raw.keys() & set(Config.__struct_fields__)}
        return msgspec.json.decode(msgspec.json.encode(known), type=Config)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FileFault("上报包里的设置读不懂", where=package.place, remedy="请向对方重新要一份") from error


def model_manifest(folder: Path) -> Manifest:
    """What the package said of itself, kept in its model."""
    return msgspec.json.decode(read_bytes(folder / MANIFEST), type=Manifest)


def model_workspace(folder: Path) -> Workspace:
    """The office as its packs and settings were: nothing is written there."""
    return Workspace(folder, msgspec.json.decode(read_bytes(folder / SETTINGS), type=Config))
