"""What an office above takes in: the newest by its chain, each package judged by itself, nothing lost."""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import pytest
from build import CLOCK, opened
from office_tree import (
    CITY,
    DONGSHENG,
    KANGBASHI,
    NAMES,
    PROVINCE,
    above,
    declare,
    handed,
    key_of,
    lower_office,
    sides,
    visit,
)

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.config import CONFIG_NAME, OtherOffice, load_workspace
from yiyu.registry.errors import BadInput, FileFault, RegistryFault, StepNotAllowed, UserError
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.office.backing_up import back_up
from yiyu.registry.office.integrity import check
from yiyu.registry.office.restoring import restore
from yiyu.registry.offices.below import missing, offices_below, with_offices_below
from yiyu.registry.offices.conflicts import conflicts
from yiyu.registry.offices.container import Content, read_package, write_package
from yiyu.registry.offices.facts import FACTS, Facts
from yiyu.registry.offices.importing import Receipt, receive
from yiyu.registry.offices.keys import office_key
from yiyu.registry.offices.models import facts_of
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.store.events import events_of_kind
from yiyu.registry.store.office_packages import held_packages

AGREEMENT = f"{DONGSHENG}-2026-JC-0001"


def take(city: Path, *files: Path, reason: str = "", dry_run: bool = False) -> list[Receipt]:
    with opened(city) as session:
        return receive(session, files, reason=reason, dry_run=dry_run).taken


def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def totals(office: Path) -> list[tuple[int, int]]:
    with opened(office) as session:
        total = report_rates(with_offices_below(session))[0][-1]
    return [(rate.numerator, rate.denominator) for rate in total.rates.values()]


def again(low: Path, path: Path, days: Iterable[int] = (9,), minutes: int = 10) -> Path:
    """The package after more visits."""
    with opened(low) as session:
        for day in days:
            visit(session, AGREEMENT, dt.date(2026, 11, day))
    return handed(low, path, minutes=minutes)


def test_a_package_is_taken_and_counted_as_its_office_counts(low: Path, city: Path, package: Path) -> None:
    (one,) = take(city, package)
    assert (one.again, one.package.differences, one.package.contacts) == (False, (), False)
    assert totals(city) == totals(low)
    with opened(city) as session:
        assert [part.path for part in offices_below(session)] == [(DONGSHENG,)]
        assert missing(session) == []
        assert [event.note for event in events_of_kind(session.db, "office_received")] == [
            f"东胜区卫健委 截至 2026-11-22，链头 {one.package.head}"
        ]
        assert check(session).faults == []


def test_the_same_package_twice_changes_nothing(city: Path, package: Path) -> None:
    take(city, package)
    before = files(city), (city / "registry.db").read_bytes()
    (one,) = take(city, package)
    assert one.again
    assert (files(city), (city / "registry.db").read_bytes()) == before


def test_a_dry_run_writes_nothing(city: Path, package: Path) -> None:
    before = files(city), (city / "registry.db").read_bytes()
    (one,) = take(city, package, dry_run=True)
    assert not one.again
    assert (files(city), (city / "registry.db").read_bytes()) == before


def test_the_newer_wins_in_any_order_and_the_older_is_refused_with_both(
    low: Path, city: Path, package: Path, tmp_path: Path
) -> None:
    newer = again(low, tmp_path / "newer.yiyu")
    take(city, newer)
    first, second = (facts_of(read_package(path)).chain.head for path in (package, newer))
    with pytest.raises(
        StepNotAllowed, match=f"比收过的旧：收过的截至 2026-11-22 链头 {second}，这份截至 2026-11-22 链头 {first}"
    ):
        take(city, package)
    with opened(city) as session:
        assert held_packages(session.db)[DONGSHENG].head == second
    assert totals(city) == totals(low)


def test_a_correction_travels(low: Path, city: Path, package: Path, tmp_path: Path) -> None:
    take(city, package)
    before = totals(city)
    take(city, again(low, tmp_path / "newer.yiyu", days=(4, 5, 6)))
    assert totals(city) == totals(low) != before
    models = list((city / "offices" / DONGSHENG).glob("model-*"))
    packages = list((city / "offices" / DONGSHENG).glob("*.yiyu"))
    assert (len(models), len(packages)) == (1, 2), "what was received stays, what is made of it does not"


def test_another_chain_is_refused_unless_somebody_says_why(
    low: Path, city: Path, package: Path, tmp_path: Path
) -> None:
    """As after a restore: the first visits are entered anew, otherwise."""
    restored = Path(shutil.copytree(low, tmp_path / "restored"))
    take(city, again(low, tmp_path / "first.yiyu", days=(4, 5)))
    fork = again(restored, tmp_path / "fork.yiyu", days=(6, 9, 10))
    with pytest.raises(StepNotAllowed, match=r"记录链与上次交来的不是一条.*--reason"):
        take(city, fork)
    take(city, fork, reason="用备份恢复过")
    with opened(city) as session:
        held = held_packages(session.db)[DONGSHENG]
        assert (held.reason, "用备份恢复过" in events_of_kind(session.db, "office_received")[-1].note) == (
            "用备份恢复过",
            True,
        )
    assert totals(city) == totals(restored)


