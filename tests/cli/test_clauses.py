"""Claims about clauses at the command line: edited once, used everywhere, and known of every agreement that holds them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as DocumentType

Run = Callable[..., Any]
NATIONAL = files("yiyu.templates") / "national"
EDITED = "费用由各方另行约定。"


def edit(office: Path, text: str = EDITED, *, label: str = "1", since: str = "2026-01-01") -> None:
    folder = office / "templates" / "ordos"
    folder.mkdir(parents=True, exist_ok=True)
    version = f"[T07.versions.{label}]\nsince = {since}\nsource = 'S0 二（一）'\ntext = '{text}'\n"
    with (folder / "clauses.toml").open("a", encoding="utf-8") as file:
        file.write(version)


def of(asked: Run, **wanted: str) -> str:
    return next(str(r["number"]) for r in asked("agreement", "list") if all(r[k] == v for k, v in wanted.items()))


def words(office: Path, path: str) -> str:
    document: DocumentType = docx.Document(str(office / path))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def printed(asked: Run, office: Path, number: str) -> str:
    documents = {one["kind"]: one["path"] for one in asked("agreement", "show", number)["documents"]}
    return words(office, documents["agreement"])


def held(asked: Run, *options: str) -> dict[str, tuple[str, str, bool]]:
    rows = asked("pack", "where", "费用", *options)
    return {one["number"]: (one["pack"], one["version"], one["lagging"]) for one in rows}


def test_one_clause_edited_once_changes_every_form_that_uses_it(run: Run, asked: Run, office: Path) -> None:
    number = of(asked, signing="awaiting", variant="JC")
    other = of(asked, signing="awaiting", variant="FY")
    own = docx.Document()
    for line in ("本旗妇幼协议", "甲方：{{ 甲方.名称 }}", "{{ 条款.费用 }}"):
        own.add_paragraph(line)
    folder = office / "templates" / "ordos"
    folder.mkdir(parents=True)
    own.save(str(folder / "fy.docx"))
    (folder / "pack.toml").write_text(
        'title = "本市"\nextends = "ordos"\n[documents.agreement.variants]\nFY = "fy.docx"\n', "utf-8"
    )
    run("generate", number, other, "--kind", "agreement")
    assert EDITED not in printed(asked, office, number) + printed(asked, office, other)
    edit(office)
    told = asked("generate")
    assert {number, other} <= {one["number"] for one in told["made"]}
    assert f"第七条　费用\n{EDITED}\n第八条　活动记录与评价" in printed(asked, office, number)
    assert f"第一条　费用\n{EDITED}" in printed(asked, office, other)
    uses = asked("pack", "clauses", "费用")[0]
    assert (uses["text"], uses["forms"]) == (EDITED, ["agreement.docx", "fy.docx"])


def test_a_draft_follows_the_library_until_somebody_signs_and_then_keeps_its_clauses(
    run: Run, asked: Run, office: Path
) -> None:
    number, other = [r["number"] for r in asked("agreement", "list") if r["signing"] == "awaiting"][:2]
    run("agreement", "sign", number, "--party", "甲")
    before = printed(asked, office, number)
    edit(office)
    run("generate")
    assert EDITED in printed(asked, office, other)
    told = asked("generate", number, "--kind", "agreement")
    assert (told["made"], told["failed"], len(told["skipped"])) == ([], [], 1)
    assert printed(asked, office, number) == before
    found = held(asked)
    assert found[number] == ("national", "1", True)
    assert found[other] == ("ordos", "1", False)
    assert number in held(asked, "--lagging")
    assert other not in held(asked, "--lagging")
    said = run("pack", "where", "T07")
    assert "ordos 第1版" in said.stdout
    assert "落后于现行版本的" in said.stderr


def test_a_version_of_a_day_to_come_is_taken_by_agreements_that_begin_then(run: Run, asked: Run, office: Path) -> None:
    edit(office, since="2027-01-01")
    number = of(asked, signing="awaiting")
    run("agreement", "draft", "--paired", "--variant", "ZY", "--start", "2027-01-01")
    later = of(asked, signing="draft", variant="ZY")
    run("generate")
    assert EDITED in printed(asked, office, later)
    assert EDITED not in printed(asked, office, number)
    found = held(asked)
    assert (found[later], found[number]) == (("ordos", "1", False), ("national", "1", False))
    assert held(asked, "--as-of", "2027-02-01")[number] == ("national", "1", True)


def test_words_edited_within_a_version_lag_too(run: Run, asked: Run, office: Path) -> None:
    edit(office)
    run("generate")
    number = of(asked, signing="awaiting")
    run("agreement", "sign", number, "--party", "甲")
    (office / "templates" / "ordos" / "clauses.toml").unlink()
    edit(office, "费用全免。")
    assert held(asked)[number] == ("ordos", "1", True)


def test_documents_of_before_are_told_as_not_recorded_until_they_are_generated_again(
    run: Run, asked: Run, office: Path
) -> None:
    with closing(sqlite3.connect(office / "registry.db")) as db, db:
        db.execute("UPDATE documents SET clauses = NULL")
    number = of(asked, signing="signed", force="in_force")
    assert held(asked)[number] == ("", "", False)
    assert "没有记录的是本功能之前生成的" in run("pack", "where", "T07").stderr
    told = asked("generate", number)
    assert told["made"] == []
    assert held(asked)[number] == ("national", "1", False)


def test_a_district_limits_where(asked: Run) -> None:
    every = {one["district"] for one in asked("pack", "where", "T07")}
    assert len(every) > 1
    assert {one["district"] for one in asked("pack", "where", "T07", "--district", "东胜区")} == {"东胜区"}


def test_an_agreement_that_is_over_is_left_out(run: Run, asked: Run) -> None:
    number = of(asked, force="in_force")
    assert number in held(asked)
    run("agreement", "terminate", number, "--on", "2026-11-20", "--reason", "停办")
    assert number not in held(asked)


@pytest.mark.parametrize("command", [("where", "费勇"), ("clauses", "费勇")])
def test_an_unknown_clause_names_those_called_like_it(run: Run, command: tuple[str, str]) -> None:
    assert "没有条款“费勇”；相近的有：T07 费用；全部见 yiyu pack clauses" in run("pack", *command, code=3).stderr


def test_a_form_that_names_an_unknown_clause_is_told_by_the_check_and_by_filling(
    run: Run, asked: Run, office: Path
) -> None:
    own = docx.Document()
    own.add_paragraph("{{ 条款.费勇 }}")
    folder = office / "templates" / "ordos"
    folder.mkdir(parents=True)
    own.save(str(folder / "agreement.docx"))
    found = {one["file"]: one["problems"] for one in asked("pack", "check", "ordos", code=6)}
    told = [(one["code"], one["place"]) for one in found["templates/ordos/agreement.docx"]]
    assert ("clause-unknown", "正文 第1段") in told
    made = asked("generate", of(asked, signing="awaiting"), "--kind", "agreement", code=10)
    assert [one["code"] for one in made["failed"]] == ["clause-unknown"]
    assert "T07 费用" in made["failed"][0]["message"]


def test_a_fault_in_a_clause_is_told_by_the_check_of_the_pack_where_it_is(asked: Run, office: Path) -> None:
    edit(office, "{{ 甲方.名秤 }}", since="2030-01-01")
    found = {one["file"]: one["problems"] for one in asked("pack", "check", "ordos", code=6)}
    [told] = found["national/agreement.docx"]
    assert (told["code"], told["place"]) == ("field-unknown", "条款“费用”（ordos 第1版）第1段")


def test_the_expanded_form_is_a_plain_template_of_the_whole_text(run: Run, asked: Run, office: Path) -> None:
    edit(office, since="2030-01-01")
    form, whole = NATIONAL / "agreement.docx", office / "全文.docx"
    assert "将保存为" in run("template", "expand", form, "-o", whole, "--dry-run").stderr
    assert not whole.exists()
    assert "已换入 12 条" in run("template", "expand", form, "-o", whole).stderr
    text = words(office, "全文.docx")
    assert "条款." not in text
    assert "第七条　费用\n（一）国家基本公共卫生服务项目按规定免费提供" in text
    assert asked("template", "check", whole)["problems"] == []
    run("template", "expand", form, "-o", office / "后.docx", "--as-of", "2030-01-01")
    assert EDITED in words(office, "后.docx")


def test_a_form_without_clauses_is_not_expanded_nor_one_over_itself(run: Run, office: Path) -> None:
    listing = NATIONAL / "service_list.docx"
    assert "范本里没有引用条款" in run("template", "expand", listing, "-o", office / "清单.docx", code=4).stderr
    own = office / "范本.docx"
    own.write_bytes(listing.read_bytes())
    run("template", "expand", own, "-o", own, code=4)
    assert own.read_bytes() == listing.read_bytes()


def test_the_clauses_are_listed_with_version_basis_and_forms(run: Run, asked: Run) -> None:
    rows = {one["code"]: one for one in asked("pack", "clauses")}
    assert set(rows) == {*(f"T{number:02}" for number in range(1, 13)), "T21", "T22"}
    assert rows["T06"]["basis"].startswith("《中华人民共和国个人信息保护法》（主席令第九十一号）第二十八条；")
    assert rows["T22"]["forms"] == ["forms/supplement.docx"]
    assert all(one["present"] and one["forms"] for one in rows.values())
    assert (
        "依据：《中华人民共和国基本医疗卫生与健康促进法》（主席令第三十八号）第十五条"
        in run("pack", "clauses", "费用").stdout
    )
