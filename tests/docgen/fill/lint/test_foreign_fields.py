"""A template with fields of somebody else's data is told of them, and of what no data can mend."""

from typing import Any

import pytest

from yiyu.docgen.documents.checking import check_files
from yiyu.registry.packs import load_pack

MERGE = '<w:p><w:fldSimple w:instr=" MERGEFIELD 电话 "><w:r><w:t>电话</w:t></w:r></w:fldSimple></w:p>'
NESTED = "<w:p><w:p><w:r><w:t>里</w:t></w:r></w:p></w:p>"


@pytest.mark.parametrize(
    ("markup", "said"), [(MERGE, "邮件合并的域“电话”没有填写"), (NESTED, "段落里又套着段落"), ("", "")]
)
def test_unknown_fields_do_not_hide_what_no_data_can_mend(tmp_path: Any, word: Any, markup: str, said: str) -> None:
    (tmp_path / "他.docx").write_bytes(word.build("{{ 他的字段 }}", markup))
    (found,) = check_files((tmp_path / "他.docx",), pack=load_pack("national"), kind=None, data=None)
    messages = [one["message"] for one in found.problems if one["severity"] == "error"]
    assert "没有字段“他的字段”" in messages[0]
    assert [said in one for one in messages[1:]] == [True] * bool(said)
