"""Payments that take earlier ones back: returned debits and transfers, chargebacks. What was assigned is undone by the return itself."""

from contor.assignment.returning.paid_back import returned_on
from contor.assignment.returning.putting_back import put_back
from contor.assignment.returning.since import since_it_waits
from contor.assignment.returning.take_back import SUCCESS, decided, fee_left, locked_originals, taken_back, waiting_for
from contor.assignment.returning.way_back import Back, reversed_back

__all__ = [
    "SUCCESS",
    "Back",
    "decided",
    "fee_left",
    "locked_originals",
    "put_back",
    "returned_on",
    "reversed_back",
    "since_it_waits",
    "taken_back",
    "waiting_for",
]
