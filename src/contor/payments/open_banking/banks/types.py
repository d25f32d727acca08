"""What every bank can be asked: to let us read an account, and what was booked on it. Pure.

A bank is one module that keeps this interface, and its line in the registry. It is called outside of any transaction.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from contor.payments.open_banking.types import Challenge


class Unreachable(Exception):
    """The bank gave no answer, or one of a fault of its own; it may be asked again."""


class BankRefused(Exception):
    """It will not, and is not asked again with the same: a wrong PIN would be counted. `code`: of the finding."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class ConsentEnded(Exception):
    """It answers again once somebody confirms it."""


@dataclass(frozen=True, slots=True)
class Access:
    """Which account is read, and with what."""

    account_ident: str
    iban: str
    url: str = ""
    user_name: str = ""
    pin: str = field(default="", repr=False)
    tan_method: str | None = None
    tan_medium: str | None = None
    known: bytes = field(default=b"", repr=False)
    """What the bank's server told of itself the last time."""


class Linked(NamedTuple):
    """It may be read."""

    bank_name: str
    known: bytes = b""


class Asked(NamedTuple):
    """Somebody has to confirm it first."""

    challenge: Challenge
    dialog: bytes
    """The conversation as it stands, for `confirm`; it holds the PIN."""


class StatementFile(NamedTuple):
    """A file as the bank writes it."""

    name: str
    content: bytes


class Fetched(NamedTuple):
    """What was booked."""

    files: list[StatementFile]
    known: bytes


class Bank(Protocol):
    """One bank. What is wrong is raised: `Unreachable`, `BankRefused`; of `fetch` also `ConsentEnded`."""

    def link(self, access: Access) -> Linked | Asked:
        """Ask whether the account may be read."""
        ...

    def confirm(self, access: Access, dialog: bytes, tan: str) -> Linked | Asked:
        """Say the TAN, or ask whether it was confirmed elsewhere; `Asked`: it was not yet."""
        ...

    def fetch(self, access: Access, since: dt.date, until: dt.date) -> Fetched:
        """What was booked on these days, both included."""
        ...
