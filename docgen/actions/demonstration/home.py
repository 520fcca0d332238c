"""Two agreements printed, taken in as scans, numbered, bound and verified; a backup at the end."""

from collections.abc import Iterator

from yiyu.docgen.actions.intake import intake
from yiyu.docgen.actions.printing import print_agreements
from yiyu.docgen.actions.verifying import verify
from yiyu.docgen.actions.volumes import make_volume
from yiyu.registry.actions.backing_up import back_up
from yiyu.registry.actions.numbering import number
from yiyu.registry.desk import Desk
from yiyu.registry.errors import ProgramFault
from yiyu.registry.model import DocKind
from yiyu.registry.reports import standings


def home(desk: Desk) -> Iterator[str]:
    """What comes home of two sealed agreements; where this machine cannot print or read scans, a line says so."""
    ready = [one.agreement.number for one in standings(desk.db, desk.today) if one.state.filing == "received"][-2:]
    printed = desk.workspace.output / "打印.pdf"
    try:
        made = print_agreements(desk, ready, printed, kinds=(DocKind.AGREEMENT, DocKind.SERVICE_LIST))
        yield f"打印：{' 和 '.join(ready)} 共 {made.pages} 页，每页带识别码，在 output/打印.pdf"
        taken = intake(desk, [printed])
        yield f"收件：把它当作扫描件收进来，{taken.pages} 页归位 {taken.placed} 页，原件照存"
    except ProgramFault as missing:
        yield f"打印和收件没有演示：{missing}"
    else:
        numbered = number(desk, ready)
        volume = desk.workspace.output / "卷宗.pdf"
        bound = make_volume(desk, ready, volume)
        checked = verify(desk)
        codes = "、".join(item.code for item, _ in numbered.items)
        yield f"归档：档号 {codes}；卷宗 {bound.pages} 页；核验 {checked.checked} 个文件，问题 {len(checked.faults)} 个"
    saved = back_up(desk)
    yield f"备份：{desk.workspace.relative(saved.path)}，写好后已核对"