def test_a_shorter_chain_that_forked_is_no_older_package(low: Path, city: Path, tmp_path: Path) -> None:
    restored = Path(shutil.copytree(low, tmp_path / "restored"))
    take(city, again(low, tmp_path / "first.yiyu", days=(4, 5, 6, 9)))
    short = again(restored, tmp_path / "short.yiyu", days=(10,))
    with pytest.raises(StepNotAllowed, match="不是一条"):
        take(city, short)


def test_who_is_not_in_the_tree_or_has_no_key_there_is_refused_with_the_lines_to_write(
    low: Path, city: Path, package: Path
) -> None:
    public, settings = key_of(low), city / CONFIG_NAME
    text = settings.read_text("utf-8")
    settings.write_text(text.replace(public, ""), "utf-8")
    with pytest.raises(BadInput, match=r"还没有填“东胜区卫健委”的公钥；包上公钥的指纹 .{19}") as unknown:
        take(city, package)
    assert f'key = "{public}"' in str(unknown.value)
    settings.write_text(text.partition("\n[offices.150602]")[0], "utf-8")
    with pytest.raises(BadInput, match="没有登记这个下级：150602 东胜区") as stranger:
        take(city, package)
    settings.write_text(
        text.partition("\n[offices.150602]")[0] + stranger.value.remedy.split("写上 ")[1][:-3].replace("、", "\n")
    )
    assert take(city, package)[0].package.region == DONGSHENG


def test_a_package_of_ones_own_is_no_package_from_below(low: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="本级自己的包"):
        take(low, handed(low, tmp_path / "own.yiyu"))


def test_nor_where_an_office_names_itself_below(low: Path, tmp_path: Path) -> None:
    declare(low, DONGSHENG, key_of(low))
    with pytest.raises(BadInput, match=r"本级自己的包.*不要写 \[offices\.150602\]"):
        take(low, handed(low, tmp_path / "own.yiyu"))


@pytest.mark.parametrize("name", ["东胜\n区", "\x1b[2J东胜", '东胜"]', ""])
def test_a_name_that_breaks_out_of_its_line_is_none(low: Path, city: Path, tmp_path: Path, name: str) -> None:
    """It stands in a sentence on the screen, and in lines that a person pastes into yiyu.toml."""
    with opened(low) as session:
        key = office_key(session)
    unread = {
        "made_at": CLOCK.isoformat(),
        "program": "1",
        "body": OtherOffice(NAMES[DONGSHENG]),
        "contents": [],
        "key": key,
    }
    with pytest.raises(FileFault, match="清单读不懂"):
        write_package(tmp_path / "x.yiyu", kind=FACTS, office=(DONGSHENG, name), **unread)  # type: ignore[arg-type]
    settings = city / CONFIG_NAME
    settings.write_text(settings.read_text("utf-8") + f"\n[offices.150621]\nname = {json.dumps(name)}\n", "utf-8")
    with pytest.raises(BadInput, match="offices"):
        load_workspace(city)


def test_a_number_that_two_offices_have_is_told_whole(tmp_path: Path) -> None:
    other = lower_office(tmp_path / "other", KANGBASHI, sides(KANGBASHI))
    third = lower_office(tmp_path / "third", CITY, sides(CITY))
    for office, region in ((other, KANGBASHI), (third, CITY)):
        settings = office / CONFIG_NAME
        text = settings.read_text("utf-8").replace("{district}-{year}-{variant}-{serial:04}", "医育 {year} {serial:04}")
        settings.write_text(text, "utf-8")
        with opened(office) as session:
            known = directory(session)
            pair = [known.find(one.name, one.kind) for one in sides(region)]
            draft_agreements(session, [DraftRequest(pair[0], pair[1], Variant.JC, dt.date(2026, 1, 1), 12)])
    declare(third, KANGBASHI, key_of(other))
    take(third, handed(other, tmp_path / "other.yiyu"))
    with opened(third) as session:
        assert [(one.kind, one.value) for one in conflicts(session)] == [("number", "医育 2026 0001")]


