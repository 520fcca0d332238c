"""The shipped forms as they are filled: with their clauses in place."""

import datetime as dt
from functools import cache

from yiyu.docgen.documents.clause_forms import ClauseForms, clause_form
from yiyu.registry.model import DocKind, Variant
from yiyu.registry.packs import TemplateFile, load_pack

DAY = dt.date(2026, 11, 22)


@cache
def with_clauses(kind: DocKind, variant: Variant = Variant.JC, pack: str = "national") -> TemplateFile:
    found = load_pack(pack)
    return clause_form(found.template(kind, variant), ClauseForms(DAY).texts(found, DAY)).template
