"""Make an open item again from what moved it, and evaluate it anew: what a person does who doubts what is stored."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import is_settled, settle
from contor.kernel.operations import operation
from contor.openitems.cases import locked_cases, settled_of
from contor.openitems.events import CasesReevaluated
from contor.openitems.queries import CaseView, OneCase, case_id, view_of_case
from contor.runtime.uow import Uow


class _Stored(NamedTuple):
    """A case as it is stored; `moved_at`: when it was opened, or moved last."""

    ident: str
    balance: Decimal
    ledger_balance: Decimal
    doubtful: bool
    status: str
    closed_at: dt.datetime | None
    dunning_block: bool
    dunning_block_until: dt.date | None
    moved_at: dt.datetime


@operation("opos_case.recalculate", permission="bookkeeping.write")
def recalculate(uow: Uow, command: OneCase) -> CaseView:
    """Make the case again from its document and its movements, which are facts. What is stored otherwise is put right, and the trail says
    what stood there; then it is evaluated anew."""
    number = case_id(uow, command.opos_case_ident)
    (stored,) = locked_cases(uow, [number])
    case, row = stored.case, _row(uow, number)
    right = {
        "balance": case.balance,
        "ledger_balance": case.ledger_balance,
        "doubtful": case.doubtful,
        "settled": settled_of(case),
    }
    was = {
        "balance": row.balance,
        "ledger_balance": row.ledger_balance,
        "doubtful": row.doubtful,
        "settled": is_settled(uow, number),
    }
    if was != right:
        uow.run(
            "UPDATE opos_case SET balance = %(balance)s, ledger_balance = %(ledger_balance)s, doubtful = %(doubtful)s"
            " WHERE document_id = %(number)s",
            {**right, "number": number},
        )
        settle(uow, {number: settled_of(case)})
        uow.audit("opos_case", row.ident, {"recalculated": right, "was": was})
    _reevaluate(uow, number)
    return view_of_case(uow, number)


@operation("opos_case.reevaluate", permission="bookkeeping.write")
def reevaluate(uow: Uow, command: OneCase) -> CaseView:
    """Evaluate a case anew by its balance: whether it is open, whether a block is over; and let dunning and collection look at it."""
    number = case_id(uow, command.opos_case_ident)
    locked_cases(uow, [number])
    _reevaluate(uow, number)
    return view_of_case(uow, number)


def _reevaluate(uow: Uow, number: int) -> None:
    row = _row(uow, number)
    status, closed_at = ("OPEN", None) if row.balance else ("CLOSED", row.moved_at)
    if (row.status, row.closed_at) != (status, closed_at):
        uow.run("UPDATE opos_case SET status = %s, closed_at = %s WHERE document_id = %s", (status, closed_at, number))
        uow.audit("opos_case", row.ident, {"status": status, "was": row.status})
    if row.dunning_block and row.dunning_block_until is not None and row.dunning_block_until < uow.ctx.today():
        uow.run(
            "UPDATE opos_case SET dunning_block = false, dunning_block_reason = NULL, dunning_block_until = NULL"
            " WHERE document_id = %s",
            (number,),
        )
        uow.audit("opos_case", row.ident, {"dunning_block": False, "reason": None, "until": None})
    uow.emit(CasesReevaluated(document_ids=(number,)))


def _row(uow: Uow, number: int) -> _Stored:
    row = uow.first(
        _Stored,
        "SELECT c.ident, c.balance, c.ledger_balance, c.doubtful, c.status, c.closed_at, c.dunning_block, c.dunning_block_until,"
        " coalesce((SELECT m.created_at FROM opos_movement m WHERE m.tenant_id = c.tenant_id AND m.document_id = c.document_id"
        " ORDER BY m.id DESC LIMIT 1), c.created_at) AS moved_at FROM opos_case c WHERE c.document_id = %s",
        (number,),
    )
    assert row is not None  # it is locked
    return row
