"""Claims about what is told when something is wrong: where it stands, never whose it is.

A hundred telephones, ID numbers and names are planted in files with faults. A value of a person's column is never
repeated in a message, nor is a long number in any other; the workbook of refused rows, in the workspace, holds them.
"""

import json
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from click.testing import CliRunner
from hostile import texts, workbooks
from hostile.case import Forge, copied, harm
from hostile.offices import NUMBER
from stdnum.cn import ric

from yiyu.registry.commands.front_door import FrontDoor

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


def id_number(serial: int) -> str:
    """A valid 公民身份号码 of nobody: born on the days of 1980."""
    number = f"150602198{serial % 10}01{serial % 28 + 1:02}{serial:03}"
    return number + ric.calc_check_digit(number + "0")


NAMES = [f"{surname}某{again}" for surname in SURNAMES for again in "甲乙"]
PHONES = [f"1380477{serial:04}" for serial in range(30)]
IDS = [id_number(serial) for serial in range(30)]
TOKENS = [*NAMES, *PHONES, *IDS]


HEAD = (*workbooks.HEAD, "法定代表人", "地址", "备注")


def roster() -> bytes:
    """Each row with a person of its own and a fault; numbers also where they do not belong."""
    names, phones, ids = iter(NAMES[:30]), iter(PHONES[:15]), iter(IDS[:15])
    faults: tuple[dict[str, Any], ...] = (
        {"备案时间": "2025年2月30日"},
        {"统一社会信用代码": "52150602MJ0000001X"},
        {"旗区": "不知何处"},
        {"托位数": "六十个左右"},
        {"机构名称": None},
        {"联系人": "{}\u202e"},
        {"联系电话": "{}\x07"},
        {"是否备案": "也许"},
        {"托位数": ("=A1", "#REF!")},
        {"备案时间": "2205-01-01"},
    )
    rows: list[list[object]] = []
    for serial, fault in enumerate(faults, start=1):
        person = {"联系人": next(names), "联系电话": next(phones)}
        wrong = {key: value.format(person[key]) if key in person else value for key, value in fault.items()}
        rows.append([*workbooks.row(serial, **person | wrong), next(names), next(names), next(ids)])
    for serial, heading in enumerate(("备案时间", "托位数", "旗区", "是否备案", "统一社会信用代码"), start=20):
        rows.append([*workbooks.row(serial, **{heading: next(phones)}), "", "", ""])
        rows.append([*workbooks.row(serial + 20, **{heading: next(ids)}), "", "", ""])
    return workbooks.book([HEAD, *rows])


def ledger() -> bytes:
    names, phones, ids = iter(NAMES[30:33]), iter(PHONES[15:19]), iter(IDS[15:18])
    head = ("协议编号", "甲方", "乙方", "协议类型", "生效日期", "截止日期", "份数", "联系人", "联系电话")
    plain = ["", "东胜区妇幼保健院", "东胜区小马托育中心", "妇幼型", "2026-01-01", "2026-12-31", "4"]
    rows: list[list[object]] = []
    for at, wrong in ((3, "不知道"), (4, "2026.2.30"), (6, "五六份")):
        rows.append([*plain[:at], wrong, *plain[at + 1 :], next(names), next(phones)])
    for at, wrong in ((3, next(ids)), (4, next(phones)), (6, next(ids)), (5, next(ids))):
        rows.append([*plain[:at], wrong, *plain[at + 1 :], "", ""])
    return workbooks.book([head, *rows])


def visits() -> bytes:
    names, phones, ids = iter(NAMES[33:]), iter(PHONES[19:]), iter(IDS[18:])
    head = ("日期", "协议编号", "形式", "服务人员", "参加人数", "主题", "发现问题")
    rows: list[list[object]] = [
        ["2026年2月30日", NUMBER, "上门", next(names), 5, "", ""],
        ["2026-03-05", NUMBER, "上门", f"{next(names)}/儿保科/医师/9:00-8:00", 5, "", ""],
        ["2026-03-05", NUMBER, "上门", f"{next(names)} {next(phones)}/////////", 5, "", ""],
        [next(phones), NUMBER, "上门", next(names), 5, "", ""],
        ["2026-03-06", NUMBER, next(phones), "", 5, "", ""],
        ["2026-03-06", NUMBER, "上门", "", next(ids), "", ""],
        ["2026-03-07", NUMBER, "上门", "", 5, next(ids), next(ids)],
    ]
    rows += [["2026-13-01", NUMBER, "上门", token, 5, token, token] for token in (*names, *phones, *ids)]
    return workbooks.book({"2026年": [head, *rows]})


def data() -> bytes:
    people = [{"姓名": name, "电话": phone} for name, phone in zip(NAMES, PHONES, strict=False)]
    return texts.data({**texts.DATA, "甲方": {"名称": NAMES[0] + "\x07"}, "人员": people})()


IMPORTS = (
    ("名册.xlsx", roster, ("institution", "import", "{}", "--kind", "childcare")),
    ("台账.xlsx", ledger, ("agreement", "import", "{}", "--apply")),
    ("登记册.xlsx", visits, ("activity", "import", "{}")),
    ("数据.json", data, ("template", "fill", "模板.docx", "{}", "-o", "o.docx")),
)


def leaked(text: str) -> list[str]:
    return [token for token in TOKENS if token in text]


@pytest.mark.parametrize("as_json", [False, True], ids=["table", "json"])
@pytest.mark.parametrize(("name", "make", "command"), IMPORTS, ids=["roster", "ledger", "visits", "data"])
def test_no_message_repeats_a_person(
    forge: Forge, base: Path, tmp_path: Path, name: str, make: Any, command: tuple[str, ...], as_json: bool
) -> None:
    from hostile import papers

    office = copied(base, tmp_path)
    (tmp_path / "模板.docx").write_bytes(papers.paper())
    (tmp_path / name).write_bytes(make())
    words = [word.format(name) for word in command] + (["--json"] if as_json and "fill" not in command else [])
    outcome = forge.run(tmp_path, ["--workspace", str(office), *words])
    assert not harm(outcome)
    assert outcome.code in (4, 10), outcome.err
    assert not leaked(outcome.err)
    assert not leaked(outcome.out)
    assert not leaked("\n".join(map(str, tmp_path.rglob("*"))))
    assert not (tmp_path / ".yiyu").exists()
    if as_json and outcome.code == 10:
        told = json.loads(outcome.out)
        assert all(problem["row"] and problem["message"] for problem in told["problems"])
        [kept] = openpyxl.load_workbook(office / told["problems_file"]).worksheets[:1]
        assert kept.max_row > 3


def test_the_tokens_are_a_hundred_and_each_is_planted() -> None:
    assert len(set(TOKENS)) == len(TOKENS) == 100
    planted = "".join(
        str(cell.value)
        for make in (roster, ledger, visits)
        for sheet in openpyxl.load_workbook(workbooks.stream(make())).worksheets
        for row in sheet.iter_rows()
        for cell in row
    )
    assert [token for token in TOKENS if token not in planted] == []


def test_the_log_of_an_internal_error_holds_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall() -> None:
        name, phone = NAMES[0], PHONES[0]
        raise ValueError(name, phone)

    class Falling(FrontDoor):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            return click.Command(cmd_name, callback=fall)

    monkeypatch.setenv("HOME", str(tmp_path))
    result = CliRunner().invoke(Falling(table={}, lines={}, name="yiyu"), ["fall"])
    assert result.exit_code == 1
    log = (tmp_path / ".yiyu" / "error.log").read_text("utf-8")
    assert "ValueError" in log
    assert not leaked(log + result.output)
