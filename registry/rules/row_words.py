"""Words by which a row of an office's table is told from a record: totals, signatures, notes, samples, page marks.

Nothing here looks at a sheet. A name of an institution matches none of the patterns even where it holds one of their
words: 示范幼儿园, 东胜区合计托育中心.
"""

import re

from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.dates import says_nothing
from yiyu.registry.rules.districts import places_in_use

_ENUMERATOR = r"(?:[(]?[一二三四五六七八九十]{1,3}[)]?[、.．]?|第[一二三四五六七八九十]{1,3}(?:部分|类|章)[:、]?)"
_COUNTED = r"(?:[:,，、。;；()共计约有数家个所户名人处张万元%.\d]|机构|托位)*"
_PATTERNS = {
    "合计": rf"[(]?(?:.{{0,10}}(?:合计|总计|小计|共计|累计|总数量?)|合|共|计|平均值?){_COUNTED}[)]?|其中[:：]?.{{0,6}}",
    "签章": (
        r"[(]?(?:(?:填报|填表|制表|审核|审批|统计|联系|经办|复核|校对|报送|上报|汇总|主管|分管|单位|科室|主要)?"
        r"(?:单位|领导|负责人|人|时间|日期|电话|科室|股室)?(?:[(].*?[)])?[:：].*"
        r"|[^:：]{0,8}(?:签字|签名|盖章|签章|审核|日期|时间)[:：].*|(?:截至|截止).*\d.*"
        r"|(?:单位|公章|加盖|盖章|签章|印章|签字|签名|填报|审核|负责)(?:单位|公章|人)?(?:处)?"
        r"(?:[(](?:盖章|公章|签章|签字|签名|章)[)])?|(?:盖章|公章|签章|签字|签名|章)处?)[)]?"
    ),
    "说明": r"[*※]?[(]?(?:注|说明|备注|附注|填表说明|填报说明|注意事项)[)]?\d*[:：.、].*|[*※].+|(?:本表|此表|以上(?:数据|各|为)|上述).{3,}",
    "标题": r"(?:附件\d*[:：]?.{0,30}|.*(?:名册|名单|一览表|汇总表|统计表|登记表|花名册|台账|登记册|明细表|情况表))",
    "以下空白": r"[^\w]*(?:以下|以上|此处|此行|本页)(?:为|均为)?(?:空白|无正文|无内容|无)[^\w]*",
    "页码": (
        r"[^\w]*第?\d+页[^\w]*(?:[,，/共]*共?\d*页?)?[^\w]*|[^\w]*共\d+页[^\w]*(?:第\d+页)?[^\w]*|[-—–－―]+\d+[-—–－―]+"
        r"|page\d+(?:of\d+)?|[^\w]*(?:续表|续上表|接上表|接上页|转下页|下页续|见下页|续)[^\w]*"
    ),
    "示例": (
        r"[(【\[]?(?:填写|填表|填报)?(?:示例|样例|范例|举例|例如|例)\d*[)】\]]?(?:[:：].*)?"
        r"|[(【\[](?:填写|填表|填报)?(?:示例|样例|范例|例)\d*[)】\]].*|(?:填写|填表|填报)?(?:示例|样例|范例)[:：].*"
        r"|.+[(【\[](?:填写|填表|填报)?(?:示例|样例|范例|例)\d*[)】\]]"
    ),
}
_REASONS = {reason: re.compile(pattern, re.IGNORECASE) for reason, pattern in _PATTERNS.items()}
_DATE = re.compile(r"(?:\d{2,4})?年\d{0,2}月\d{0,2}日")
_SENTENCE = re.compile(r"\d{1,2}[.、．](?=\D).{4,}|.{8,}[。；;]")
_GROUP = re.compile(_ENUMERATOR)
_DISTRICT_TAIL = re.compile(r"[:：]|[(]?共?\d+(?:家|个|所)[)]?")
_LETTERS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff\u1820-\u18aa\ue000-\uf8ff]|[^\W\d_].*[^\W\d_]")
_NO_NAME = re.compile(
    r"(?:none|null|nan|nil|n/?a|undefined|true|false|test|空|空白|无|暂无|没有|待定|待补|待补充|待填|未定|不详|不明|未知|略|缺|"
    r"见附件?\d*|详见附[件表]?\d*|见附表\d*|同左|同右|同上|同前|同下|如上|上同|是|否|有|已|未|男|女|"
    r"x{2,}|×{2,}|某某+|测试|样表|第.{1,2}批|[一二三四五六七八九十]{1,3}|已?注销|新增|删除|作废|停办|变更|暂缺|"
    r"联系电话|联系人|负责人|法定代表人|地址|备注|序号|统一社会信用代码|旗区|托位数|"
    r"(?:正在)?办理中?|在办|筹建中?|名称|机构|单位|机构名称|公办|民办|备案|未备案|已备案|"
    r".{0,8}(?:名称|全称)(?:待定|未定|暂缺|不详)?|(?:待|未|尚未|暂未|拟)(?:命名|更名|定名|取名|开办|建)|筹备中?|暂?无(?:名称|此项|数据|内容)|"
    r"见(?:上|下|后)?(?:表|页|文|附件|附表|备注|说明)?|另附|(?:此表|全文|表)?完|end|.{0,2}空白(?:行|栏)?|测试.{0,4}|"
    r"(?:本[行栏格页])?(?:不填|勿填|不用填|无需填写)|填写说明|.{0,4}(?:请|点击|此处).{0,6}(?:填写?|输入|选择).{0,6}|"
    r"(?:占|百分)比|比例|[同环]比|增[幅减]|附[表件]\d*|名单(?:如下)?|(?:已|新增|停办|关停|注销){1,2}(?:机构|园所)?:?|"
    r"(?:公办|民办|公立|私立|公建民营|社会办|企业办)(?:机构|园所?):?|[0-9a-z]{15,})",
    re.IGNORECASE,
)
_SAMPLE = re.compile(r"(?:[x×○〇*_]{2,}|某某).+", re.IGNORECASE)
"""XX托育中心: of a form that nobody filled in, unless a code stands beside it."""
_NOTE = re.compile(
    r".*:.*|[(]?[一二三四五六七八九十]{1,3}[)、].*|.*(?:以下|以上|本表|本页|此表|该栏|名单|数据|签章|盖章|签字|填表|填报|经办|审核|负责人|下页|上页"
    r"|第.页|[\d〇○零一二三四五六七八九]{4}年).*",
)
"""Words of an office about its table, which stand in a name only beside what makes it one."""
_PLAIN_NUMBER = re.compile(r"[\d.,，\-/—年月日时分号 :+eE%]+|\d+(?:\.\d+)?(?:家|个|所|户|名|人|处|万|元|岁|平方米|㎡)")
_LONGEST_DISTRICT = 12
"""Characters; the few longer ones stand in no line of their own."""
_ENDING = re.compile(
    r".*(?:托育|托幼|托管|早教|幼儿|亲子|保育|园|班|中心|医院|卫生院|保健院|保健所|卫生室|卫生站|服务站|诊所|门诊部|公司|院|所|站|部)"
    r"(?:[(].*[)])?(?:.{0,6}(?:分园|分院|院区|园区|分部|校区|分店))?",
)


