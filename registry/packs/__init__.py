"""Find and read a pack (口径包): documents, service catalogue, duties, targets and legal basis of one policy region."""

from yiyu.registry.packs.reading import list_packs, load_pack, pack_origin
from yiyu.registry.packs.rows import (
    Basis,
    CatalogueItem,
    Document,
    Duty,
    Pack,
    Target,
    TemplateFile,
)

__all__ = [
    "Basis",
    "CatalogueItem",
    "Document",
    "Duty",
    "Pack",
    "Target",
    "TemplateFile",
    "list_packs",
    "load_pack",
    "pack_origin",
]
