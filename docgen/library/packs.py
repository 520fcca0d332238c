"""Packs: listed, shown, checked, begun; their clauses and who holds which."""

from collections.abc import Sequence
from dataclasses import dataclass

from yiyu.docgen.documents.checking import CheckedFile, check_packs
from yiyu.docgen.documents.clause_uses import clause_uses
from yiyu.docgen.library.action import Group, action
from yiyu.registry.agreements.clauses_held import ClauseHolding, clause_holdings, clause_versions
from yiyu.registry.errors import NotFound
from yiyu.registry.packs import Pack, list_packs
from yiyu.registry.packs.clauses import ClauseText, called, load_clauses, nearest
from yiyu.registry.packs.making import NewPack, new_pack
from yiyu.registry.session import OfficeSession


@dataclass(frozen=True, slots=True)
class ClauseVersion:
    """A version of a clause; ``present``: it holds on the day; ``forms``: the documents that refer to the clause."""

    text: ClauseText
    present: bool
    forms: tuple[str, ...]


def listed(office: OfficeSession) -> list[Pack]:
    """The packs that are shipped and those of the office."""
    return list_packs(office.workspace.templates)


def show(office: OfficeSession, name: str = "") -> Pack:
    """A pack by name, "" for the office's own: duties, targets, catalogue, documents, sources. Raises NotFound, BadInput."""
    return office.pack_named(name) if name else office.pack


def check(office: OfficeSession, names: Sequence[str] = ()) -> list[CheckedFile]:
    """What is wrong with packs (none named: all) and their forms, file by file. Raises NotFound."""
    return check_packs(names, office.workspace.templates)


def new(office: OfficeSession, name: str, *, extends: str, with_forms: bool = False, dry_run: bool = False) -> NewPack:
    """Begin a pack of the office that extends another; ``with_forms``: with copies of its Word forms.

    Raises BadInput for a name that cannot be or is taken, NotFound for an unknown pack to extend.
    """
    return new_pack(name, extends=extends, office=office.workspace.templates, with_forms=with_forms, dry_run=dry_run)


def clauses(office: OfficeSession, clause: str = "", *, pack: str = "") -> list[ClauseVersion]:
    """Every version of the clauses of a pack ("" for the office's own), of one clause where one is named (code or name).

    Raises NotFound for an unknown one.
    """
    found = load_clauses(of := show(office, pack))
    if clause:
        if (one := called(found, clause)) is None:
            raise NotFound(f"没有条款“{clause}”", remedy=nearest(found, clause), code="clause-unknown")
        found = (one,)
    present = tuple(one.on(office.today) for one in load_clauses(of))
    uses = clause_uses(of, office.workspace.templates, present)
    return [
        ClauseVersion(text, now, tuple(uses.get(text.code, ()))) for text, now in clause_versions(found, office.today)
    ]


def where(office: OfficeSession, clause: str, *, lagging: bool = False) -> list[ClauseHolding]:
    """Which agreements that are not over hold which version of a clause; ``lagging``: only an older one. Raises NotFound."""
    _, holdings = clause_holdings(office, clause)
    return [one for one in holdings if one.lagging or not lagging]


class Packs(Group):
    """Packs and clauses."""

    command = "pack"

    list = action(listed)
    show = action(show)
    check = action(check)
    new = action(new)
    clauses = action(clauses)
    where = action(where)
