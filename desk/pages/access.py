"""What a person limited to one 旗区 may touch: what is not hers is, for her, not there."""

from collections.abc import Sequence

from yiyu.registry.agreements.listing import numbers_in_scope
from yiyu.registry.archive.custody import all_loans
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.editing import show_institution
from yiyu.registry.institutions.lookup import directory, within_scope
from yiyu.registry.model import Institution
from yiyu.registry.rules.custody import Loan
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession

_LONGEST_ID = 9


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


def own_institution(office: OfficeSession, text: str) -> Institution:
    """The institution of an id out of an address, as known on the day; NotFound for none and for one of another 旗区."""
    found = show_institution(office, int(text) if text.isdecimal() and len(text) <= _LONGEST_ID else 0)
    if not within_scope(office, found):
        raise NotFound(f"没有序号为 {text} 的机构", remedy="可用 institution list 查看")
    return found


def own_district(office: OfficeSession, code: str) -> None:
    """Raise BadInput where something would come to another 旗区 than the person's."""
    if office.scope.district not in ("", code):
        raise BadInput(
            f"您只负责{district_name(office.scope.district)}，不能录到{district_name(code)}",
            remedy="请核对旗区，或请负责全办公室的人录入",
        )


def whole_office(office: OfficeSession, what: str) -> None:
    """Raise BadInput for a person limited to one 旗区, where it is of the whole office."""
    if not office.scope.whole:
        raise BadInput(
            f"您只负责{district_name(office.scope.district)}，不能{what}", remedy="请负责全办公室的人来看、来做"
        )


def own_loans(office: OfficeSession) -> list[Loan]:
    """Filed paper that was lent, of agreements that are the person's."""
    found = all_loans(office)
    if office.scope.whole or not found:
        return found
    own = set(numbers_in_scope(office, [one.number for one in found]))
    return [one for one in found if one.number in own]
