"""What a new user may get wrong, command by command: the sentence, the exit code, and that nothing was written."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from yiyu.cli import main

SIGNED, MEDICAL, CHILDCARE = "{signed}", "东胜区妇幼保健院", "东胜区小鹿托育中心"
ADD = ("institution", "add", "--kind", "childcare", "--district", "东胜区")
EDIT = ("institution", "edit", CHILDCARE)
BOTH = ("--medical", MEDICAL, "--childcare", CHILDCARE)
VISIT = ("activity", "add", SIGNED, "--on", "2026-01-01", "--form", "上门指导")
FIGURE = ("report", "enter", "tcm", "--year", "2026", "--source", "年报")

REFUSED = [
    (("institutoin", "list"), 2, "是否想用 'institution'"),
    (("init", ""), 2, "没有写文件夹名"),
    (("institution", "list", "--district", "东乘区"), 2, "您是不是要找：东胜区"),
    (("institution", "list", "--xlsx", "a.csv"), 2, ".xlsx"),
    (("institution", "show", " "), 2, "不能是空的"),
    (("institution", "show", "12150699"), 3, "institution list --search"),
    (("institution", "export", "a.csv", "--kind", "medical"), 2, ".xlsx"),
    (("institution", "import", "a.xlsx", "--problems", "a.txt"), 2, ".xlsx"),
    ((*ADD, "--name", "   "), 4, "没有机构名称"),
    ((*ADD, "--name", "长" * 1001), 4, "文字过长（1001 字"),
    ((*ADD, "--name", "长" * 32768), 2, "文字过长（32768 字"),
    ((*ADD, "--name", "甲", "--places", "9" * 20), 2, "--places"),
    ((*ADD, "--name", "甲", "--remark", "11010519491231002X"), 4, "身份证号码"),
    ((*ADD, "--name", "甲", "--unfiled", "--filed-on", "2026-01-01"), 4, "互相矛盾"),
    ((*EDIT, "--clear", "phone", "--phone", "1"), 4, "既要清空又给了值"),
    ((*EDIT, "--clear", "name"), 2, "--clear"),
    ((*EDIT, "--name", "东胜区星河托育中心"), 4, "institution merge"),
    (("agreement", "list", "--variant", "xx"), 2, "JC 基层型、FY 妇幼型"),
    (("agreement", "draft", "--medical", CHILDCARE, "--childcare", MEDICAL), 3, "是托育机构，这里要医疗卫生机构"),
    (("agreement", "draft", *BOTH, "--end", "2027-05-01", "--months", "12"), 4, "只写一种"),
    (("agreement", "draft", *BOTH, "--district", "东胜区"), 4, "--paired"),
    (("agreement", "draft", "--paired", "--third", MEDICAL), 4, "--third"),
    (("agreement", "terminate", SIGNED, "--reason", " "), 2, "不能是空的"),
    (("agreement", "terminate", SIGNED, "--reason", "停办", "--on", "2000-01-01"), 4, "早于签字日期"),
    (("agreement", "supplement", SIGNED, "--text", "延长", "--on", "2000-01-01"), 4, "早于签字日期"),
    (("agreement", "supplement", SIGNED, "--text", "延长", "--on", "2098-01-01"), 4, "还没有到"),
    (("agreement", "extend", SIGNED, "--on", "2098-01-01"), 4, "还没有到"),
    (("agreement", "copies", SIGNED, "--move", "1", "--to", "printed", "--on", "2098-01-01"), 4, "还没有到"),
    (("agreement", "copies", SIGNED, "--move", "2"), 2, "--to"),
    (("agreement", "copies", SIGNED, "--to", "box"), 2, "--move"),
    (("agreement", "correct", SIGNED, "--event", "1", "--reason", ""), 2, "不能是空的"),
    (("activity", "list", "--from", "2026-12-01", "--to", "2026-01-01"), 2, "晚于"),
    (("activity", "recheck", "1", "--outcome", " "), 2, "不能是空的"),
    (("activity", "void", "HD-2026-0001", "--reason", ""), 2, "不能是空的"),
    ((*VISIT, "--evidence", "相片=a.jpg"), 4, "照片、签到表"),
    (("duty", "list", "--period", "2026Q3", "--year", "2025"), 2, "--year"),
    (("duty", "waive", SIGNED, "--duty", "上门", "--period", "2026Q4", "--reason", "假期"), 3, "上门对接和指导"),
    (("report", "enter"), 2, "INDICATOR"),
    ((*FIGURE, "--value", "nan"), 4, "不是数字"),
    ((*FIGURE, "--value", "88", "--numerator", "1", "--denominator", "2"), 4, "写了两种"),
    (("report", "enter", "tcm", "--year", "2098", "--source", "年报", "--value", "88"), 4, "2098 年还没有到"),
    (("report", "enter", "tcm", "--year", "2026", "--source", " ", "--value", "88"), 2, "不能是空的"),
    (("report", "progress", "budget", "--status", "done", "--on", "2098-01-01"), 4, "还没有到"),
    (("report", "assess", MEDICAL, "--step", "self_assessed"), 3, "这里要托育机构"),
    (("remind", "--ics", "a.xlsx"), 2, ".ics"),
    (("person", ""), 2, "不能是空的"),
    (("person", "王"), 3, "写全姓名"),
    (("backup", "--to", ""), 2, "没有写文件夹名"),
    (("archive", "merge", "a.pdf", "-o", "长" * 200 + ".pdf"), 2, "这个名字太长"),
    (("archive", "merge", "长" * 200 + ".pdf", "-o", "a.pdf"), 2, "这个名字太长"),
    (("archive", "merge", "", "-o", "a.pdf"), 7, "（.：是文件夹，不是文件）"),
]


@pytest.fixture(scope="module")
def untouched(season: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One office for all of them: each leaves it as it is."""
    return Path(shutil.copytree(season, tmp_path_factory.mktemp("refusals") / "office"))


@pytest.fixture(scope="module")
def signed(untouched: Path) -> str:
    listed = CliRunner().invoke(main, ["--workspace", str(untouched), "agreement", "list", "--in-force"])
    return next(word for word in listed.stdout.split() if "-JC-" in word)


@pytest.mark.parametrize(("arguments", "code", "said"), REFUSED, ids=[" ".join(row[0])[:60] for row in REFUSED])
def test_it_is_refused_in_plain_words(
    untouched: Path,
    signed: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (untouched / "registry.db").read_bytes()
    filled = [signed if one == SIGNED else one for one in arguments]
    result = CliRunner().invoke(main, ["--workspace", str(untouched), *filled])
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert said in result.stderr
    assert result.stderr.count("错误：") == 1
    assert (untouched / "registry.db").read_bytes() == before
    assert not list(tmp_path.iterdir())
