"""What must hold of tax that is declared before its supply."""

from collections.abc import Iterable, Iterator

from contor.bookkeeping.advances.shares import moves
from contor.bookkeeping.advances.standing import Standing, matters_of, standing_of
from contor.bookkeeping.types import EntryKind
from contor.kernel.checks import check
from contor.kernel.money import ZERO, worded
from contor.runtime.uow import Uow

_BATCH = 500


@check("bookkeeping.no_more_is_taxed_before_the_supply_than_was_asked_for")
def within_tax(uow: Uow) -> Iterable[str]:
    """Of each supply: from nothing to all of its tax, on the side of that, or all of what is left of deposits that went back."""
    for standing in _all(uow):
        for of, left, asked, moved, _ in standing.matter.groups:
            if not min(ZERO, asked.tax, left.tax) <= moved.tax <= max(ZERO, asked.tax):
                currency = standing.matter.currency
                said = f"{worded(moved.tax, currency)} is declared before {of.day}, of {worded(asked.tax, currency)}"
                yield f"document {_name(standing)}: on account {of.account} {said}"


@check("bookkeeping.what_is_taxed_before_the_supply_is_what_came_before_it")
def as_the_money(uow: Uow) -> Iterable[str]:
    """Computed anew as of the last day on which anything became of it, nothing more would move."""
    for standing in _all(uow):
        for moved in moves(standing.matter, [standing.matter.changed_on]):
            amount = worded(moved.amounts.tax, standing.matter.currency)
            yield f"document {_name(standing)}: on account {moved.of.account} {amount} more is to be declared before {moved.of.day}"


def _all(uow: Uow) -> Iterator[Standing]:
    sql = "SELECT DISTINCT document_id FROM journal_entry WHERE kind = %s AND document_id IS NOT NULL ORDER BY 1"
    ids = uow.column(int, sql, (EntryKind.TAXED_BEFORE_SUPPLY.value,))
    for at in range(0, len(ids), _BATCH):
        yield from standing_of(uow, set(matters_of(uow, ids[at : at + _BATCH]).values()))


def _name(standing: Standing) -> str:
    return standing.idents[min(standing.documents)]
