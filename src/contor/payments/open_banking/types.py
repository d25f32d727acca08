"""The values of links to banks: who is asked, what they say, what is to be confirmed. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.kernel.shapes import PRINTABLE, Currency, Ident, Text100, Text255, shape, written
from contor.payments.servers import OneLine
from contor.settings.identifiers import Iban

BankProvider = Literal["FINTS", "SIMULATED", "FILES"]
LinkStatus = Literal["PENDING", "LINKED", "DISABLED", "EXPIRED", "FAILED"]
CONSENT = dt.timedelta(days=90)
"""For which a bank answers without being confirmed anew (PSD2, article 10 RTS)."""
INFORM_BEFORE = dt.timedelta(days=7)
"""So long before its end the tenant is told."""
EVERY = dt.timedelta(hours=12)
"""How often a bank is asked."""
AGAIN = dt.timedelta(hours=1)
"""... and after it did not answer."""
LOOKED_BACK = dt.timedelta(days=10)
"""Bookings that banks enter late, or correct, are seen again."""
FIRST_LOOK = dt.timedelta(days=89)
"""As far back as banks answer without a further confirmation."""

Pin = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
Method = Annotated[str, written(r"^[0-9]{3}$", "the number of a method, three digits")]

BankUrl = Annotated[str, written(r"^https?://[!-~]+$", "an address of the web", max_length=500)]
Tan = Annotated[str, written(r"^[0-9A-Za-z]{1,40}$", "a TAN: letters and digits")]


@shape
class ConnectBody:
    """Which bank is asked for an account of ours, and what it is asked with."""

    ident: Ident | None = None
    merchant_payment_account_ident: Ident
    """The account of ours; its IBAN says which one of the user's it is."""
    provider: BankProvider
    """FINTS: German banks, with a PIN and TANs. SIMULATED: a bank of TEST tenants. FILES: statements come by the settlement sources of the
    account's provider."""
    alias: Text100 | None = None
    url: BankUrl | None = None
    """Where the bank's FinTS server is; required of FINTS."""
    user_name: OneLine | None = None
    """The user's name at the bank; required of FINTS."""
    pin: Pin | None = None
    """Kept encrypted, never answered; required of FINTS."""
    tan_method: Method | None = None
    """How TANs are made, as the bank numbers it; without it the first that it offers."""
    tan_medium: OneLine | None = None
    """What they are made with, such as the name of a telephone, where the bank asks for it."""


@shape
class ConfirmBody:
    """What the bank asked for."""

    tan: Tan | None = None
    """Left out where it is confirmed elsewhere, as in the bank's app."""


@shape
class Challenge:
    """What the bank wants to have confirmed."""

    text: str | None = None
    decoupled: bool = False
    """It is confirmed elsewhere, as in the bank's app; then no TAN is said here."""
    image: str | None = None
    """What is to be photographed, in base 64."""
    image_mime_type: str | None = None


@shape
class LinkView:
    """An account of ours that a bank is asked for."""

    ident: str
    merchant_payment_account_ident: str
    provider: BankProvider
    alias: str | None = None
    bank_name: str
    iban: str | None = None
    """Masked: the first nine characters and the last four."""
    url: str | None = None
    user_name: str | None = None
    tan_method: str | None = None
    tan_medium: str | None = None
    status: LinkStatus
    """PENDING: it waits for what `challenge` says. LINKED: it is asked twice a day. DISABLED: by somebody of ours. EXPIRED: the bank
    wants a new confirmation. FAILED: it refused, and is not asked again."""
    challenge: Challenge | None = None
    valid_until: dt.datetime | None = None
    """Until when the bank answers without a new confirmation."""
    last_accessed_at: dt.datetime | None = None
    """When it answered last."""
    last_informed_at: dt.datetime | None = None
    """When you were told last that the consent ends."""
    asked_at: dt.datetime | None = None
    """Since when somebody waits for it to be read."""
    problem: str | None = None
    """What was wrong the last time."""
    failing_since: dt.datetime | None = None
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class SimulatedBookingBody:
    """A booking on an account at the simulated bank."""

    ident: Ident | None = None
    """The bank's reference."""
    amount: Annotated[Decimal, Field(max_digits=15, decimal_places=2)]
    """Negative where money goes out."""
    currency: Currency = "EUR"
    booked_on: dt.date | None = None
    """Today, where nothing is said."""
    text: Text255 = ""
    counterpart_name: Text100 | None = None
    counterpart_iban: Iban | None = None
    end_to_end_ident: Annotated[str, Field(min_length=1, max_length=35, pattern=PRINTABLE)] | None = None


@shape
class SimulatedBookingView:
    ident: str
    merchant_payment_account_ident: str
    amount: Decimal
    currency: str
    booked_on: dt.date
    text: str
    counterpart_name: str | None = None
    counterpart_iban: str | None = None
    """Masked."""
    end_to_end_ident: str | None = None
