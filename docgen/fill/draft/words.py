"""The words of Chinese forms and the fields they ask for. Data.

Fields of a side are written without it (名称, 电话); the side is found elsewhere. HAND stands for what a person writes.
"""

HAND = "-"

_SIDE_WORDS = {
    "名称": "单位名称 机构名称 名称 机构 单位 全称 机构全称 单位全称 名单位 name company org organization",
    "机构类别": "机构类别 单位类别 机构类型 单位类型 类别 category",
    "机构性质": "机构性质 单位性质 性质 经营性质 办学性质 nature",
    "信用代码": "统一社会信用代码 社会信用代码 信用代码 机构代码 组织机构代码 登记证号 uscc creditcode credit",
    "法定代表人": "法定代表人 法人代表 法人 主要负责人 负责人 园长 院长 机构负责人 单位负责人 legal leader boss principal representative legalperson",
    "联系人": "联系人 业务联系人 联络人 联系人姓名 对接人 contact linkman contactperson",
    "电话": "联系电话 电话 手机 手机号 手机号码 联系方式 电话号码 phone tel mobile telephone",
    "地址": "地址 住所 住所地 详细地址 通讯地址 单位地址 机构地址 注册地址 所在地 address addr",
    "旗区": "所在旗区 旗区 旗县区 旗县 所在旗县 区县 县区 district county",
    "乡镇": "苏木乡镇 乡镇 街道 乡镇街道 苏木镇 镇街 town street",
    "等级": "等级 机构等级 医院等级 示范等级 级别 grade level",
    "备案日期": "备案日期 备案时间 备案通过日期 备案通过时间 filingdate",
    "备案编号": "备案编号 备案号 备案证号 备案回执编号 备案文号 filingno",
    "普惠": "是否普惠 普惠",
    "备案": "是否备案 备案情况 备案",
    "托位数": "托位数 托位 托位总数 核定托位 设计托位 托位数量 places",
    "在托数": "在托数 在托人数 在托婴幼儿数 在托婴幼儿人数 在托婴幼儿 实际在托 在托 入托人数 收托人数 enrolled",
    "从业人员数": "从业人员数 从业人员人数 工作人员数 工作人员总数 教职工数 职工人数 职工总数 从业人员总数 staff",
    "保健员数": "保健员数 保健人员数 保健员人数 保健员 卫生保健人员数",
}
_PATH_WORDS = {
    "协议.编号": "协议编号 协议书编号 合同编号 合同号 协议号 签约编号 编号 contractno agreementno contractnumber agreementnumber contractcode",
    "协议.原协议编号": "原协议编号 原协议号 原合同编号 上期协议编号 oldno oldcontractno originalno",
    "协议.类型": "协议类型 协议类别 签约类型 签约模式",
    "协议.期限": "协议期限 合作期限 服务期限 期限 有效期 term period",
    "协议.生效日期": "生效日期 起始日期 开始日期 起始时间 开始时间 生效时间 起始 开始 startdate begindate effectivedate start begin",
    "协议.截止日期": "截止日期 终止日期 结束日期 截止时间 终止时间 结束时间 到期时间 到期日期 到期日 期满日期 有效期至 enddate expirydate end expiry",
    "协议.年度": "协议年度 签约年度 年度",
    "协议.份数大写": "份数 协议份数 一式 copies",
    "协议.服务方式": "服务方式 合作方式 指导方式 servicemode",
    "协议.提前天数": "提前天数 提前通知天数",
    "协议.上门频次": "上门指导频次 上门频次 上门服务频次 巡回指导频次",
    "协议.培训频次": "培训频次 从业人员培训频次 人员培训频次",
    "协议.项目数": "项目数 服务项目数 项目总数",
    "协议.勾选数": "勾选数 勾选项目数 约定项目数 签约项目数",
    "协议.清单版本": "清单版本 清单版本号",
    "协议.各方称谓": "各方称谓",
    "口径.主管部门": "主管部门 监管部门 行业主管部门 卫生健康主管部门 卫生健康行政部门 authority",
    "口径.地区": "结对旗区 签约旗区 所属旗区 签约地区 所属地区 地区 region",
    "文书.标记": "文书标记",
}
_RECORD_WORDS = {
    "记录.编号": "记录编号 记录表编号 活动编号 记录单号",
    "记录.年度": "活动年度 所属年度",
    "记录.季度": "季度 所属季度 活动季度",
    "记录.时段": "所属时段 时段",
    "记录.事项": "活动事项 应履约事项 履约事项 应做事项 对应事项",
    "记录.最迟日期": "最迟日期 办理期限 最迟完成日期 完成期限",
}
"""Only a record sheet has these (活动记录表)."""
_ITEM_WORDS = {
    "序号": "序号 编号 no index",
    "代码": "代码 项目代码 项目编码 服务代码 code",
    "类别": "类别 服务类别 分类 项目类别 大类 category",
    "项目": "项目 服务项目 项目名称 服务名称 服务事项 合作项目 name item title",
    "内容": "内容 服务内容 具体内容 服务内容及要求 内容及要求 工作内容 主要内容 content",
    "对象": "对象 服务对象 服务人群 适用对象 target",
    "提供主体": "提供主体 提供方 服务主体 提供单位 责任主体 责任方 provider",
    "方式": "方式 服务方式 服务形式 实施方式 形式 mode",
    "频次": "频次 服务频次 次数 服务次数 频率 frequency",
    "责任科室": "责任科室 科室 责任科室责任人 责任部门 承担科室 department",
    "收费": "收费 是否收费 收费方式 收费标准 费用 fee",
    "勾选": "勾选 是否选择 选择 是否提供 选项 是否约定",
    "备注": "备注 说明 remark",
}
_HAND_WORDS = (
    "签字 签名 签章 签收 经办人 代表签字 授权代表 委托代理人 传真 邮编 邮政编码 邮箱 电子邮箱 开户行 开户银行 账号 户名 姓名 职务 职称 "
    "身份证号 性别 年龄 民族 面积 开办时间 填表人 填表日期 填报人 填报日期 填报时间 审核人 审核日期 审核意见 意见 审批 批准 活动时间 活动地点 活动日期 "
    "活动内容 活动主题 主持人 参加人员 参加人数 记录人 问题 建议 签订日期 签署日期 签订时间 签订地点 签约日期 签约时间 日期 时间 地点 合计 金额 餐费 托费 "
    "制表人 人员 其他 婴幼儿 家长 场地 单价 申请日期 申报日期 整改 总结 评价 照片 印章 成立时间 注册资金 见证人 到达 离开 内容 主题 事由 班级"
)


