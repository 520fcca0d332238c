"""What of an office a question is limited to. Pure."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """``district``: six-digit code; ``town`` as the roster has it; ``provider``: the name of a medical institution.

    "" limits nothing; everything given must hold.
    """

    district: str = ""
    town: str = ""
    provider: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is all of the office."""
        return not (self.district or self.town or self.provider)

    def fits(self, district: str, town: str, providers: Collection[str]) -> bool:
        """Whether something of that district and town, done by any of ``providers``, is meant."""
        return (
            self.district in ("", district)
            and self.town in ("", town)
            and (not self.provider or self.provider in providers)
        )


EVERYTHING = Scope()
