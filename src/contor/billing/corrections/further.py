"""Further items of periods that were proposed before: what a contract has since it was changed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from contor.billing.items import CREDITS, Item, store
from contor.contracts.calendar import instant
from contor.runtime.uow import Uow


class _Used(NamedTuple):
    """The highest sequence among the items of a thing that begin on a day."""

    contract_id: int
    period_start: dt.date
    origin_type: str
    origin_ident: str
    kind: str
    sequence: int


def propose_further(uow: Uow, items: Sequence[Item]) -> None:
    """Further items; what had begun before today is due today."""
    if not items:
        return
    used = {
        row[:5]: row.sequence
        for row in uow.all(
            _Used,
            "SELECT contract_id, period_start, origin_type, origin_ident, kind, max(sequence) AS sequence FROM billable_item"
            " WHERE contract_id = ANY (%s) AND period_start = ANY (%s) AND kind <> 'CREDIT' GROUP BY 1, 2, 3, 4, 5",
            (sorted({item.contract_id for item in items}), sorted({item.period_start for item in items})),
        )
    }
    # what was dropped keeps its place, for the key of the table knows no states: the next thousand is free. A row and its allowances
    # have one sequence
    free: dict[object, int] = defaultdict(int)
    for item in items:
        at = item.contract_id, item.period_start, item.origin_type, item.origin_ident, item.kind
        free[_row_of(item)] = max(free[_row_of(item)], (used[at] // CREDITS + 1) * CREDITS if at in used else 0)
    today = instant(uow.ctx.today(), uow.ctx.zone)
    new = [it._replace(sequence=free[_row_of(it)] + it.sequence, processing_at=max(it.processing_at, today)) for it in items]
    store(uow, new, {})


def _row_of(item: Item) -> object:
    return item.contract_id, item.period_start, item.row.option_order
