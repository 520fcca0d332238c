"""设置: each with what it means, changed one at a time."""

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.registry.config import load_workspace
from yiyu.registry.errors import UserError
from yiyu.registry.office.setting_values import SETTINGS, change_setting


def show(asking: Asking) -> Response:
    """All of them as they are in ``yiyu.toml``."""
    return _page(asking)


def change(asking: Asking) -> Response:
    """Write one, and use it from now on."""
    key = asking.text("key")
    try:
        with asking.office() as office:
            change_setting(office, key, asking.text("value"))
    except UserError as error:
        return _page(asking, str(error))
    asking.desk.workspace = load_workspace(asking.desk.workspace.root)
    return asking.go("/keeper/settings", f"已改：{SETTINGS[key].word}")


def _page(asking: Asking, fault: str = "") -> Response:
    config = asking.desk.workspace.config
    rows = [(key, setting, getattr(config, key)) for key, setting in SETTINGS.items()]
    fixed = [
        ("口径包", config.pack),
        ("行政区划", config.region),
        ("协议类型", "、".join(config.variants)),
        ("主送", "、".join(config.addressees)),
    ]
    return asking.page("settings.html", status=422 if fault else 200, rows=rows, fixed=fixed, fault=fault)
