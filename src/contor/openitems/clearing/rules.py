"""Which debts are cleared with which credits: those of one customer and currency, the oldest due first. Pure.

Source: money 7 (clearing run), accounting reference 8 (row 32). Clearing is payment: under section 20 UStG what it pays is received.
"""

import datetime as dt
import enum
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.shapes import replace
from contor.openitems.rules import pay
from contor.openitems.types import Case, Movement, MovementKind


class LeftOut(enum.StrEnum):
    """Why an open item was left out."""

    DEPOSIT = "DEPOSIT"
    """A deposit invoice is paid by money, and ends by its correction or its final invoice."""
    DOUBTFUL = "DOUBTFUL"
    PREBOOKED = "PREBOOKED"
    """A payment is on its way."""
    BLOCKED = "BLOCKED"
    """Something is in dispute: it is blocked for dunning."""
    REFUND = "REFUND"
    """It gives money back, and what is open stays open: it is cleared where somebody names it."""
    NO_COUNTERPART = "NO_COUNTERPART"
    """Nothing is left on the other side."""


class Open(NamedTuple):
    """An open item with what may keep it out."""

    document_id: int
    due_date: dt.date
    balance: Decimal
    doubtful: bool
    prebooked: Decimal
    dunning_block: bool
    dunning_block_until: dt.date | None
    is_deposit: bool
    is_refund: bool = False
    """Of a run that does not name it."""


class Pair(NamedTuple):
    """So much of a debit is cleared with so much of a credit."""

    debit_id: int
    credit_id: int
    amount: Decimal


def why_left_out(item: Open, today: dt.date) -> LeftOut | None:
    if item.is_deposit:
        return LeftOut.DEPOSIT
    if item.doubtful:
        return LeftOut.DOUBTFUL
    if item.prebooked:
        return LeftOut.PREBOOKED
    if item.dunning_block and (item.dunning_block_until is None or item.dunning_block_until >= today):
        return LeftOut.BLOCKED
    return LeftOut.REFUND if item.is_refund else None


def pairs(items: Sequence[Open]) -> list[Pair]:
    """Debits against credits of one customer and currency, each side by due date: together as much as the smaller side has."""
    in_order = sorted(items, key=lambda item: (item.due_date, item.document_id))
    debits = [item for item in in_order if item.balance > 0]
    credits = [item for item in in_order if item.balance < 0]
    left = {item.document_id: abs(item.balance) for item in items}
    found: list[Pair] = []
    while debits and credits:
        one, other = debits[0].document_id, credits[0].document_id
        amount = min(left[one], left[other])
        found.append(Pair(one, other, amount))
        left[one], left[other] = left[one] - amount, left[other] - amount
        debits, credits = debits[not left[one] :], credits[not left[other] :]
    return found


def cleared_with(case: Case, amount: Decimal) -> Movement:
    """The movement of a case of which `amount` is cleared: what is owed to us is paid by it, what we owe is paid out by it, each at what
    it is worth in the books; a difference of exchange is booked between them (row 28)."""
    paid = pay(case, amount if case.balance > 0 else -amount)
    return replace(paid, kind=MovementKind.CLEARING, paid_on=None)
