"""Which booking of a bank a payout of a provider arrived as. Pure.

Amount and currency agree, the days lie near each other, and the bank's text names the payout or its provider: that money is never taken
for a customer's. A text that names the payout goes before one that names the provider alone; then the nearest day, then the order of
time. Each payout and each booking has one other at most.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

BEFORE = dt.timedelta(days=5)
"""A bank may book a payout so long before the day that the provider says ..."""
BEHIND = dt.timedelta(days=10)
"""... or behind it: weekends and holidays lie between."""
_SHORTEST = 5
"""Letters and digits of a reference that is looked for in a text: shorter ones stand in many ..."""
_SHORTEST_NUMBER = 8
"""... and so do numbers of fewer digits."""


class Payout(NamedTuple):
    """What left the provider's account: negative; or was taken from the bank's for it: positive."""

    ident: str
    account_ident: str
    gross: Decimal
    currency: str
    day: dt.date
    provider: str
    references: tuple[str, ...]


class Booking(NamedTuple):
    """A booking on an account of a bank; positive came in."""

    ident: str
    account_ident: str
    amount: Decimal
    currency: str
    day: dt.date
    text: str


def paired(payouts: Iterable[Payout], bookings: Iterable[Booking]) -> dict[str, str]:
    """The booking of each payout that has arrived, by its ident."""
    by_amount: dict[tuple[Decimal, str], list[tuple[Booking, str]]] = {}
    for booking in bookings:
        by_amount.setdefault((booking.amount, booking.currency), []).append((booking, compact(booking.text)))
    found = []
    for payout in payouts:
        for booking, text in by_amount.get((-payout.gross, payout.currency), []):
            if booking.account_ident == payout.account_ident or not -BEFORE <= booking.day - payout.day <= BEHIND:
                continue
            if (rank := _rank(payout, text)) is not None:
                distance = abs(booking.day - payout.day)
                found.append((rank, distance, payout.day, booking.day, payout.ident, booking.ident))
    pairs: dict[str, str] = {}
    taken = set[str]()
    for *_, payout_ident, booking_ident in sorted(found):
        if payout_ident not in pairs and booking_ident not in taken:
            pairs[payout_ident] = booking_ident
            taken.add(booking_ident)
    return pairs


def compact(text: str) -> str:
    """Capitals and digits alone: banks break texts and drop signs."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _rank(payout: Payout, text: str) -> int | None:
    """0: the text names the payout. 1: it names who paid. None: neither."""
    named = [compact(reference) for reference in payout.references]
    if any(_tells(reference) and reference in text for reference in named):
        return 0
    provider = compact(payout.provider)
    return 1 if provider and provider in text else None


def _tells(reference: str) -> bool:
    return len(reference) >= (_SHORTEST_NUMBER if reference.isdecimal() else _SHORTEST)
