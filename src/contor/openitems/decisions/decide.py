"""Decide on what stays open: accept it, write it off, doubt it, keep it; and take a decision back.

The movement of a decision is `decision:<ident>`, also that of the counter decision, which names the one that it reverts. The books
follow in the same transaction (`bookkeeping.receivables`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import standing_discounts
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, is_amount, round_amount, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import replace
from contor.openitems import tables
from contor.openitems.bounces import bounced, reversed_movement
from contor.openitems.cases import locked_cases, move
from contor.openitems.decisions.read import OneDecision, decision_of
from contor.openitems.decisions.types import DecisionBody, DecisionRow, DecisionView, view_of
from contor.openitems.events import CasesDecided, DecisionsReverted
from contor.openitems.queries import case_id
from contor.openitems.rules import decide, why_not_decidable
from contor.openitems.stored import movements_of
from contor.openitems.types import Case, DebitCredit, Decided, DecisionType, Move, StoredCase
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Decide:
    opos_case_ident: str
    body: DecisionBody


@operation("opos_decision.create", permission="bookkeeping.write")
def add_decision(uow: Uow, command: Decide) -> DecisionView:
    """A person says what becomes of a balance, or of a part of it: why it ends without money, or that it is doubtful."""
    body = command.body
    stored = _locked(uow, case_id(uow, command.opos_case_ident))
    case = stored.case
    problems = [*why_not_decidable(case, body.type, body.amount), *_why_no_allowance(case, body)]
    if problems:
        kind = Kind.ILLEGAL_STATE if problems[0].code == "opos_case_already_closed" else Kind.INVALID
        raise Refused(kind, *problems)
    row = _made(
        uow,
        stored,
        type=body.type.value,
        amount=case.outstanding if body.amount is None else body.amount,
        debit_credit_indicator="CREDIT" if case.side == "DEBIT" else "DEBIT",
        allowance=body.allowance,
        note=body.note,
    )
    movement = decide(case, body.type, body.amount, body.allowance or ZERO)
    happened = move(uow, [Move(stored, movement, f"decision:{row.ident}", row.decided_on, note=body.note)])
    uow.emit(CasesDecided(decision_idents=(row.ident,), decided=(Decided(row.ident, tuple(happened)),)))
    return view_of(row)


@operation("opos_decision.revert", permission="bookkeeping.write")
def revert_decision(uow: Uow, command: OneDecision) -> DecisionView:
    """Take a decision back by its exact opposite, less what a credit or a payment has taken back of it since; once."""
    stored = _locked(uow, case_id(uow, command.opos_case_ident))
    decided = decision_of(uow, stored.document_id, command.decision_ident)
    _refuse_revert(uow, stored, decided)
    return view_of(_reverted(uow, stored, decided))


def let_go(uow: Uow, going: Mapping[int, Decimal]) -> None:
    """Money goes out, of each document so much: an overpayment that was kept goes with it, the last first, where the customer would owe
    more than the document asks for else."""
    sql = (
        "SELECT d.document_id, d.ident FROM opos_decision d WHERE d.document_id = ANY (%s) AND d.type = 'OTHER_REVENUE'"
        " AND d.reversion_target_ident IS NULL AND NOT EXISTS (SELECT 1 FROM opos_decision r WHERE r.tenant_id = d.tenant_id"
        " AND r.document_id = d.document_id AND r.reversion_target_ident = d.ident) ORDER BY d.id DESC"
    )
    if not going:
        return
    locked_cases(uow, list(going))  # before it is asked what stands
    for document_id, ident in uow.all(_Kept, sql, (sorted(going),)):
        stored = _locked(uow, document_id)
        if stored.case.balance + going[document_id] > 0:
            _reverted(uow, stored, decision_of(uow, document_id, ident))


class _Kept(NamedTuple):
    document_id: int
    ident: str


def _reverted(uow: Uow, stored: StoredCase, decided: DecisionRow) -> DecisionRow:
    standing = standing_discounts(uow, stored.document_id)
    today = uow.ctx.today()
    moves, less = [], False
    for number, movement in movements_of(uow, f"decision:{decided.ident}"):
        back = bounced(stored.case, movement, standing)
        less = less or back != reversed_movement(movement)
        if back is not None:
            moves.append(Move(stored, back, f"decision:{decided.ident}", today, reversal_of=number))
    if not moves:
        message = f"Nothing of decision {decided.ident} is left: credits or payments have taken it back."
        raise Refused(Kind.ILLEGAL_STATE, Problem("decision_used_up", message))
    moved = sum((it.movement.amount for it in moves), ZERO)
    side: DebitCredit = "DEBIT" if decided.debit_credit_indicator == "CREDIT" else "CREDIT"
    row = _made(
        uow,
        stored,
        type=decided.type,
        amount=abs(moved) or decided.amount,
        debit_credit_indicator=side,
        reversion_target_ident=decided.ident,
    )
    happened = move(uow, moves)
    done = Decided(row.ident, tuple(happened), decided.ident, less)
    uow.emit(DecisionsReverted(decision_idents=(row.ident,), reversion_target_idents=(decided.ident,), reverted=(done,)))
    return row


def _locked(uow: Uow, document_id: int) -> StoredCase:
    """The case, with what is prebooked on it."""
    (stored,) = locked_cases(uow, [document_id])
    prebooked = uow.scalar(Decimal, "SELECT prebooked FROM opos_case WHERE document_id = %s", (document_id,)) or ZERO
    stored.case = replace(stored.case, prebooked=prebooked)
    return stored


def _why_no_allowance(case: Case, body: DecisionBody) -> list[Problem]:
    if body.allowance is None:
        return []
    if body.type is not DecisionType.DOUBTFUL_RECEIVABLE:
        text = "Only a doubtful receivable is written down by an allowance."
        return [Problem("allowance_without_doubt", text, "allowance", body.allowance)]
    gross, net = sum((part.gross for part in case.groups), ZERO), sum((part.net for part in case.groups), ZERO)
    most = round_amount(case.ledger_balance * net / gross, case.ledger_currency) if gross else case.ledger_balance
    if body.allowance > most or not is_amount(body.allowance, case.ledger_currency):
        text = f"Only the net is written down, at most {worded(most, case.ledger_currency)}."
        return [Problem("allowance_exceeds_net", text, "allowance", body.allowance)]
    return []


def _refuse_revert(uow: Uow, stored: StoredCase, decided: DecisionRow) -> None:
    if decided.reversion_target_ident is not None:
        raise Refused(Kind.ILLEGAL_STATE, Problem("decision_is_counter", "A counter decision stands: decide anew instead."))
    if decided.reverted_by_ident is not None:
        message = f"The decision was reverted by {decided.reverted_by_ident} already."
        raise Refused(Kind.ILLEGAL_STATE, Problem("decision_already_reverted", message))
    if decided.type != DecisionType.DOUBTFUL_RECEIVABLE:
        return
    sql = (
        "SELECT m.source FROM opos_movement m WHERE m.document_id = %s AND m.decision = 'UNCOLLECTABLE_RECEIVABLE' AND m.amount < 0"
        " AND m.reversal_of IS NULL AND (m.movement::jsonb ->> 'allowance')::numeric <> 0 AND NOT EXISTS (SELECT 1 FROM opos_movement r"
        " WHERE r.tenant_id = m.tenant_id AND r.reversal_of = m.id) ORDER BY m.id LIMIT 1"
    )
    if (later := uow.scalar(str, sql, (stored.document_id,))) is not None:
        message = f"The allowance was used by decision {later.removeprefix('decision:')}: revert that one first."
        raise Refused(Kind.ILLEGAL_STATE, Problem("decision_used_later", message))


def _made(uow: Uow, stored: StoredCase, **said: object) -> DecisionRow:
    """A decision of today on the case, as it is written and shown."""
    case = stored.case
    row: dict[str, object] = {
        "ident": str(uow.new_uuid()),
        "document_id": stored.document_id,
        "opos_case_ident": case.ident,
        "customer_ident": case.customer_ident,
        "currency": case.currency,
        "allowance": None,
        "note": None,
        "decided_on": uow.ctx.today(),
        "reversion_target_ident": None,
        "created_at": uow.ctx.now(),
        **said,
    }
    uow.insert(tables.opos_decision, [{**row, "id": uow.next_id()}])
    uow.audit("opos_decision", str(row["ident"]), {"case": case.ident, "type": said["type"], "amount": said["amount"]})
    return DecisionRow(**row, reverted_by_ident=None)  # type: ignore[arg-type]  # a row of its table
