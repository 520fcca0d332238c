import re
from pathlib import Path

import msgspec

from yiyu.registry.config import CONFIG_NAME, Config, load_workspace
from yiyu.registry.office.workspaces import make_workspace

_KEY = re.compile(r"^(?:# )?([a-z_]+) = ", re.MULTILINE)


def test_the_sample_settings_name_every_key_and_uncommenting_one_changes_nothing(tmp_path: Path) -> None:
    make_workspace(tmp_path, pack="ordos", region="150600")
    sample = tmp_path / CONFIG_NAME
    told, _, _ = sample.read_text("utf-8").partition("# [aliases]")
    keys = _KEY.findall(told)
    assert sorted(keys) == sorted({one.name for one in msgspec.structs.fields(Config)} - {"aliases"})
    sample.write_text(re.sub(r"^# (?=[a-z_]+ = )", "", told, flags=re.MULTILINE), "utf-8")
    assert load_workspace(tmp_path).config == Config()


def test_the_sample_headings_of_an_office_can_be_uncommented(tmp_path: Path) -> None:
    make_workspace(tmp_path, pack="ordos", region="150600")
    sample = tmp_path / CONFIG_NAME
    text, mark, rest = sample.read_text("utf-8").partition("# [aliases]")
    sample.write_text(text + (mark + rest).replace("# ", ""), "utf-8")
    assert set(load_workspace(tmp_path).config.aliases) == {"name", "phone"}
