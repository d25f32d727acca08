"""What of a supply a decision can still reduce: the supply without the deposits that were deducted from it, less what credits took back,
less what was decided before. Pure.

The discount of a final invoice is one on the supply, whatever was paid before and at whatever rate that was taxed; after a credit it is
one on the rows that are left (section 17 (1) UStG).
"""

import dataclasses
from collections.abc import Iterable, Sequence

from contor.documents.amounts import NOTHING, GroupAmounts, GroupKey, Left, group_key, sum_of_rows
from contor.documents.amounts import less as without
from contor.documents.treatment.parts import less, reductions
from contor.documents.treatment.types import TaxPart
from contor.documents.types import Discount, Document
from contor.kernel.money import ZERO, split


def supplied_parts(document: Document, parts: tuple[TaxPart, ...]) -> tuple[TaxPart, ...]:
    """What was supplied in each of the document's `tax_parts`: without the received deposits that its rows deduct, or give back."""
    deducted = sum_of_rows((item, item.total) for item in document.items if item.deposit_ident is not None)
    if not deducted:
        return parts
    whole = {key: _sum(part for part in parts if _key(part) == key) for key in deducted}
    return _shared(parts, {key: without(whole[key], taken) for key, taken in deducted.items()}, document.currency)


def reducible_parts(parts: tuple[TaxPart, ...], left: Left, standing: Sequence[Discount]) -> tuple[TaxPart, ...]:
    """Of the `supplied_parts` of a document, what is `left` of them after credits and after the reductions that stand."""
    rest: dict[GroupKey, GroupAmounts] = {}
    if left.several_taxes:
        rows = [row.left for row in left.rows.values()]
        net, tax = sum((row.net for row in rows), ZERO), sum((row.tax for row in rows), ZERO)
        rest = {_key(part): GroupAmounts(net, tax, net + tax) for part in parts}
    else:
        deducted = left.deducted()
        rest = {key: without(left.groups[key].left, deducted.get(key, NOTHING)) for key in map(_key, parts)}
    return less(_shared(parts, rest, left.document.currency), reductions(standing, parts))


def _key(part: TaxPart) -> GroupKey:
    return group_key(part.category_code, part.rate, None, None, False)


def _sum(parts: Iterable[TaxPart]) -> GroupAmounts:
    net, tax = ZERO, ZERO
    for part in parts:
        net, tax = net + part.net, tax + part.tax
    return GroupAmounts(net, tax, net + tax)


def _shared(parts: Sequence[TaxPart], amounts: dict[GroupKey, GroupAmounts], currency: str) -> tuple[TaxPart, ...]:
    """The parts with these amounts of their groups; a group of several treatments is divided as it was, by their size."""
    found = list(parts)
    for key, whole in amounts.items():
        at = [n for n, part in enumerate(parts) if _key(part) == key]
        weights = [abs(parts[n].gross) for n in at]
        shares = zip(at, split(whole.net, weights, currency), split(whole.tax, weights, currency), strict=True)
        for n, net, tax in shares:
            found[n] = dataclasses.replace(parts[n], net=net, tax=tax, gross=net + tax)
    return tuple(found)
