"""yiyu archive verify, bag, signatures: what is archived is still what it was, here and elsewhere."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.fixity import FixityFault
from yiyu.docgen.archive.verifying import Bagged, Signatures, Signed, Verified, look_at_files, verify_bag
from yiyu.docgen.archive.verifying import bag as make_bag
from yiyu.docgen.archive.verifying import verify as verify_archive
from yiyu.docgen.pdf.signatures import CHANGED_LABEL, INTACT_LABEL, TRUSTED_LABEL
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import NEW_FOLDER, READABLE, READABLE_FOLDER, dry_run, json_only, listing, on_day
from yiyu.registry.commands.show import ListColumn, finish, progress, say, show, table, write_json
from yiyu.registry.errors import FileFault

FAULT_LABEL = {
    FixityFault.MISSING: "文件缺失",
    FixityFault.CHANGED: "内容被改动",
    FixityFault.EXTRA: "多出的文件",
    FixityFault.UNREADABLE: "打不开",
    FixityFault.MISPLACED: "不在原处",
}
FAULT_FIELDS = (
    ListColumn("label", "问题", 12),
    ListColumn("path", "文件", 50),
    ListColumn("number", "协议编号", 22),
    ListColumn("message", "说明", 60),
)
SIGNATURE_FIELDS = (
    ListColumn("path", "文件", 40),
    ListColumn("field", "签名域", 16, brief=False),
    ListColumn("signer", "签名人", 20),
    ListColumn("signed_at", "签名时间（自称）", 26, brief=False),
    ListColumn("intact_label", "签过的内容", 18),
    ListColumn("changed_label", "签名之后", 14),
    ListColumn("trusted_label", "签名人是否可信", 14),
    ListColumn("note", "说明", 40),
)
trust = click.option(
    "--trust", type=READABLE_FOLDER, metavar="FOLDER", help="存放可信证书（PEM、DER）的文件夹；从不联网"
)


@click.command("verify")
@click.option(
    "--manifest", type=READABLE_FOLDER, metavar="FOLDER", help="只凭 archive bag 做成的这个文件夹核对，不需要工作区"
)
@click.option("--signatures", is_flag=True, help="同时核对其中 PDF 的电子签名")
@trust
@listing
@pass_invocation
def verify(invocation: Invocation, /, as_json: bool, xlsx: Path | None, **options: Any) -> None:
    """核对归档文件：登记的都在、打得开、没改过、在原处，也没有多出的文件。"""
    with progress("核对归档文件") as bar:
        result = _verified(invocation, bar, **options)
    if as_json:
        write_json(_verified_json(result))
    if xlsx is not None or (result.faults and not as_json):
        show("归档核对", FAULT_FIELDS, _fault_rows(result), as_json=False, xlsx=xlsx)
    if result.signed is not None and not as_json:
        _show_signed(result.signed)
    _conclude(result)


@click.command("bag")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER]…")
@click.option("-o", "--out", type=NEW_FOLDER, required=True, metavar="FOLDER", help="新文件夹的名字")
@click.option("--metadata", is_flag=True, help="另附已编号各件的元数据 metadata.xml（DA/T 46—2009）")
@dry_run
@json_only
@pass_invocation
def bag(invocation: Invocation, /, numbers: tuple[str, ...], out: Path, as_json: bool, **options: Any) -> None:
    """把归档文件（全部，或所列协议的）复制成一个自带清单的文件夹（BagIt），移交后可单独核对。"""
    with invocation.office() as office, progress("复制并核对") as bar:
        result = make_bag(office, numbers, out, progress=bar, **options)
    if as_json:
        write_json(_bagged_json(result, out))
    else:
        _say_bagged(result, out)


@click.command("signatures")
@click.argument("files", nargs=-1, required=True, type=READABLE, metavar="FILE…")
@trust
@on_day
@listing
def signatures(files: tuple[Path, ...], trust: Path | None, as_of: dt.date | None, as_json: bool, **xlsx: Any) -> None:
    """核对 PDF 的电子签名：签过的内容是否完好、签名后是否改动、签名人是否可信，分开说。"""
    signed = look_at_files(files, Signatures(as_of or today(), trust))
    if as_json:
        write_json([_signed_json(one) for one in signed])
    if xlsx["xlsx"] is not None or not as_json:
        _show_signed(signed, **xlsx)
    finish([one for one in signed if one.failed])


def _verified(
    invocation: Invocation, bar: Any, manifest: Path | None, *, signatures: bool, trust: Path | None
) -> Verified:
    wanted = Signatures(today(), trust) if signatures or trust else None
    if manifest is not None:
        return verify_bag(manifest, signatures=wanted, progress=bar)
    with invocation.office() as office:
        return verify_archive(office, signatures=wanted, progress=bar)


def _conclude(result: Verified) -> None:
    if result.faults:
        what = f"核对了 {result.checked} 个文件，发现 {len(result.faults)} 处问题（已列出）"
        raise FileFault(what, remedy="请按每行的说明处理")
    say(
        f"核对了 {result.checked} 个文件，无误"
        if result.checked
        else "归档里还没有文件；收扫描件用 yiyu archive intake"
    )


def _verified_json(result: Verified) -> dict[str, object]:
    faults = [{key: getattr(one, key) for key in ("path", "fault", "number")} for one in result.faults]
    told: dict[str, object] = {"checked": result.checked, "faults": faults}
    return told if result.signed is None else told | {"signatures": [_signed_json(one) for one in result.signed]}


def _fault_rows(result: Verified) -> list[dict[str, object]]:
    return [asdict(one) | {"label": FAULT_LABEL[one.fault]} for one in result.faults]


def _signed_json(one: Signed) -> dict[str, object]:
    return {"path": one.path} | asdict(one.statement)


def _show_signed(signed: Sequence[Signed], xlsx: Path | None = None) -> None:
    rows = []
    for one in signed:
        told = one.statement
        labels = {
            "intact_label": INTACT_LABEL[told.intact],
            "changed_label": CHANGED_LABEL[told.changed_after],
            "trusted_label": TRUSTED_LABEL[told.trusted],
        }
        rows.append(_signed_json(one) | labels)
    if xlsx is not None:
        show("电子签名", SIGNATURE_FIELDS, rows, as_json=False, xlsx=xlsx)
    else:
        table([each for each in SIGNATURE_FIELDS if each.brief], rows)
        say(f"电子签名共 {sum(not one.failed for one in signed)} 个")


def _bagged_json(result: Bagged, folder: Path) -> dict[str, object]:
    made = result.bag
    return {
        "folder": str(folder),
        "files": len(result.files),
        "bytes": sum(one.size for one in result.files),
        "held_back": result.held_back,
        "tagmanifest_sha256": made.seal if made else "",
    }


def _say_bagged(result: Bagged, folder: Path) -> None:
    size = sum(one.size for one in result.files)
    told = (
        f"{len(result.files)} 个文件（{size / 1_000_000:.1f} MB）" if size > 100_000 else f"{len(result.files)} 个文件"
    )
    if result.bag is None:
        say(f"试算，没有写入：将复制 {told}到 {folder}")
    else:
        say(f"已复制 {told}到 {folder}，并已按清单核对无误")
        say(f"清单校验值（请抄入移交清单）：{result.bag.seal}")
        say(f"对方可用 yiyu archive verify --manifest {folder.name} 核对")
    if result.held_back:
        say(f"另有 {result.held_back} 个文件还含其他协议的页，没有复制")
