"""医育 as a library: ``yiyu.open`` gives an office with the actions of the command line; see docs/site/library.md.

What stands in ``__all__`` is public, with the methods of :class:`Office`; all else may change. Nothing is loaded before
it is asked for, so that the command line starts as fast as without this module.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yiyu.docgen.library.office import Office
    from yiyu.docgen.library.opening import init, open, pass_office  # noqa: A004 - as every library calls it
    from yiyu.docgen.reports.report_documents import Issuing
    from yiyu.registry.errors import (
        BadInput,
        FileFault,
        NotFound,
        ProgramFault,
        RegistryFault,
        StepNotAllowed,
        TemplateFault,
        UserError,
    )
    from yiyu.registry.model import DocKind, Institution, Kind, Variant
    from yiyu.registry.office.restoring import restore
    from yiyu.registry.rules.activities import Activity, Finding, Person
    from yiyu.registry.workbooks.previews import Leave, read_choice

__all__ = [
    "Activity",
    "BadInput",
    "DocKind",
    "FileFault",
    "Finding",
    "Institution",
    "Issuing",
    "Kind",
    "Leave",
    "NotFound",
    "Office",
    "Person",
    "ProgramFault",
    "RegistryFault",
    "StepNotAllowed",
    "TemplateFault",
    "UserError",
    "Variant",
    "init",
    "open",
    "pass_office",
    "read_choice",
    "restore",
]
_HOMES = {
    "Office": "docgen.library.office",
    **dict.fromkeys(("init", "open", "pass_office"), "docgen.library.opening"),
    "Issuing": "docgen.reports.report_documents",
    **dict.fromkeys(("DocKind", "Institution", "Kind", "Variant"), "registry.model"),
    "restore": "registry.office.restoring",
    **dict.fromkeys(("Activity", "Finding", "Person"), "registry.rules.activities"),
    **dict.fromkeys(("Leave", "read_choice"), "registry.workbooks.previews"),
}
"""Each public name to its module below ``yiyu``; the others are errors."""


if not TYPE_CHECKING:  # a checker would take any name for one of ours

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - of any public name
        if name not in __all__:
            raise AttributeError(f"module 'yiyu' has no attribute '{name}'")
        return getattr(import_module(f"yiyu.{_HOMES.get(name, 'registry.errors')}"), name)


def __dir__() -> list[str]:
    return __all__
