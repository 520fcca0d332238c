"""An office opened by another program: what it does, what it refuses, and that it leaves no trace beyond that."""

import contextvars
import datetime as dt
import inspect
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from build import ACTOR, CHILDCARE, MEDICAL, TODAY, new_office, opened
from click.testing import CliRunner

import yiyu
from yiyu.docgen.library.opening import office_of
from yiyu.registry.commands.invocation import Invocation, set_passphrase
from yiyu.registry.config import CONFIG_NAME, load_workspace
from yiyu.registry.office.encrypting import encrypt
from yiyu.registry.rules.districts import places_in_use

YEAR = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def played(season: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[yiyu.Office]:
    """A season that these tests read, and write to only what hinders none of the others."""
    folder = Path(shutil.copytree(season, tmp_path_factory.mktemp("played") / "office"))
    with yiyu.open(folder, actor=ACTOR) as office:
        yield office


@pytest.fixture(scope="module")
def number(played: yiyu.Office) -> str:
    return next(one.agreement.number for one in played.agreements.list(variant=yiyu.Variant.JC) if one.in_force)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[yiyu.Office]:
    """An office with eight institutions, to be changed."""
    with yiyu.open(new_office(tmp_path / "small"), actor=ACTOR) as office:
        yield office


@pytest.fixture
def drafted(small: yiyu.Office) -> str:
    """The number of an agreement drafted there."""
    made = small.agreements.draft(
        medical=MEDICAL[1].name, childcare=CHILDCARE[0].name, variants=[yiyu.Variant.JC], starts_on=YEAR
    ).made
    return made[0].number


def test_institutions_are_entered_changed_and_refused(small: yiyu.Office) -> None:
    added = small.institutions.add(yiyu.Kind.CHILDCARE, "东胜区戊托育中心", "东胜区", places=30, filed_on=YEAR)
    assert (added.district, added.filed) == ("150602", True)
    done = small.institutions.edit(added.name, places=40, clear=["closed_on"])
    assert (done.before.places, done.after.places) == (30, 40)
    assert [one.event.actor for one in small.institutions.history(added.id)] == [ACTOR, ACTOR]
    with pytest.raises(yiyu.BadInput, match="已在登记库中"):
        small.institutions.add(yiyu.Kind.CHILDCARE, added.name, "150602")
    with pytest.raises(yiyu.NotFound):
        small.institutions.show("没有这一家")
    with pytest.raises(yiyu.BadInput, match="没有给出要修改的内容"):
        small.institutions.edit(added.name)


def test_a_roster_goes_out_comes_back_and_is_taken_back(small: yiyu.Office, tmp_path: Path) -> None:
    assert small.institutions.export(tmp_path / "名册.xlsx", yiyu.Kind.MEDICAL) == len(MEDICAL)
    result = small.institutions.import_(tmp_path / "名册.xlsx")
    assert (result.added, result.changed, result.unchanged) == (0, 0, len(MEDICAL))
    with pytest.raises(yiyu.FileFault):
        small.institutions.import_(tmp_path / "没有.xlsx")
    (tmp_path / "新.csv").write_text("机构名称,旗区,机构类别\n东胜区己卫生院,东胜区,乡镇卫生院\n", "utf-8")
    assert small.institutions.import_(tmp_path / "新.csv", kind=yiyu.Kind.MEDICAL).added == 1
    assert [one.counts["added"] for one in small.imports.list()] == [1]
    assert small.imports.undo().removed == 1


def test_an_agreement_is_drafted_signed_sealed_and_refused_what_cannot_be(small: yiyu.Office, drafted: str) -> None:
    on = dt.date(2026, 1, 5)
    with pytest.raises(yiyu.StepNotAllowed):
        small.agreements.seal([drafted], party="all", on=on)
    tried = small.agreements.sign([drafted], party="all", on=on, dry_run=True)
    assert [(one.kind, one.party) for one in tried] == [("signed", "甲"), ("signed", "乙")]
    assert small.agreements.list(unsigned=True)
    small.agreements.sign([drafted], party="all", on=on)
    small.agreements.seal([drafted], party="all", on=on)
    assert not small.agreements.list(unsigned=True)
    assert [one.kind for one in small.agreements.history(drafted)][-4:] == ["signed", "signed", "sealed", "sealed"]
    with pytest.raises(yiyu.BadInput, match="没有写 reason"):
        small.agreements.terminate([drafted], on=TODAY, reason="　")
    assert small.agreements.terminate([drafted], on=TODAY, reason="机构停办")[0].number == drafted


def test_a_service_list_is_looked_at_and_edited(small: yiyu.Office, drafted: str) -> None:
    listed = small.agreements.items(drafted)
    assert not listed.changes
    code = next(one.code for one in listed.agreement.items if not one.selected)
    assert [one.code for one in small.agreements.items(drafted, tick=[code]).changes] == [code]
    with pytest.raises(yiyu.BadInput):
        small.agreements.items(drafted, tick=["Z99"])


def test_originals_are_moved_and_counted(small: yiyu.Office, drafted: str) -> None:
    assert sum(small.agreements.copies(drafted).values()) == 4
    assert small.agreements.copies(drafted, count=2, target="printed", on=TODAY)["printed"] == 2
    with pytest.raises(yiyu.BadInput, match="几份和到哪里"):
        small.agreements.copies(drafted, count=2)


def test_documents_are_generated_and_a_template_fault_is_told(small: yiyu.Office, drafted: str) -> None:
    made = small.generate([drafted]).made
    assert [document.kind for _, document in made] == ["agreement", "service_list", "activity_record"]
    assert all((small.root / document.path).is_file() for _, document in made)
    with pytest.raises(yiyu.NotFound):
        small.generate(["没有"])
    with pytest.raises(yiyu.BadInput, match="没有写要打印哪些"):
        small.print([], Path("x.pdf"))
    assert small.print([drafted], small.root / "打印.pdf", dry_run=True).documents == 3


def test_activities_are_recorded_corrected_listed_and_refused(small: yiyu.Office, drafted: str, tmp_path: Path) -> None:
    small.agreements.sign([drafted], party="all", on=YEAR)
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes(40))
    recorded = small.activities.add(
        [drafted], on=dt.date(2026, 2, 10), form="上门指导", people=[yiyu.Person("王某某 ")], counts={"婴幼儿": 20},
        findings=[yiyu.Finding("消毒记录不全", "补记", dt.date(2026, 3, 1))], evidence=[f"照片={photo}"],
    )  # fmt: skip
    activity = recorded.listed.activity
    assert [one.name for one in activity.people] == ["王某某"]
    assert small.activities.findings(open_only=True)[0].finding.problem == "消毒记录不全"
    edited = small.activities.edit(activity.number, place="活动室", reason="漏记")
    assert ("地点", "", "活动室") in edited.changes
    assert [one.activity.number for one in small.activities.list(number=drafted)] == [activity.number]
    with pytest.raises(yiyu.BadInput, match="只写一样"):
        small.activities.add([], on=TODAY, form="上门指导")
    with pytest.raises(yiyu.BadInput):
        small.activities.add([drafted], on=TODAY, form="喝茶")
    small.activities.void(activity.number, reason="登记错了")
    assert small.activities.show(activity.number)[0].activity.voided_on == TODAY


