"""The registry under a key, and plain again. Nothing else is encrypted: documents, scans and lists stay as they are."""

from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.config import REGISTRY_NAME, Workspace
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.office.backups import OFFICE, backups_in
from yiyu.registry.store.cipher import sqlcipher
from yiyu.registry.store.copying import Contents, contents
from yiyu.registry.store.driver import is_encrypted, passphrase_source
from yiyu.registry.store.opening import open_registry
from yiyu.registry.store.rekey import rewrite

SHORTEST = 8
"""Characters of a key."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """``readable``: backups and copies made before an upgrade that anybody can still read, as they were."""

    contents: Contents
    readable: list[Path]


def encrypt(workspace: Workspace, *, dry_run: bool = False) -> Resealed:
    """Put the registry under the key that the passphrase_source gives; a dry run asks for none.

    Raises StepNotAllowed where it is encrypted, BadInput for a short key, RegistryFault for a registry that does not
    open and where the extra ``encrypt`` is not installed.
    """
    path = workspace.registry_path
    if is_encrypted(path):
        remedy = "要换口令，请先 yiyu decrypt，再 yiyu encrypt"
        raise StepNotAllowed("登记库已经是加密的", where=str(path), remedy=remedy)
    sqlcipher()
    with open_registry(path) as db:
        held = contents(db)
    if not dry_run:
        key = passphrase_source.get()(new=True)
        if len(key) < SHORTEST:
            remedy = "请在终端里运行并输入口令，或把口令写进只有本人能读的文件，再设环境变量 YIYU_KEY_FILE 指向它"
            raise BadInput(f"加密需要一个至少 {SHORTEST} 个字符的口令", remedy=remedy)
        held = rewrite(path, "", key)
    return Resealed(held, _readable(workspace))


def decrypt(workspace: Workspace, *, dry_run: bool = False) -> Resealed:
    """Make the registry plain. Raises StepNotAllowed where it is, RegistryFault without the right key."""
    path = workspace.registry_path
    with open_registry(path) as db:
        held = contents(db)
    if not is_encrypted(path):
        raise StepNotAllowed("登记库没有加密", where=str(path), remedy="不用解密，直接使用即可")
    if not dry_run:
        held = rewrite(path, passphrase_source.get()(), "")
    return Resealed(held, _readable(workspace))


def _readable(workspace: Workspace) -> list[Path]:
    """Backups of the whole office hold documents, which are never encrypted."""
    kept = [one.path for one in backups_in(workspace.backups) if one.kind == OFFICE or not is_encrypted(one.path)]
    return kept + [one for one in sorted(workspace.root.glob(f"{REGISTRY_NAME}.*.bak")) if not is_encrypted(one)]
