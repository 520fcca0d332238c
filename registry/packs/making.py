"""A new pack of an office's own: a commented ``pack.toml`` to fill in, which works from the start as its parent does."""

import re
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.files import write_atomic
from yiyu.registry.packs.reading import load_pack, plugin_packs, shipped_packs
from yiyu.registry.packs.rows import PACK_FILE, Pack

PACK_NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z][a-z0-9_]{1,39}")
"""A folder on every system; the names left out are devices on Windows."""


@dataclass(frozen=True, slots=True)
class NewPack:
    """Path and text of the ``pack.toml``, and the names of the Word files handed out beside it."""

    path: Path
    text: str
    forms: tuple[str, ...] = ()


def new_pack(name: str, *, extends: str, office: Path, with_forms: bool = False, dry_run: bool = False) -> NewPack:
    """Make ``name`` in ``office``, the workspace's ``templates/``; ``with_forms``: with copies of the parent's Word files.

    No Word file that stands there already is written over. Raises BadInput for a name that is no folder name everywhere or hides a shipped pack it does not extend, StepNotAllowed where the pack is there already,
    NotFound for an unknown parent.
    """
    if not PACK_NAME.fullmatch(name):
        raise BadInput(f"“{name}”不能作口径包的名称", remedy="请用小写英文字母、数字和下划线，如 dongsheng")
    path = office / name / PACK_FILE
    if path.exists():
        raise StepNotAllowed(f"口径包“{name}”已经有了", where=str(path), remedy="请直接编辑该文件，或换一个名称")
    if extends != name and (name in shipped_packs() or name in plugin_packs()):
        whose = "随附" if name in shipped_packs() else "插件"
        remedy = f"请换一个名称；要在它之上修改的，写 --extends {name}"
        raise BadInput(f"{whose}的口径包也叫“{name}”，新建的会把它整个盖住", remedy=remedy)
    parent = load_pack(extends, office=office)
    forms = parent.forms() if with_forms else {}
    if standing := next((form for form in forms if (path.parent / form).exists()), ""):
        remedy = "请先把它移走或改名；只要 pack.toml 的，不加 --with-forms"
        raise StepNotAllowed(f"文件夹里已经有“{standing}”，没有盖掉", where=str(path.parent), remedy=remedy)
    made = NewPack(path, _text(name, parent), tuple(forms))
    if not dry_run:
        for form, content in forms.items():
            write_atomic(path.parent / form, content)
        write_atomic(path, made.text.encode())
    return made


def _text(name: str, parent: Pack) -> str:
    files = "、".join(document.file for document in parent.documents.values())
    visit = next((duty for duty in parent.duties if duty.items), parent.duties[0])
    entry = parent.catalogue[0]
    return f'''# 本单位的口径包 {name}，在“{parent.title}”（{parent.name}）之上只写不同的地方；没写的全部沿用。
# 行首的 # 表示说明或尚未启用，删去 # 即启用。改完请运行：yiyu pack check {name}

title = "{name}"          # 口径包的名称，请改成地区或单位名
extends = "{parent.name}"
# valid_from = 2026      # 从哪一年起适用
# service_mode = "visit" # 新协议的服务方式：visit 巡回指导 / resident 协议派驻 / both 两者（不写就是巡回指导，yiyu.toml 和每份协议可另定）
# valid_to = 2028        # 适用到哪一年（不写就随所继承的口径包）

# ---------- 地区 ----------
# 六位区划代码 = 名称。不写则处处可用。
# [regions]
# 150602 = "东胜区"

# 没有区划代码的开发区、本地的叫法，写明算在哪个代码下；代码不在国家名单里的单列为一个旗区。
# [districts]
# "高新区" = "150602"

# ---------- Word 模板 ----------
# 把自己的范本放进本文件夹（普通范本先用 yiyu template draft 变成模板），文件名与上级相同（{files}）即替换上级的模板。
# 文件名不同的，在这里写明；variants 写某一类型专用的文件，name_pattern 写生成的文件名。
# [documents.agreement]
# file = "本旗协议范本.docx"
# name_pattern = "{{number}}_{{title}}_{{childcare}}"
# [documents.agreement.variants]
# SF = "三方协议范本.docx"

# ---------- 依据 ----------
# 键是标签，目录、事项和目标的 source 都以标签开头；cited = false 的不写进协议引言。
# [basis.OWN]
# title = "关于……的通知"
# issuer = "某某旗卫生健康委员会"
# number = "某卫发〔2026〕1号"
# date = 2026-01-01

# ---------- 服务项目目录 ----------
# 改一项只写要改的键；新增一项要写全：name、content、target、provider、mode、per、source。
# [catalogue.{entry.key}]          # {entry.name}
# remark = "本旗另有要求"

# ---------- 应履约事项 ----------
# [duties.{visit.key}]             # {visit.title}
# times = 2

# ---------- 条款 ----------
# 协议书里的条款在条款库：yiyu pack clauses 可看。要改哪一条，在本文件夹里另写 clauses.toml，只写那一条和新的一版：
#   T07.versions.1 写成一个表，键有 since（从哪一天起用）、source（依据和出处）、text（文字，一行一段）。

# ---------- 目标 ----------
# [targets.own_rate]
# title = "签约率"
# owner = "某某旗卫生健康委员会"
# value = 100
# unit = "%"
# year = 2026
# source = "OWN 一（一）"
# quote = "原文中的一句话"
'''
