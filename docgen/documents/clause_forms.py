"""The Word forms of packs with the clauses in place that an agreement holds, each form made once a run."""

import datetime as dt
from dataclasses import dataclass, field

from yiyu.docgen.fill.clauses import expanded
from yiyu.registry.model import Agreement, DocKind, Variant
from yiyu.registry.packs import Pack, TemplateFile
from yiyu.registry.packs.clauses import Clause, ClauseText, load_clauses, set_name


@dataclass(frozen=True, slots=True)
class ClauseForm:
    """A form ready to be filled, and the clauses in it."""

    template: TemplateFile
    clauses: tuple[ClauseText, ...]
    clause_set: str


@dataclass(slots=True)
class ClauseForms:
    """``today``: an agreement nobody has signed takes what holds today, or on its first day where that is later."""

    today: dt.date
    read: dict[str, tuple[Clause, ...]] = field(default_factory=dict)
    made: dict[tuple[str, DocKind, Variant, dt.date, str], ClauseForm] = field(default_factory=dict)

    def form(
        self, pack: Pack, kind: DocKind, agreement: Agreement, *, signed: bool, held: tuple[ClauseText, ...] = ()
    ) -> ClauseForm:
        """``held``: clauses that stay as they are, whatever the library says now.

        Raises as ``Pack.template`` does, BadInput for a faulty library, TemplateFault for a reference that leads nowhere.
        """
        day = agreement.starts_on if signed else max(agreement.starts_on, self.today)
        key = (pack.name, kind, agreement.variant, day, set_name(held))
        if key not in self.made:
            texts = {one.code: one for one in (*self.texts(pack, day), *held)}
            self.made[key] = clause_form(pack.template(kind, agreement.variant), tuple(texts.values()))
        return self.made[key]

    def texts(self, pack: Pack, day: dt.date) -> tuple[ClauseText, ...]:
        if pack.name not in self.read:
            self.read[pack.name] = load_clauses(pack)
        return tuple(clause.on(day) for clause in self.read[pack.name])


def clause_form(template: TemplateFile, texts: tuple[ClauseText, ...]) -> ClauseForm:
    """Raises TemplateFault."""
    form = expanded(template.data, template.name, texts)
    return ClauseForm(TemplateFile(template.name, form.data), form.clauses, set_name(form.clauses))