def test_duties_and_figures_are_those_of_the_command_line(played: yiyu.Office, number: str) -> None:
    rows = played.duties.list(numbers=[number])
    assert {row.number for row in rows} <= {number, ""}
    assert played.duties.list(states=["waived"], numbers=[number]) == []
    with pytest.raises(yiyu.BadInput, match="states 不能是“做了”"):
        played.duties.list(states=["做了"])  # type: ignore[list-item] # what the checker refuses is refused too
    rates, _ = played.reports.rates()
    signed = rates[-1].rates["signed"]
    assert sum(one.counts for one in played.reports.rows("signed")) == signed.numerator > 0
    with pytest.raises(yiyu.BadInput, match="没有指标"):
        played.reports.rows("nothing")


def test_reports_are_written_behind_the_gate(played: yiyu.Office, tmp_path: Path) -> None:
    board = tmp_path / "看板.html"
    played.reports.board(board)
    played.reports.board(board)  # our own, unchanged, is written over
    board.write_text("我的笔记", "utf-8")
    with pytest.raises(yiyu.FileFault, match="不是这条命令上次写的"):
        played.reports.board(board)
    assert board.read_text("utf-8") == "我的笔记"
    played.view(replace_files=True).reports.board(board)
    assert board.read_text("utf-8").lstrip().startswith("<!doctype")
    with pytest.raises(yiyu.BadInput, match="会盖掉工作区保存的内容"):
        played.agreements.list(xlsx=played.root / "archive" / "台账.xlsx")