def test_each_package_is_judged_by_itself(city: Path, package: Path, tmp_path: Path) -> None:
    other = lower_office(tmp_path / "other", KANGBASHI)
    (tmp_path / "bad.yiyu").write_bytes(b"PK\3\4")
    with opened(city) as session:
        found = receive(session, [tmp_path / "bad.yiyu", package, handed(other, tmp_path / "other.yiyu")])
    assert [one.package.region for one in found.taken] == [DONGSHENG]
    assert [(Path(one.subject).name, one.code) for one in found.refused] == [
        ("bad.yiyu", "file"),
        ("other.yiyu", "bad-input"),
    ]


def signed(low: Path, source: Path, path: Path, change: Callable[[dict[str, bytes], Facts], Facts]) -> Path:
    """A package made anew with the office's own key: what it says may be wrong, its signature is not."""
    package = read_package(source)
    held = {name: package.read(name, 1 << 30) for name in package.manifest.files}
    facts = change(held, facts_of(package))
    with opened(low) as session:
        write_package(
            path,
            kind=FACTS,
            office=(DONGSHENG, "东胜区"),
            made_at=package.manifest.made_at,
            program=package.manifest.program,
            body=facts,
            contents=[Content(name, [data]) for name, data in held.items()],
            key=office_key(session),
        )
    return path


def rows(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[dict[str, bytes], Facts], Facts]:
    def changed(held: dict[str, bytes], facts: Facts) -> Facts:
        held[f"tables/{name}.jsonl"] = b"\n".join(change(held[f"tables/{name}.jsonl"].splitlines())) + b"\n"
        return facts

    return changed


def said(**other: object) -> Callable[[dict[str, bytes], Facts], Facts]:
    return lambda _held, facts: msgspec.structs.replace(facts, **other)


def columns(change: Callable[[list[str]], list[str]]) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [json.dumps(change(json.loads(lines[0]))).encode(), *lines[1:]]


NO_REGISTRY = {
    "no event": (rows("events", lambda lines: lines[:1]), "指向不存在的|记录链"),
    "an event is gone": (rows("events", lambda lines: [*lines[:2], *lines[3:]]), "指向不存在的|接不上"),
    "the last event is gone": (rows("events", lambda lines: lines[:-1]), "不是一条"),
    "a column of somebody": (rows("figures", columns(lambda names: [*names[:-1], "x"])), "“figures”放不进"),
    "SQL for a column": (rows("figures", columns(lambda names: [*names[:-1], "actor) VALUES (1); --"])), "“figures”放不进"),
    "a column twice": (rows("figures", columns(lambda names: [*names, names[0]])), "“figures”放不进"),
    "a row too short": (rows("agreements", lambda lines: [lines[0], b"[1]"]), "“agreements”有读不懂的一行"),
    "no JSON": (rows("agreements", lambda lines: [lines[0], b"{"]), "“agreements”放不进"),
    "an object in a row": (rows("agreements", lambda lines: [lines[0], b'[{"a":1}]']), "“agreements”放不进"),
    "a word no vocabulary has": (
        rows("institutions", lambda lines: [line.replace(b'"medical"', b'"shop"') for line in lines]),
        "“institutions”放不进",
    ),
    "an agreement that is not there": (rows("agreements", lambda lines: lines[:1]), "指向不存在的“agreements”"),
    "a newer schema": (said(schema=msgspec.convert({"number": 900, "name": "0900_x"}, Facts.__annotations__["schema"])), "升级 yiyu"),
    "a schema nobody knows": (said(schema=msgspec.convert({"number": 3, "name": "x"}, Facts.__annotations__["schema"])), "“x”不认识"),
}  # fmt: skip


@pytest.mark.parametrize("what", NO_REGISTRY)
def test_facts_that_are_no_registry_are_refused_though_they_are_signed(
    low: Path, city: Path, package: Path, tmp_path: Path, what: str
) -> None:
    change, words = NO_REGISTRY[what]
    before = files(city)
    with pytest.raises(RegistryFault, match=words):
        take(city, signed(low, package, tmp_path / "no.yiyu", change))
    assert files(city) == before


def test_figures_that_a_recount_does_not_give_are_told_by_name_and_kept(
    low: Path, city: Path, package: Path, tmp_path: Path
) -> None:
    figures = facts_of(read_package(package)).figures
    figures["2026"][-1]["signed_rate"]["numerator"] = 7
    take(city, signed(low, package, tmp_path / "other.yiyu", said(figures=figures)))
    with opened(city) as session:
        assert held_packages(session.db)[DONGSHENG].differences == ("2026 合计 签约率（备案机构）：包里 7/1，重算 1/1",)


def test_a_table_that_no_registry_has_is_left_alone(low: Path, city: Path, package: Path, tmp_path: Path) -> None:
    def more(held: dict[str, bytes], facts: Facts) -> Facts:
        held["tables/accounts.jsonl"] = b'["id"]\n[1]\n'
        held["tables/sqlite_schema.jsonl"] = b'["sql"]\n["x"]\n'
        return facts

    take(city, signed(low, package, tmp_path / "more.yiyu", more))
    with opened(city) as session, next(offices_below(session)).open(session) as part:
        assert part.db.table("accounts").count == 0


