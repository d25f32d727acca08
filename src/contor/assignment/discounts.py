"""Skonto: what is granted for paying in time, and whether it is earned still once money has gone. Pure.

What counts is the sum of what was paid in time, by value dates (money 4.4): what came too late is missing for it, and so is what bounced.
Who deducts less than was agreed has paid as well: what is missing is granted.
"""

import datetime as dt
from decimal import Decimal

from contor.documents.amounts import cash_discount_of, last_day_of
from contor.documents.types import CashDiscount
from contor.kernel.money import ZERO
from contor.openitems.types import Case, Movement


def cash_discount_amount(case: Case, discount: CashDiscount) -> Decimal:
    """Skonto of what credits have left of the payable amount."""
    return cash_discount_of(case.opening - case.credited, discount, case.currency)


def printed_cash_discount(case: Case, discount: CashDiscount) -> Decimal:
    """Skonto as the document says it, whatever was credited since."""
    return cash_discount_of(case.opening, discount, case.currency)


def granted_cash_discount(case: Case, amount: Decimal, paid_on: dt.date) -> Decimal | None:
    """The Skonto that a payment of `amount` on `paid_on` (value date, else booking date) has earned: what it and all that was paid in
    time before leave open is no more than was agreed, and its days have not passed (`last_day`). None: nothing is granted. After a credit
    it is taken off what is left; who pays what the document says, or that rest, less it, has earned it."""
    rest = case.balance - amount
    # Skonto is taken off what is owed to us; without a rest there is nothing to grant
    if amount <= 0:
        return None
    return _granted(case, rest, paid_on)


def discount_after_clearing(case: Case, cleared_on: dt.date) -> Decimal | None:
    """The Skonto that is earned once something was cleared: by the day of the clearing all but it is settled, and money came in time. None:
    nothing is granted."""
    paid = any(amount > 0 for _, amount in case.received)
    granted = _granted(case, case.balance, cleared_on) if paid else None
    return granted if granted is not None and granted == case.balance else None


def discount_again(case: Case) -> Decimal | None:
    """The Skonto that money has earned which is there after all: by the days on which it was paid all but that is settled. None: nothing is
    granted."""
    days = [day for day, amount in _paid(case).items() if amount > 0]
    granted = _granted(case, case.balance, min(days)) if days else None
    return granted if granted == case.balance else None


def _granted(case: Case, rest: Decimal, settled_on: dt.date) -> Decimal | None:
    if case.opening <= 0 or rest <= 0:
        return None
    for discount in case.cash_discount:
        if settled_on <= last_day(case, discount):
            missing = rest + _too_late(case, discount)
            if granted := _deducted(case, discount, missing):
                return min(granted, rest)
    return None


def _deducted(case: Case, discount: CashDiscount, missing: Decimal) -> Decimal:
    """What of `missing` was deducted as Skonto; 0: nothing, or more than was agreed."""
    agreed, printed, credited = cash_discount_amount(case, discount), printed_cash_discount(case, discount), case.credited
    if agreed <= 0 or missing == printed:
        return max(agreed, ZERO)
    # who takes credits off as well deducts from what they have left
    deducted, most = (missing - credited, agreed) if missing >= credited else (missing, printed)
    return min(deducted, agreed) if deducted <= most else ZERO


def is_earned_still(case: Case, granted: Movement) -> bool:
    """Whether what was paid in time, as the case stands now, leaves no more open than the discount that was `granted`."""
    missing = case.balance - granted.amount
    for discount in case.cash_discount:
        printed = printed_cash_discount(case, discount)
        most = max(printed, case.credited + cash_discount_amount(case, discount))
        if -granted.amount <= printed and missing + _too_late(case, discount) <= most:
            return True
    return False


def last_day(case: Case, discount: CashDiscount) -> dt.date:
    """Until when it is granted, as its document says it."""
    return last_day_of(discount, case.document_date, case.country, case.state)


def _paid(case: Case) -> dict[dt.date, Decimal]:
    """By day what was paid, less what of it bounced."""
    paid: dict[dt.date, Decimal] = {}
    for day, amount in case.received:
        paid[day] = paid.get(day, ZERO) + amount
    return paid


def _too_late(case: Case, discount: CashDiscount) -> Decimal:
    """What came after the days of the discount, less what of it bounced."""
    last = last_day(case, discount)
    # money that went out is missing whenever it went: the balance has it
    return sum((amount for day, amount in _paid(case).items() if amount > 0 and day > last), ZERO)
