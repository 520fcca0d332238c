"""What an intake has to say, line by line, to whoever ran the command or dropped the files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from yiyu.docgen.archive.intake import Intake
from yiyu.docgen.archive.page_matching import Reason
from yiyu.registry.errors import Failure
from yiyu.registry.model import DOC_KIND_LABEL, DocKind

FEW = 3
"""More than so many of a kind are counted, or told by kind; JSON has each."""


def lines_of(result: Intake, *, dry_run: bool = False) -> Iterator[str]:
    """What was read and placed, and how much of it waits."""
    complete = sum(not one.missing for one in result.documents)
    yield (
        f"{'试算：' if dry_run else ''}读出 {result.pages} 页，归位 {result.placed} 页"
        + (f"（其中 {result.turned} 页方向不正，已转正）" if result.turned else "")
        + f"；文书 {len(result.documents)} 份，收齐 {complete} 份"
    )
    if result.ledger:
        filed = sum(not one.doubt for one in result.ledger)
        yield (
            f"按台账查找的旧件 {len(result.ledger)} 个，归入 {filed} 个"
            + (f"；{result.unread}" if result.unread else "")
        )
    if result.again:
        first = min(one.received_at for one in result.again)
        yield f"其中 {len(result.again)} 个文件的内容以前收过（{minute(first)} 起），没有重复收"
    if result.absent:
        yield f"一页也没有收到的文书 {len(result.absent)} 份：{_absent(result)}"
    if result.unplaced:
        yield f"未归位 {len(result.unplaced)} 页" + _where(result)
    if result.failed:
        yield f"未完成 {len(result.failed)} 项（见上）"


def failed_rows(failed: Sequence[Failure]) -> Iterator[dict[str, object]]:
    """A line for each, but one for many of which the same is to be said."""
    of: dict[str, list[str]] = {}
    for one in failed:
        of.setdefault(one.message, []).append(one.subject)
    for message, subjects in of.items():
        together = f"{subjects[0]} 等 {len(subjects)} 个"
        for subject in subjects if len(subjects) <= FEW else [together]:
            yield {"subject": subject, "message": message}


def runs(pages: Iterable[int]) -> str:
    """Page numbers as a person writes them: 1至8、10."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1][1:] = [page]
        else:
            runs.append([page])
    return "、".join("至".join(map(str, run)) for run in runs)


def minute(moment: str) -> str:
    """A moment to the minute, as people read it."""
    return moment[:16].replace("T", " ")


def _where(result: Intake) -> str:
    if result.unplaced_file:
        return f"，页面小图和归位命令见 {result.unplaced_file}"
    blank = all(one.reason is Reason.BLANK for one in result.unplaced)
    return "，都是空白页" if blank else "；看清后用 yiyu archive assign 文件 页 编号 归位"


def _absent(result: Intake) -> str:
    """The documents in a few words: all where they are few, else by kind."""
    if len(result.absent) <= FEW:
        return "、".join(f"{one.number} {DOC_KIND_LABEL[DocKind(one.kind)]}" for one in result.absent)
    kinds = Counter(DOC_KIND_LABEL[DocKind(one.kind)] for one in result.absent)
    return "、".join(f"{label} {count} 份" for label, count in kinds.items())
