"""What clients send of bank accounts and of what was booked on them. Pure."""

from typing import Annotated, Literal

from pydantic import Field

from contor.api.fynn.manners import Money
from contor.kernel.shapes import Ident, Text100, Text255, shape
from contor.payments.open_banking import BankUrl, Method, Pin, Tan
from contor.payments.servers import OneLine


@shape
class LinkSent:
    """Which bank is asked for an account of ours."""

    provider: Literal["fints", "simulated", "files"]
    bank_account: Ident
    """The account of ours."""
    alias: Text100 | None = None
    url: BankUrl | None = None
    """Where the bank's FinTS server is."""
    user_name: OneLine | None = None
    pin: Pin | None = None
    """Kept encrypted, never answered."""
    tan_method: Method | None = None
    tan_medium: OneLine | None = None


@shape
class ConfirmationSent:
    """What the bank asked for; without a TAN where it was confirmed in its app."""

    tan: Tan | None = None


@shape
class Named:
    """Which bookings are meant."""

    ids: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=100)]


@shape
class IgnoredSent:
    """Which bookings are left alone, and why."""

    ids: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=100)]
    reason: Text255 = "ignored"


@shape
class AssignmentSent:
    """To which invoice a part of a booking is put."""

    invoice: Ident
    """Its id or number."""
    amount: Money | None = None
    """All that waits of it, where nothing is said."""
