"""What other programs rely on: the keys and types of every --json, as tests/data/schemas.json has them.

A shape is a type (``text date integer number boolean null``, alternatives with ``|``), ``@name`` of a shape kept under
"shapes", a list of one shape, an object with exactly its keys, or ``{"*": shape}`` where the keys are data. Whatever a
list holds something in these answers, except what ``UNSEEN`` gives a reason for. ``+`` takes over the keys of a shape.
"""

import datetime as dt
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import docx
import handed_down
import openpyxl
import pikepdf
import pytest
import time_machine
from build import opened
from changed_paper import changed_pages, scanned
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from office_tree import DONGSHENG, KANGBASHI, declare, handed, key_of, lower_office, sides
from office_tree import sign as signed_agreement
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from yiyu.cli import main
from yiyu.docgen.demonstration import play
from yiyu.registry.office.workspaces import make_workspace

ROOT = Path(__file__).parents[2]
KEPT: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "data" / "schemas.json").read_text("utf-8"))
SHAPES, COMMANDS = KEPT["shapes"], KEPT["commands"]
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
JC, FY, NEXT, OVER, HOME = (
    "150602-2025-JC-0001",
    "150602-2026-FY-0001",
    "150602-2026-FY-0002",
    "150602-2026-JC-0002",
    "150627-2026-JC-0001",
)
CLOSED = "150603-2026-FY-0001"
CHILDCARE, MEDICAL = "东胜区小鹿托育中心", "东胜区示范社区卫生服务中心"
DATE = re.compile(r"\d{4}-\d\d-\d\d")
FOUND_FAULTS = {"archive verify": 7, "check": 8, "template check": 6, "pack check": 6}
UNSEEN = {
    **{
        f"{command}: .{key}": "seen in the tests of rosters and of the door"
        for command in ("institution import", "agreement import", "activity import", "report import-assessments")
        for key in ("skipped", "hidden", "notes")
    },
    "office adopt: .faults": "seen in the tests of adopting: what does not pass leaves with 6",
    "office import: .taken.differences": "seen in the tests of packages that were counted otherwise",
    "office list: .differences": "the same",
    "archive intake: .ledger": "seen in the tests of old paper",
    "archive intake: .notes": "seen in the tests of intake, with a locked file and with the office itself",
    "archive intake: .documents.originals": "seen in the tests of intake, with two originals",
    "archive catalog: .faults": "serials go without gaps: only a damaged registry has one",
    **{
        f"archive intake --compare: {place}": "seen without --compare, or a page no document of ours fits"
        for place in (
            ".unplaced",
            ".again",
            ".notes",
            ".ledger",
            ".compared.failed",
            ".documents.duplicate",
            ".documents.originals",
        )
    },
    "archive number: .numbered": "seen as the items of catalog; the demonstration has numbered what can be",
    "archive number: .failed": "only a pattern or a term that cannot be fails what is ready",
    "archive number: .notices": "said of serials given in another order than the dates",
    "archive merge: .files.notes": "seen in the tests of merging",
    "archive merge: .files.left": "seen in the tests of merging",
    "archive volume: .parts.left": "seen in the tests of volumes",
    "archive stamp: .failed": "a scan that cannot be read is found by verify first",
    "agreement show: .lag.items": "seen in the tests of drafts",
    "agreement show: .signing_places": "seen in the tests of comparing",
    "report more: ": "seen in the tests of plugins; none is installed here",
    "backup: .damaged": "seen in the tests of backup",
}
TERMINATE = f"! agreement terminate {OVER} --on 2026-11-20 --reason 停办"
CLOSE = "! institution edit 康巴什区小鹿婴幼儿照护服务中心 --closed-on 2026-11-20"
EDIT = f"! institution edit {CHILDCARE} --staff 9 --health-workers 2 --inclusive --contact 李某某"
RENAME = f"! institution edit {CHILDCARE} --legal-person 李某某"
VISIT = (
    f"! activity add {HOME} --on 2026-11-02 --form 上门指导 --sheet v2"
    " --person 王某某/儿保科/医师/某院/09:00-10:00 --signed-in 3 --count 从业人员=5"
)
SUBJECTS = {
    "institutions": f"""
institution import 名册.csv --kind childcare
institution layouts
institution list
institution gaps
institution duplicates
{EDIT}
institution show {CHILDCARE}
institution history {CHILDCARE}
import list
""",
    "agreements": f"""
{EDIT}
{CLOSE}
{TERMINATE}
agreement copies {JC}
agreement draft --paired --variant ZY --variant YL
agreement import 旧台账.csv
agreement conflicts
agreement history {JC}
agreement pair --variant TB
agreement list
agreement renew {JC} {FY} {OVER}
{RENAME}
agreement show {JC}
agreement show {CLOSED}
agreement import 台账.xlsx
agreement items {JC} --frequency F01=每季度2次 --from 2026-11-30
agreement items {JC} --untick F01 --from 2026-11-29
""",
    "documents": f"""
! agreement draft --paired --variant ZY --variant YL
{RENAME}
generate --kind service_list
generate {JC} --kind service_list --kind agreement
""",
    "activities": f"""
{TERMINATE}
activity import 登记册.csv
activity evidence --folder 照片 --apply
activity findings
activity show HD-2026-0004
activity sheet {HOME} 150602-2026-FY-0002 --period 2026Q4 --print 表.pdf
activity sheet {HOME} {OVER} --period 2026Q4
! archive intake 表_扫描.pdf
activity waiting
{VISIT}
activity list
! activity void HD-2026-0003 --reason 登错
activity list --voided
activity show HD-2026-0077
activity draw --district 东胜区 --count 4 --inspector 王某某 --each 1
! activity add --institution {CHILDCARE} --on 2026-11-22 --form 监督检查
activity draws
activity show HD-2026-0078
activity list
""",
    "reports": f"""
! report bulletin --period 2026 --issue
{EDIT}
{CLOSE}
! activity void HD-2026-0003 --reason 登错
report bulletin
report issued
report issued --number YF-2026-0001
report dossier {CHILDCARE} -o 督导 --dry-run
report hours
report hours --left-out
report rates
report rates --by provider
report rates --rows signed
report rates --rows visits
report rates --rows rectified
report import-assessments 自评.csv
report more
report self-assessment
! report progress green_channel --status done --on 2026-10-01
report worklist
report year
""",
    "duties": f"""
{CLOSE}
{TERMINATE}
duty list
duty plan
remind
""",
    "archive": f"""
archive intake 散页
archive intake 散页
archive intake 改动 --compare
archive differences
archive judge 1 --reject
archive number
archive box {HOME} --box 1
archive box-note 1 --note 无缺损 --arranged-by 王某某
archive spines -o 盒脊.pdf
archive lend {HOME} --to 王某某 --due 2026-12-01
archive loans
archive return {HOME}
archive hold {HOME} --reason 审计
archive holds
archive release {HOME} --reason 审计结束
archive classify {HOME} --secrecy 内部
archive catalog
archive due --as-of 2090-01-01
archive stamp {HOME} -o 盖章
archive volume --year 2026 -o 卷.pdf
! archive merge 卷.pdf 卷.pdf -o 月报.pdf --save 月报
archive recipes
archive bag -o 移交
archive inspect --package 移交
archive signatures 散页/已签.pdf
archive verify --signatures
archive merge 清单.pdf 另一份.pdf -o 合.pdf
""",
    "packs": """
pack list
pack show ordos
pack clauses 费用 --pack national
pack where T07
pack check
template check 模板.docx
template draft 范本.docx --review
template diff 模板.docx 范本.docx
template fields
""",
    "offices": """
office key
office export -o 上报.yiyu
office import 东胜.yiyu 康巴什.yiyu 坏.yiyu
office list
office conflicts
office hand-down -o 下发.yiyu --pack ordos --clauses T07 --note 试点
office adopt 下发来.yiyu
""",
    "office": """
person 王某某
log
log --head
doctor
check
backup --keep 1
backup --with-files
restore
""",
}
"""Command lines by subject, each begun in an office of its own; what only prepares stands after ``!``."""


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


