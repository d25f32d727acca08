"""Make what was previewed: letters, levels, claims, and what goes to collection; some hundreds in each transaction.

What is another thing than it was is left out and named (CHANGED): who has paid meanwhile gets no letter.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.dunning import tables
from contor.dunning.claims import Claim, made_claims
from contor.dunning.events import HandedOver, LettersMade
from contor.dunning.rules import OpenClaims
from contor.dunning.runs.runs import HELD, RunRow, require_run
from contor.dunning.runs.world import claims_of
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.openitems.dunned import Standing, set_levels, still_standing
from contor.openitems.handling import block_dunning
from contor.openitems.types import AT_COLLECTION
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


@shape
class MakeNext:
    run_ident: str
    limit: int


class _Item(NamedTuple):
    document_id: int
    customer_ident: str
    document_ident: str
    currency: str
    outstanding: Decimal
    outcome: str
    level_before: int
    level: int
    letter_id: int
    fee: Decimal
    flat: Decimal
    interest: Decimal
    earlier_fees: Decimal | None
    earlier_flat: Decimal | None
    earlier_interest: Decimal | None
    return_costs: Decimal | None

    @property
    def earlier(self) -> tuple[Decimal | None, ...]:
        return (self.earlier_fees, self.earlier_flat, self.return_costs, self.earlier_interest)


class _HandOver(NamedTuple):
    document_id: int
    customer_ident: str
    document_ident: str
    currency: str
    outstanding: Decimal
    level_before: int


@operation("dunning_run.make_next", permission="bookkeeping.write")
def make_next(uow: Uow, command: MakeNext) -> bool:
    """The next letters of an approved run, then what is handed over; whether there is more to do."""
    run = require_run(uow, command.run_ident, lock=True)
    if run.status != "APPROVED":
        return False
    letters = uow.column(
        int,
        "SELECT letter_id FROM dunning_letter WHERE run_ident = %s AND status = 'PREVIEWED' ORDER BY letter_id LIMIT %s",
        (run.run_ident, command.limit),
    )
    if letters:
        _make(uow, run, letters)
        uow.audit("dunning_run", run.run_ident, {"letters": len(letters)})
        return True
    if _hand_over(uow, run, command.limit):
        uow.audit("dunning_run", run.run_ident, {"handed_over": True})
        return True
    HELD.move(uow, run.run_ident, "COMPLETED", "completed_at")
    return False


def _make(uow: Uow, run: RunRow, letters: Sequence[int]) -> None:
    sql = f"SELECT {columns(_Item)} FROM dunning_item WHERE letter_id = ANY (%s) ORDER BY letter_id, document_id"
    items = uow.all(_Item, sql, (list(letters),))
    standing = still_standing(uow, [_standing(item) for item in items])
    paid = _owed_otherwise(uow, [item for item in items if item.outstanding > 0])
    changed = {item.letter_id for item in items if item.document_id not in standing or item.document_id in paid}
    made = [number for number in letters if number not in changed]
    dunned = [item for item in items if item.letter_id not in changed and item.outcome == "DUNNED"]
    _set(uow, made, "MADE", uow.ctx.now())
    _leave_out(uow, run, changed)
    set_levels(uow, {item.document_id: item.level for item in dunned})
    made_claims(uow, [claim for item in dunned for claim in _claims(item, run)])
    if made:
        uow.emit(LettersMade(letter_ids=tuple(made)))


def _standing(item: "_Item | _HandOver") -> Standing:
    return Standing(document_id=item.document_id, balance=item.outstanding, dunning_level=item.level_before)


def _owed_otherwise(uow: Uow, items: Sequence[_Item]) -> set[int]:
    """The documents of whose claims something else is open than their letters ask for again."""
    claims = {claim.document_id: claim.open for claim in claims_of(uow, [item.document_id for item in items])}
    found = set()
    for item in items:
        open_now = claims.get(item.document_id, OpenClaims())
        # what was previewed before that was kept says nothing
        if None not in item.earlier and item.earlier != (open_now.fees, open_now.flat, open_now.return_costs, open_now.interest):
            found.add(item.document_id)
    return found


def _set(uow: Uow, letters: Sequence[int], state: str, made_at: dt.datetime | None) -> None:
    if letters:
        sql = "UPDATE dunning_letter SET status = %s, made_at = %s WHERE letter_id = ANY (%s)"
        uow.run(sql, (state, made_at, list(letters)))


def _leave_out(uow: Uow, run: RunRow, letters: Collection[int]) -> None:
    if letters:
        _set(uow, sorted(letters), "CHANGED", None)
        sql = "UPDATE dunning_item SET outcome = 'CHANGED' WHERE run_ident = %s AND letter_id = ANY (%s) AND outcome = 'DUNNED'"
        uow.run(sql, (run.run_ident, sorted(letters)))


def _claims(item: _Item, run: RunRow) -> Iterator[Claim]:
    for kind, amount in (("FLAT", item.flat), ("FEE", item.fee), ("INTEREST", item.interest)):
        if amount:
            yield Claim(
                letter_id=item.letter_id,
                document_id=item.document_id,
                document_ident=item.document_ident,
                customer_ident=item.customer_ident,
                kind=kind,
                amount=amount,
                currency=item.currency,
                booked=run.settings.book_dunning_claims,
                claimed_on=run.as_of,
            )


def _hand_over(uow: Uow, run: RunRow, limit: int) -> bool:
    """What is beyond the last level: listed for collection, and dunned no more. Whether there was any."""
    rows = uow.all(
        _HandOver,
        f"SELECT {columns(_HandOver)} FROM dunning_item i WHERE run_ident = %s AND outcome = 'HAND_OVER' AND NOT EXISTS"
        " (SELECT 1 FROM dunning_handover h WHERE h.tenant_id = i.tenant_id AND h.document_id = i.document_id"
        " AND h.run_ident = i.run_ident)"
        " ORDER BY document_id LIMIT %s",
        (run.run_ident, limit),
    )
    if not rows:
        return False
    standing = still_standing(uow, [_standing(row) for row in rows])
    gone = [row.document_id for row in rows if row.document_id not in standing]
    if gone:
        sql = "UPDATE dunning_item SET outcome = 'CHANGED' WHERE run_ident = %s AND document_id = ANY (%s)"
        uow.run(sql, (run.run_ident, gone))
    claims = {claim.document_id: claim for claim in claims_of(uow, standing)}
    handed = [row for row in rows if row.document_id in standing]
    uow.insert(
        tables.dunning_handover,
        [
            {
                "document_id": row.document_id,
                "run_ident": run.run_ident,
                "customer_ident": row.customer_ident,
                "document_ident": row.document_ident,
                "currency": row.currency,
                "outstanding": row.outstanding,
                "costs": claims[row.document_id].open.costs if row.document_id in claims else 0,
                "interest": claims[row.document_id].open.interest if row.document_id in claims else 0,
                "handed_over_on": run.as_of,
                "created_at": uow.ctx.now(),
            }
            for row in handed
        ],
    )
    if handed:
        block_dunning(uow, {row.document_id: row.document_ident for row in handed}, AT_COLLECTION)
        uow.emit(HandedOver(run_ident=run.run_ident, document_ids=tuple(row.document_id for row in handed)))
    return True
