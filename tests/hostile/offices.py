"""The small office every case begins with."""

from pathlib import Path

from hostile.case import Forge

MEDICAL = (
    "机构名称,旗区,机构类别\n东胜区示范社区卫生服务中心,东胜区,社区卫生服务中心\n东胜区妇幼保健院,东胜区,妇幼保健院\n"
)
CHILDCARE = "机构名称,旗区,是否备案,备案时间,托位数\n东胜区小鹿托育中心,东胜区,是,2023-05-11,60\n东胜区小马托育中心,东胜区,否,,40\n"
NUMBER = "150602-2026-JC-0001"


def make_office(forge: Forge, folder: Path) -> Path:
    """An office with four institutions and one agreement, printed as Word and as PDF."""
    office = folder / "office"
    for name, text in (("medical", MEDICAL), ("childcare", CHILDCARE)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    within = ["--workspace", str(office)]
    draft = ["--medical", "东胜区示范社区卫生服务中心", "--childcare", "东胜区小鹿托育中心", "--variant", "JC"]
    outcome = forge.run(
        folder,
        ["init", str(office)],
        [*within, "institution", "import", "medical.csv", "--kind", "medical"],
        [*within, "institution", "import", "childcare.csv", "--kind", "childcare"],
        [*within, "agreement", "draft", *draft, "--start", "2026-01-01", "--months", "36"],
        [*within, "generate", NUMBER],
    )
    assert outcome.codes == [0] * 5, outcome.err
    return office
