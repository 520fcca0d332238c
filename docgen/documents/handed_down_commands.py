"""yiyu office hand-down, adopt."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.documents.adopting import AdoptedPart, Adoption, adopt
from yiyu.docgen.documents.handing_down import HandedDown, hand_down
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import READABLE, TEXT, dry_run, force_of, json_only
from yiyu.registry.commands.outputs import PACKAGE
from yiyu.registry.commands.show import ListColumn, near, say, table, write_json
from yiyu.registry.packs.rows import PACK_FILE

PART_FIELDS = (
    ListColumn("file", "文件", 32),
    ListColumn("clause", "条款", 8),
    ListColumn("state_label", "与本级", 12),
    ListColumn("own", "本级改过", 10),
)
DIFFERENCE_FIELDS = (
    ListColumn("file", "文件", 32),
    ListColumn("place", "位置", 32),
    ListColumn("ours", "本级", 40),
    ListColumn("theirs", "上级", 40),
)
STATE_LABEL = {"new": "新的", "same": "相同", "different": "不同"}


@click.command("hand-down")
@click.option("-o", "--output", type=PACKAGE, required=True, metavar="PACKAGE.yiyu", help="下发包的文件名")
@click.option("--pack", "packs", type=TEXT, multiple=True, metavar="NAME", help="本级的口径包，整个文件夹（可写多次）")
@click.option(
    "--template",
    "templates",
    type=READABLE,
    multiple=True,
    metavar="FILE",
    help="本级 templates/ 里的一个 Word 模板或表样（可写多次）",
)
@click.option(
    "--clauses", type=TEXT, multiple=True, metavar="NAME", help="一个条款连同它的各版，写编号或名称（可写多次）"
)
@click.option("--note", type=TEXT, default="", help="为什么下发，下级采用时看得到")
@dry_run
@json_only
@pass_invocation
def hand_down_(invocation: Invocation, /, output: Path, as_json: bool, **options: Any) -> None:
    """把本级的口径包、条款、模板下发：先检查，再做成签名的下发包，交给下级用 office adopt 采用。"""
    with invocation.office() as office:
        done = hand_down(office, output, **options)
    if as_json:
        write_json(_handed_json(done, output))
    else:
        _show_handed(done, output, dry_run=options["dry_run"])


@click.command("adopt")
@click.argument("package", type=READABLE, metavar="PACKAGE.yiyu")
@click.option("--apply", is_flag=True, help="看过不同，照包里的写进本级的 templates/（不加就只看）")
@click.option("--force", is_flag=True, help="本级自己改过的也照上级的改，原因记入记录")
@click.option("--reason", type=TEXT, default="", help="本级改过而仍照上级的原因（与 --force 同用）")
@dry_run
@json_only
@pass_invocation
def adopt_(invocation: Invocation, /, package: Path, as_json: bool, **options: Any) -> None:
    """采用上级下发的口径包、条款、模板：先列出与本级的不同，加 --apply 才写入，原来的留存。"""
    options["reason"] = force_of(options)
    with invocation.office() as office:
        done = adopt(office, package, **options)
    if as_json:
        write_json(_adoption_json(done))
    else:
        _show_adoption(done, options)
    done.refuse_faulty()


def _handed_json(done: HandedDown, output: Path) -> dict[str, object]:
    return {
        "region": done.region,
        "name": done.name,
        "note": done.note,
        "files": [{"file": part.path, "clause": part.clause, "sha256": digest} for part, digest in done.parts.items()],
        "left": list(done.left),
        "path": str(output),
        "size": done.size,
        "sha256": done.sha256,
    }


def _show_handed(done: HandedDown, output: Path, *, dry_run: bool) -> None:
    for part in done.parts:
        click.echo(part.name)
    for name in done.left:
        say(f"没有放进去：{name}（不是口径包用的文件）")
    counted = f"检查通过，{len(done.parts)} 项"
    say(f"试做，没有写入：{counted}" if dry_run else f"{counted}，已做成 {near(output)}，可以交给下级")


def _adoption_json(done: Adoption) -> dict[str, object]:
    return {
        "package": done.package,
        "name": done.name,
        "made_at": done.made_at,
        "actor": done.drafts.actor,
        "note": done.drafts.note,
        "files": [_part_json(one) for one in done.parts],
        "faults": list(done.faults),
        "adopted_on": done.again or None,
        "applied": done.applied,
        "former": done.former,
    }


def _part_json(one: AdoptedPart) -> dict[str, object]:
    told = {"file": one.part.path, "clause": one.part.clause, "state": one.state, "own": one.own, "sha256": one.sha256}
    return told | {"differences": list(one.differences)}


def _show_adoption(done: Adoption, options: dict[str, Any]) -> None:
    why = f"：{done.drafts.note}" if done.drafts.note else ""
    say(f"{done.name} {done.made_at[:10]} 下发，经办 {done.drafts.actor}{why}")
    table(PART_FIELDS, [_part_json(one) | {"state_label": STATE_LABEL[one.state]} for one in done.parts])
    table(DIFFERENCE_FIELDS, list(_difference_rows(done)))
    say(_outcome(done, options))


def _difference_rows(done: Adoption) -> Iterator[dict[str, str]]:
    for one in done.parts:
        for told in one.differences:
            yield {"file": one.part.path, "place": told.place, "ours": told.ours, "theirs": told.theirs}


def _outcome(done: Adoption, options: dict[str, Any]) -> str:
    if done.again:
        return f"{done.again} 已采用过这份下发包，没有再写"
    if done.applied:
        kept = f"，原来的留在 {done.former}/" if done.former else ""
        packs = [one.part.pack for one in done.parts if one.state == "new" and one.part.path.endswith(PACK_FILE)]
        change = f"；要改用口径包 {'、'.join(packs)}，请改 yiyu.toml 的 pack" if packs else ""
        return f"已采用{kept}；没有签过的协议下次 yiyu generate 用新的文字{change}"
    if done.own and not options["reason"]:
        return f"没有写入；本级改过 {'、'.join(done.own)}，要照上级的改，加 --apply --force --reason 写明原因"
    return "试做，没有写入" if options["apply"] else "没有写入；看过以后要采用，加 --apply"
