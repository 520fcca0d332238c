"""Refuse what no template may be, before any parser of Word files sees it: the rules of the house, said of a template."""

from yiyu.registry.errors import FileFault, TemplateFault
from yiyu.registry.guard import DOCX
from yiyu.registry.guard import guard as guard_package


def guard(data: bytes, name: str) -> None:
    """Refuse what is no plain .docx: no zip, a bomb, macros, DTDs, files fetched from elsewhere. Raises TemplateFault."""
    try:
        guard_package(data, DOCX)
    except FileFault as fault:
        raise TemplateFault(fault.what, where=f"模板 {name}", remedy=fault.remedy) from fault
