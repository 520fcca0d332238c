"""One setting of ``yiyu.toml`` changed by the program, and what each of them means; every other line stays as it stands."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from yiyu.registry.config import CONFIG_NAME, Config
from yiyu.registry.errors import BadInput
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import add_event
from yiyu.registry.store.opening import changing
from yiyu.registry.toml import MOST_BYTES, TomlFault, convert, parse


class Setting(NamedTuple):
    """``word``: what people call it; ``choices``: value to its meaning, where only these can be."""

    word: str
    meaning: str
    choices: Mapping[str, str] = {}


SETTINGS: dict[str, Setting] = {
    "number_pattern": Setting("协议编号", "新协议的编号样式；已有编号不变"),
    "activity_pattern": Setting("活动编号", "每年从 1 起"),
    "months": Setting("期限（月）", "新起草协议的期限"),
    "end_custom": Setting("截止日期", "怎样从生效日期推算", {"day-before": "对应日的前一天", "civil-code": "对应日（民法典）"}),
    "notice_days": Setting("提前通知天数", "续签、不续签最迟在到期前几天通知"),
    "copies": Setting("一式几份", "每份协议印几份原件"),
    "renewal": Setting(
        "期满怎样", "印在协议里的续签方式",
        {"none": "期满终止", "negotiate": "协商续签", "auto_once": "自动顺延一次", "auto": "自动顺延"},
    ),
    "service_mode": Setting(
        "服务方式", "新协议的服务方式", {"": "按口径包", "visit": "巡回指导", "resident": "协议派驻", "both": "两者"}
    ),
    "partial_period": Setting(
        "不足一期", "期初期末不足一期的算不算应做", {"half": "在约过半才算", "always": "都算", "never": "都不算"}
    ),
    "fonds": Setting("全宗号", "档案馆给的；没有就空着"),
    "fonds_name": Setting("全宗名称", "印在目录封面上"),
    "archive_category": Setting("门类", "WS 为文书（DA/T 13-2022）"),
    "archive_office": Setting("机构（问题）代码", "写在档号里"),
    "archive_office_name": Setting("机构（问题）名称", "印在目录、封面和归档章上"),
    "archive_pattern": Setting("档号", "新编档号的样式"),
    "backup_folder": Setting("备份位置", "工作区里的目录，或另一块磁盘上的完整路径"),
    "backups_kept": Setting("留几份备份", "最近几份完好的备份"),
}  # fmt: skip
"""Settings that are one value; lists and tables (addressees, aliases, districts, offices, above) are written in the file itself."""


def change_setting(office: OfficeSession, key: str, text: str) -> None:
    """Write one setting as a person typed it. Raises BadInput, the file as it was, for what cannot be."""
    if key not in SETTINGS:
        raise BadInput(f"没有叫“{key}”的设置", remedy="请在设置页选择")
    path, old = office.workspace.root / CONFIG_NAME, getattr(office.workspace.config, key)
    before = read_bytes(path, limit=MOST_BYTES).decode("utf-8-sig")
    value: Any = int(text) if isinstance(old, int) and text.isdecimal() else text
    after = _with(before, key, json.dumps(value, ensure_ascii=False))
    try:
        config = convert(parse(after.encode()), Config)
        same = parse(after.encode()) == {**parse(before.encode()), key: value}
    except TomlFault as fault:
        raise BadInput(f"{SETTINGS[key].word}不能是“{text}”：{fault}", remedy="请改正后再试") from fault
    if not same or msgspec.structs.replace(office.workspace.config, **{key: getattr(config, key)}) != config:
        raise BadInput(f"{SETTINGS[key].word}没有改：yiyu.toml 的写法不能由程序改", remedy=f"请在文件里写上 {key} = …")
    if value == old:
        return
    told = {"setting": key, "old": old, "new": value}
    note = f"{SETTINGS[key].word}：{old or '（空）'} → {value or '（空）'}"
    with changing(office.db):
        add_event(
            office.db,
            None,
            "setting_changed",
            on=office.today,
            recorded_at=office.now,
            actor=office.actor,
            note=note,
            data=told,
        )
        write_atomic(path, after.encode())


def _with(text: str, key: str, value: str) -> str:
    """The text with a line for a key of the top level: its own, the one commented out, or a new first one."""
    end = re.compile(r"^\[", re.MULTILINE).search(text)
    head, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
    for prefix in ("", "# ?"):
        own = re.compile(rf"^{prefix}{key}[ \t]*=[ \t]*(\"[^\"\n]*\"|'[^'\n]*'|[^\s#]+)", re.MULTILINE)
        if own.search(head):
            return own.sub(lambda _: f"{key} = {value}", head, count=1) + rest
    return f"{key} = {value}\n{head}{rest}"
