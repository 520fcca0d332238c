"""Invented agreements to try a template on: one of each variant, and by turns each way of renewal, fee and follow-up."""

from collections.abc import Iterable, Iterator
from itertools import cycle

from yiyu.docgen.context import Context, sample_context
from yiyu.registry.model import VARIANT_LABEL, DocKind, Variant

OPEN, CLOSE = "〈", "〉"
"""Around the path of a field where its value is a mark, to see which field was printed where."""
_RENEWALS = ("none", "negotiate", "auto_once", "auto")
_KEPT = ("称谓", "备案日期", "普惠", "托位数", "在托数", "从业人员数", "保健员数")
"""What templates compare, count or read as a date stays a real value."""
_TWO_SIDES = {"各方称谓": "双方", "医方称谓": "甲方", "份数": 4, "份数大写": "肆"}


def samples(kind: DocKind, variants: Iterable[Variant], *, marked: bool = False) -> Iterator[tuple[str, Context]]:
    """Give contexts with the name of their variant. ``marked``: the parties' texts are marks of their paths."""
    turns = zip(Variant, cycle(_RENEWALS), cycle((True, False)), strict=False)
    wanted = set(variants)
    for variant, renewal, other in turns:
        if variant not in wanted:
            continue
        context = sample_context(kind)
        agreement = context["协议"]
        agreement |= {"类型": VARIANT_LABEL[variant], "类型代码": variant.value, "续签方式": renewal, "收费": other}
        if other:
            agreement["原协议编号"] = ""
        sides = [context["甲方"], context["乙方"], context["丙方"]]
        if variant is not Variant.SF:
            agreement |= _TWO_SIDES
            third = sides.pop()
            third |= {key: False if isinstance(value, bool) else "" for key, value in third.items() if key != "称谓"}
        if marked:
            for side in sides:
                side |= {
                    key: f"{OPEN}{side['称谓']}.{key}{CLOSE}" for key, value in side.items() if _is_text(key, value)
                }
        context["各方"] = sides
        yield VARIANT_LABEL[variant], context


def _is_text(key: str, value: object) -> bool:
    return isinstance(value, str) and key not in _KEPT
