"""What is left of an issued document, and what a credit takes of it. Pure.

A credit reduces what was issued; all credits together are exactly the original (section 17 UStG, section 31 (5) UStDV). A row
may be credited up to its agreed amount; the tax is computed per tax group, and the credit that uses up a group takes the
remaining net, tax and gross, not its own computation (accounting reference 1.10).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.types import AmountSides, Basis, DepositGroup, Document, DocumentItem, RequestedItem
from contor.kernel.money import HUNDRED, ZERO, quantum, round_amount, tax_in_gross

GroupKey = tuple[object, ...]
"""(category, rate); with several taxes in one row also the tax's code or name, for two taxes may have one rate."""


def group_key(category: str, rate: Decimal, code: str | None, name: str | None, several: bool) -> GroupKey:
    """The key of a tax group; `several`: a row of the document bears several taxes."""
    return (category, rate, code or name) if several else (category, rate)


def has_several_taxes(document: Document) -> bool:
    """Whether a row bears several taxes (US, CA)."""
    return any(len(item.taxes) > 1 for item in document.items)


class GroupAmounts(NamedTuple):
    net: Decimal
    tax: Decimal
    gross: Decimal


NOTHING: Final = GroupAmounts(ZERO, ZERO, ZERO)


def plus(one: GroupAmounts, other: GroupAmounts) -> GroupAmounts:
    return GroupAmounts(one.net + other.net, one.tax + other.tax, one.gross + other.gross)


def less(one: GroupAmounts, other: GroupAmounts) -> GroupAmounts:
    return GroupAmounts(one.net - other.net, one.tax - other.tax, one.gross - other.gross)


@dataclass(frozen=True, slots=True)
class RowLeft:
    """A row of the original and what no credit has taken of it yet; signed as the row is (a CREDIT row is negative)."""

    item: DocumentItem
    left: AmountSides

    @property
    def agreed(self) -> Decimal:
        return self.left.net if self.item.basis == "NET" else self.left.gross


