"""Nothing a person made is written over: every option that names a file or folder stands behind one gate."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from yiyu.cli import main
from yiyu.registry.commands.front_door import LazyGroup
from yiyu.registry.commands.outputs import Input, InputFolder, NewFolder, OutputFile, OutputFolder

Run = Callable[..., Result]
Asked = Callable[..., Any]
HERS = b"a clerk's own"


def every(group: click.Group = main, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, parent=click.Context(main) if path else None)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, LazyGroup):
            yield from every(command, f"{path}{name} ")
        elif command:
            yield f"{path}{name}", command


def test_every_option_that_names_a_place_says_whether_it_is_read_or_written() -> None:
    """What is written stands behind the gate, or the command refuses a folder that is not new."""
    kinds = (Input, InputFolder, NewFolder, OutputFile, OutputFolder)
    plain = [
        (name, one.opts)
        for name, command in every()
        for one in command.params
        if isinstance(one.type, click.Path | click.File) and not isinstance(one.type, kinds)
    ]
    assert plain == []


def test_every_command_that_writes_where_a_person_says_can_be_told_to_insist() -> None:
    writing = {
        name for name, one in every() if any(isinstance(param.type, OutputFile | OutputFolder) for param in one.params)
    }
    assert {"agreement list", "print", "report board", "archive merge", "template fill", "generate"} <= writing
    assert writing == {name for name, one in every() if any(param.name == "replace" for param in one.params)}


def test_a_file_of_the_clerks_is_not_written_over_unless_she_insists(run: Run, office: Path) -> None:
    hers = office.parent / "清单.xlsx"
    hers.write_bytes(HERS)
    refused = run("agreement", "list", "--xlsx", hers, code=7).stderr
    assert "没有盖掉" in refused
    assert str(hers) in refused
    assert "--replace" in refused
    assert hers.read_bytes() == HERS
    run("agreement", "list", "--xlsx", hers, "--replace")
    assert hers.read_bytes() != HERS


def test_the_list_of_yesterday_is_written_again(run: Run, office: Path) -> None:
    ours = office.parent / "清单.xlsx"
    for _ in range(3):
        run("agreement", "list", "--xlsx", ours)


@pytest.mark.parametrize("where", ["in the office", "elsewhere", "by a link"])
def test_a_copy_that_was_edited_by_hand_is_kept(run: Run, office: Path, where: str) -> None:
    ours = office / "清单.xlsx" if where == "in the office" else office.parent / "清单.xlsx"
    run("institution", "list", "--xlsx", ours)
    named = ours
    if where == "by a link":
        named = office.parent / "到清单.xlsx"
        named.symlink_to(ours)
    ours.write_bytes(ours.read_bytes() + HERS)
    run("institution", "list", "--xlsx", named, code=7)
    assert ours.read_bytes().endswith(HERS)


def test_what_another_command_wrote_is_not_written_over(run: Run, office: Path) -> None:
    ours = office.parent / "清单.xlsx"
    run("institution", "list", "--xlsx", ours)
    before = ours.read_bytes()
    run("agreement", "list", "--xlsx", ours, code=7)
    assert ours.read_bytes() == before


@pytest.mark.parametrize("name", ["archive/清单.xlsx", "backups/清单.xlsx", "templates/清单.xlsx", "link/清单.xlsx"])
def test_nothing_is_written_where_the_office_keeps_its_own_even_when_insisted(
    run: Run, office: Path, name: str
) -> None:
    (office / "link").symlink_to(office / "archive")
    path = office / name
    path.parent.mkdir(exist_ok=True)
    run("agreement", "list", "--xlsx", path, "--replace", code=4)
    assert not path.exists()


def test_who_writes_a_form_into_templates_is_told_to_copy_it_there(run: Run, office: Path) -> None:
    said = run("agreement", "list", "--xlsx", office / "templates" / "清单.xlsx", code=4).stderr
    assert "请先写到别处，检查没有问题后再复制过来" in said


@pytest.mark.parametrize("name", ["registry.db", "yiyu.toml", "holidays-2027.toml", ".outputs.jsonl"])
def test_the_books_of_the_office_are_no_place_to_write_to(run: Run, office: Path, name: str) -> None:
    before = (office / name).read_bytes() if (office / name).exists() else None
    run("agreement", "items", "--help")
    run("generate", "--out", office / name, "--replace", code=2 if before is not None else 4)
    assert ((office / name).read_bytes() if (office / name).exists() else None) == before


def test_a_document_of_the_office_is_not_written_over_though_beside_it_there_is_room(
    run: Run, asked: Asked, office: Path
) -> None:
    run("generate", asked("agreement", "list")[0]["number"])
    document = next((office / "output").glob("2*/*/*.docx"))
    before = document.read_bytes()
    run("report", "year", "--docx", document, "--replace", code=4)
    assert document.read_bytes() == before
    run("report", "year", "--docx", document.with_name("年度报告.docx"))


def test_the_folder_of_backups_is_kept_wherever_it_is(run: Run, office: Path) -> None:
    settings = office / "yiyu.toml"
    settings.write_text('backup_folder = "copies"\n' + settings.read_text("utf-8"), "utf-8")
    run("agreement", "list", "--xlsx", office / "copies" / "x.xlsx", code=4)


def test_what_is_read_is_not_written_over(run: Run, office: Path) -> None:
    roster = office.parent / "名册.xlsx"
    run("institution", "export", roster, "--kind", "childcare")
    before = roster.read_bytes()
    refused = run("institution", "import", roster, "--problems", roster, "--replace", code=4).stderr
    assert "读进来的" in refused
    assert roster.read_bytes() == before


def test_a_copy_in_a_folder_leaves_what_lies_there(run: Run, asked: Asked, office: Path) -> None:
    folder, number = office.parent / "给局里", asked("agreement", "list")[0]["number"]
    run("generate", number, "--out", folder)
    run("generate", number, "--out", folder)
    hers = sorted(folder.rglob("*.docx"))[0]
    hers.write_bytes(HERS)
    assert str(hers) in run("generate", number, "--out", folder, code=7).stderr
    assert hers.read_bytes() == HERS
    run("generate", number, "--out", folder, "--replace")
    assert hers.read_bytes() != HERS


@pytest.mark.parametrize("named", ["the office itself", "a link to the office", "a folder with a link in it", "a link"])
def test_what_lies_in_a_folder_is_safe_by_whatever_way_it_is_named(
    run: Run, asked: Asked, office: Path, named: str
) -> None:
    number, hers = asked("agreement", "list")[0]["number"], office.parent / "她的"
    hers.mkdir()
    out = {"the office itself": office}.get(named, office.parent / "给局里")
    if named == "a folder with a link in it":
        (out / number.split("-")[1]).parent.mkdir()
        (out / number.split("-")[1]).symlink_to(hers)
    elif named != "the office itself":
        out.symlink_to(office if "office" in named else hers)
    before = {path: path.read_bytes() for path in (office / "output").rglob("*.docx")}
    run("generate", number, "--out", out)
    run("generate", number, "--out", out)
    made = [*office.glob("[0-9]*/*/*.docx"), *hers.rglob("*.docx")]
    assert made
    made[0].write_bytes(HERS)
    assert "没有盖掉" in run("generate", number, "--out", out, code=7).stderr
    assert made[0].read_bytes() == HERS
    assert {path: path.read_bytes() for path in (office / "output").rglob("*.docx")} == before


def test_without_an_office_nothing_tells_whose_a_file_is_so_only_new_ones_are_written(
    run: Run, office: Path, tmp_path: Path
) -> None:
    form = next(Path(__file__).parents[2].joinpath("templates", "national").glob("agreement.docx"))
    out = tmp_path / "附注.docx"
    command = ["template", "check", str(form), "--annotate", str(out)]
    assert CliRunner().invoke(main, command).exit_code == 0
    first = out.read_bytes()
    assert "没有盖掉" in CliRunner().invoke(main, command).stderr
    assert out.read_bytes() == first


def test_a_note_cut_short_by_a_crash_costs_no_more_than_being_asked(run: Run, office: Path) -> None:
    ours = office.parent / "清单.xlsx"
    run("institution", "list", "--xlsx", ours)
    notes = office / ".outputs.jsonl"
    notes.write_bytes(notes.read_bytes()[:-9] + b"\n[1]\n{}\n\xff\n")
    run("institution", "list", "--xlsx", ours, code=7)
    run("institution", "list", "--xlsx", ours, "--replace")
    run("institution", "list", "--xlsx", ours)