_OTHER_PEOPLE = (
    "应急 紧急 急救 接诊 转诊 家长 监护人 儿童 婴幼儿 幼儿 患者 父亲 母亲 填表 经办 审核 审批 见证 鉴证 开户 户籍 上级 第三方 投诉 举报 监督 "
    "咨询 值班 证明 工作 毕业 配送 派驻医师 医师 教师 保育员 联系医生 推荐 申请人 施工 供应 物业 评估"
)
"""Before a label these make it somebody else's: 应急联系电话, 监护人电话, 开户单位."""
OTHERS_BEFORE = tuple(_OTHER_PEOPLE.split())


def _table(words: dict[str, str]) -> dict[str, str]:
    return {word: field for field, line in words.items() for word in line.split()}


SIDE_FIELDS = _table(_SIDE_WORDS)
PATHS = _table(_PATH_WORDS)
RECORD_PATHS = _table(_RECORD_WORDS)
ITEM_FIELDS = _table(_ITEM_WORDS)
BY_HAND = tuple(_HAND_WORDS.split())

SIDES = {
    "甲方": "甲",
    "乙方": "乙",
    "丙方": "丙",
    **dict.fromkeys(
        ("医疗卫生机构", "医疗机构", "卫生院", "医院", "社区卫生服务中心", "服务单位", "派驻机构", "医方"), "甲"
    ),
    **dict.fromkeys(("托育服务机构", "托育机构", "托育园", "幼儿园", "托班", "照护服务机构", "托育"), "乙"),
    **dict.fromkeys(("妇幼保健院", "妇幼保健机构", "妇幼保健计划生育服务中心"), "丙"),
}
"""Words that name a side; 妇幼保健机构 stands for 甲 where the form has no 丙."""
ENGLISH_SIDES = {"a": "甲", "b": "乙", "c": "丙", "jia": "甲", "yi": "乙", "bing": "丙"}
SIDE_NAMES = ("partya", "partyb", "partyc")

SIDE_OF_FIELD = dict.fromkeys(
    ("备案", "备案日期", "备案编号", "普惠", "托位数", "在托数", "从业人员数", "保健员数"), "乙"
)
"""Only a childcare institution has these, whatever side was named last."""

OTHERS = {
    "名称": ("全称",),
    "法定代表人": ("联系人",),
    "联系人": ("法定代表人",),
    "旗区": ("乡镇",),
    "乡镇": ("旗区",),
    "等级": ("机构类别",),
    "机构类别": ("机构性质",),
    "协议.编号": ("协议.原协议编号",),
    "协议.份数大写": ("协议.份数", "协议.份数说明"),
    "协议.生效日期": ("协议.截止日期",),
    "协议.截止日期": ("协议.生效日期",),
    "协议.期限": ("协议.期限月数",),
    "协议.期限月数": ("协议.期限",),
    "协议.项目数": ("协议.勾选数",),
    "口径.地区": ("乙方.旗区",),
}
"""What else a label may mean, told beside the proposal."""