SERVES = {"desk"}
"""Answers until it is ended; what it says first is looked at in tests/desk/test_serving.py."""


def with_json() -> set[str]:
    found = {name for name, command in commands(main) if any("--json" in one.opts for one in command.params)}
    return found - SERVES


def ask(line: str, *, code: int = 0) -> Result:
    words = shlex.split(line)
    if words[-1] == "表_扫描.pdf":
        scanned(Path("表.pdf"), Path(words[-1]))
    done = CliRunner().invoke(main, words)
    assert done.exit_code in (0, 10, code), (line, done.stderr, done.exception)
    return done


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's office after its year, on a day that stays; made once, copied for each subject."""
    folder = tmp_path_factory.mktemp("json") / "office"
    with time_machine.travel(NOW):
        make_workspace(folder, pack="ordos", region="150600")
        for _ in play(folder, today=NOW.date(), now=NOW.isoformat(), actor="王某某"):
            pass
    return folder


@pytest.fixture
def office(year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the year that a subject may change, as the folder it works in."""
    folder = Path(shutil.copytree(year, tmp_path / "office"))
    monkeypatch.chdir(folder)
    with time_machine.travel(NOW):
        yield folder


def bring_rosters(folder: Path) -> None:
    heading = "名称,统一社会信用代码,旗区,备案,地址,地址"
    rosters = [heading, f"{CHILDCARE}（旧）,,东胜区,是,路1号,路2号", "东胜区新绿托育中心,123,东胜区,是,,"]
    (folder / "名册.csv").write_text("\n".join(rosters), "utf-8")


def bring_ledgers(folder: Path) -> None:
    old = f"旧-1,{MEDICAL},{CHILDCARE},JC,2024-10-01,2025-09-30,2024-10-01"
    heading = "协议编号,甲方名称,乙方名称,协议类型,生效日期,截止日期,签订日期"
    (folder / "旧台账.csv").write_text("\n".join([heading, old, old.replace("JC", "??")]), "utf-8")
    change_ledger(folder / "台账.xlsx")


def bring_register(folder: Path) -> None:
    visits = [f"2026-06-{day},{CHILDCARE},{JC},上门,王某某" for day in (17, 31)]
    (folder / "登记册.csv").write_text("\n".join(["日期,乙方,协议编号,形式,服务人员", *visits]), "utf-8")
    (folder / "照片").mkdir()
    (folder / f"照片/20260617_{JC}.jpg").write_bytes(b"photo")


def bring_assessments(folder: Path) -> None:
    rows = [
        "托育机构,自评日期,得分,等级,安全管理",
        f"{CHILDCARE},2026-05-20,92.5,优秀,20",
        "没有这家,2026-05-20,90,优秀,20",
    ]
    (folder / "自评.csv").write_text("\n".join(rows), "utf-8")


def bring_templates(folder: Path) -> None:
    """A template with a field nobody knows, by itself and in place of the agreement's; and a form with a blank."""
    template = docx.Document()
    template.add_paragraph("{{ 甲方.名字 }}")
    template.save(str(folder / "模板.docx"))
    form = docx.Document()
    form.add_paragraph("甲方（盖章）：____")
    form.save(str(folder / "范本.docx"))
    (folder / "templates/ordos").mkdir(parents=True)
    template.save(str(folder / "templates/ordos/agreement.docx"))


def alter_document(folder: Path) -> None:
    altered = next(folder.glob(f"output/*/*/{FY}_活动记录表*"))
    altered.write_bytes(altered.read_bytes() + b" ")


def change_ledger(path: Path) -> None:
    """A ledger taken out and changed in two rows, one of them changed in the registry meanwhile."""
    waiting = [
        one for one in json.loads(ask("agreement list --unsigned --json").stdout) if one["signing"] == "awaiting"
    ]
    ask(f"agreement list --xlsx {path.name}")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "协议编号" for cell in row))
    columns = {cell.value: cell.column for cell in head}
    rows = {sheet.cell(row, columns["协议编号"]).value: row for row in range(head[0].row + 1, sheet.max_row + 1)}
    sheet.cell(rows[waiting[0]["number"]], columns["甲方盖章日期"], "2026-01-05")
    sheet.cell(rows[waiting[1]["number"]], columns["份数"], 5)
    book.save(path)
    ask(f"agreement seal {waiting[0]['number']} --party 甲 --on 2026-01-06 --force --reason 先盖后签")


