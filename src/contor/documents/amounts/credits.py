"""What is left of an issued document, and what a credit takes of it. Pure.

A credit reduces what was issued; all credits together are exactly the original (section 17 UStG, section 31 (5) UStDV). A row
may be credited up to its agreed amount; the tax is computed per tax group, and the credit that uses up a group takes the
remaining net, tax and gross, not its own computation (accounting reference 1.10).
"""

from collections.abc import Iterable, Mapping, Sequence
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

    document: Document
    item: DocumentItem
    left: AmountSides
    netted: Decimal = ZERO
    """Of its agreed side what rows of other documents take back (`netting`), by which `left` is not lowered."""
    netted_by: tuple[str, ...] = ()
    """Their numbers."""

    @property
    def agreed(self) -> Decimal:
        return self.left.net if self.item.basis == "NET" else self.left.gross

    @property
    def key(self) -> tuple[str, str]:
        """Tells it from the rows of other documents."""
        return (self.document.ident, self.item.ident)


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
        return less(self.left, self.received)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an issued document: per row (by its ident) and per tax group. Of several that one credit names (`together`): of
    all of them, their rows by the document and their ident."""

    document: Document
    """The first of several."""
    several_taxes: bool
    rows: Mapping[str, RowLeft]
    groups: Mapping[GroupKey, GroupLeft]
    several: tuple["Left", ...] = ()
    """Each of several of which rows are credited."""
    is_of_several: bool = False

    def deducted(self) -> dict[GroupKey, GroupAmounts]:
        """Of a final invoice of method REMAINDER: what its rows deduct of received deposits and no credit has given back, below zero."""
        return sum_of_rows((row.item, row.left) for row in self.rows.values() if row.item.deposit_ident is not None)

    def rows_of(self, item: RequestedItem | DocumentItem) -> list[RowLeft]:
        """The rows that `item` may credit: those it names by `referenceIdent`, else those with its own ident; of the document that it
        names, else of any."""
        name, document = item.reference_ident or item.ident, item.related_document_ident
        if document is not None and document not in {left.document.ident for left in self.several or (self,)}:
            return []
        found = [left.rows.get(name) for left in self.several or (self,) if document in (None, left.document.ident)]
        return [row for row in found if row is not None]

    def row_of(self, item: RequestedItem | DocumentItem) -> RowLeft | None:
        """The row that `item` credits (of several the first: `related_item_ambiguous`)."""
        return next(iter(self.rows_of(item)), None)

    def of(self, row: RowLeft | None) -> "Left":
        """Of several documents the one whose row it is."""
        return self if row is None else next((left for left in self.several if left.document.ident == row.document.ident), self)

    @property
    def is_supply_used_up(self) -> bool:
        """Whether all that was supplied is credited, whatever deposits stay deducted from it."""
        if self.several_taxes:  # the deposits are no groups that are told apart
            return not any(row.agreed for row in self.rows.values() if row.item.deposit_ident is None)
        deducted = self.deducted()
        return all(group.left == deducted.get(key, NOTHING) for key, group in self.groups.items())

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
        paid[key] = plus(paid.get(key, NOTHING), GroupAmounts(part.net, part.tax, part.gross))
    rows = {item.ident: RowLeft(document, item, item.total) for item in document.items}
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
    taken = [(row, item) for item in credit.items if (row := left.row_of(item)) is not None]
    for row, item in taken:
        # a credit that names papers of other systems as well may have rows of theirs
        before, part = rows[row.item.ident].left, item.total
        rest = AmountSides(net=before.net - part.net, tax=before.tax - part.tax, gross=before.gross - part.gross)
        rows[row.item.ident] = replace(row, left=rest)
    if not left.several_taxes and any(item.related_document_ident is not None for item in credit.items):
        parts = _parts_of(left, taken, credit.currency)
    else:
        parts = {
            group_key(it.category_code, it.rate, it.code, it.name, left.several_taxes): GroupAmounts(it.base, it.amount, it.gross)
            for it in credit.taxes
        }
    for name, part_of_group in parts.items():
        if (entry := groups.get(name)) is not None:
            groups[name] = replace(entry, left=less(entry.left, part_of_group))
    return replace(left, rows=rows, groups=groups)


def taken_between(before: Left, left: Left) -> dict[GroupKey, GroupAmounts]:
    """What a credit has taken of each tax group."""
    return {key: less(group.left, left.groups[key].left) for key, group in before.groups.items()}


def _parts_of(left: Left, taken: Sequence[tuple[RowLeft, DocumentItem]], currency: str) -> dict[GroupKey, GroupAmounts]:
    """What a credit of several documents takes of each tax group of this one, by its rows: as it was computed when it was issued."""
    back = sum_of_rows((item, item.total) for row, item in taken if row.item.deposit_ident is not None)
    found = {}
    for key, it in sum_of_rows((item, item.total) for _, item in taken).items():
        if (group := left.groups.get(key)) is not None:
            agreed = it.net if group.basis == "NET" else it.gross
            found[key] = supply_amounts(left, key, agreed, back.get(key, NOTHING), currency)
    return found


def credits_rows_of(credit: Document, left: Left) -> bool:
    """Whether it takes back rows of this one among the documents that it names."""
    return any(left.row_of(item) is not None for item in credit.items)


def together(lefts: Sequence[Left], items: Sequence[RequestedItem]) -> Left:
    """What is left of several documents that one credit of these rows names: their rows, and the sums of their tax groups.

    Each of them is credited by itself. Only where of one no row is credited do the groups of all count together: it billed again what
    had reduced the rows of another (accounting reference 9).
    """
    first = lefts[0]
    if len(lefts) == 1:
        return first
    apart = all(any(left.row_of(item) is not None for item in items) for left in lefts)
    rows: dict[str, RowLeft] = {}
    for left in reversed(lefts):
        rows |= {f"{left.document.ident} {ident}" if apart else ident: row for ident, row in left.rows.items()}
    groups: dict[GroupKey, GroupLeft] = {}
    for left in lefts:
        for key, group in left.groups.items():
            known = groups.get(key)
            if known is None:
                groups[key] = group
            elif known.basis == group.basis:
                groups[key] = replace(known, left=plus(known.left, group.left))
    several_taxes = any(left.several_taxes for left in lefts)
    return Left(first.document, several_taxes, rows, groups, tuple(lefts) if apart else (), is_of_several=True)


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


def tax_of_part(tax: Decimal, gross: Decimal, left: GroupAmounts, part: Decimal, currency: str) -> Decimal:
    """The tax in a `part` (gross) of what is `left` of a group of this `tax` and `gross`, in the group's proportion; kept so that the
    rounding of many parts does not pile up in the last one, and that something of the net is left as long as something is open: a rest of
    tax alone could not be said by a document."""
    if part == left.gross:
        return left.tax
    sign = -1 if tax < 0 else 1
    own = sign * round_amount(part * tax / gross, currency)
    of_rest = sign * round_amount((left.gross - part) * tax / gross, currency)
    low, high = window(sign * left.tax, of_rest, currency)
    low = max(low, sign * left.tax - abs(left.gross - part) + quantum(currency))
    return sign * min(max(own, low), high)


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


def supply_amounts(left: Left, key: GroupKey, agreed: Decimal, back: GroupAmounts, currency: str) -> GroupAmounts:
    """What a credit of `agreed` takes of this group of a document. The supply is counted without the deposits that a final invoice
    deducts from it; what gives them `back` is taken as it was taxed."""
    # a deposit bears one tax per row: where others bear several, its rows are no group that is told apart
    group, deducted = left.groups[key], {} if left.several_taxes else left.deducted()
    if not deducted:
        return credit_amounts(group, agreed, currency)
    supply = replace(group, left=less(group.left, deducted.get(key, NOTHING)))
    agreed -= back.net if group.basis == "NET" else back.gross
    return plus(credit_amounts(supply, agreed, currency), back)
