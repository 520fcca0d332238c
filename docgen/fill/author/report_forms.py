"""What an office hands up in words: 服务时长证明, the year's report and the half-year 通报."""

from yiyu.docgen.fill.author.layout import body, lines, p, page, page_numbers, tag_row, tbl, tc, tr
from yiyu.docgen.fill.author.package import new_document, packed

STAYS = ("日期", 24.0, "{{ 次.日期 }}"), ("活动编号", 32.0, "{{ 次.活动 }}"), ("服务地点", 56.0, "{{ 次.地点 }}"), (
    "时间", 26.0, "{{ 次.时间 }}"), ("小时", 18.0, "{{ 次.小时 }}")  # fmt: skip
RATES = (
    ("范围", 19.0, "{{ 行.范围 }}"),
    ("托育\n机构", 11.0, "{{ 行.托育机构 }}"),
    ("备案", 10.0, "{{ 行.备案 }}"),
    ("备案机构\n签约率", 22.0, "{{ 行.签约率 }}"),
    ("去年\n同期", 14.0, "{{ 行.签约率上期 }}"),
    ("上门履约率", 22.0, "{{ 行.履约率 }}"),
    ("去年\n同期", 14.0, "{{ 行.履约率上期 }}"),
    ("培训覆盖率", 22.0, "{{ 行.培训率 }}"),
    ("归档率", 22.0, "{{ 行.归档率 }}"),
)
LISTS = (("未签约的备案托育机构", "未签约"), ("本期未按时上门的协议", "未上门"), ("逾期未整改的问题", "未整改"))


def certificate() -> bytes:
    document = new_document("托育服务时长证明", two_sided=False)
    page(document, margins=(37, 26, 35, 28))
    title = "托育服务时长证明"
    person = (
        p("{%p if loop.first %}", "Nothing")
        + p(title, "Title")
        + p("{%p else %}", "Nothing")
        + p(title, "Title", new_page=True)
        + p("{%p endif %}", "Nothing")
        + p(
            "兹证明{{ 人.单位 }}{{ 人.科室 }}{{ 人.姓名 }}{% if 人.职称 %}（{{ 人.职称 }}）{% endif %}，"
            "于{{ 年度 }}年在托育机构内提供服务{{ 人.次数 }}次，涉及托育机构{{ 人.机构数 }}家，计入服务时长{{ 人.小时 }}小时，记录附后。",
            "ClauseText",
        )
        + p("依据：{{ 依据 }}。", "ClauseText")
        + p(
            "统计截至{{ 截至 }}。{% if 人.未计入 %}另有{{ 人.未计入 }}条记录未计入：{{ 人.未计入原因 }}。{% endif %}",
            "ClauseText",
            keep=True,
        )
        + p("", "Signature")
        + lines("证明单位（盖章）：\n经办人：", "Signature")
        + p("　　　　年　　月　　日", "Signature", keep=False)
        + p("附：计入服务时长的记录", "AnnexMark")
        + _table(STAYS, "次", "人.记录")
    )
    body(document, p("{%p for 人 in 人员 %}", "Nothing") + person + p("{%p endfor %}", "Nothing") + p("", "Nothing"))
    return packed(document)


def year_report() -> bytes:
    return _report(
        "年度报告",
        "{{ 地区 }}{{ 时段 }}\n医疗卫生机构支持托育服务发展工作报告",
        (
            ("一、总体情况", _OVERVIEW),
            ("二、签约与履约", _DUTIES),
            ("三、自评与整改", _LOOP),
            ("四、服务时长", _HOURS),
            ("五、其他指标", _ENTERED),
        ),
    )


def bulletin() -> bytes:
    return _report(
        "情况通报",
        "关于{{ 地区 }}{{ 时段 }}\n医疗卫生机构支持托育服务工作情况的通报",
        (("一、签约情况", _OVERVIEW), ("二、履约情况", _DUTIES), ("三、整改情况", _LOOP)),
        circular=True,
    )