def test_a_file_cannot_be_read_and_written_by_one_call(played: yiyu.Office, tmp_path: Path) -> None:
    roster = tmp_path / "名册.xlsx"
    played.institutions.export(roster, yiyu.Kind.MEDICAL)
    with pytest.raises(yiyu.BadInput, match="读进来的那个文件"):
        played.institutions.import_(roster, problems=roster, dry_run=True)


def test_the_archive_is_verified_and_refuses_what_it_does_not_have(played: yiyu.Office, tmp_path: Path) -> None:
    assert played.archive.verify().faults == []
    assert played.archive.loans() == played.archive.holds() == []
    with pytest.raises(yiyu.NotFound):
        played.archive.lend(["没有"], to="王某某", due=TODAY, on=TODAY)
    with pytest.raises(yiyu.BadInput, match="只写一样"):
        played.archive.merge([], out=tmp_path / "合并.pdf")
    with pytest.raises(yiyu.BadInput, match="term 不能是“永久”"):
        played.archive.catalog(term="永久")  # type: ignore[arg-type] # what the checker refuses is refused too


def test_packs_and_templates_are_looked_at(played: yiyu.Office, number: str, tmp_path: Path) -> None:
    assert played.packs.show().name == "ordos"
    assert "ordos" in {one.name for one in played.packs.list()}
    [code] = {one.text.code for one in played.packs.clauses("费用")}
    assert any(one.present for one in played.packs.clauses(code))
    with pytest.raises(yiyu.NotFound):
        played.packs.show("没有")
    with pytest.raises(yiyu.NotFound, match="没有条款"):
        played.packs.clauses("没有")
    assert played.templates.context(number)["甲方"]
    assert {one.path for one in played.templates.fields(kind=yiyu.DocKind.AGREEMENT)}
    with pytest.raises(yiyu.FileFault):
        played.templates.check([tmp_path / "没有.docx"])


def test_the_office_is_backed_up_checked_and_its_events_read(small: yiyu.Office, drafted: str) -> None:
    assert small.backup().path.is_file()
    report = small.check()
    assert (report.faults, report.events) == ([], len(small.log(limit=500)[0]))
    assert small.log(limit=1)[0][0].number == drafted
    assert small.log()[1] is None
    assert {one.code for one in small.doctor()} >= {"registry", "backups", "disk"}
    assert small.check(against="1-0000000000").faults
    assert small.remind().day == TODAY
    assert [one.role for one in small.person(ACTOR)] == ["actor"]


def test_a_view_is_of_another_day_and_of_a_part(played: yiyu.Office) -> None:
    every = played.agreements.list()
    part = played.view(district="东胜区")
    assert {one.agreement.district for one in part.agreements.list()} == {"150602"}
    assert played.view(today=dt.date(2020, 1, 1)).agreements.list(in_force=True) == []
    assert len(played.agreements.list()) == len(every)
    assert played.view(district="150602", today=YEAR).view(district="").today == YEAR
    with pytest.raises(yiyu.BadInput, match="没有"):
        played.view(district="没有这个旗").agreements.list()


