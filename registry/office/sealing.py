"""The office seals its chain under a passphrase of the keeper's own; nobody else's script can make such a seal."""

from yiyu.registry.errors import BadInput, RegistryFault
from yiyu.registry.office.encrypting import SHORTEST
from yiyu.registry.rules.chain import Head
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import broken_links
from yiyu.registry.store.row_changes import broken_seals, row_differences
from yiyu.registry.store.seals import put_seal


def seal(office: OfficeSession, passphrase: str) -> Head:
    """Seal the chain as it stands; gives its head.

    Raises BadInput for a short passphrase, RegistryFault for a chain that is broken or says nothing: what somebody
    altered is not to be sealed as if it were the office's own.
    """
    if len(passphrase) < SHORTEST:
        raise BadInput(f"加封需要一个至少 {SHORTEST} 个字符的口令", remedy="请换一个长些的口令再试")
    for faults in (broken_links, broken_seals, row_differences):
        if next(iter(faults(office.db)), None) is not None:
            raise RegistryFault("登记库被别的程序改动过，没有加封", remedy="请先运行 yiyu check 查看")
    if (sealed := put_seal(office.db, passphrase, sealed_at=office.now, actor=office.actor)) is None:
        raise RegistryFault("登记库里还没有内容，没有加封", remedy="请导入名册以后再加封")
    return sealed
