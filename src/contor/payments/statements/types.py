"""What a bank says of an account, whatever the format: statements, bookings and their parts. Pure.

Amounts are in the account's currency and signed: positive came in. Source: ISO 20022 camt.052, .053, .054; SWIFT MT940, MT942.
"""

import datetime as dt
import enum
from decimal import Decimal

from contor.kernel.shapes import Frozen

BOOKED = "BOOK"
"""The only status of a booking that is one: PDNG, INFO and FUTR tell of what is not booked yet, or never."""


class Kind(enum.StrEnum):
    """What a message is for."""

    END_OF_DAY = "END_OF_DAY"
    """camt.053, MT940: proves a balance."""
    INTRADAY = "INTRADAY"
    """camt.052, MT942: what happened so far, proved by the next end of day."""
    NOTIFICATION = "NOTIFICATION"
    """camt.054: details of single bookings."""
    TABLE = "TABLE"
    """A CSV file: bookings alone."""


class Balance(Frozen, frozen=True):
    amount: Decimal
    currency: str
    on: dt.date
    is_page: bool = False
    """Of a page amid a statement (INTM, 60M, 62M)."""


class Instructed(Frozen, frozen=True):
    """What was ordered at the other end, before charges and exchange."""

    amount: Decimal
    """Not signed."""
    currency: str


class Part(Frozen, frozen=True):
    """A transfer that a booking consists of."""

    amount: Decimal | None = None
    """Its own amount, signed; None: the bank says none in the account's currency."""
    instructed: Instructed | None = None
    charges: Decimal = Decimal(0)
    """What banks took of it, in the account's currency; negative: given back."""
    charges_apart: Decimal = Decimal(0)
    """Of which the bank says that they are not contained in the booking's amount."""
    name: str | None = None
    iban: str | None = None
    account: str | None = None
    """The counterpart's account where that is no IBAN."""
    bic: str | None = None
    end_to_end: str | None = None
    mandate: str | None = None
    reference: str | None = None
    """The bank's own."""
    text: str = ""
    return_code: str | None = None
    """Why it came back (ISO 20022 external code); `0000` is no return."""


class Batch(Frozen, frozen=True):
    """The file of ours that a collective booking belongs to."""

    message: str | None = None
    payment_information: str | None = None
    count: int | None = None


class Entry(Frozen, frozen=True):
    """A booking on the account, or what will perhaps become one."""

    amount: Decimal
    currency: str
    booked_on: dt.date
    valued_on: dt.date
    status: str = BOOKED
    reference: str | None = None
    """The bank's own; None where it is a filler (NONREF)."""
    parts: tuple[Part, ...] = ()
    charges: Decimal = Decimal(0)
    """What the bank took of several parts together; of one they are its own."""
    charges_apart: Decimal = Decimal(0)
    batch: Batch | None = None
    is_reversal: bool = False
    """A mark alone: the sign of the amount says what happened."""
    code: str | None = None
    """What kind of business it is, in the bank's code."""
    text: str = ""


class Statement(Frozen, frozen=True):
    """What one message says of one account; the pages of a statement are one."""

    form: str
    """E.g. `camt.053.001.08`, `MT940`, `CSV`."""
    kind: Kind
    accounts: tuple[str, ...]
    """What the bank calls the account: IBAN, or bank code and number, without blanks."""
    currency: str | None
    number: str | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    interim: Balance | None = None
    """The balance amid the day that a report begins with (ITBD), where it says no other."""
    entries: tuple[Entry, ...] = ()

    @property
    def booked(self) -> tuple[Entry, ...]:
        """What is really booked: lines of 0.00 are information."""
        return tuple([entry for entry in self.entries if entry.status == BOOKED and entry.amount])
