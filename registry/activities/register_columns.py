"""活动登记册: the one table of its columns (domain.md#columns, domain.md#record-sheet)."""

from collections.abc import Mapping

from yiyu.registry.rules.activities import COUNTS
from yiyu.registry.workbooks.columns import Column

_TAKEN = {name: f"count_{at}" for at, name in enumerate(COUNTS[:-1])}
"""Field of the column for each kind of number."""
COUNT_FIELDS = {field: name for name, field in _TAKEN.items()}


_COUNT_ALIASES = {
    "婴幼儿": "幼儿 儿童 婴幼儿数 幼儿数 儿童数",
    "从业人员": "教职工 保育人员 教师 从业人员数 托育从业人员",
    "家长": "家长数",
    "新建档案": "建档 新建档案数 建档数 新建健康档案 建立健康档案",
    "更新档案": "更新档案数 更新健康档案",
    "筛查": "筛查数",
    "异常": "异常数 筛查异常",
    "转诊": "转诊数 转介 转介数",
    "中医药": "中（蒙）医药 中医药服务 中（蒙）医药服务 中蒙医药",
}


def _count(name: str) -> Column:
    words = [name, *_COUNT_ALIASES[name].split()]
    above = [f"{head}/{word}" for head in ("参加人数", "参加对象", "参与人数", "服务人数") for word in words]
    return Column(f"{name}（人）", 8, " ".join([*words, *(f"{word}人数" for word in words), *above]), cell="count")


COLUMNS: Mapping[str, Column] = {
    "on": Column(
        "日期", 12, "活动日期 服务日期 开展日期 指导日期 培训日期 上门日期 活动时间/日期 时间/日期", cell="own"
    ),
    "when": Column("活动时间", 0, "时间 服务时间 开展时间 培训时间 指导时间 起止时间 活动起止时间", cell="own"),
    "period": Column("季度", 9, "年度/季度 年度季度", shown=True),
    "medical": Column(
        "甲方",
        24,
        "甲方名称 甲方单位 医疗卫生机构 医疗机构 医疗卫生机构名称 医疗机构名称 服务机构 指导单位",
        cell="paragraphs",
    ),
    "childcare": Column(
        "乙方",
        24,
        "乙方名称 乙方单位 托育机构 托育机构名称 托育服务机构 托育服务机构名称 服务对象机构 被指导机构",
        cell="paragraphs",
    ),
    "form": Column("形式", 10, "活动形式 服务形式 活动类型 活动类别 活动方式 服务方式", cell="own"),
    "topic": Column("主题", 20, "活动主题 活动名称 培训主题 培训内容 服务主题 讲座主题"),
    "items": Column("服务项目", 20, "对应服务项目 服务项目代码 对应项目 清单项目"),
    "people": Column(
        "服务人员",
        22,
        "服务人员/姓名 医务人员 指导人员 主讲人 授课人 参加人员 服务人员姓名 服务医生 健康指导员",
        cell="own",
    ),
    "department": Column("科室", 12, "服务人员/科室 所在科室"),
    "minutes": Column("时长（小时）", 8, "时长 服务时长 活动时长 学时 小时数", cell="own"),
    "takers": Column("参加人数", 8, "参加人数/合计 参与人数 服务人数 受益人数 参加对象/合计 人数 培训人数", cell="own"),
    "problem_count": Column("发现问题数", 8, "问题数 发现问题数量", shown=True),
    "finding_state": Column("整改状态", 9, shown=True),
    "number": Column("记录表编号", 14, "记录编号 活动编号 活动记录表编号 登记编号", cell="whole"),
    "evidence_count": Column("附件数", 7, "附件 附件数量 照片数 照片张数", shown=True),
    "remark": Column("备注", 16, "备注说明 附注 说明", cell="paragraphs"),
    "agreements": Column("协议编号", 22, "协议号 合同编号 合同号 协议书编号"),
    "starts": Column("开始时间", 8, "起始时间 活动时间/开始 时间/开始 活动时间/起 时间/起", cell="own"),
    "ends": Column("结束时间", 8, "终止时间 活动时间/结束 时间/结束 活动时间/止 时间/止", cell="own"),
    "unit": Column("服务人员单位", 0, "服务人员/单位 单位 所在单位"),
    "title": Column("职称", 0, "服务人员/职称 技术职称"),
    **{field: _count(name) for field, name in COUNT_FIELDS.items()},
    "signed_in": Column("签到人数", 8, "签到表人数 签到数 实到人数", cell="count"),
    "place": Column("地点", 16, "活动地点 服务地点 培训地点"),
    "organiser": Column("组织者", 12, "组织单位 主办单位"),
    "content": Column("活动内容", 30, "内容 服务内容 主要内容 指导内容", cell="paragraphs"),
    "problems": Column("发现问题", 24, "发现的问题 存在问题 存在的问题 问题", cell="lines"),
    "demands": Column("整改要求", 24, "整改措施 整改建议", cell="lines"),
    "dues": Column("整改期限", 12, "整改时限 完成时限", cell="lines"),
    "rechecked": Column("复查日期", 12, "复查时间", cell="lines"),
    "outcomes": Column("复查结果", 20, "复查情况 整改情况 整改结果 整改落实情况", cell="lines"),
    "advice": Column("指导意见", 24, "指导建议 意见建议", cell="paragraphs"),
    "summary": Column("总结评价", 24, "活动总结 总结 效果评价", cell="paragraphs"),
    "handouts": Column("发放资料", 18, "资料发放 发放资料种类及数量 资料发放种类及数量", cell="paragraphs"),
}
"""Every column, in the order we write them: first those of the 登记册, then the rest of the 活动记录表."""

OTHER = "other "
"""Begins the key of a column we have no meaning for; its heading follows."""

FORM_SPELLINGS: Mapping[str, str] = {
    "上门指导": "上门 上门服务 上门对接 上门对接和指导 巡回指导 现场指导 实地指导 入园指导",
    "培训讲座": "培训 讲座 集中培训 业务培训 健康讲座 知识讲座",
    "健康检查": "体检 健康体检 入托体检 查体",
    "筛查": "健康筛查 发育筛查 视力筛查 口腔筛查",
    "应急演练": "演练 急救演练 应急处置演练",
    "家长活动": "家长课堂 家长会 亲子活动 家长体验活动 家长学校",
    "坐诊咨询": "坐诊 咨询 义诊 问诊 健康咨询",
    "线上": "线上指导 线上培训 线上服务 网络 视频指导",
    "年度梳理": "梳理 年度总结 年终梳理",
    "监督检查": "督导检查 监督抽查 检查 双随机 双随机抽查",
    "未签约指导": "",
    "签约见证": "见证签约 签约仪式",
    "困难问题": "反映问题 困难和问题 存在困难",
}
"""Other words for a form, blanks between them."""
