"""What dated events make of an agreement: three axes, its end, and its force on a day. Pure (domain.md#axes).

签约, 盖章 and 归档 move independently; which step is allowed when stands in :mod:`yiyu.registry.rules.steps`.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Event:
    """One thing that happened: to an agreement, an institution, or the office.

    ``party`` is a role letter or ""; ``corrects`` an event id or None.

    Not frozen: a large office has hundreds of thousands, and freezing would take four fifths of the time.
    """

    id: int
    kind: str
    party: str
    on: dt.date
    recorded_at: str
    actor: str
    note: str
    corrects: int | None
    data: Mapping[str, object] = field(default_factory=dict)
    """What a kind adds: ``ends_on`` (ISO) of an extension, ``seam`` and ``seal_no`` of a sealing."""
    previous_hash: str = ""
    hash: str = ""


SIGNING_LABEL = {
    "draft": "起草",
    "review": "审核",
    "awaiting": "待签",
    "one_signed": "单方已签",
    "signed": "双方已签",
}
SEALING_LABEL = {"none": "未盖", "one_sealed": "单方已盖", "sealed": "双方已盖"}
FILING_LABEL = {
    "none": "未收",
    "received": "已收",
    "scanned": "已扫描",
    "checked": "已校验",
    "numbered": "已编号",
    "boxed": "已装盒",
}
FILING = tuple(FILING_LABEL)
"""The filing axis in its only order."""
FORCE_LABEL = {
    "not_in_force": "未生效",
    "in_force": "有效",
    "expired": "已到期",
    "renewed": "已续签",
    "terminated": "已解除",
    "void": "作废",
}
EVENT_LABEL = {
    "drafted": "起草",
    "submitted": "送审",
    "approved": "审核通过",
    "returned": "审核退回",
    "issued": "生成文书",
    "signed": "签字",
    "sealed": "盖章",
    **{step: FILING_LABEL[step] for step in FILING[1:]},
    "moved": "原件去向",
    "extended": "自动顺延",
    "supplemented": "补充协议",
    "items_changed": "服务项目变更",
    "followed": "随登记更新",
    "terminated": "解除",
    "voided": "作废",
    "corrected": "更正",
    "merged": "机构合并",
    "served": "活动",
    "unserved": "活动作废",
    "activity_edited": "活动更正",
    "evidenced": "补充材料",
    "drawn": "随机抽取",
    "notified": "限期整改通知",
    "rechecked": "整改复查",
    "waived": "免除应做事项",
    "unmerged": "撤销机构合并",
    "institution_known": "升级前已有",
    "institution_added": "机构录入",
    "institution_changed": "机构变更",
    "institution_corrected": "机构更正",
    "institution_merged": "机构合并",
    "institution_unmerged": "撤销机构合并",
    "institution_restored": "撤回导入",
    "institution_erased": "清除联系方式",
    "assessed": "年度自评",
    "imported": "导入",
    "import_undone": "撤回导入",
    "figure_entered": "填报指标",
    "progressed": "工作进度",
    "setting_changed": "修改设置",
    "report_issued": "印发报告",
    "office_key_made": "生成本级密钥",
    "office_exported": "做上报包",
    "office_received": "收上报包",
    "drafts_handed_down": "下发范本",
    "drafts_adopted": "采用下发的范本",
    "lent": "档案借出",
    "brought_back": "档案归还",
    "held": "暂停销毁",
    "hold_ended": "恢复鉴定",
    "classified": "标注密级",
    "box_noted": "盒内情况说明",
    "difference_accepted": "差异认可",
    "difference_rejected": "差异不认可",
    "recipe_saved": "保存合并配方",
    "recipe_removed": "删除合并配方",
    "account_opened": "增加人员",
    "account_invited": "重发登录链接",
    "account_changed": "修改人员角色",
    "account_closed": "停用人员",
    "password_set": "设置登录口令",
}
DRAFTS_ADOPTED = "drafts_adopted"
OF_SERVICE = frozenset({"served", "unserved", "activity_edited", "evidenced", "notified", "rechecked", "waived"})
"""Kinds that tell what was done under an agreement, and nothing of the agreement itself."""
OF_ITEMS = frozenset({"lent", "brought_back", "held", "hold_ended", "classified"})
"""Kinds that tell of a filed 件, by ``archive_no``."""
ACCEPTED, REJECTED = VERDICTS = ("difference_accepted", "difference_rejected")
"""What a person says of a difference between a scan and its print; ``data`` names the difference."""
MOVES_NOTHING = OF_SERVICE | OF_ITEMS | {"items_changed", "followed", *VERDICTS}
"""Kinds that leave an agreement where it stands; their day may be one before it was drafted."""
_OF_NO_BIRTH = MOVES_NOTHING | {"corrected"}
"""Kinds after which an agreement need not exist: of one whose import was taken back only they stand."""
OF_INSTITUTIONS = frozenset(kind for kind in EVENT_LABEL if kind.startswith("institution_"))
"""Kinds that make an institution what it is (see :mod:`yiyu.registry.rules.institution_history`)."""


@dataclass(slots=True)
class AgreementState:
    """Where an agreement stands on a day. ``signed`` and ``sealed`` give each party's date."""

    roles: tuple[str, ...]
    exists: bool = False
    issued: bool = False
    in_review: bool = False
    signed: dict[str, dt.date] = field(default_factory=dict)
    sealed: dict[str, dt.date] = field(default_factory=dict)
    seam: bool = False
    """骑缝章 is there (domain.md#seals: its own yes or no)."""
    filing: str = "none"
    filed_on: dt.date | None = None  # the day of its last step
    extended_to: dt.date | None = None
    extensions: int = 0
    terminated_on: dt.date | None = None
    voided_on: dt.date | None = None
    corrections: int = 0

    @property
    def signing(self) -> str:
        if len(self.signed) == len(self.roles):
            return "signed"
        if self.signed:
            return "one_signed"
        if self.in_review:
            return "review"
        return "awaiting" if self.issued else "draft"

    @property
    def sealing(self) -> str:
        if len(self.sealed) == len(self.roles):
            return "sealed"
        return "one_sealed" if self.sealed else "none"

    @property
    def signed_on(self) -> dt.date | None:
        """签订日期: the later of the parties' dates, once all have signed (民法典 490)."""
        return max(self.signed.values()) if self.signing == "signed" else None

    @property
    def ended(self) -> bool:
        return self.voided_on is not None or self.terminated_on is not None

    def force(self, starts_on: dt.date, ends_on: dt.date, day: dt.date, *, renewed: bool) -> str:
        """效力 on ``day``; never stored (domain.md#term-end: in force when 生效 ≤ day ≤ 截止 and signed)."""
        if self.voided_on is not None:
            return "void"
        if self.terminated_on is not None:
            return "terminated"
        if self.signing != "signed" or day < starts_on:
            return "not_in_force"
        if day <= (self.extended_to or ends_on):
            return "in_force"
        return "renewed" if renewed else "expired"


