"""What of a supply a decision can still reduce: the supply without the deposits that were deducted from it, less what credits took back,
less what was decided before. Pure.

The discount of a final invoice is one on the supply, whatever was paid before and at whatever rate that was taxed; after a credit it is
one on the rows that are left (section 17 (1) UStG).
"""

import dataclasses
from collections.abc import Iterable, Sequence
from decimal import Decimal

from contor.documents.amounts import NOTHING, GroupAmounts, Left, group_key
from contor.documents.treatment.parts import less
from contor.documents.treatment.types import TaxPart, Treatment
from contor.documents.types import AmountSides, Discount, Document, DocumentItem
from contor.kernel.money import ZERO, split

_Key = tuple[str, Decimal]


def supplied_parts(document: Document, parts: tuple[TaxPart, ...]) -> tuple[TaxPart, ...]:
    """What was supplied in each of the document's `tax_parts`: without the received deposits that its rows deduct, or give back."""
    deducted = _deposits((item, item.total) for item in document.items)
    if not deducted:
        return parts
    whole = {key: _sum(part for part in parts if (part.category_code, part.rate) == key) for key in deducted}
    return _shared(parts, {key: _less(whole[key], taken) for key, taken in deducted.items()}, document.currency)


def reducible_parts(parts: tuple[TaxPart, ...], left: Left, standing: Sequence[Discount]) -> tuple[TaxPart, ...]:
    """Of the `supplied_parts` of a document, what is `left` of them after credits and after the reductions that stand."""
    rest: dict[_Key, GroupAmounts] = {}
    if left.several_taxes:
        rows = [row.left for row in left.rows.values()]
        net, tax = sum((row.net for row in rows), ZERO), sum((row.tax for row in rows), ZERO)
        rest = {(part.category_code, part.rate): GroupAmounts(net, tax, net + tax) for part in parts}
    else:
        deducted = _deposits((row.item, row.left) for row in left.rows.values())
        for part in parts:
            key = (part.category_code, part.rate)
            group = left.groups[group_key(*key, None, None, False)]
            rest[key] = _less(group.left, deducted.get(key, NOTHING))
    return less(_shared(parts, rest, left.document.currency), _of_groups(parts, standing))


def _of_groups(parts: Sequence[TaxPart], standing: Sequence[Discount]) -> tuple[TaxPart, ...]:
    """The reductions in the order of the parts."""
    found = []
    for part in parts:
        same = [it for it in standing if (it.treatment, it.category_code, it.rate, it.country) == _named(part)]
        net, tax = sum((it.net for it in same), ZERO), sum((it.tax for it in same), ZERO)
        found.append(dataclasses.replace(part, net=net, tax=tax, gross=net + tax))
    return tuple(found)


def _named(part: TaxPart) -> tuple[Treatment, str, Decimal, str | None]:
    return (part.treatment, part.category_code, part.rate, part.country)


def _deposits(rows: Iterable[tuple[DocumentItem, AmountSides]]) -> dict[_Key, GroupAmounts]:
    """Of the rows that deduct received deposits, or give them back, by tax group; negative."""
    found: dict[_Key, GroupAmounts] = {}
    for item, sides in rows:
        if item.deposit_ident is not None:
            key, before = (item.category_code, item.rate), found.get((item.category_code, item.rate), NOTHING)
            found[key] = GroupAmounts(before.net + sides.net, before.tax + sides.tax, before.gross + sides.gross)
    return found


def _sum(parts: Iterable[TaxPart]) -> GroupAmounts:
    net, tax = ZERO, ZERO
    for part in parts:
        net, tax = net + part.net, tax + part.tax
    return GroupAmounts(net, tax, net + tax)


def _less(one: GroupAmounts, other: GroupAmounts) -> GroupAmounts:
    return GroupAmounts(one.net - other.net, one.tax - other.tax, one.gross - other.gross)


def _shared(parts: Sequence[TaxPart], amounts: dict[_Key, GroupAmounts], currency: str) -> tuple[TaxPart, ...]:
    """The parts with these amounts of their groups; a group of several treatments is divided as it was, by their size."""
    found = list(parts)
    for key, whole in amounts.items():
        at = [n for n, part in enumerate(parts) if (part.category_code, part.rate) == key]
        weights = [abs(parts[n].gross) for n in at]
        shares = zip(at, split(whole.net, weights, currency), split(whole.tax, weights, currency), strict=True)
        for n, net, tax in shares:
            found[n] = dataclasses.replace(parts[n], net=net, tax=tax, gross=net + tax)
    return tuple(found)
