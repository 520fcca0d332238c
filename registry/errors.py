"""What a person is told when something cannot be done.

Tree (exit code)::

    UserError (1)            the user can fix it
    ├── NotFound (3)         no such institution, agreement, workspace
    ├── BadInput (4)         the data given cannot be used
    ├── StepNotAllowed (5)   the agreement is not in a state for this step
    ├── TemplateFault (6)    a Word template is wrong
    ├── FileFault (7)        a file or folder cannot be read or written
    ├── RegistryFault (8)    the registry is missing, foreign, damaged or newer
    └── ProgramFault (9)     an outside program is missing or failed

Each carries three parts and joins them into one Chinese sentence: what happened, where, what to do next.
Problems of rows and of batches are data (:class:`yiyu.registry.model.Problem`), not exceptions.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

_BYTES = re.compile("(?:[\udc80-\udcff](?:[0-9][\udc81-\udcfe][0-9]|[\udc80-\udcff@-~])?)+")
"""Bytes of a name that is not UTF-8: GB18030 in pairs and fours, whose later bytes may be ASCII."""
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class ExitCode(IntEnum):
    """The exit codes other programs rely on (design.md#command-line)."""

    DONE = 0
    FIXABLE = 1
    USAGE = 2
    NOT_FOUND = 3
    BAD_INPUT = 4
    NOT_ALLOWED = 5
    TEMPLATE = 6
    FILE = 7
    REGISTRY = 8
    PROGRAM = 9
    PARTLY = 10


def legible(text: str) -> str:
    """A text in which names of files may stand, as people, JSON and the registry can take it.

    A name out of an old zip is GBK on disk; Python gives its bytes as lone surrogates, which are read as GB18030. What
    would steer a terminal, or turn the text around, becomes U+FFFD.
    """
    return _STEERING.sub("\ufffd", _BYTES.sub(_as_gb18030, text))


def _as_gb18030(found: re.Match[str]) -> str:
    return found[0].encode("utf-8", "surrogateescape").decode("gb18030", "replace")


class UserError(Exception):
    """Something a person can act on.

    ``what`` happened, ``where`` (file, sheet, cell; template, paragraph; may be empty), ``remedy``: the next step.
    ``code`` is the stable machine word for lists of failures.
    """

    exit_code = ExitCode.FIXABLE
    code = "user-error"

    def __init__(self, what: str, *, where: str = "", remedy: str = "", code: str = "") -> None:
        self.what, self.where, self.remedy = legible(what), legible(where), remedy
        self.code = code or self.code
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"（{self.where}）" if self.where else ""
        remedy = f"；{self.remedy}" if self.remedy else ""
        return f"{self.what}{place}{remedy}。"


class NotFound(UserError):
    exit_code = ExitCode.NOT_FOUND
    code = "not-found"


class BadInput(UserError):
    exit_code = ExitCode.BAD_INPUT
    code = "bad-input"


class StepNotAllowed(UserError):
    exit_code = ExitCode.NOT_ALLOWED
    code = "step-not-allowed"


class TemplateFault(UserError):
    exit_code = ExitCode.TEMPLATE
    code = "template"


class FileFault(UserError):
    exit_code = ExitCode.FILE
    code = "file"


class RegistryFault(UserError):
    exit_code = ExitCode.REGISTRY
    code = "registry"


class ProgramFault(UserError):
    exit_code = ExitCode.PROGRAM
    code = "program"


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

    def named(self, key: str) -> dict[str, str]:
        """As a command's ``--json`` gives it, the subject under ``key``."""
        return {key: self.subject, "code": self.code, "message": self.message}
