"""Skonto of a document, and what a credit takes back of the reductions that were decided on the one it credits. Pure.

Skonto, an accepted short payment and a loss changed the consideration and its tax already (section 17 (1), (2) UStG). Who takes the
supply back as well would correct that tax twice: so a credit takes the reduction of its rows back in proportion, and the credit that
uses a tax group up takes the rest.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from contor.documents.amounts.credits import NOTHING, GroupAmounts, GroupKey, Left, RowLeft, group_key
from contor.documents.types import CashDiscount, Discount, DocumentItem
from contor.kernel.days import next_working_day
from contor.kernel.money import HUNDRED, ZERO, round_amount, split
from contor.kernel.shapes import replace

DiscountKey = tuple[str, str, str, Decimal, str | None]
CreditedRow = tuple[RowLeft | None, Decimal]
"""A row of a credit: the row that it credits, if it names one, and its gross."""


def cash_discount_of(payable: Decimal, discount: CashDiscount, currency: str) -> Decimal:
    """What may be deducted for paying `payable` in time. It is of what is to be paid (BT-115), as the terms of an e-invoice mean it
    (BR-DE-18): prepaid amounts, vouchers and received deposits are none of it. Never all of it."""
    reduction = round_amount(payable * discount.percentage / HUNDRED, currency)
    return reduction if reduction < payable else ZERO


def last_day_of(discount: CashDiscount, document_date: dt.date, country: str, state: str | None) -> dt.date:
    """Until when it is granted, as it is printed: counted from the document date; a Saturday, Sunday or public holiday of the company's
    moves on (section 193 BGB)."""
    return next_working_day(document_date + dt.timedelta(days=discount.days), country, state)


def discounts_left(decided: Iterable[Discount], taken_back: Iterable[Discount] = ()) -> tuple[Discount, ...]:
    """What stands of the reductions: decided, less taken back by credits; those that come to nothing are left out."""
    found: dict[DiscountKey, Discount] = {}
    for sign, entries in ((1, decided), (-1, taken_back)):
        for it in entries:
            key = (it.decision, it.treatment, it.category_code, it.rate, it.country)
            before = found.get(key)
            found[key] = scaled(it, sign) if before is None else plus(before, scaled(it, sign))
    return tuple(it for it in found.values() if it.gross)


def taken_back(
    standing: Sequence[Discount],
    left: Left,
    rows: Sequence[CreditedRow],
    of_groups: Mapping[GroupKey, GroupAmounts],
    currency: str,
    ledger_currency: str,
) -> tuple[Discount, ...]:
    """The part of each reduction that a credit takes back; `of_groups`: what it takes of the tax groups. The gross of its rows
    counts where a row bears several taxes. Of a final invoice a supply is credited with or without the deposits that were deducted from
    it: these count for neither. `ledger_currency`: in which `ledger_tax` and `ledger_gross` are."""
    deducted = _deducted((row.item, row.left.gross) for row in left.rows.values())
    given_back = _deducted((row.item, gross) for row, gross in rows if row is not None) if deducted else {}
    of_group: dict[GroupKey, list[Discount]] = {}
    for it in standing:
        key = () if left.several_taxes else group_key(it.category_code, it.rate, None, None, False)
        of_group.setdefault(key, []).append(it)
    found = []
    for key, entries in of_group.items():
        if left.several_taxes:
            of_rows, whole = sum((gross for _, gross in rows), ZERO), sum((row.left.gross for row in left.rows.values()), ZERO)
        else:
            group = left.groups.get(key)
            of_rows = of_groups.get(key, NOTHING).gross - given_back.get(key, ZERO)
            whole = (group.left.gross if group is not None else ZERO) - deducted.get(key, ZERO)
        if of_rows == whole:
            found += entries if whole else []
        elif of_rows and whole:
            share = of_rows / whole
            # rounded once for all of a group: together they are never more than its rows, nor is what is left of both
            gross = round_amount(gross_of_discounts(entries) * share, currency)
            parts = split(gross, [it.gross for it in entries], currency)
            found += [_part(it, share, part, currency, ledger_currency) for it, part in zip(entries, parts, strict=True)]
    return tuple(it for it in found if it.gross)


def _deducted(rows: Iterable[tuple[DocumentItem, Decimal]]) -> dict[GroupKey, Decimal]:
    """The gross of the rows that deduct received deposits (method REMAINDER), negative, by tax group."""
    found: dict[GroupKey, Decimal] = {}
    for item, gross in rows:
        if item.deposit_ident is not None:
            key = group_key(item.category_code, item.taxes[0].rate, None, None, False)
            found[key] = found.get(key, ZERO) + gross
    return found


def _part(whole: Discount, share: Decimal, gross: Decimal, currency: str, ledger_currency: str) -> Discount:
    if gross == whole.gross:  # nothing of it will be left that could take what rounding leaves of the rest
        return whole
    tax = round_amount(whole.tax * share, currency)
    return replace(
        whole,
        net=gross - tax,
        tax=tax,
        gross=gross,
        ledger_tax=round_amount(whole.ledger_tax * share, ledger_currency),
        ledger_gross=round_amount(whole.ledger_gross * gross / whole.gross, ledger_currency),
    )


def gross_of_discounts(entries: Iterable[Discount]) -> Decimal:
    return sum((it.gross for it in entries), ZERO)


def scaled(it: Discount, sign: int) -> Discount:
    """The reduction, or with -1 its exact opposite."""
    if sign > 0:
        return it
    return replace(it, net=-it.net, tax=-it.tax, gross=-it.gross, ledger_tax=-it.ledger_tax, ledger_gross=-it.ledger_gross)


def plus(one: Discount, other: Discount) -> Discount:
    return replace(
        one,
        net=one.net + other.net,
        tax=one.tax + other.tax,
        gross=one.gross + other.gross,
        ledger_tax=one.ledger_tax + other.ledger_tax,
        ledger_gross=one.ledger_gross + other.ledger_gross,
    )
