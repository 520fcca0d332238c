"""Every question that can be asked of an office on another machine, by name, and how its answer travels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from yiyu.docgen.reports.board import BoardAnswer, board_question
from yiyu.registry.reports.comparing import ComparedOffice, compare_question
from yiyu.registry.reports.rate_tables import RateTable
from yiyu.registry.reports.reporting import rates_question, rows_question
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import Question


@dataclass(frozen=True, slots=True)
class Known:
    """``make`` takes the options of the question by name; ``answer`` is the type of what comes back."""

    make: Callable[..., Question[Any]]
    answer: object


QUESTIONS = {
    "rates": Known(rates_question, RateTable),
    "rows": Known(rows_question, list[Unit]),
    "compare": Known(compare_question, ComparedOffice),
    "board": Known(board_question, BoardAnswer),
}


def packed(answer: object) -> bytes:
    """An answer as MessagePack."""
    return msgspec.msgpack.encode(answer)


def unpacked(question: str, data: bytes) -> Any:  # noqa: ANN401 - of the type that the table names
    """The answer to a question. Raises msgspec.MsgspecError for what cannot be one."""
    return msgspec.msgpack.decode(data, type=QUESTIONS[question].answer, strict=True)
