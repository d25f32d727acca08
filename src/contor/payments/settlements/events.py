"""Facts about settlements. Pure."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.events import event, transient


class TakenFee(NamedTuple):
    """What a provider took from its account for an item, or gave back (negative)."""

    ident: str
    """Of the item."""
    amount: Decimal
    booked_on: dt.date
    booking_account: int | None
    account_ident: str
    """The merchant payment account's."""


@event("settlement.uploaded")
class SettlementUploaded:
    """A provider's file was kept, and waits to be read."""

    upload_ident: str


@event("settlement.settled")
class ReportsSettled:
    """Items of providers' reports are stored, and have had their effect."""

    report_idents: tuple[str, ...]


@event("settlement.payouts_arrived")
class PayoutsArrived:
    """Payouts of providers met their bookings at a bank: nothing of these bookings is assigned from now on."""

    item_idents: tuple[str, ...]
    payment_idents: tuple[str, ...]
    """The booking of each."""


@event("settlement.fees_taken")
class FeesTaken:
    """A provider took fees from the account that it keeps, beside those of payments that are new."""

    item_idents: tuple[str, ...]
    fees: tuple[TakenFee, ...] = transient()
    """`TakenFee` of each."""
