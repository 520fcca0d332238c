"""Two agreements printed, taken in as scans, numbered, bound and verified; a backup at the end."""

from collections.abc import Iterator

from yiyu.docgen.archive.intake import intake
from yiyu.docgen.archive.verifying import verify
from yiyu.docgen.archive.volumes import make_volume
from yiyu.docgen.documents.printing import print_agreements
from yiyu.registry.archive.numbering import number
from yiyu.registry.errors import ProgramFault
from yiyu.registry.model import DocKind
from yiyu.registry.office.backing_up import back_up
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.standings import standings


def home(office: OfficeSession) -> Iterator[str]:
    """What comes home of two sealed agreements; where this machine cannot print or read scans, a line says so."""
    ready = [one.agreement.number for one in standings(office.db, office.today) if one.state.filing == "received"][-2:]
    printed = office.workspace.output / "打印.pdf"
    try:
        made = print_agreements(office, ready, printed, kinds=(DocKind.AGREEMENT, DocKind.SERVICE_LIST))
        yield f"打印：{' 和 '.join(ready)} 共 {made.pages} 页，每页带识别码，在 output/打印.pdf"
        taken = intake(office, [printed])
        yield f"收件：把它当作扫描件收进来，{taken.pages} 页归位 {taken.placed} 页，原件照存"
    except ProgramFault as missing:
        yield f"打印和收件没有演示：{missing}"
    else:
        numbered = number(office, ready)
        volume = office.workspace.output / "卷宗.pdf"
        bound = make_volume(office, ready, volume)
        checked = verify(office)
        codes = "、".join(item.code for item, _ in numbered.items)
        yield f"归档：档号 {codes}；卷宗 {bound.pages} 页；核验 {checked.checked} 个文件，问题 {len(checked.faults)} 个"
    saved = back_up(office)
    yield f"备份：{office.workspace.relative(saved.path)}，写好后已核对"
