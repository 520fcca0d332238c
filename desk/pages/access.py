"""What a person limited to one 旗区 may touch: what is not hers is, for her, not there."""

from collections.abc import Sequence

from yiyu.registry.agreements.listing import numbers_in_scope
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.session import OfficeSession


def own_agreements(office: OfficeSession, numbers: Sequence[str]) -> None:
    """Raise NotFound for the first number that is not the person's, with the words of one that is unknown; BadInput for none."""
    if not numbers:
        raise BadInput("没有选协议", remedy="请在清单里勾选后再做")
    if not office.scope.whole:
        own = set(numbers_in_scope(office, numbers))
        for number in numbers:
            if number not in own:
                raise NotFound(f"没有编号为“{number}”的协议", remedy="请用 agreement list 查看已有编号")


def own_institutions(office: OfficeSession, names: Sequence[str]) -> None:
    """Raise NotFound for a name or code that is unknown, or of another 旗区: to this person it is not there."""
    known = directory(office)
    for name in names:
        one = known.find(name)
        if not office.scope.fits(one.district, one.town, (one.name,)):
            raise NotFound(f"没有找到机构“{name}”", remedy="可用 institution list --search 查找")
