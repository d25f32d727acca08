"""What can still be credited of a document of which rows of other documents take something back. Pure.

A row below zero on a later invoice ("taken back of invoice 17") gives its amount back with that invoice: the invoice that it names keeps
its sums, tax and payments, but so much of its row can be credited no more (section 17 (1) UStG: what was taxed goes back once). Once that
later row is credited itself, it takes nothing back any more.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from contor.documents.amounts.credits import GroupKey, GroupLeft, Left, RowLeft, credit_amounts, group_key
from contor.kernel.money import ZERO, worded


class Netted(NamedTuple):
    """A row of another document that takes something back of a row of this one."""

    ident: str
    """Of the row from which it takes back."""
    by: RowLeft
    """With what no credit has taken of it yet."""


def with_netted(left: Left, netted: Iterable[Netted]) -> Left:
    """What is left of a document, whose rows know what others take back of them."""
    rows = dict(left.rows)
    for one in netted:
        document, amount = one.by.document, one.by.agreed
        # a row below zero takes back on an invoice, one above zero on what takes back itself
        taken = -document.sign * amount
        if taken and (row := rows.get(one.ident)) is not None:
            rows[one.ident] = replace(row, netted=row.netted + taken, netted_by=(*row.netted_by, document.ident))
    return replace(left, rows=rows)


def creditable(row: RowLeft) -> Decimal:
    """What can still be credited of a row, on its agreed side; signed as the row is."""
    return row.agreed - row.netted


def exceeds(agreed: Decimal, left: Decimal) -> bool:
    """Whether a credit of `agreed` takes more than what is left, or has the other sign."""
    return not (0 <= agreed <= left if left >= 0 else left <= agreed <= 0)  # a CREDIT row is credited by negative amounts


def creditable_groups(left: Left) -> dict[GroupKey, GroupLeft]:
    """The tax groups with what a credit of all that can still be credited takes of each."""
    taken: dict[GroupKey, Decimal] = {}
    for row in left.rows.values():
        if row.netted:
            key = group_key(row.item.category_code, row.item.rate, None, None, False)  # our own billing nets rows of one tax
            taken[key] = taken.get(key, ZERO) + row.netted
    groups = dict(left.groups)
    for key, amount in taken.items():
        if (group := groups.get(key)) is not None:
            groups[key] = replace(group, left=credit_amounts(group, group.agreed - amount, left.document.currency))
    return groups


def left_in_gross(left: Left) -> Decimal:
    """What can still be credited of the document, in gross."""
    return sum((group.left.gross for group in creditable_groups(left).values()), ZERO)


def is_taken_back(left: Left) -> bool:
    """Whether nothing of the document can be credited any more."""
    return all(group.agreed == 0 for group in creditable_groups(left).values())


def netted_in_words(rows: Iterable[RowLeft], currency: str) -> str:
    """Who took back what of these rows beside their credits, to be said behind what is left; nothing where nobody did."""
    netted = [row for row in rows if row.netted]
    if not netted:
        return ""
    by = ", ".join(sorted({ident for row in netted for ident in row.netted_by}))
    return f"; {worded(abs(sum((row.netted for row in netted), ZERO)), currency)} of it were taken back by rows of {by}"