def replay(events: Iterable[Event], roles: Sequence[str], day: dt.date) -> AgreementState:
    """The state at the end of ``day``: events dated up to it, less those that were corrected, whenever that was.

    What was recorded wrongly was never so: a correction concerns the day of what it corrects. What was known on an
    earlier day is another question, and that of who gives the events (docs/decisions/0015).
    """
    events = list(events)
    corrected = {event.corrects for event in events if event.corrects is not None}
    known = [event for event in events if event.on <= day]
    state = AgreementState(roles=tuple(roles), corrections=len(corrected))
    for event in sorted(known, key=lambda e: (e.on, e.id)):
        if event.id not in corrected:
            state.exists = state.exists or event.kind not in _OF_NO_BIRTH
            _EFFECTS.get(event.kind, _nothing)(state, event)
    return state


def _nothing(_state: AgreementState, _event: Event) -> None:
    """Kinds that leave the axes alone: drafted, moved, corrected, merged, and those of service."""


def _set(name: str, value: object) -> Callable[[AgreementState, Event], None]:
    return lambda state, _event: setattr(state, name, value)


def _sign(state: AgreementState, event: Event) -> None:
    state.signed[event.party] = event.on
    state.issued = True  # what is signed has been on paper, wherever it was printed


def _seal(state: AgreementState, event: Event) -> None:
    state.sealed[event.party] = event.on
    state.seam = state.seam or event.data.get("seam") is True


def _extend(state: AgreementState, event: Event) -> None:
    ends_on = event.data.get("ends_on")
    if isinstance(ends_on, str):
        state.extended_to = dt.date.fromisoformat(ends_on)
    state.extensions += event.kind == "extended"


def _file(state: AgreementState, event: Event) -> None:
    state.filing = max(state.filing, event.kind, key=FILING.index)
    state.filed_on = event.on


_EFFECTS: dict[str, Callable[[AgreementState, Event], None]] = {
    "submitted": _set("in_review", value=True),
    "approved": _set("in_review", value=False),
    "returned": _set("in_review", value=False),
    "issued": _set("issued", value=True),
    "signed": _sign,
    "sealed": _seal,
    **dict.fromkeys(FILING[1:], _file),
    "extended": _extend,
    "supplemented": _extend,
    "terminated": lambda state, event: setattr(state, "terminated_on", event.on),
    "voided": lambda state, event: setattr(state, "voided_on", event.on),
}
