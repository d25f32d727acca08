"""A document in the currency of the ledger (BT-6, BT-111; section 16 (6) UStG). Pure.

What was received before the supply is worth what it was when it came, and so is its tax (section 13 (1) no. 1 lit. a sentence 4 UStG);
what is left of the supply is converted at the document's rate. So each method of a final invoice declares the same. What a credit takes
back goes back as it was booked, and all credits together are exactly that: each takes the part between what was credited before it and
after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.amounts.credits import NOTHING, GroupAmounts, GroupKey, Left, group_key, less, plus, sum_of_rows
from contor.documents.amounts.terms import Terms
from contor.documents.types import (
    AmountSides,
    DepositDeduction,
    DepositGroup,
    Document,
    DocumentItem,
    ExchangeRate,
    LedgerCurrency,
    LedgerGroup,
    TaxGroup,
)
from contor.kernel.money import ZERO, round_amount, split

Parts = Mapping[GroupKey, GroupAmounts]


class Credited(NamedTuple):
    """What a document takes back of another one."""

    left: Left
    groups: Parts
    """Of each of its tax groups."""
    given_back: Sequence[tuple[DocumentItem, AmountSides]]
    """Its rows that deduct a received deposit (method REMAINDER), and how much of each is taken back; below zero."""


def in_ledger(
    taxes: Sequence[TaxGroup], gross: Decimal, terms: Terms, rate: ExchangeRate, several: bool, credited: Sequence[Credited] = ()
) -> LedgerCurrency:
    """Gross and tax of a document; revenue is the rest. `several`: a row bears several taxes, so that groups share a base and only their
    taxes are told apart. `credited`: each document that it credits."""
    currency = terms.ledger_currency
    if credited and all(it.left.document.ledger is not None and not it.left.several_taxes for it in credited):
        groups, deposits = _of_all(taxes, credited, rate.rate, currency)
    elif terms.booked and not several:
        deposits = terms.booked
        booked = parts_of(part for it in deposits for part in it.groups)
        groups = _with_deposits(taxes, parts_of(terms.received), booked, terms.method == "REMAINDER", rate.rate, currency)
    else:
        return _converted(taxes, gross, currency, rate, several)
    tax, whole = sum((it.tax for it in groups), ZERO), sum((it.gross for it in groups), ZERO)
    return LedgerCurrency(currency=currency, exchange_rate=rate, tax=tax, gross=whole, groups=groups, deposits=deposits)


def _converted(taxes: Sequence[TaxGroup], gross: Decimal, currency: str, rate: ExchangeRate, several: bool) -> LedgerCurrency:
    in_groups = [round_amount(group.amount / rate.rate, currency) for group in taxes]
    whole = round_amount(gross / rate.rate, currency)
    groups: tuple[LedgerGroup, ...] = ()
    if not several:
        # shares of the one converted gross: groups converted by themselves could miss it by a cent
        shares = split(whole, [group.gross for group in taxes], currency)
        groups = tuple(LedgerGroup(tax=tax, gross=share) for tax, share in zip(in_groups, shares, strict=True))
    return LedgerCurrency(currency=currency, exchange_rate=rate, tax=sum(in_groups, ZERO), gross=whole, groups=groups)


def ledger_groups(document: Document, ledger: LedgerCurrency) -> tuple[LedgerGroup, ...]:
    """Tax and gross of each group, parallel to `taxes`; computed where the document was frozen before they were kept."""
    if ledger.groups:
        return ledger.groups
    return _converted(document.taxes, document.totals.gross, ledger.currency, ledger.exchange_rate, several=False).groups


def parts_of(groups: Iterable[DepositGroup]) -> dict[GroupKey, GroupAmounts]:
    """Parts received, by tax group."""
    found: dict[GroupKey, GroupAmounts] = {}
    for part in groups:
        key = _key(part)
        found[key] = plus(found.get(key, NOTHING), GroupAmounts(part.net, part.tax, part.gross))
    return found


def _key(group: TaxGroup | DepositGroup | DocumentItem) -> GroupKey:
    return group_key(group.category_code, group.rate, None, None, False)


# --- final invoices -----------------------------------------------------------------------------------------------------------


def _with_deposits(
    taxes: Sequence[TaxGroup], received: Parts, booked: Parts, deducts: bool, rate: Decimal, currency: str
) -> tuple[LedgerGroup, ...]:
    """The groups of a final invoice, whose deposits were `received` and stand in the ledger as they were `booked`. `deducts`: they are rows
    of it (method REMAINDER), so that its groups are the rest."""
    whole = {_key(group): GroupAmounts(group.base, group.amount, group.gross) for group in taxes}
    if deducts:
        whole = {key: plus(rest, received.get(key, NOTHING)) for key, rest in whole.items()}
    found = supplied(whole, received, booked, rate, currency)
    if deducts:
        found = {key: less(it, booked.get(key, NOTHING)) for key, it in found.items()}
    return tuple(LedgerGroup(tax=found[key].tax, gross=found[key].gross) for key in whole)


def supplied(whole: Parts, received: Parts, booked: Parts, rate: Decimal, currency: str) -> dict[GroupKey, GroupAmounts]:
    """What a supply comes to in the ledger. Of each tax group the part received before stands as it was booked; what was received at
    another tax rate, or beyond the group, pays what is left of the others at its own rate of exchange; the rest is at `rate`."""
    covered: dict[GroupKey, GroupAmounts] = {}
    rest: dict[GroupKey, GroupAmounts] = {}
    beyond, beyond_booked = ZERO, ZERO
    for key in dict.fromkeys((*whole, *received)):
        supply, came, in_books = (parts.get(key, NOTHING) for parts in (whole, received, booked))
        taken, covered[key] = _covered(supply, came, in_books, currency)
        rest[key] = less(supply, taken)
        beyond += came.gross - taken.gross
        beyond_booked += in_books.gross - covered[key].gross
    left = sum((it.gross for it in rest.values()), ZERO)
    if beyond > max(left, ZERO):  # what nothing is left for is owed back
        worth = round_amount(beyond_booked * left / beyond, currency)
    else:
        worth = beyond_booked + round_amount((left - beyond) / rate, currency)
    shares = split(worth, [it.gross for it in rest.values()], currency)
    found = {}
    for (key, it), share in zip(rest.items(), shares, strict=True):
        tax = round_amount(it.tax * worth / left if beyond and left else it.tax / rate, currency)
        found[key] = plus(covered[key], GroupAmounts(share - tax, tax, share))
    return found


def _covered(supply: GroupAmounts, came: GroupAmounts, in_books: GroupAmounts, currency: str) -> tuple[GroupAmounts, GroupAmounts]:
    """The part of a tax group that its own receipts pay, and what that is in the ledger."""
    if supply.gross * came.gross <= 0:
        return NOTHING, NOTHING
    if abs(came.gross) <= abs(supply.gross):
        return came, in_books
    share = supply.tax / came.tax if came.tax else supply.gross / came.gross
    tax = round_amount(in_books.tax * share, currency)
    gross = round_amount(in_books.gross * supply.gross / came.gross, currency)
    return supply, GroupAmounts(gross - tax, tax, gross)


def covered_by_deposits(document: Document) -> tuple[dict[GroupKey, GroupAmounts], dict[GroupKey, GroupAmounts]]:
    """Of each tax group of a final invoice what received deposits of its own rate pay, and what that is in the ledger."""
    received = parts_of(part for it in document.deposits for part in it.groups)
    booked, currency, ledger = received, document.currency, document.ledger
    if ledger is not None:
        currency = ledger.currency
        booked = parts_of(part for it in ledger.deposits for part in it.groups)
        if not ledger.deposits:  # frozen before they were kept
            rate = ledger.exchange_rate.rate
            booked = {key: GroupAmounts(*(round_amount(it / rate, currency) for it in part)) for key, part in received.items()}
    found, in_ledger = {}, {}
    for group in document.taxes:
        supply, key = GroupAmounts(group.base, group.amount, group.gross), _key(group)
        found[key], in_ledger[key] = _covered(supply, received.get(key, NOTHING), booked.get(key, NOTHING), currency)
    return found, in_ledger


# --- credits ------------------------------------------------------------------------------------------------------------------


def _of_all(
    taxes: Sequence[TaxGroup], credited: Sequence[Credited], rate: Decimal, currency: str
) -> tuple[tuple[LedgerGroup, ...], tuple[DepositDeduction, ...]]:
    """What is taken back of all documents, parallel to `taxes`, and the deposits that are given back, as they were booked. What is of none
    of them, but of a paper of another system, is at `rate`."""
    sums: dict[GroupKey, GroupAmounts] = {}
    deposits: list[DepositDeduction] = []
    others = {_key(group): GroupAmounts(group.base, group.amount, group.gross) for group in taxes}
    for one in credited:
        ledger = one.left.document.ledger
        if ledger is None:
            continue  # not so: `in_ledger`
        idents = {item.deposit_ident for item, _ in one.given_back}
        given_back = tuple(it for it in ledger.deposits if it.ident in idents)
        deposits += given_back
        for key, booked in _taken_back(one, ledger, parts_of(part for it in given_back for part in it.groups)).items():
            sums[key] = plus(sums.get(key, NOTHING), booked)
            others[key] = less(others[key], one.groups[key])
    found = []
    for key, other in others.items():
        taken = sums.get(key, NOTHING)
        tax, gross = round_amount(other.tax / rate, currency), round_amount(other.gross / rate, currency)
        found.append(LedgerGroup(tax=taken.tax + tax, gross=taken.gross + gross))
    return tuple(found), tuple(deposits)


def _taken_back(credited: Credited, ledger: LedgerCurrency, booked_back: Parts) -> dict[GroupKey, GroupAmounts]:
    """The part of each group of the original that is credited. A deposit that its rows deduct is given back as it was booked; the supply is
    counted without it."""
    left, original = credited.left, credited.left.document
    deducts = original.final_invoice_method == "REMAINDER" and bool(ledger.deposits)
    received = parts_of(part for it in original.deposits for part in it.groups) if deducts else {}
    booked = parts_of(part for it in ledger.deposits for part in it.groups) if deducts else {}
    deducted, back = (left.deducted(), sum_of_rows(credited.given_back)) if deducts else ({}, {})
    found = {}
    for whole, in_books in zip(original.taxes, ledger_groups(original, ledger), strict=True):
        key = _key(whole)
        if key not in credited.groups:
            continue
        supply = plus(GroupAmounts(whole.base, whole.amount, whole.gross), received.get(key, NOTHING))
        in_ledger = plus(GroupAmounts(ZERO, in_books.tax, in_books.gross), booked.get(key, NOTHING))
        rest = less(left.groups[key].left, deducted.get(key, NOTHING))
        taken = less(credited.groups[key], back.get(key, NOTHING))
        gross = _between(in_ledger.gross, supply.gross, supply.gross - rest.gross, taken.gross, ledger.currency)
        if supply.tax:
            tax = _between(in_ledger.tax, supply.tax, supply.tax - rest.tax, taken.tax, ledger.currency)
        else:  # the cent of several receipts
            tax = _between(in_ledger.tax, supply.gross, supply.gross - rest.gross, taken.gross, ledger.currency)
        deposit = booked_back.get(key, NOTHING) if deducts else NOTHING
        found[key] = less(GroupAmounts(gross - tax, tax, gross), deposit)
    return found


def _between(booked: Decimal, whole: Decimal, before: Decimal, amount: Decimal, currency: str) -> Decimal:
    """The part of `booked` for `amount` of `whole`, of which `before` is taken already."""
    if not whole:
        return ZERO
    up_to = [round_amount(booked * taken / whole, currency) for taken in (before, before + amount)]
    return up_to[1] - up_to[0]