@dataclass(frozen=True, slots=True)
class GroupLeft:
    """What no credit has taken of a tax group yet. `received` (deposits only) is the part of it that was paid."""

    rate: Decimal
    basis: Basis
    left: GroupAmounts
    received: GroupAmounts = NOTHING

    @property
    def agreed(self) -> Decimal:
        return self.left.net if self.basis == "NET" else self.left.gross

    @property
    def unpaid(self) -> GroupAmounts:
        left, paid = self.left, self.received
        return GroupAmounts(left.net - paid.net, left.tax - paid.tax, left.gross - paid.gross)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an issued document: per row (by its ident) and per tax group."""

    document: Document
    several_taxes: bool
    rows: Mapping[str, RowLeft]
    groups: Mapping[GroupKey, GroupLeft]

    def deducted(self) -> dict[GroupKey, GroupAmounts]:
        """Of a final invoice of method REMAINDER: what its rows deduct of received deposits and no credit has given back, below zero."""
        return sum_of_rows((row.item, row.left) for row in self.rows.values() if row.item.deposit_ident is not None)

    def row_of(self, item: RequestedItem) -> RowLeft | None:
        """The row that `item` credits: the one it names by `referenceIdent`, else the one with its own ident."""
        return self.rows.get(item.reference_ident or item.ident)

    @property
    def is_used_up(self) -> bool:
        return all(group.agreed == 0 for group in self.groups.values())


def sum_of_rows(rows: Iterable[tuple[DocumentItem, AmountSides]]) -> dict[GroupKey, GroupAmounts]:
    """The sums of rows by tax group."""
    found: dict[GroupKey, GroupAmounts] = {}
    for item, it in rows:
        key = group_key(item.category_code, item.rate, None, None, False)
        found[key] = plus(found.get(key, NOTHING), GroupAmounts(it.net, it.tax, it.gross))
    return found


def what_is_left(document: Document, credited_by: Iterable[Document] = (), received: Iterable[DepositGroup] = ()) -> Left:
    """What all credits (in any order) have left of `document`; `received`: parts paid on a deposit invoice."""
    several = has_several_taxes(document)
    paid: dict[GroupKey, GroupAmounts] = {}
    for part in received:
        key = group_key(part.category_code, part.rate, None, None, False)  # a deposit bears one tax per row
        before = paid.get(key, NOTHING)
        paid[key] = GroupAmounts(before.net + part.net, before.tax + part.tax, before.gross + part.gross)
    rows = {item.ident: RowLeft(item, item.total) for item in document.items}
    groups = {}
    for group in document.taxes:
        key = group_key(group.category_code, group.rate, group.code, group.name, several)
        amounts = GroupAmounts(group.base, group.amount, group.gross)
        groups[key] = GroupLeft(group.rate, group.basis, amounts, paid.get(key, NOTHING))
    left = Left(document, several, rows, groups)
    for credit in credited_by:
        left = after(left, credit)
    return left


def after(left: Left, credit: Document) -> Left:
    """What is left once `credit` is issued as well."""
    rows, groups = dict(left.rows), dict(left.groups)
    for item in credit.items:
        key = item.reference_ident or item.ident
        # a credit that names papers of other systems as well may have rows of theirs
        if (row := rows.get(key)) is not None:
            taken = item.total
            rest = AmountSides(net=row.left.net - taken.net, tax=row.left.tax - taken.tax, gross=row.left.gross - taken.gross)
            rows[key] = RowLeft(row.item, rest)
    for group in credit.taxes:
        name = group_key(group.category_code, group.rate, group.code, group.name, left.several_taxes)
        if (entry := groups.get(name)) is not None:
            amounts = entry.left
            rest_of_group = GroupAmounts(amounts.net - group.base, amounts.tax - group.amount, amounts.gross - group.gross)
            groups[name] = replace(entry, left=rest_of_group)
    return Left(left.document, left.several_taxes, rows, groups)


def credits_rows_of(credit: Document, left: Left) -> bool:
    """Whether it takes back rows of this one among the documents that it names."""
    return any((item.reference_ident or item.ident) in left.rows for item in credit.items)


def together(first: Left, others: Iterable[Left]) -> Left:
    """What is left of several documents that one credit names: their rows, and the sums of their tax groups."""
    rows, groups = dict(first.rows), dict(first.groups)
    for other in others:
        rows = {**other.rows, **rows}
        for key, group in other.groups.items():
            known = groups.get(key)
            if known is None:
                groups[key] = group
            elif known.basis == group.basis:
                one, more = known.left, group.left
                groups[key] = replace(known, left=GroupAmounts(one.net + more.net, one.tax + more.tax, one.gross + more.gross))
    return Left(first.document, first.several_taxes, rows, groups)


def exceeds(agreed: Decimal, left: Decimal) -> bool:
    """Whether a credit of `agreed` takes more than what is left, or has the other sign."""
    return not (0 <= agreed <= left if left >= 0 else left <= agreed <= 0)  # a CREDIT row is credited by negative amounts


def own_amounts(agreed: Decimal, rate: Decimal, basis: Basis, currency: str) -> GroupAmounts:
    """Net, tax and gross of a tax group from the sum of its agreed side (accounting reference 1.2, 1.3)."""
    if basis == "NET":
        tax = round_amount(agreed * rate / HUNDRED, currency)
        return GroupAmounts(agreed, tax, agreed + tax)
    tax = tax_in_gross(agreed, rate, currency)
    return GroupAmounts(agreed - tax, tax, agreed)


def window(tax_left: Decimal, of_rest: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """The lowest and highest tax that a part may take, so that what remains stays within the smallest unit of its own tax."""
    unit = quantum(currency)
    return max(ZERO, tax_left - of_rest - unit), min(tax_left, tax_left - of_rest + unit)


def credit_amounts(group: GroupLeft, agreed: Decimal, currency: str) -> GroupAmounts:
    """Net, tax and gross that a credit of `agreed` (on the group's agreed side) takes of a tax group.

    It takes all that is left when it uses the group up, and the unpaid rest when it is just that (closing a deposit). Otherwise
    it is computed by itself, moved by the smallest unit where the rest would else be off by more than that from its own tax:
    so a hundred small credits cannot pile up their rounding in the last one. What takes more than is left is computed by itself.
    """
    if agreed == group.agreed:
        return group.left
    unpaid = group.unpaid
    if group.received.gross and agreed == (unpaid.net if group.basis == "NET" else unpaid.gross):
        return unpaid
    if agreed * group.agreed < ZERO or abs(agreed) > abs(group.agreed):
        # more than the group came to: a row whose reduction was billed again since, by another document (accounting reference 9)
        return own_amounts(agreed, group.rate, group.basis, currency)
    sign = -1 if group.agreed < 0 else 1  # a group below zero is credited as its mirror image
    taken, rest, tax_left = sign * agreed, sign * (group.agreed - agreed), sign * group.left.tax
    own = own_amounts(taken, group.rate, group.basis, currency)
    of_rest = own_amounts(rest, group.rate, group.basis, currency)
    low, high = window(tax_left, of_rest.tax, currency)
    if group.basis == "GROSS":
        # neither the net of this part nor that of the rest may turn its sign
        low, high = max(low, tax_left - rest), min(high, taken)
    tax = sign * min(max(own.tax, low), high)
    return GroupAmounts(agreed, tax, agreed + tax) if group.basis == "NET" else GroupAmounts(agreed - tax, tax, agreed)
