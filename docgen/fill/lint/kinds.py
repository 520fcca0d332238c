"""Which kind of document a Word file is, told by its title, else by what stands in it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yiyu.registry.model import DOC_KIND_LABEL, DocKind

_TITLES: tuple[tuple[re.Pattern[str], DocKind | None, str], ...] = (
    (re.compile("补充协议|变更协议|终止协议|解除协议"), None, "补充或终止协议"),
    (re.compile("意向书|函$|通知|告知书|回执"), None, "函件"),
    (re.compile("活动记录|记录表$|记录单$"), DocKind.ACTIVITY_RECORD, DOC_KIND_LABEL[DocKind.ACTIVITY_RECORD]),
    (re.compile("(?:服务|项目).{0,4}(?:清单|目录)"), DocKind.SERVICE_LIST, DOC_KIND_LABEL[DocKind.SERVICE_LIST]),
    (re.compile("报告|通报|总结|情况说明"), None, "报告"),
    (re.compile("证明"), None, "证明"),
    (re.compile("登记表|信息表|申报表|情况表|联系表|花名册|名册|计划表|统计表"), None, "登记表"),
    (re.compile("协议书?$|合同$|合作协议|协议书"), DocKind.AGREEMENT, DOC_KIND_LABEL[DocKind.AGREEMENT]),
)
"""The first that fits a title counts."""
_AGREEMENT = (
    re.compile("甲[ 　]*方"),
    re.compile("乙[ 　]*方"),
    re.compile("第[一二三四五六七八九十]+条|一式.{1,12}份|权利|义务"),
)
_RECORD = (re.compile("活动时间"), re.compile("活动(?:内容|形式|主题)"))
_LIST = (re.compile("服务项目"), re.compile("服务内容|频次"), re.compile("勾选|提供主体|责任科室"))
_CONTENTS = ((_RECORD, DocKind.ACTIVITY_RECORD), (_AGREEMENT, DocKind.AGREEMENT), (_LIST, DocKind.SERVICE_LIST))
_FIRST, _LONGEST = 6, 40
"""Lines from the top among which a title is looked for, and its characters."""
_NO_TEXT = re.compile(r"\{[{%#][^{}]{0,200}[}%#]\}|[\s　]")
_READ = 2000
"""Characters read of a line."""
_NO_TITLE = re.compile("[。；：:]|^(?:附件|编号)")


@dataclass(frozen=True, slots=True)
class ToldKind:
    """``kind``: one with rules of its own, or None. ``called``: what people call it, "" for unknown. ``by``: 标题 or 内容."""

    kind: DocKind | None = None
    called: str = ""
    by: str = ""
    title: str = ""


def tell_kind(texts: Sequence[str]) -> ToldKind:
    """Tell the kind by the lines of a document; tags in them count as nothing."""
    lines = [plain for text in texts if (plain := _NO_TEXT.sub("", text[:_READ]))]
    titles = [line for line in lines[:_FIRST] if len(line) <= _LONGEST and not _NO_TITLE.search(line)]
    for title in titles:
        for pattern, kind, called in _TITLES:
            if pattern.search(title):
                return ToldKind(kind, called, "标题", title)
    whole = "\n".join(lines)
    for patterns, kind in _CONTENTS:
        if all(pattern.search(whole) for pattern in patterns):
            return ToldKind(kind, DOC_KIND_LABEL[kind], "内容", titles[0] if titles else "")
    return ToldKind(title=titles[0] if titles else "")
