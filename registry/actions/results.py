"""What a batch gives back: what was done, and what was not with its reason."""

from dataclasses import dataclass

from yiyu.registry.errors import UserError


@dataclass(frozen=True, slots=True)
class Failure:
    """One item of a batch that was left out; the rest is done. ``subject`` is a number or a name."""

    subject: str
    code: str
    message: str

    @classmethod
    def of(cls, subject: str, error: UserError) -> "Failure":
        """The subject is not said twice where the error names it as the place."""
        return cls(subject, error.code, str(error).replace(f"（{subject}）", "", 1))
