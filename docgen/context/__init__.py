"""The data behind a document and the dictionary of its fields. Pure."""

from yiyu.docgen.context.fields import FIELDS, TemplateField, fields_of, sample_context
from yiyu.docgen.context.making import (
    Context,
    PackFacts,
    Planned,
    coded,
    context_for,
    missing_fields,
    split_copies,
)

__all__ = [
    "FIELDS",
    "Context",
    "PackFacts",
    "Planned",
    "TemplateField",
    "coded",
    "context_for",
    "fields_of",
    "missing_fields",
    "sample_context",
    "split_copies",
]
