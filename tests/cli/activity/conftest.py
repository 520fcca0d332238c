from pathlib import Path

import pytest
from click.testing import CliRunner

from yiyu.cli import main

ROSTER = {
    "medical": "机构名称,旗区,机构类别\n东胜区示范社区卫生服务中心,东胜区,社区卫生服务中心\n东胜区妇幼保健院,东胜区,妇幼保健院",
    "childcare": "机构名称,旗区,是否备案,备案时间,托位数\n东胜区小鹿托育中心,东胜区,是,2023-05-11,60",
}
AGREEMENTS = (("东胜区示范社区卫生服务中心", "JC", "2025-12-01"), ("东胜区妇幼保健院", "FY", "2026-01-01"))


@pytest.fixture(scope="session")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with one childcare institution, served by two, and nothing done yet."""
    folder = tmp_path_factory.mktemp("visits") / "office"

    def call(*arguments: object) -> None:
        result = CliRunner().invoke(main, [str(one) for one in arguments])
        assert result.exit_code == 0, result.stderr

    call("init", folder)
    for kind, text in ROSTER.items():
        roster = folder.parent / f"{kind}.csv"
        roster.write_text(text, encoding="utf-8")
        call("--workspace", folder, "institution", "import", roster, "--kind", kind)
    for medical, variant, start in AGREEMENTS:
        how = ("--medical", medical, "--childcare", "东胜区小鹿托育中心", "--variant", variant)
        call("--workspace", folder, "agreement", "draft", *how, "--start", start, "--months", "24")
    call("--workspace", folder, "generate")
    call("--workspace", folder, "agreement", "sign", "150602-2025-JC-0001", "--party", "all", "--on", "2025-12-01")
    call("--workspace", folder, "agreement", "sign", "150602-2026-FY-0001", "--party", "all", "--on", "2026-01-01")
    return folder
