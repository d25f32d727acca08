"""What must hold of tax that is declared before its supply."""

from collections.abc import Iterable

from contor.bookkeeping.advances.standing import matters_of, standing_of
from contor.bookkeeping.types import EntryKind
from contor.kernel.checks import check
from contor.kernel.money import ZERO, worded
from contor.runtime.uow import Uow

_BATCH = 500


@check("bookkeeping.no_more_is_taxed_before_the_supply_than_was_asked_for")
def within_tax(uow: Uow) -> Iterable[str]:
    """Of each supply: from nothing to all of its tax, on the side of that."""
    sql = "SELECT DISTINCT document_id FROM journal_entry WHERE kind = %s AND document_id IS NOT NULL ORDER BY 1"
    ids = uow.column(int, sql, (EntryKind.TAXED_BEFORE_SUPPLY.value,))
    for at in range(0, len(ids), _BATCH):
        matters = set(matters_of(uow, ids[at : at + _BATCH]).values())
        for standing in standing_of(uow, matters):
            for of, _, asked, moved in standing.matter.groups:
                if not min(ZERO, asked.tax) <= moved.tax <= max(ZERO, asked.tax):
                    name, currency = standing.idents[min(standing.documents)], standing.matter.currency
                    said = f"{worded(moved.tax, currency)} is declared before {of.day}, of {worded(asked.tax, currency)}"
                    yield f"document {name}: on account {of.account} {said}"
