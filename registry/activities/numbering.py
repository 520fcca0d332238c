"""Numbers of activities: counted within a year, never given twice."""

import datetime as dt
import re

from yiyu.registry.errors import BadInput
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import activity_numbers


class Numbers:
    """Gives one free number after another; use within one ``changing``."""

    def __init__(self, office: OfficeSession) -> None:
        self._db, self._pattern = office.db, office.workspace.config.activity_pattern
        self._last: dict[int, int] = {}
        self._taken: set[str] = set()

    def next(self, on: dt.date) -> str:
        """The next number of the year of ``on``. Raises BadInput for a pattern that cannot number."""
        if on.year not in self._last:
            self._last[on.year] = self._highest(on.year)
        while True:
            self._last[on.year] += 1
            number = self._written(on.year, self._last[on.year])
            if number not in self._taken:
                return number

    def ours(self, number: str, on: dt.date) -> bool:
        """Whether a number follows the pattern, in the year of ``on``."""
        return any(self._written(on.year, int(serial)) == number for serial in re.findall(r"\d+", number))

    def take(self, number: str) -> None:
        """Keep a number that came with a record from being given again."""
        self._taken.add(number)

    def _highest(self, year: int) -> int:
        # The text around the serial: what two serials of other digits have in common.
        probes = [self._written(year, serial) for serial in (1, 2)]
        if probes[0] == probes[1]:
            raise self._unfit("缺少 {serial}")
        head, _, tail = self._pattern.partition("{serial")
        before, after = head.format(year=year), tail.partition("}")[2].format(year=year)
        found = [
            middle
            for number in activity_numbers(self._db, before)
            if number.endswith(after) and (middle := number[len(before) : len(number) - len(after)]).isdecimal()
        ]
        return max(map(int, found), default=0)

    def _written(self, year: int, serial: int) -> str:
        try:
            return self._pattern.format(year=year, serial=serial)
        except (KeyError, IndexError, ValueError) as error:
            raise self._unfit(str(error)) from error

    def _unfit(self, why: str) -> BadInput:
        return BadInput(
            f"活动编号的写法“{self._pattern}”不对：{why}",
            where="yiyu.toml 的 activity_pattern",
            remedy="可用的代号有 {year} {serial:04}，其中 {serial} 必须有",
        )
