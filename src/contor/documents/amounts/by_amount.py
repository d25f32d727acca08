"""A part of a document that is taken back by its gross amount: spread over tax groups and rows, so that net, tax and gross of each group
add up to it. Pure.

Each group gets its share of the gross that is left, the cents left over by largest remainder. Its tax is the group's own in proportion,
kept so that the part that uses the group up takes all that is left of net, tax and gross (accounting reference 1.10): also where a gross
cannot be reached as net + round(net x rate), 29.97 at 19 %, which a document that was agreed net could not say by its rows alone.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.documents.amounts.credits import (
    GroupAmounts,
    GroupKey,
    GroupLeft,
    Left,
    RowLeft,
    credit_amounts,
    group_key,
    tax_of_part,
)
from contor.documents.amounts.netting import creditable, creditable_groups
from contor.documents.types import TaxGroup
from contor.kernel.money import quantum, split


class Part(NamedTuple):
    """What is taken back."""

    groups: Mapping[GroupKey, GroupAmounts]
    rows: Mapping[str, Decimal]
    """By the ident of the row so much of its agreed side, signed as the row is. Rows of which nothing is taken are left out."""


def part_of(left: Left, amount: Decimal) -> Part:
    """So much, in gross, of what can be credited of a document that bears one tax per row; at most all of it."""
    document, open_groups = left.document, creditable_groups(left)
    currency = document.currency
    keys = list(open_groups)
    shares = split(amount, [open_groups[key].left.gross for key in keys], currency)
    groups: dict[GroupKey, GroupAmounts] = {}
    rows: dict[str, Decimal] = {}
    for group in document.taxes:
        key = group_key(group.category_code, group.rate, group.code, group.name, left.several_taxes)
        share = shares[keys.index(key)]
        if share:
            groups[key] = taken = _taken(group, open_groups[key], share, currency)
            mine = [row for row in left.rows.values() if (row.item.category_code, row.item.rate) == key[:2] and creditable(row)]
            rows |= _of_rows(mine, taken.net if group.basis == "NET" else taken.gross, currency)
    return Part(groups, rows)


def _taken(group: TaxGroup, rest: GroupLeft, share: Decimal, currency: str) -> GroupAmounts:
    if group.basis == "GROSS":
        return credit_amounts(rest, share, currency)
    tax = tax_of_part(group.amount, group.gross, rest.left, share, currency)
    if tax == share != rest.left.gross:  # a part of tax alone could not be said by a row
        tax -= quantum(currency).copy_sign(share)
    return GroupAmounts(share - tax, tax, share)


def _of_rows(rows: list[RowLeft], agreed: Decimal, currency: str) -> dict[str, Decimal]:
    parts = split(agreed, [creditable(row) for row in rows], currency)
    return {row.item.ident: part for row, part in zip(rows, parts, strict=True) if part}
