"""The terms of payment of a CII file: EN 16931 has one (BT-9, BT-20), profile EXTENDED any number, with Skonto of its own. Pure."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.documents.einvoice.model import Cursor, EarlyPayment
from contor.documents.einvoice.read.read_cii_parts import DATE
from contor.kernel.money import ZERO

_DAYS = {"DAY": 1, "WEE": 7}
"""Units of a period of payment that are a number of days (UN/ECE Recommendation 20)."""


class Terms(NamedTuple):
    """All terms of a file, in its order."""

    texts: tuple[str, ...]
    due_dates: tuple[dt.date, ...]
    offers: tuple[tuple[dt.date | int, Decimal], ...]
    """Skonto: last day, or days after the invoice date, and percentage."""

    def discounts_of(self, issued: dt.date) -> tuple[EarlyPayment, ...]:
        return tuple(
            EarlyPayment(days=last if isinstance(last, int) else (last - issued).days, percentage=percentage)
            for last, percentage in self.offers
        )


def payment_terms(settlement: Cursor) -> Terms:
    """A term with Skonto has its last day, and is due with the others; where it is the only one, its own day is the due date."""
    texts: list[str] = []
    due: list[dt.date] = []
    offers: list[tuple[dt.date | int, Decimal]] = []
    for term in settlement.all("ram:SpecifiedTradePaymentTerms"):
        texts += term.texts("ram:Description")
        date = term.date(f"ram:DueDateDateTime/{DATE}", "Due date (BT-9)")
        discount = term.one("ram:ApplicableTradePaymentDiscountTerms")
        offer = _offer(discount, date) if discount is not None else None
        if offer is not None:
            offers.append(offer)
        if date is not None:
            due.append(date)
    return Terms(tuple(texts), tuple(due), tuple(offers))


def _offer(discount: Cursor, date: dt.date | None) -> tuple[dt.date | int, Decimal] | None:
    """None where it gives no percentage or no day: what it says is told as not read."""
    measure = discount.one("ram:BasisPeriodMeasure")
    days = discount.decimal("ram:BasisPeriodMeasure", "Days of Skonto (BT-X-275)")
    unit = _DAYS.get(measure.attribute("unitCode") or "DAY") if measure is not None else None
    percentage = discount.decimal("ram:CalculationPercent", "Percentage of Skonto (BT-X-286)")
    if percentage is None or percentage <= ZERO:
        return None
    if days is not None and unit is not None and days == days.to_integral_value():
        return int(days) * unit, percentage
    return (date, percentage) if date is not None else None