def bring_scans(folder: Path) -> None:
    """A list without its last page, pages nobody knows, a list that is signed by a certificate, a broken file."""
    (folder / "散页").mkdir()
    (folder / "散页/坏.pdf").write_bytes(b"%PDF-1.4")
    (folder / "archive/多.pdf").write_bytes(b"")
    (folder / "改动").mkdir()
    changes = [("乙方壹份、", "乙方贰份、")]
    (folder / "改动/末页.jpg").write_bytes(changed_pages(folder, JC, changes, folder)[-1])
    (folder / "改动/坏.pdf").write_bytes(b"%PDF-1.5")
    for number, name in ((FY, "清单"), (NEXT, "另一份")):
        ask(f"print {number} --kind service_list -o {name}.pdf")
    with pikepdf.open(folder / "清单.pdf") as printed, pikepdf.new() as scan:
        scan.pages.extend([*printed.pages[:-1], printed.pages[0]])
        scan.add_blank_page()
        scan.add_blank_page()
        scan.pages[-1].contents_add(b"100 100 300 300 re f")
        scan.save(folder / "散页/散.pdf")
    scanned(folder / "散页/散.pdf", folder / "散页/散.pdf")
    sign(folder / "另一份.pdf", folder / "散页/已签.pdf")


def sign(source: Path, out: Path) -> None:
    folder = source.parent
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某某卫生院")])
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), 7, NOW, NOW + dt.timedelta(days=9))
    made = certificate.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "证书.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    signer = signers.SimpleSigner.load(str(folder / "key.pem"), str(folder / "证书.pem"))
    with source.open("rb") as stream:
        writer = IncrementalPdfFileWriter(stream)
        out.write_bytes(signers.sign_pdf(writer, signers.PdfSignatureMetadata("甲方"), signer).getvalue())


