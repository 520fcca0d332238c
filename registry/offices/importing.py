"""Take in what offices below hand up: verified, the newest by its chain, recounted (decision 43)."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.registry.config import OtherOffice
from yiyu.registry.errors import BadInput, Failure, FileFault, StepNotAllowed, UserError
from yiyu.registry.files import file_sha256, replacing, scratch
from yiyu.registry.offices.container import Package, read_package, verified
from yiyu.registry.offices.facts import Facts
from yiyu.registry.offices.judging import differences, says_nothing_new
from yiyu.registry.offices.keys import fingerprint
from yiyu.registry.offices.models import build, facts_of, model_folder, package_path, place_model
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import add_event
from yiyu.registry.store.office_packages import ReceivedPackage, add_package, held_packages
from yiyu.registry.store.opening import changing


@dataclass(frozen=True, slots=True)
class Receipt:
    """A package that was taken, or ``again``: says what the office is known by already."""

    file: str
    package: ReceivedPackage
    again: bool = False


@dataclass(frozen=True, slots=True)
class Receipts:
    taken: list[Receipt]
    refused: list[Failure]


def receive(office: OfficeSession, files: Sequence[Path], *, reason: str = "", dry_run: bool = False) -> Receipts:
    """Take in packages, each judged by itself; what is refused is told.

    ``reason``: why one is taken whose chain does not go on from the one received before.
    Raises what is wrong with it where there is one package only.
    """
    found = Receipts([], [])
    # In the office, so that what is made gets its place by a new name; what a run broken off left there goes, too.
    with scratch(None if dry_run else office.workspace.root) as aside:
        for number, file in enumerate(files):
            try:
                found.taken.append(_receive(office, file, reason, aside / str(number), dry_run=dry_run))
            except UserError as error:
                if len(files) == 1:
                    raise
                found.refused.append(Failure.of(str(file), error))
    return found


def _receive(office: OfficeSession, file: Path, reason: str, folder: Path, *, dry_run: bool) -> Receipt:
    digest, package = file_sha256(file), read_package(file)
    facts, declared = facts_of(package), _declared(office, package)
    verified(package, declared.key)
    region = package.manifest.office.region
    held = held_packages(office.db).get(region)
    if held is not None and held.sha256 == digest:
        return Receipt(str(file), held, again=True)
    made = build(package, folder, office.workspace.root)
    one = _received(office, package, facts, digest)
    if held is not None and says_nothing_new(office, one, held, made, accepted=bool(reason)):
        return Receipt(str(file), held, again=True)
    one = replace(one, name=declared.name, reason=reason, differences=differences(office, made, facts))
    if not dry_run:
        _keep(office, file, one, held)
        place_model(made, model_folder(office.workspace, region, digest))
    return Receipt(str(file), one)


def _declared(office: OfficeSession, package: Package) -> OtherOffice:
    """The office as ``yiyu.toml`` has it. Raises BadInput where it has it not, or not its key."""
    signer, config = package.manifest.office, office.workspace.config
    declared = config.offices.get(signer.region)
    if signer.region == config.region:  # whatever yiyu.toml says: it would count twice
        remedy = f"收的是下级交来的包，请检查文件是否选对，yiyu.toml 里不要写 [offices.{signer.region}]"
        raise BadInput("这是本级自己的包", where=package.place, remedy=remedy)
    if declared is None or not declared.key:
        verified(package, signer.key)  # a fingerprint is only asked for of what is whole
        lines = f'key = "{signer.key}"'
        if declared is None:
            what = f"没有登记这个下级：{signer.region} {signer.name}，公钥的指纹 {fingerprint(signer.key)}"
            lines = f'[offices.{signer.region}]、name = "{signer.name}"、{lines} 三行'
        else:
            what = f"还没有填“{declared.name}”的公钥；包上公钥的指纹 {fingerprint(signer.key)}"
        raise BadInput(what, where=package.place, remedy=f"请先打电话与对方核对指纹，再在 yiyu.toml 写上 {lines}")
    return declared


def _received(office: OfficeSession, package: Package, facts: Facts, digest: str) -> ReceivedPackage:
    region, chain = package.manifest.office.region, facts.chain
    return ReceivedPackage(
        region=region,
        name=package.manifest.office.name,
        path=office.workspace.relative(package_path(office.workspace, region, digest)),
        sha256=digest,
        size=package.path.stat().st_size,
        as_of=facts.as_of,
        made_at=package.manifest.made_at,
        events=chain.events,
        changes=chain.changes,
        last_hash=chain.last_hash,
        head=chain.head,
        contacts=facts.contacts,
        differences=(),
        reason="",
        received_at=office.now,
        actor=office.actor,
    )


def _keep(office: OfficeSession, file: Path, one: ReceivedPackage, held: ReceivedPackage | None) -> None:
    """Write the file, then the row that names it: a run killed in between leaves a file that the next one writes again."""
    with replacing(office.workspace.root / one.path) as temporary:
        shutil.copyfile(file, temporary)
        if file_sha256(temporary) != one.sha256:
            raise FileFault("收包时文件还在变化", where=str(file), remedy="请等它复制完，再试一次")
    with changing(office.db):
        if held_packages(office.db).get(one.region) != held:
            raise StepNotAllowed(f"另一位同事刚收了“{one.name}”的包", remedy="请再运行一次")
        add_package(office.db, one)
        note = f"{one.name} 截至 {one.as_of}，链头 {one.head}"
        add_event(
            office.db,
            None,
            "office_received",
            on=office.today,
            recorded_at=office.now,
            actor=office.actor,
            note=f"{note}；{one.reason}" if one.reason else note,
            data={"region": one.region, "sha256": one.sha256, "head": one.head, "reason": one.reason},
        )