def test_a_model_that_is_gone_or_of_another_program_is_made_again(
    low: Path, city: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(city, package)
    expected = totals(city)
    for model in (city / "offices" / DONGSHENG).glob("model-*"):
        shutil.rmtree(model)
    assert totals(city) == expected
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "9.9")
    assert totals(city) == expected
    (city / "offices" / DONGSHENG).joinpath(package_name(city)).write_bytes(b"")
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "9.10")
    with pytest.raises(FileFault, match="收到的上报包被改动过"):
        totals(city)


def package_name(city: Path) -> str:
    with opened(city) as session:
        return Path(held_packages(session.db)[DONGSHENG].path).name


def test_a_run_killed_before_its_row_is_done_again(city: Path, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("yiyu.registry.offices.importing.add_package", killed)
    with pytest.raises(KeyboardInterrupt):
        take(city, package)
    with opened(city) as session:
        assert (held_packages(session.db), missing(session)[0].as_of) == ({}, None)
    monkeypatch.undo()
    assert not take(city, package)[0].again


def test_a_day_of_before_knows_the_package_of_then(low: Path, city: Path, package: Path, tmp_path: Path) -> None:
    from yiyu.registry.store.moments import as_known_on

    take(city, package)
    first = totals(city)
    newer = again(low, tmp_path / "newer.yiyu", days=(4, 5))
    with opened(city, now=CLOCK + dt.timedelta(days=2)) as session:
        receive(session, [newer])
    with opened(city) as session, as_known_on(session.db, CLOCK.date()):
        office = with_offices_below(session)
        total = report_rates(office)[0][-1]
        assert [(rate.numerator, rate.denominator) for rate in total.rates.values()] == first


def test_check_and_a_full_backup_know_packages_and_key(city: Path, package: Path, tmp_path: Path) -> None:
    take(city, package)
    public = key_of(city)
    with opened(city) as session:
        done = back_up(session, tmp_path / "backups", with_files=True)
    back = restore(done.path, tmp_path / "back")
    assert back.missing == []
    assert key_of(tmp_path / "back") == public
    assert (tmp_path / "back" / "office.key").stat().st_mode & 0o077 == 0
    assert totals(tmp_path / "back") == totals(city)
    (city / "offices" / DONGSHENG / package_name(city)).write_bytes(b"x")
    with opened(city) as session:
        assert [one.fault for one in check(session).faults] == ["changed"]


@pytest.fixture
def province(city: Path, package: Path, tmp_path: Path) -> Path:
    """A province, and ``city.yiyu`` in which the 旗区's package travels."""
    declare(city, KANGBASHI, "")
    take(city, package)
    handed(city, tmp_path / "city.yiyu")
    folder = above(tmp_path / "province", PROVINCE)
    declare(folder, CITY, key_of(city))
    return folder


def test_a_province_sees_what_its_cities_hold_each_under_its_own_signature(
    province: Path, low: Path, city: Path, tmp_path: Path
) -> None:
    (one,) = take(province, tmp_path / "city.yiyu")
    assert one.package.differences == ()
    assert totals(province) == totals(city) == totals(low)
    with opened(province) as session:
        assert [(part.path, part.name) for part in offices_below(session)] == [
            ((CITY,), f"{NAMES[CITY]}卫健委"),
            ((CITY, DONGSHENG), "东胜区卫健委"),
        ]
        assert [(gone.path, gone.as_of) for gone in missing(session)] == [((CITY, KANGBASHI), None)]


def test_a_package_altered_within_a_city_s_is_named(province: Path, city: Path, tmp_path: Path) -> None:
    """A city that edits what a 旗区 signed, and signs the whole, is found out by the key it names itself."""
    package = read_package(tmp_path / "city.yiyu")
    held = {name: package.read(name, 1 << 30) for name in package.manifest.files}
    inner = held[f"packages/{DONGSHENG}.yiyu"]
    held[f"packages/{DONGSHENG}.yiyu"] = inner[:-300] + bytes([inner[-300] ^ 1]) + inner[-299:]
    with opened(city) as session:
        write_package(
            tmp_path / "altered.yiyu",
            kind=FACTS,
            office=(CITY, NAMES[CITY]),
            made_at=package.manifest.made_at,
            program="x",
            body=facts_of(package),
            contents=[Content(name, [data]) for name, data in held.items()],
            key=office_key(session),
        )
    with pytest.raises(UserError, match=rf"altered\.yiyu 里的 packages/{DONGSHENG}\.yiyu"):
        take(province, tmp_path / "altered.yiyu")