def bring_packages(folder: Path) -> None:
    """Of two offices with the same agreement number and institution, and one that is none; a third has handed in nothing."""
    for region, name in ((DONGSHENG, "东胜"), (KANGBASHI, "康巴什")):
        low = lower_office(folder.parent / region, region, sides(DONGSHENG))
        with opened(low) as session:
            signed_agreement(session, DONGSHENG)
        declare(folder, region, key_of(low))
        handed(low, folder / f"{name}.yiyu")
    (folder / "坏.yiyu").write_bytes(b"PK")
    with (folder / "yiyu.toml").open("a", encoding="utf-8") as settings:
        settings.write('[offices.150621]\nname = "达拉特旗卫健委"\n')


def bring_drafts(folder: Path) -> None:
    """What another office handed down, beside words of the office's own, and a file in its pack that is no draft."""
    above = handed_down.make_city(folder.parent / "上级")
    handed_down.handed(above, folder / "下发来.yiyu")
    handed_down.name_above(folder, handed_down.key_of(above))
    handed_down.write(folder, "ordos/pack.toml", handed_down.PACK.format(value=80))
    handed_down.write(folder, "ordos/clauses.toml", handed_down.CLAUSE.format(text=handed_down.NEW))
    handed_down.write(folder, "ordos/说明.txt", "说明")


BROUGHT: dict[str, tuple[Callable[[Path], None], ...]] = {
    "institutions": (bring_rosters,),
    "agreements": (bring_ledgers,),
    "documents": (bring_templates,),
    "activities": (bring_register,),
    "reports": (bring_assessments,),
    "archive": (alter_document, bring_scans),
    "packs": (bring_templates,),
    "offices": (bring_packages, bring_drafts),
    "office": (alter_document,),
}


def type_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "date" if DATE.fullmatch(value) else "text"
    return "list" if isinstance(value, list) else "object"


