"""The structure of tagged files: what is heading, paragraph and table, for those who hear the page (ISO 32000-1, 14.7)."""

from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from yiyu.docgen.pdf.carrying.objects import (
    distinct,
    items,
    joined,
    key_of,
    leaves,
    mapping,
    number,
    one_or_more,
    spelled_names,
    spelled_tree,
    text,
    true,
)
from yiyu.docgen.pdf.page_digest import PageDigests
from yiyu.docgen.pdf.writing import Copying, Writer, reference


class Structure:
    """The trees of all files as one; what pages point to it by is counted on from file to file."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._root = 0
        self._kids: list[bytes] = []
        self._parents: list[tuple[bytes, bytes]] = []
        self._next = 0
        self._roles: dict[str, bytes] = {}
        self._classes: dict[str, bytes] = {}
        self._meant: dict[str, bytes] = {}
        self._named: set[str] = set()
        self._ids: dict[bytes, bytes] = {}
        self._namespaces: list[bytes] = []
        self._marked: list[bool] = []

    def take(self, pdf: pikepdf.Pdf, copying: Copying) -> None:
        """Add that of a file."""
        tree = mapping(pdf.Root.get("/StructTreeRoot"))
        self._marked.append(true(mapping(pdf.Root.get("/MarkInfo")).get("/Marked")) and bool(tree))
        if not tree:
            return
        self._root = self._root or self._writer.reserve()
        copying.stand_in(tree, self._root)
        copying.structure = self._next
        roles = self._take_roles(mapping(tree.get("/RoleMap")), copying)
        classes = self._take_classes(mapping(tree.get("/ClassMap")), copying)
        _rename(tree, roles, classes, self._take_ids(tree, copying))
        self._namespaces += map(copying.spelled, items(tree.get("/Namespaces")))
        self._take_parents(tree, copying)
        self._kids += map(copying.spelled, one_or_more(tree.get("/K")))

    def _take_roles(self, roles: pikepdf.Object, copying: Copying) -> dict[str, str]:
        """New names for roles that mean something else in an earlier file."""
        renamed = {}
        for role, meaning in roles.items():
            spelled, new = copying.spelled(meaning), role
            while self._roles.get(new, spelled) != spelled:
                new += "_"
            self._roles[new] = spelled
            if new != role:
                renamed[role] = new
        return renamed

    def _take_classes(self, classes: pikepdf.Object, copying: Copying) -> dict[str, str]:
        """New names for classes of attributes that mean something else in an earlier file (ISO 32000-1, 14.7.5.3)."""
        renamed, digests = {}, PageDigests()
        for name, attributes in classes.items():
            meant, new = digests.of_object(attributes), name
            while self._meant.get(new, meant) != meant:
                new += "_"
            if new not in self._meant:
                self._meant[new], self._classes[new] = meant, copying.spelled(attributes)
            if new != name:
                renamed[name] = new
        return renamed

    def _take_ids(self, tree: pikepdf.Object, copying: Copying) -> dict[bytes, String]:
        """New names for elements whose names an earlier file has."""
        renamed = {}
        for name, element in leaves(tree.get("/IDTree"), "/Names"):
            given = String(distinct(text(name), self._named))
            self._ids[given.unparse()] = copying.spelled(element)
            if bytes(given) != bytes(name):
                renamed[bytes(name)] = given
        return renamed

    def _take_parents(self, tree: pikepdf.Object, copying: Copying) -> None:
        after = [self._next + (number(tree.get("/ParentTreeNextKey")) or 0)]
        for at, one in leaves(tree.get("/ParentTree"), "/Nums"):
            key = number(at)
            if key is not None:
                self._parents.append((b"%d" % (self._next + key), copying.spelled(one)))
                after.append(self._next + key + 1)
        self._next = max(after)

    def finish(self) -> bytes:
        """Write the tree; its entries of the catalog, or nothing."""
        if not self._root:
            return b""
        parents = spelled_tree(b"Nums", sorted(self._parents, key=lambda pair: int(pair[0])))
        parts = [b"/Type /StructTreeRoot /K %s /ParentTree %s" % (joined(self._kids), parents)]
        parts.append(b"/ParentTreeNextKey %d" % self._next)
        parts += [b"/RoleMap " + _spelled(self._roles)] if self._roles else []
        parts += [b"/ClassMap " + _spelled(self._classes)] if self._classes else []
        parts += [b"/Namespaces " + joined(self._namespaces)] if self._namespaces else []
        parts += [b"/IDTree " + spelled_names(self._ids)] if self._ids else []
        self._writer.add(b"<< %s >>" % b" ".join(parts), self._root)
        marked = b" /MarkInfo << /Marked true >>" if all(self._marked) else b""
        return b"/StructTreeRoot " + reference(self._root) + marked


def _spelled(named: Mapping[str, bytes]) -> bytes:
    return b"<< %s >>" % b" ".join(b"%s %s" % (Name(name).unparse(), one) for name, one in named.items())


def _rename(
    tree: pikepdf.Object, roles: Mapping[str, str], classes: Mapping[str, str], ids: Mapping[bytes, String]
) -> None:
    """Give the elements the new names of their roles, classes and themselves, also where a table names its headings."""
    pending, seen = one_or_more(tree.get("/K")) if roles or classes or ids else [], set()
    while pending:
        one = pending.pop()
        key = key_of(one)
        if not isinstance(one, Dictionary) or key in seen:
            continue
        if key:
            seen.add(key)
        role = str(one.get("/S", ""))
        if role in roles:
            one.S = Name(roles[role])
        if classes and "/C" in one:
            one.C = _renamed(one.C, classes)
        if isinstance(one.get("/ID"), String):
            one.ID = ids.get(bytes(one.ID), one.ID)
        for of_one in map(mapping, one_or_more(one.get("/A"))):
            headings = items(of_one.get("/Headers"))
            if headings:
                of_one.Headers = Array([ids.get(bytes(name), name) for name in headings if isinstance(name, String)])
        pending += one_or_more(one.get("/K"))


def _renamed(named: pikepdf.Object, classes: Mapping[str, str]) -> pikepdf.Object:
    """A class, or several with the number of a revision behind each."""
    if isinstance(named, Array):
        return Array([_renamed(one, classes) if isinstance(one, Name) else one for one in named.as_list()])
    return Name(classes.get(str(named), str(named))) if isinstance(named, Name) else named
