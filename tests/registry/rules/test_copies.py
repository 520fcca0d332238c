import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.lifecycle import Event
from yiyu.registry.rules.copies import PLACES, UNPRINTED, balance, refused_move

PLACE = st.sampled_from(list(PLACES))


def moved(key: int, count: int, source: str, target: str) -> Event:
    data = {"count": count, "source": source, "target": target}
    return Event(key, "moved", "", dt.date(2026, 1, 1), "", "", "", None, data)


@given(st.integers(1, 9), st.lists(st.tuples(st.integers(1, 9), PLACE, PLACE), max_size=30))
def test_nothing_is_in_two_places_and_the_sum_stays(copies: int, moves: list[tuple[int, str, str]]) -> None:
    events: list[Event] = []
    for key, (count, source, target) in enumerate(moves):
        if not refused_move(balance(copies, events), count, source, target):
            events.append(moved(key, count, source, target))
    places = balance(copies, events)
    assert sum(places.values()) == copies
    assert min(places.values()) >= 0


def test_a_corrected_move_is_taken_back() -> None:
    wrong = moved(1, 2, UNPRINTED, "printed")
    correction = Event(2, "corrected", "", dt.date(2026, 1, 2), "", "", "", 1)
    assert balance(4, [wrong, correction])[UNPRINTED] == 4


def test_more_than_there_are_is_refused_with_the_number() -> None:
    assert refused_move(balance(4, []), 5, UNPRINTED, "printed") == "未印处只有 4 份，不够 5 份"
    assert refused_move(balance(4, []), 1, "box", "box") == "起点和去向相同"
