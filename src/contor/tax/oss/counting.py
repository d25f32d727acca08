"""Count what concerns the threshold of distance sales while it is issued, and notice who crosses it."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.uow import Uow
from contor.tax.oss import tables
from contor.tax.oss.events import OssThresholdCrossed
from contor.tax.oss.queries import oss_status
from contor.tax.oss.rules import OssSupply, counted, state_on


class IssuedSupply(NamedTuple):
    """What a document supplies of such on one day."""

    document_id: int
    legal_entity: str
    supplied_on: dt.date
    net: Decimal
    """EUR; negative: it takes back."""
    number_drawn: Callable[[], str]
    """The document's number; to be asked when the transaction ends."""


class _Crossing(NamedTuple):
    by: IssuedSupply
    net: Decimal


def count_supplies(uow: Uow, supplies: Sequence[IssuedSupply]) -> None:
    """Write what the documents of this transaction supply of such, and by which of them the threshold of a year is crossed: that one is
    taxed where it goes already, if its tax was determined here. To be called once their contents are written, before their numbers are."""
    if not supplies:
        return
    status = oss_status(uow, {one.supplied_on.year for one in supplies}, lock=True)
    uow.copy(
        tables.oss_supply,
        ("document_id", "supplied_on", "legal_entity", "net"),
        [(one.document_id, one.supplied_on, one.legal_entity, one.net) for one in supplies],
    )
    states, found = dict(status.by_entity), []
    for one in sorted(supplies, key=lambda it: it.supplied_on):  # of a day in their order
        if one.legal_entity not in states:
            continue  # a site that left its company since
        before = states[one.legal_entity]
        year = one.supplied_on.year
        after = counted(before, OssSupply(one.supplied_on, one.net))
        if (
            year in after.crossed
            and year not in before.crossed
            and state_on(before, one.supplied_on) in ("BELOW", "CROSSED_LAST_YEAR")
        ):
            found.append(_Crossing(one, after.sums[year]))
        states[one.legal_entity] = after
    if found:
        _notice(uow, found)


def _notice(uow: Uow, found: Sequence[_Crossing]) -> None:
    now = uow.ctx.now()
    uow.insert(
        tables.oss_crossing,
        [
            {
                "legal_entity": one.by.legal_entity,
                "year": one.by.supplied_on.year,
                "crossed_on": one.by.supplied_on,
                "document_id": one.by.document_id,
                "net": one.net,
                "noticed_at": now,
            }
            for one in found
        ],
    )
    for one in found:
        change = {"crossed_on": one.by.supplied_on, "document_id": one.by.document_id, "net": one.net}
        uow.audit("oss_threshold", str(one.by.supplied_on.year), change)
    uow.finish(lambda: _name(uow, found))
    uow.emit(
        OssThresholdCrossed(
            document_ids=tuple(one.by.document_id for one in found), years=tuple(one.by.supplied_on.year for one in found)
        )
    )


def _name(uow: Uow, found: Sequence[_Crossing]) -> None:
    """The numbers are drawn now."""
    for one in found:  # one a year and company
        uow.run(
            "UPDATE oss_crossing SET document_ident = %s WHERE legal_entity = %s AND year = %s",
            (one.by.number_drawn(), one.by.legal_entity, one.by.supplied_on.year),
        )


def reach_late(uow: Uow, document_id: int, *, is_last: bool) -> None:
    """Up to this document all are counted; `is_last`: there are no more behind it that a release before issued."""
    if not uow.insert_once(tables.oss_late, {"document_id": document_id, "done": is_last}):
        uow.run("UPDATE oss_late SET document_id = %s, done = %s", (document_id, is_last))