def skip_reason(text: str) -> str:
    """Why a row that begins with ``text``, or has it for a name, is no record; "" where it may be one."""
    key = fold(text)
    return next((reason for reason, pattern in _REASONS.items() if pattern.fullmatch(key)), "") if key else ""


def lone_reason(text: str) -> str:
    """The same of a row with this one text: a sentence, or the heading of a group of rows."""
    key = fold(text)
    if _DATE.fullmatch(key):
        return "签章"
    if _SENTENCE.fullmatch(key):
        return "说明"
    return "分组标题" if _GROUP.match(key) else ""


def group_district(text: str) -> str:
    """The 旗区 that a line such as 一、东胜区（5家） heads, as written there, or ""."""
    name = _DISTRICT_TAIL.sub("", _GROUP.sub("", fold(text), count=1))
    return next((one for one in (text.strip(), name) if one and not one[0].isdigit() and _is_district(one)), "")


def name_fault(text: str) -> str:
    """What keeps a text from being the name of an institution, as a sentence, or ""."""
    key = fold(text)
    bare = key.strip("()[]【】<>《》\"'“”.。")
    if _NO_NAME.fullmatch(bare) or says_nothing(bare) or _is_district(key):
        return f"“{text[:20]}”不像机构名称，请核对"
    if _PLAIN_NUMBER.fullmatch(key):
        return "名称一格是数字、日期或电话，请核对是否填错了列"
    return "" if _LETTERS.search(key) else "名称一格没有文字，请核对"


def doubtful_name(text: str) -> str:
    """What else makes one doubt a name beside which no code stands, as a sentence, or ""."""
    key = fold(text)
    if _SAMPLE.fullmatch(key):
        return f"“{text[:20]}”像填表示例，请核对；确是机构的请补填统一社会信用代码"
    if group_district(text) or (_NOTE.fullmatch(key) and not is_institutional(text)):
        return f"“{text[:20]}”像表中的说明或分组，请核对；确是机构的请补填统一社会信用代码"
    return ""


def _is_district(text: str) -> bool:
    """Whether a short text means a district, or may mean several; a longer one is not looked up."""
    return len(text) <= _LONGEST_DISTRICT and not _ENDING.fullmatch(text) and bool(places_in_use().find(text))


def is_institutional(text: str) -> bool:
    """Whether a name ends as those of institutions do: one that needs no other fact to be believed."""
    return _ENDING.fullmatch(fold(text)) is not None