def test_what_was_known_is_read_and_not_written(small: yiyu.Office, drafted: str) -> None:
    then = small.view(known_on=TODAY - dt.timedelta(days=1))
    assert then.today == TODAY - dt.timedelta(days=1)
    assert then.agreements.list() == []
    with pytest.raises(yiyu.BadInput, match="只看当时所知"):
        then.agreements.sign([drafted], party="all", on=YEAR)
    assert [one.agreement.number for one in small.agreements.list()] == [drafted]


def test_what_a_program_gives_is_cleaned_as_on_the_command_line(small: yiyu.Office) -> None:
    added = small.institutions.add(yiyu.Kind.CHILDCARE, "东胜区\u200b庚托育中心", "东胜区", address="ＡＢ路１号")
    assert added.name == "东胜区庚托育中心"
    with pytest.raises(yiyu.BadInput, match="remark"):
        small.institutions.edit(added.name, remark="坏\ufffd字")
    with pytest.raises(yiyu.BadInput, match="身份证"):
        small.institutions.edit(added.name, remark="11010519491231002X")


def test_one_text_for_several_is_one_of_them_and_a_path_may_be_a_text(small: yiyu.Office, drafted: str) -> None:
    """Both are refused by the checker; a program that does not use one shall not be misread."""
    sign = small.agreements.sign
    assert {one.number for one in sign(drafted, party="甲", on=YEAR)} == {drafted}
    small.institutions.export(str(small.root.parent / "名册.xlsx"), "medical")  # type: ignore[arg-type]
    assert (small.root.parent / "名册.xlsx").is_file()


def test_two_offices_keep_their_places_apart(small: yiyu.Office, tmp_path: Path) -> None:
    before = places_in_use()
    with yiyu.init(tmp_path / "山东", pack="shandong", region="370100", actor=ACTOR) as other:
        added = other.institutions.add(yiyu.Kind.MEDICAL, "历下区某卫生院", "历下区")
        assert small.institutions.list(district="东胜区")
        assert other.place(added.district).endswith("历下区")
        assert other.institutions.list(district="市中区") == []  # the one of 济南; in the country there are several
        with pytest.raises(yiyu.BadInput, match="市中区"):
            small.institutions.list(district="市中区")
    assert places_in_use() == before


def test_a_closed_office_and_another_thread_are_told(small: yiyu.Office) -> None:
    found: list[BaseException] = []

    def elsewhere() -> None:
        try:
            small.institutions.list()
        except RuntimeError as error:
            found.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "线程" in str(found[0])
    view = small.view(today=YEAR)
    small.close()
    small.close()
    assert "已关闭" in repr(view)
    with pytest.raises(RuntimeError, match="已经关闭"):
        view.institutions.list()


def test_an_office_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(yiyu.NotFound, match="不是 yiyu 工作区"):
        yiyu.open(tmp_path)
    (tmp_path / CONFIG_NAME).write_text("", "utf-8")
    with pytest.raises(yiyu.RegistryFault, match="找不到登记库"):
        yiyu.open(tmp_path)
    with pytest.raises(yiyu.BadInput, match="谁在办理"):
        yiyu.init(tmp_path / "新", actor="　")
    with pytest.raises(yiyu.NotFound):
        yiyu.init(tmp_path / "新", pack="没有")


def test_an_encrypted_office_wants_its_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sqlcipher3")
    key, wrong = "一个很长的加密口令", "另一个很长的口令"
    folder = new_office(tmp_path / "office")
    here = contextvars.copy_context()
    here.run(set_passphrase, key)
    here.run(encrypt, load_workspace(folder))
    monkeypatch.delenv("YIYU_KEY_FILE", raising=False)
    with pytest.raises(yiyu.RegistryFault, match="没有口令打不开"):
        yiyu.open(folder)
    with pytest.raises(yiyu.RegistryFault, match="口令不对"):
        yiyu.open(folder, passphrase=wrong)
    with yiyu.open(folder, passphrase=key) as office:
        assert len(office.institutions.list()) == len(MEDICAL) + len(CHILDCARE)


