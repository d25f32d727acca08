"""What every service that confirms VAT numbers is asked and answers. Pure.

A service is one module with a function that makes the request and one that reads the answer; who calls it bounds time and size.
"""

import datetime as dt
from typing import NamedTuple

from contor.kernel.foreign import printable
from contor.tax.vat_numbers.types import Asked, Match, Matches, Outcome

LONGEST_TEXT = 1_000


class Enquiry(NamedTuple):
    """A number to be confirmed, and in whose name."""

    vat_id: str
    requester: str | None
    """Our VAT id; None: we have none of a member state, and get no consultation number."""
    asked: Asked


class Call(NamedTuple):
    """An HTTP request (POST, JSON)."""

    path: str
    """Below the service's address."""
    body: bytes


class Heard(NamedTuple):
    """What a service said, or that it said nothing."""

    outcome: Outcome
    code: str | None = None
    reason: str | None = None
    consultation_number: str | None = None
    name: str | None = None
    address: str | None = None
    matches: Matches = Matches()
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    raw: bytes | None = None
    """Its answer, byte for byte; None: there was none."""

    def printable(self) -> "Heard":
        """With texts that can be stored and shown."""
        return self._replace(
            code=_printable(self.code),
            reason=_printable(self.reason),
            consultation_number=_printable(self.consultation_number),
            name=_printable(self.name),
            address=_printable(self.address),
        )


def _printable(text: str | None) -> str | None:
    return None if text is None else printable(text, LONGEST_TEXT)


class Silent(Exception):
    """It did not answer in time, or could not be reached."""


MATCHES: dict[str, Match] = {
    "VALID": "VALID",
    "INVALID": "INVALID",
    "NOT_PROCESSED": "NOT_PROCESSED",
    "NOT_SUPPORTED": "NOT_SUPPORTED",
}
UNREADABLE = "ANSWER_UNREADABLE"
OF_ANOTHER = "ANSWER_OF_ANOTHER_NUMBER"
SILENT = "NO_ANSWER"


def unreadable(raw: bytes, status: int) -> Heard:
    """What cannot be read says nothing about the number."""
    return Heard("UNAVAILABLE", UNREADABLE, f"the service answered with status {status} and nothing that can be read", raw=raw)
