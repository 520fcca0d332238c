import re
from pathlib import Path

import msgspec
import pytest

from yiyu.registry.config import CONFIG_NAME, Config, OtherOffice, load_workspace
from yiyu.registry.errors import BadInput
from yiyu.registry.office.workspaces import make_workspace

TABLES = {"aliases", "districts", "offices", "above"}
_KEY = re.compile(r"^(?:# )?([a-z_]+) = ", re.MULTILINE)


def test_the_sample_settings_name_every_key_and_uncommenting_one_changes_nothing(tmp_path: Path) -> None:
    make_workspace(tmp_path, pack="ordos", region="150600")
    sample = tmp_path / CONFIG_NAME
    told, _, _ = sample.read_text("utf-8").partition("# [aliases]")
    keys = _KEY.findall(told)
    assert sorted(keys) == sorted({one.name for one in msgspec.structs.fields(Config)} - TABLES)
    sample.write_text(re.sub(r"^# (?=[a-z_]+ = )", "", told, flags=re.MULTILINE), "utf-8")
    assert load_workspace(tmp_path).config == Config()


def test_the_sample_headings_of_an_office_can_be_uncommented(tmp_path: Path) -> None:
    make_workspace(tmp_path, pack="ordos", region="150600")
    sample = tmp_path / CONFIG_NAME
    text, mark, rest = sample.read_text("utf-8").partition("# [aliases]")
    sample.write_text(text + (mark + rest).replace("# ", ""), "utf-8")
    config = load_workspace(tmp_path).config
    assert set(config.aliases) == {"name", "phone"}
    assert config.districts == {"高新区": "150600"}
    assert config.offices == {"150602": OtherOffice("东胜区卫生健康委员会")}
    assert config.above == OtherOffice("鄂尔多斯市卫生健康委员会")


@pytest.mark.parametrize(
    ("pack", "region", "made"),
    [
        ("ordos", "", "150600"),
        ("ejin_horo", "", "150627"),
        ("shandong", "", "370000"),
        ("shandong", "370100", "370100"),
        ("zhejiang", "", "330000"),
        ("national", "370102", "370102"),
    ],
)
def test_the_region_is_the_packs_own_where_none_is_given(tmp_path: Path, pack: str, region: str, made: str) -> None:
    assert make_workspace(tmp_path, pack=pack, region=region) == made
    assert load_workspace(tmp_path).config.region == made


@pytest.mark.parametrize(
    ("pack", "region"), [("national", ""), ("shandong", "370199"), ("shandong", "济南"), ("ordos", "370176")]
)
def test_a_region_that_is_none_makes_no_workspace(tmp_path: Path, pack: str, region: str) -> None:
    with pytest.raises(BadInput):
        make_workspace(tmp_path / "office", pack=pack, region=region)
    assert not (tmp_path / "office").exists()
