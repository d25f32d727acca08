"""A document in the currency of the ledger (BT-6, BT-111; section 16 (6) UStG). Pure.

What a credit takes back goes back at the rate of the original, and all credits together are exactly what was booked: each takes the
part between what was credited before it and after it.
"""

from collections.abc import Sequence
from decimal import Decimal

from contor.documents.amounts.credits import GroupAmounts, Left, group_key
from contor.documents.types import Document, ExchangeRate, LedgerCurrency, LedgerGroup, TaxGroup
from contor.kernel.money import ZERO, round_amount, split


def in_ledger(
    taxes: Sequence[TaxGroup], gross: Decimal, currency: str, rate: ExchangeRate, left: Left | None, several: bool
) -> LedgerCurrency:
    """Gross and tax of a document in `currency`; revenue is the rest. `left`: of the document that is credited; `several`: a row bears
    several taxes, so that groups share a base and only their taxes are told apart."""
    if left is not None and left.document.ledger is not None and not left.several_taxes:
        groups = _taken_back(taxes, left, left.document.ledger)
        tax, whole = sum((it.tax for it in groups), ZERO), sum((it.gross for it in groups), ZERO)
        return LedgerCurrency(currency=currency, exchange_rate=rate, tax=tax, gross=whole, groups=groups)
    in_groups = [round_amount(group.amount / rate.rate, currency) for group in taxes]
    whole = round_amount(gross / rate.rate, currency)
    groups = ()
    if not several:
        # shares of the one converted gross: groups converted by themselves could miss it by a cent
        shares = split(whole, [group.gross for group in taxes], currency)
        groups = tuple(LedgerGroup(tax=tax, gross=share) for tax, share in zip(in_groups, shares, strict=True))
    return LedgerCurrency(currency=currency, exchange_rate=rate, tax=sum(in_groups, ZERO), gross=whole, groups=groups)


def ledger_groups(document: Document, ledger: LedgerCurrency) -> tuple[LedgerGroup, ...]:
    """Tax and gross of each group, parallel to `taxes`; computed where the document was frozen before they were kept."""
    if ledger.groups:
        return ledger.groups
    return in_ledger(document.taxes, document.totals.gross, ledger.currency, ledger.exchange_rate, None, several=False).groups


def _taken_back(taxes: Sequence[TaxGroup], left: Left, ledger: LedgerCurrency) -> tuple[LedgerGroup, ...]:
    original = left.document
    booked = dict(
        zip(
            (group_key(it.category_code, it.rate, None, None, False) for it in original.taxes),
            zip(original.taxes, ledger_groups(original, ledger), strict=True),
            strict=True,
        )
    )
    found = []
    for group in taxes:
        key = group_key(group.category_code, group.rate, None, None, False)
        if key not in booked:  # of a paper of another system
            rate, currency = ledger.exchange_rate.rate, ledger.currency
            own = LedgerGroup(tax=round_amount(group.amount / rate, currency), gross=round_amount(group.gross / rate, currency))
            found.append(own)
            continue
        whole, in_books = booked[key]
        rest: GroupAmounts = left.groups[key].left
        tax = _between(in_books.tax, whole.amount, whole.amount - rest.tax, group.amount, ledger.currency)
        gross = _between(in_books.gross, whole.gross, whole.gross - rest.gross, group.gross, ledger.currency)
        found.append(LedgerGroup(tax=tax, gross=gross))
    return tuple(found)


def _between(booked: Decimal, whole: Decimal, before: Decimal, amount: Decimal, currency: str) -> Decimal:
    """The part of `booked` for `amount` of `whole`, of which `before` is taken already."""
    if not whole:
        return ZERO
    up_to = [round_amount(booked * taken / whole, currency) for taken in (before, before + amount)]
    return up_to[1] - up_to[0]