def test_what_a_command_has_open_is_lent_as_an_office(tmp_path: Path) -> None:
    with opened(new_office(tmp_path / "office")) as session:
        found = office_of(session).institutions.list(kind=yiyu.Kind.MEDICAL)
        assert sorted(one.name for one in found) == sorted(one.name for one in MEDICAL)
        assert office_of(session).today == session.today


def test_a_command_of_a_plugin_gets_the_office_it_is_called_for(tmp_path: Path) -> None:
    @click.command()
    @click.option("--kind")
    @yiyu.pass_office
    def count(office: yiyu.Office, kind: str) -> None:
        click.echo(len(office.institutions.list(kind=yiyu.Kind(kind))))

    invocation = Invocation(new_office(tmp_path / "office"))
    done = CliRunner().invoke(count, ["--kind", "medical"], obj=invocation)
    assert (done.exit_code, done.stdout) == (0, f"{len(MEDICAL)}\n")
    assert isinstance(CliRunner().invoke(count, ["--kind", "medical"]).exception, RuntimeError)


def test_help_shows_the_parameters_and_what_is_refused(small: yiyu.Office) -> None:
    sign = small.agreements.sign
    assert [*inspect.signature(sign).parameters][:3] == ["numbers", "party", "on"]
    assert "StepNotAllowed" in (inspect.getdoc(sign) or "")
    with pytest.raises(TypeError, match="party"):
        sign(["x"])  # type: ignore[call-arg] # what the checker refuses is refused too


def test_nothing_is_printed(small: yiyu.Office, drafted: str, capsys: pytest.CaptureFixture[str]) -> None:
    small.generate([drafted])
    small.agreements.list()
    assert capsys.readouterr() == ("", "")


def test_an_office_hands_up_a_package_and_refuses_what_is_none(small: yiyu.Office, tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    assert small.offices.key().region == "150600"
    assert small.offices.export(tmp_path / "上报.yiyu").counts["institutions"] == len(MEDICAL) + len(CHILDCARE)
    assert small.offices.list() == small.offices.conflicts() == []
    with pytest.raises(yiyu.UserError):
        small.offices.import_([tmp_path / "上报.yiyu"])


@pytest.mark.parametrize("places", [1.5, True, "30", dt.date(2026, 1, 1)])
def test_a_value_of_another_type_never_reaches_the_registry(small: yiyu.Office, places: object) -> None:
    with pytest.raises(TypeError, match="places 应是整数"):
        small.institutions.add(yiyu.Kind.CHILDCARE, "东胜区戊托育中心", "东胜区", places=places)  # type: ignore[arg-type]
    assert len(small.institutions.list()) == len(MEDICAL) + len(CHILDCARE)


def test_numbers_are_held_to_what_a_roster_takes_and_days_are_days(small: yiyu.Office, drafted: str) -> None:
    for places in (-1, 100_000):
        with pytest.raises(yiyu.BadInput, match=r"超出范围|不能是"):
            small.institutions.edit(CHILDCARE[0].name, places=places)
    moment = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)
    with pytest.raises(TypeError, match="on 应是日期"):
        small.agreements.sign([drafted], party="all", on=moment)
    for day in (moment, "2026-01-05"):
        with pytest.raises(TypeError, match="today 应是日期"):
            small.view(today=day)  # type: ignore[arg-type] # what the checker refuses is refused too


def test_numbers_are_held_to_what_the_command_takes(small: yiyu.Office, drafted: str) -> None:
    kept = small.backup().path
    for refused in (
        lambda: small.backup(keep=0),
        lambda: small.remind(lead=0),
        lambda: small.remind(steps=(-1,)),
        lambda: small.activities.add([drafted], on=YEAR, form="上门指导", signed_in=-3),
        lambda: small.activities.add([drafted], on=YEAR, form="上门指导", counts={"婴幼儿": -3}),
    ):
        with pytest.raises(yiyu.BadInput, match="不能是"):
            refused()
    with pytest.raises(TypeError, match="people 应是Person"):
        small.activities.add([drafted], on=YEAR, form="上门指导", people=["王某某"])  # type: ignore[list-item]
    assert kept.is_file()
