"""What a person writes at the desk of an office full of others: one thing after the other, and what became of each."""

import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from kill.clerks import OWN, SHARED, Work, ask, draft_words, in_office
from kill.offices import START, code
from kill.served import Browser

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
FORMS = ("上门指导", "健康检查", "筛查", "家长活动")
_TRIES = 20
"""How often one sends a form again after somebody else changed the institution meanwhile."""


@dataclass
class Writer:
    """A person at a browser. ``reviewed``: an agreement that goes to and from review; ``visited``: one in force."""

    place: Path
    number: int
    browser: Browser
    reviewed: str
    visited: str
    works: list[Work] = field(default_factory=list)
    visits: dict[str, bool] = field(default_factory=dict)
    """By what they say: whether they were accepted; False where no answer came."""
    reviews: int = 0
    unanswered: tuple[str, str, str] | None = None
    """Kind and what was said of the write that got no answer."""
    told: int = 0
    """How often another had changed what this one was about to."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.number)  # noqa: S311 - no secret
        self.ids = ids_of(self.place)

    def work(self, serial: int) -> None:
        """One write, remembered with how it ended. Raises one of :data:`kill.served.GONE` where no answer came."""
        kind = self.dice.choice(["edit"] * 4 + ["visit"] * 2 + ["photo", "review"])
        one, value = self.dice.choice(SHARED), f"第{self.number}0{serial:05}次"
        self.unanswered = (kind, one, value)
        begun = time.monotonic()
        fault = {"edit": self._edit, "review": self._review}.get(kind, self._visit)(kind, one, value)
        said = (one, value) if kind == "edit" and not fault else None
        self.works.append(Work(self.number, kind, time.monotonic() - begun, int(bool(fault)), fault, said))
        self.unanswered = None

    def _edit(self, _kind: str, one: str, value: str) -> str:
        """Open the form, type over one field, send it; who is told that it was changed meanwhile sends it once more."""
        path = f"/institutions/one/{self.ids[one]}/edit"
        for _ in range(_TRIES):
            fields = [(name, value if name == OWN[self.number] else old) for name, old in self.browser.form(path)]
            answer = self.browser.post(path, fields)
            if answer.status != 409:
                return "" if answer.leads else f"{answer.status} {answer.fault or answer.text[-300:]}"
            self.told += 1
        return "told of others each time"

    def _visit(self, kind: str, _one: str, value: str) -> str:
        self.visits[value] = False
        day = START.replace(day=1).fromordinal(START.toordinal() + self.dice.randrange(1, 190))
        fields = [
            ("number", self.visited), ("on", str(day)), ("form", self.dice.choice(FORMS)), ("content", value),
            ("more_people", "王某某/儿保科/医师"), ("again", "1"),
        ]  # fmt: skip
        answer = self.browser.post("/visits/new", fields, {f"{value}.png": PIXEL} if kind == "photo" else None)
        self.visits[value] = bool(answer.leads)
        return "" if answer.leads else f"{answer.status} {answer.fault or answer.text[-300:]}"

    def _review(self, _kind: str, _one: str, value: str) -> str:
        step = ("submitted", "returned")[self.reviews % 2]
        fields = [("number", self.reviewed), ("kind", step), ("on", str(START)), ("note", value)]
        answer = self.browser.post("/agreements/step", fields)
        self.reviews += bool(answer.leads)
        return "" if answer.leads else f"{answer.status} {answer.fault or answer.text[-300:]}"


def prepare(place: Path, number: int) -> tuple[list[Work], str, str]:
    """By the command line: what the writer has for himself. Works as if a clerk had done them, and the two agreements."""
    numbers = []
    for at in range(2):
        own = code(1_000_000 * (number + 1) + at)
        name = f"东胜区{number}号浏览器第{at + 1}托育点"
        ask(*in_office(place), "institution", "add", "--kind", "childcare", "--name", name, "--code", own,
             "--district", "东胜区", "--filed")  # fmt: skip
        ask(*in_office(place), *draft_words(own))
        with closing(sqlite3.connect(place / "office" / "registry.db")) as db:
            [found] = db.execute("SELECT number FROM agreements ORDER BY id DESC LIMIT 1").fetchone()
        numbers.append(found)
    for step in ("sign", "seal"):
        ask(*in_office(place), "agreement", step, numbers[1], "--party", "all", "--on", START)
    made = [Work(number, kind, 0.0, 0, "") for kind in ("import", "draft") * 2]
    return made, numbers[0], numbers[1]


def ids_of(place: Path) -> dict[str, int]:
    """The institutions that all edit, as addresses name them."""
    with closing(sqlite3.connect(place / "office" / "registry.db")) as db:
        return {str(row[1]): int(row[0]) for row in db.execute("SELECT id, code FROM institutions WHERE code > ''")}


def lost(place: Path, writers: Sequence[Writer]) -> Iterator[str]:
    """What was accepted and is not there once, or was refused and is there; what got no answer may be either."""
    with closing(sqlite3.connect(place / "office" / "registry.db")) as db:
        for writer in writers:
            there: dict[str, int] = {}
            query = "SELECT content, count(*) FROM activities WHERE content LIKE ? GROUP BY content"
            there.update(db.execute(query, [f"第{writer.number}0%"]))
            for value, accepted in writer.visits.items():
                if (found := there.pop(value, 0)) not in ((1,) if accepted else (0, 1)):
                    yield f"lost: visit {value} of {writer.number} is there {found} times"
            yield from (f"more: visit {value} that nobody sent" for value in there)
            query = """
                SELECT count(*) FROM events WHERE kind IN ('submitted', 'returned')
                AND agreement_id = (SELECT id FROM agreements WHERE number = ?)
            """
            [found] = db.execute(query, [writer.reviewed]).fetchone()
            if found - writer.reviews not in (0, int(bool(writer.unanswered and writer.unanswered[0] == "review"))):
                yield f"lost: {writer.reviewed} went {writer.reviews} times to and from review, {found} are there"
