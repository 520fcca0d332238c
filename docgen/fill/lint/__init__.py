"""Tell the author of a template every fault before it prints: where, what, and how to put it right."""

from yiyu.docgen.fill.lint.annotating import annotate
from yiyu.docgen.fill.lint.check import check_template
from yiyu.docgen.fill.lint.finding import Expectations, TemplateFinding

__all__ = ["Expectations", "TemplateFinding", "annotate", "check_template"]