_OVERVIEW = (
    "截至{{ 截至 }}，{{ 地区 }}{% if 合计.托育机构 %}共有托育机构{{ 合计.托育机构 }}家，其中已备案{{ 合计.备案 }}家，"
    "备案率{{ 合计.备案率 }}。有有效协议的{{ 合计.签约 }}家，签约率{% if 合计.备案 %}按备案机构计为{{ 合计.签约率 }}，{% endif %}"
    "按全部机构计为{{ 合计.全部签约率 }}{% if 合计.签约率上期 != '—' %}；去年同期（截至{{ 上期截至 }}）按备案机构计为"
    "{{ 合计.签约率上期 }}{% endif %}。{% if 合计.备案 %}基层和妇幼协议都有效的备案机构占{{ 合计.双签率 }}。{% endif %}"
    "{% else %}暂无托育机构。{% endif %}"
)
"""A clause whose figure there is not is left out, or says why: a dash is no figure."""
_DUTIES = (
    "{{ 时段 }}{% if 合计.应上门 %}应上门指导{{ 合计.应上门 }}次，完成{{ 合计.已上门 }}次，上门履约率{{ 合计.履约率 }}"
    "{% if 合计.履约率上期 != '—' %}，去年同期{{ 合计.履约率上期 }}{% endif %}{% else %}暂无应上门指导的机构{% endif %}；"
    "{% if 合计.培训率 != '—' %}本年培训覆盖率{{ 合计.培训率 }}{% else %}本年暂无应培训的机构{% endif %}"
    "{% if 合计.全部履约率 != '—' %}，全部应履约事项完成{{ 合计.全部履约率 }}{% endif %}。"
    "{% if 不计入 %}（{{ 不计入 }}。）{% endif %}"
)
_LOOP = (
    "{% if 合计.整改率 != '—' %}本期发现问题的整改率{{ 合计.整改率 }}{% else %}本期没有发现问题{% endif %}。"
    "{% if 自评.应 %}年度自评应完成{{ 自评.应 }}家，已自评{{ 自评.已自评 }}家，"
    "已整改{{ 自评.已整改 }}家，已总结{{ 自评.已总结 }}家，超过6月30日的{{ 自评.逾期 }}家。{% endif %}"
)
_HOURS = (
    "{% if 时长.人数 %}本年{{ 时长.人数 }}名医务人员计入服务时长{{ 时长.小时 }}小时{% else %}本年暂无计入服务时长的医务人员{% endif %}"
    "{% if 时长.未计入 %}，另有{{ 时长.未计入 }}条记录因材料或信息不全未计入{% endif %}。"
)
_ENTERED = (
    "{% for 项 in 填报 %}{{ 项.名称 }}：{{ 项.值 }}{% if 项.目标 %}（目标{{ 项.目标 }}）{% endif %}。"
    "{% else %}暂无填报的指标。{% endfor %}"
)


def _report(name: str, title: str, sections: tuple[tuple[str, str], ...], *, circular: bool = False) -> bytes:
    document = new_document(name, two_sided=True)
    section = page(document, margins=(37, 26, 35, 28))
    page_numbers(section, distance=28)
    text = lines(title, "Title") + p("", "Nothing")
    if circular:
        text += p("{{ 主送 }}：", "Signature")
    text += p("{%p if 更正 %}", "Nothing") + p("{{ 更正 }}", "ClauseText", side="left") + p("{%p endif %}", "Nothing")
    for heading, words in sections:
        # Figures do not break, and a line that is spread to its edge before one has holes. What is signed stands on the
        # page of the signature.
        text += p(heading, "ClauseHeading") + p(words, "ClauseText", side="left", keep=heading == sections[-1][0])
    text += p("", "Signature") + p("{{ 单位 }}", "Signature", side="right")
    text += p("年　　月　　日", "Signature", keep=False, side="right")
    text += p("附表", "AnnexMark", new_page=True)
    text += p("各地签约与履约情况", "FormTitle") + p("", "Gap") + _table(RATES, "行", "各行")
    if circular:
        for heading, key in LISTS:
            text += p(f"{{%p if 名单.{key} %}}", "Nothing") + p(f"{heading}：", "AnnexMark")
            text += p(f"{{%p for 名 in 名单.{key} %}}", "Nothing") + p("{{ loop.index }}. {{ 名 }}", "TableText")
            text += p("{%p endfor %}", "Nothing") + p("{%p endif %}", "Nothing")
    # No report that was only looked at bears it.
    text += p("{%p if 链头 %}", "Nothing") + p("", "Gap") + p("{{ 链头 }}", "TableText") + p("{%p endif %}", "Nothing")
    body(document, text)
    return packed(document)


def _table(columns: tuple[tuple[str, float, str], ...], name: str, rows: str) -> str:
    widths = [width for _, width, _ in columns]
    head = tr([tc(width, *label.split("\n"), style="TableHead") for label, width, _ in columns], head=True)
    row = tr([tc(width, tag, style="TableCentre") for _, width, tag in columns])
    return tbl(
        widths, [head, tag_row(f"{{%tr for {name} in {rows} %}}", widths), row, tag_row("{%tr endfor %}", widths)]
    )
