"""Plugins: what packages that pip installed beside yiyu add to it (decision 45)."""

from yiyu.registry.plugins.finding import COMMANDS, GROUP_LABEL, LAYOUTS, PACKS, REPORTS, Plugin, PluginEntry
from yiyu.registry.plugins.using import (
    Offer,
    OfferFault,
    PluginFailure,
    PluginFault,
    Plugins,
    blamed,
    plugins_in_use,
)

__all__ = [
    "COMMANDS",
    "GROUP_LABEL",
    "LAYOUTS",
    "PACKS",
    "REPORTS",
    "Offer",
    "OfferFault",
    "Plugin",
    "PluginEntry",
    "PluginFailure",
    "PluginFault",
    "Plugins",
    "blamed",
    "plugins_in_use",
]
