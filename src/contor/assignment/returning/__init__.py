"""Payments that take earlier ones back: returned debits and transfers, chargebacks. What was assigned is undone by the return itself."""

from contor.assignment.returning.paid_back import deducting, returned_on
from contor.assignment.returning.take_back import SUCCESS, decided, taken_back, waiting_for

__all__ = ["SUCCESS", "decided", "deducting", "returned_on", "taken_back", "waiting_for"]
