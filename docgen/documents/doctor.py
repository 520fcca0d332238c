"""What this computer has for printing, scanning and signatures, and what is missing. Nothing is changed."""

import importlib.util
from collections.abc import Iterable, Iterator

from yiyu.docgen.pdf.convert import installed_engine
from yiyu.docgen.pdf.fonts import FONTS_REMEDY, available, chinese_font, standings
from yiyu.docgen.pdf.glyphs import fonts_for, missing_characters
from yiyu.registry.errors import ProgramFault
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.office.health import Health, HealthFinding
from yiyu.registry.plugins import GROUP_LABEL, Plugin, PluginEntry, Plugins
from yiyu.registry.rules.cleaning import Cleaned, clean, is_private
from yiyu.registry.session import OfficeSession

_EXTRAS = (
    ("scan", ("zxingcpp", "img2pdf"), "收扫描件（yiyu archive intake）"),
    ("sign", ("pyhanko",), "核对电子签名（yiyu archive signatures）"),
)
_SHOWN = 3


def look_at_names(office: OfficeSession) -> HealthFinding:
    """Characters in names of institutions and of people that no face has: they would be printed as boxes."""
    named = [(one.name, f"{one.name}{one.legal_person}{one.contact}") for one in directory(office).all]
    missing = missing_characters(named)
    if not missing:
        return HealthFinding("names", Health.OK, f"{len(named)} 家机构的名称都印得出来")
    shown = "，".join(f"“{name}”的 {character}（U+{ord(character):04X}）" for name, character in missing[:_SHOWN])
    more = f"等 {len(missing)} 个字" if len(missing) > _SHOWN else ""
    message = f"字体里没有这些字（或是自造字），会印成方框或别的字：{shown}{more}"
    fonts = fonts_for("".join(character for _, character in missing if not is_private(character)))
    remedy = f"安装{fonts}后再打印，或在纸上手写补上" if fonts else "自造字请用 institution edit 改正名称"
    return HealthFinding("names", Health.WARN, message, remedy)


def look_at_spellings(office: OfficeSession) -> HealthFinding:
    """Names of institutions that came in before names were cleaned: why each is odd, and the command that mends it."""
    cleaned = [(one, clean(one.name, "name")) for one in directory(office).all]
    odd = [(one, found) for one, found in cleaned if found.fault or found.doubt or found.text != one.name]
    if not odd:
        return HealthFinding("spellings", Health.OK, f"{len(cleaned)} 家机构的名称里没有看不见的字符、部首字形和自造字")
    told = "；".join(f"“{found.text or one.name}”{_odd(found)}" for one, found in odd[:_SHOWN])
    more = f"等 {len(odd)} 家" if len(odd) > _SHOWN else ""
    remedies = [
        f'yiyu institution edit {one.code or found.text} --name "{found.text if _sure(found) else "正确的名称"}"'
        for one, found in odd[:_SHOWN]
    ]
    return HealthFinding("spellings", Health.WARN, f"名称要改：{told}{more}", "；".join(remedies))


def _sure(found: Cleaned) -> bool:
    return bool(found.text) and not found.fault and not found.doubt


def _odd(found: Cleaned) -> str:
    said = (*found.notes, *filter(None, (found.doubt, found.fault)))
    return "：" + ("、".join(said) or ("多了空白或换行" if found.text else "不是名称"))


def look_at_plugins(plugins: Plugins, used: Iterable[tuple[PluginEntry, str]]) -> Iterator[HealthFinding]:
    """A finding of each package, by name; one where there is none. ``used``: names of what can be used, each with its entry.

    Faults are found when something is asked for: ask for all that ``used`` names first.
    """
    if not plugins.entries() and not plugins.faults:
        message = "没有装插件" if plugins.enabled else "这一次没有用插件（--no-plugins）"
        yield HealthFinding("plugins", Health.OK, message)
    told: dict[Plugin, list[str]] = {one.entry.plugin: [] for one in plugins.faults}
    for entry, name in used:
        told.setdefault(entry.plugin, []).append(f"{GROUP_LABEL[entry.group]} {name}")
    for plugin, names in sorted(told.items(), key=lambda item: item[0].package):
        faults = [one for one in plugins.faults if one.entry.plugin == plugin]
        usable = f"{plugin}：{'、'.join(names) or '没有可用的'}"
        if faults:
            what = "；".join(f"{one.entry}没有采用：{one.what}" for one in faults)
            yield HealthFinding("plugins", Health.WARN, f"{usable}；{what}", faults[0].remedy)
        else:
            yield HealthFinding("plugins", Health.OK, usable)


def look_at_machine() -> Iterator[HealthFinding]:
    """Fonts, the program that makes PDFs, the extras. Each code once, in this order."""
    yield _fonts()
    yield _engine()
    for extra, modules, purpose in _EXTRAS:
        missing = [name for name in modules if importlib.util.find_spec(name) is None]
        if missing:
            yield HealthFinding(
                extra, Health.WARN, f"没有装{purpose}要用的 {'、'.join(missing)}", f"pip install 'yiyu[{extra}]'"
            )
        else:
            yield HealthFinding(extra, Health.OK, f"可以{purpose}")


def _fonts() -> HealthFinding:
    try:
        chinese_font()
    except ProgramFault as fault:
        return HealthFinding("fonts", Health.FAULT, fault.what, FONTS_REMEDY)
    if not available():
        message = "这台电脑没有 fontconfig，不能核对有没有公文字体（方正小标宋、仿宋、楷体、黑体、宋体）"
        return HealthFinding("fonts", Health.OK, message)
    faces = standings(file.face for file in available())
    shown = "，".join(f"{face.name}由 {face.shown_by} 显示" for face in faces)
    if all(face.own for face in faces):
        return HealthFinding("fonts", Health.OK, f"公文字体齐全：{shown}")
    lacking = "、".join(face.name for face in faces if not face.own)
    message = f"缺少公文字体 {lacking}，打印时用相近的代替：{shown}"
    return HealthFinding("fonts", Health.WARN, message, "要与正式公文一致，请把这几种字体装进系统后再打印")


def _engine() -> HealthFinding:
    try:
        engine = installed_engine()
    except ProgramFault as fault:
        return HealthFinding("engine", Health.FAULT, fault.what, "安装 LibreOffice，或 pip install dxpdf")
    return HealthFinding("engine", Health.OK, f"用 {engine.name} 把文书转成 PDF")