def whole(shape: Any) -> Any:
    """A shape with the named ones it stands on."""
    if isinstance(shape, str) and shape.startswith("@"):
        return whole(SHAPES[shape[1:]])
    if isinstance(shape, dict) and "+" in shape:
        return whole(shape["+"]) | {key: one for key, one in shape.items() if key != "+"}
    return shape


class Comparison:
    """Gathers what departs, over the answers of one command, and which lists have held something."""

    def __init__(self) -> None:
        self.faults: set[str] = set()
        self.lists: dict[str, bool] = {}

    def compare(self, value: Any, shape: Any, place: str = "") -> None:
        shape = whole(shape)
        match shape, value:
            case str(), _:
                named = shape.split("|")
                kind = type_of(value)
                wider = {"date": "text", "integer": "number"}.get(kind)
                if kind not in named and wider not in named:
                    self.faults.add(f"{place}: {kind}, not {shape}")
            case [inner], list():
                self.lists[place] = self.lists.get(place, False) or bool(value)
                for one in value:
                    self.compare(one, inner, place)
            case {"*": inner}, dict():
                for one in value.values():
                    self.compare(one, inner, f"{place}.*")
            case dict(), dict():
                self.faults |= {f"{place}.{key}: not in the table" for key in value.keys() - shape.keys()}
                self.faults |= {f"{place}.{key}: gone" for key in shape.keys() - value.keys()}
                for key in shape.keys() & value.keys():
                    self.compare(value[key], shape[key], f"{place}.{key}")
            case _:
                self.faults.add(f"{place}: {type_of(value)}, not {json.dumps(shape)}")


def entry(words: list[str]) -> str:
    """The name in the table that a command line falls under: the longest that is all in it, options included."""
    return max((name for name in COMMANDS if set(name.split()) <= set(words)), key=len)


def test_every_command_with_json_has_its_keys_in_the_table() -> None:
    assert {name.split(" --")[0] for name in COMMANDS} == with_json()


def called(subject: str) -> list[str]:
    """The names in the table of what a subject calls."""
    lines = SUBJECTS[subject].strip().splitlines()
    return [entry(shlex.split(line)) for line in lines if not line.startswith("! ")]


def test_every_entry_of_the_table_is_called_in_one_subject() -> None:
    assert sorted(name for subject in SUBJECTS for name in set(called(subject))) == sorted(COMMANDS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_answer_has_exactly_the_keys_and_types_of_the_table(subject: str, office: Path) -> None:
    for bring in BROUGHT.get(subject, ()):
        bring(office)
    compared = {name: Comparison() for name in called(subject)}
    for line in SUBJECTS[subject].strip().splitlines():
        if line.startswith("! "):
            ask(line[2:])
            continue
        backup = next(office.glob("backups/*.zip"), None) if line == "restore" else None
        words = shlex.split(f"{line} {backup} 恢复" if backup else line)
        name = entry(words)
        answer = ask(f"{shlex.join(words)} --json", code=FOUND_FAULTS.get(name, 0)).stdout
        compared[name].compare(json.loads(answer), COMMANDS[name])
    assert {f"{name}: {fault}" for name, comparison in compared.items() for fault in comparison.faults} == set()
    lists = {f"{name}: {where}": held for name, one in compared.items() for where, held in one.lists.items()}
    unseen = {place for place in UNSEEN if place.split(":")[0] in compared}
    assert {place for place, held in lists.items() if not held} == unseen, "lists never seen with something in them"
    assert all(one.lists or not isinstance(COMMANDS[name], list) for name, one in compared.items())


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"a": 1}, {}),
        ({}, {"a": "integer"}),
        ([{"a": "x"}], [{"a": "integer"}]),
        ("2026-13", "date"),
        (True, "integer"),
        (None, "text"),
        ([], {"*": "text"}),
        ({"甲": 1}, {"*": "text"}),
    ],
)
def test_the_comparison_sees_a_departure(value: object, shape: object) -> None:
    compared = Comparison()
    compared.compare(value, shape)
    assert len(compared.faults) == 1
