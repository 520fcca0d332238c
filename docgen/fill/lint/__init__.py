"""Tell the author of a template every fault before it prints: where, what, and how to put it right."""

from yiyu.docgen.fill.lint.annotating import annotate
from yiyu.docgen.fill.lint.check import check_template, check_told
from yiyu.docgen.fill.lint.clauses import check_form
from yiyu.docgen.fill.lint.comparing import FieldChange, TextChange, compare_templates, compare_texts
from yiyu.docgen.fill.lint.finding import Expectations, TemplateFinding
from yiyu.docgen.fill.lint.kinds import ToldKind

__all__ = [
    "Expectations",
    "FieldChange",
    "TemplateFinding",
    "TextChange",
    "ToldKind",
    "annotate",
    "check_form",
    "check_template",
    "check_told",
    "compare_templates",
    "compare_texts",
]
