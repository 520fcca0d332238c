"""Make a workspace: the folder in which one office keeps its registry and its paper."""

from pathlib import Path

from yiyu.registry.config import CONFIG_NAME, REGISTRY_NAME
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import write_atomic
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.places import check_region
from yiyu.registry.rights import share
from yiyu.registry.store.opening import create_registry, holds_nothing

FOLDERS = ("output", "archive", "templates", "problems")

_CONFIG = """\
# yiyu 工作区设置。改后保存即可生效；写错了会提示是哪一项。
# 前面有“# ”的设置是默认值，要改时去掉“# ”再写。

pack = "{pack}"            # 口径包：yiyu pack list 可查看
region = "{region}"        # 本级行政区划代码

# 协议
number_pattern = "{{district}}-{{year}}-{{variant}}-{{serial:04}}"   # 协议编号
months = 12               # 期限（月）
end_custom = "day-before" # 截止日期：day-before 对应日的前一天 / civil-code 对应日
notice_days = 30          # 续签提前通知天数
copies = 4                # 一式几份
renewal = "negotiate"     # none 期满终止 / negotiate 协商续签 / auto_once 自动顺延一次 / auto 自动顺延
# service_mode = ""       # 空：按口径包；visit 巡回指导 / resident 协议派驻 / both 两者
variants = ["JC", "FY"]   # 每家备案托育机构应签的协议类型

# 活动与履约
# activity_pattern = "HD-{{year}}-{{serial:04}}"   # 活动编号，每年从 1 起
# partial_period = "half"   # 期初期末不足一期的算不算应做：half 在约过半才算 / always 都算 / never 都不算

# 通报
# addressees = []         # 主送，如 ["各旗区卫生健康委员会"]；不写就是本地区各旗区的主管部门

# 归档
# fonds = ""                # 全宗号（档案馆给的；没有就空着）
# fonds_name = ""           # 全宗名称，印在目录封面上
# archive_category = "WS"   # 门类：WS 文书
# archive_office = "BGS"    # 档号里的机构（问题）
# archive_office_name = "办公室"   # 同上，印在目录、封面和归档章上
# archive_pattern = "{{fonds}}-{{category}}·{{year}}-{{term}}-{{office}}-{{serial:04}}"   # 档号

# 备份
# backup_folder = "backups" # 备份放在哪里：工作区里的目录，或另一块磁盘上的完整路径
# backups_kept = 14         # 留最近几份完好的备份

# 集群（在几台机器上转 PDF、读扫描件，见 --cluster）：三个 PEM 文件
# cluster_ca = ""           # 签发证书的机构
# cluster_cert = ""         # 这台机器的证书
# cluster_key = ""          # 它的私钥，只有本人能读

# 国务院放假通知公布后，建一个 holidays-2027.toml 这样的文件：
#   off = [[2027-01-01, 2027-01-03]]      放假（起止）
#   working = [2027-02-14]                调休上班

# 名册里的其他列名，写在这里就能认出：
# [aliases]
# name = ["单位全称"]
# phone = ["值班电话"]

# [districts]             #没有区划代码的开发区、本地的叫法，写明算在哪个代码下
# "高新区" = "{region}"

#上下级（上报包，见 yiyu office）：下级按行政区划代码写，公钥由对方运行 yiyu office key 得到，电话核对指纹后填
# [offices.150602]
# name = "东胜区卫生健康委员会"
# key = ""                  #还不知道就空着：收包时会显示对方的指纹和要写的一行

# [above]                 #上级，向下发口径包、条款和模板的
# name = "鄂尔多斯市卫生健康委员会"
# key = ""
"""


def make_workspace(folder: Path, *, pack: str, region: str = "", shared_group: str = "", dry_run: bool = False) -> str:
    """Make the folder, its registry and ``yiyu.toml`` (last, so that a half-made one is no workspace).

    The region is the pack's own, the widest it names, where none is given; gives the region.
    Only its owner gets in, whatever the umask, or the members of ``shared_group``.
    Raises BadInput for a region that is no code or not given for a pack that has none, NotFound for an unknown pack, FileFault where something is in the way.
    """
    region = region or min(load_pack(pack).regions, default="")
    if not region:
        raise BadInput(
            f"口径包“{pack}”不限地区，要写明本级行政区划代码", remedy="请加 --region，例如鄂尔多斯市是 150600"
        )
    check_region(region)
    if folder.exists() and not folder.is_dir():
        raise FileFault("这是文件，不能作工作区目录", where=str(folder), remedy="请换一个目录名")
    there = (folder / REGISTRY_NAME).exists()
    if (folder / CONFIG_NAME).exists() or (there and not holds_nothing(folder / REGISTRY_NAME)):
        raise FileFault("这里已经有工作区", where=str(folder), remedy="请换一个空目录，或直接进入该目录使用")
    if dry_run:
        return region
    if not there:
        create_registry(folder / REGISTRY_NAME)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    share(folder, (folder / name for name in (REGISTRY_NAME, *FOLDERS)), shared_group)
    write_atomic(folder / CONFIG_NAME, _CONFIG.format(pack=pack, region=region).encode())
    return region
