"""An office of Shandong and one of Zhejiang, from init to paper: their places, their authorities, their words."""

from pathlib import Path

import docx
import pytest
from build import invoke
from stdnum.cn import uscc

HEADS = "机构名称,统一社会信用代码,所在县区,机构类别,是否备案,备案时间\n"


def credit_code(prefix: str, district: str) -> str:
    body = f"{prefix}{district}MA0010000"
    return body + str(uscc.calc_check_digit(body))


def text(document: Path) -> str:
    body = docx.Document(str(document)).element.body
    return "".join(at.text or "" for at in body.iter("{*}t"))


@pytest.mark.parametrize(
    ("pack", "region", "code", "district", "ended"),
    [("shandong", "370100", "370124", "平阴县", False), ("zhejiang", "330700", "330781", "兰溪市", True)],
)
def test_from_init_to_paper_in_another_province(
    tmp_path: Path, pack: str, region: str, code: str, district: str, ended: bool
) -> None:
    office = tmp_path / "工作区"
    made = invoke("init", office, "--pack", pack, "--region", region)
    assert ("只适用到 2025 年" in made.stdout + made.stderr) is ended
    rows = (
        ("12", f"{district}妇幼保健院", "妇幼保健院", "", ""),
        ("91", f"{district}幼苗托育中心", "", "是", "2025-03-05"),
    )
    for kind, (prefix, name, category, filed, day) in zip(("medical", "childcare"), rows, strict=True):
        roster = tmp_path / f"{kind}.csv"
        line = ",".join((name, credit_code(prefix, code), district, category, filed, day))
        roster.write_text(HEADS + line + "\n", encoding="utf-8")
        done = invoke("--workspace", office, "institution", "import", roster, "--kind", kind)
        assert "新增 1" in done.stdout + done.stderr
    draft = ("agreement", "draft", "--medical", rows[0][1], "--childcare", rows[1][1], "--mode", "派驻")
    assert invoke("--workspace", office, *draft).exit_code == 0
    assert invoke("--workspace", office, "generate").exit_code == 0
    papers = [text(one) for one in office.rglob("output/**/*.docx")]
    assert len(papers) == 3
    whole = "".join(papers)
    assert "蒙" not in whole
    assert "旗" not in whole
    assert f"{district}卫生健康局" in whole
    assert "□巡回指导　☑协议派驻" in whole
    told = invoke("--workspace", office, "doctor")
    assert ("只适用到 2025 年" in told.stdout + told.stderr) is ended
