"""Read, lock and move open items. A case is its document's opening plus its movements: nothing else decides a balance."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import DecidedOff, Receipt, in_place_of, record_discounts, record_receipts, settle
from contor.documents.amounts import Left
from contor.documents.judge import Related
from contor.documents.matters import joined_by_credits, lock_matters
from contor.documents.queries import credited_documents, documents_by_id
from contor.documents.request import related_documents
from contor.documents.treatment import TaxPart, along, as_discount, left_parts, less, reducible_parts
from contor.documents.types import DepositGroup, Document, DocumentType
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems import tables
from contor.openitems.events import CasesMoved
from contor.openitems.ledger import in_matter, padded
from contor.openitems.rules import moved, open_case
from contor.openitems.stored import READ_MOVEMENT
from contor.openitems.types import REDUCING, Case, Move, MovedCase, Movement, MovementKind, StoredCase
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow
from contor.settings.queries import cash_sites


class _Named(NamedTuple):
    document_id: int
    ident: str


class _Moved(NamedTuple):
    document_id: int
    movement: str
    paid_on: dt.date


class Done(NamedTuple):
    """A movement of a document's case, as far as the document keeps what it says."""

    document_id: int
    source: str
    booked_on: dt.date
    movement: Movement


class _Happened(NamedTuple):
    document_id: int
    source: str
    booked_on: dt.date
    movement: str


def locked_cases(uow: Uow, document_ids: Collection[int]) -> list[StoredCase]:
    """The cases of these documents, locked with their matters and read then; those that do not exist are left out."""
    lock_matters(uow, document_ids)
    sql = "SELECT document_id, ident FROM opos_case WHERE document_id = ANY (%s) ORDER BY document_id"
    return _made(uow, uow.all(_Named, sql, (sorted(document_ids),)))


def locked_cases_of(uow: Uow, *sources: str) -> list[StoredCase]:
    """The cases that these sources have moved (`opos_movement.source`), locked."""
    sql = "SELECT document_id FROM opos_movement WHERE source = ANY (%s)"
    return locked_cases(uow, set(uow.column(int, sql, (list(sources),))))


def cases_again(uow: Uow, document_ids: Collection[int]) -> dict[int, StoredCase]:
    """The cases of these documents as their movements make them, whatever their rows say of a balance; for who checks."""
    sql = "SELECT document_id, ident FROM opos_case WHERE document_id = ANY (%s)"
    return {stored.document_id: stored for stored in _made(uow, uow.all(_Named, sql, (list(document_ids),)))}


def _made(uow: Uow, rows: Sequence[_Named]) -> list[StoredCase]:
    documents = documents_by_id(uow, [row.document_id for row in rows])
    taxed_on_receipt = cash_sites(uow)
    matters = joined_by_credits(uow, [number for number, it in documents.items() if _is_cash(it, taxed_on_receipt)])
    matters = {number: matter for matter in matters.values() for number in matter}  # of all that are in one
    if others := matters.keys() - documents.keys():
        documents |= documents_by_id(uow, sorted(others))
    movements = _movements(uow, list(documents))
    credited = _credited(uow, [number for number, document in documents.items() if document.document_type is DocumentType.INVOICE])
    replaced = in_place_of(uow, sorted(matters))
    opened: dict[int, Case] = {}
    for number, document in documents.items():
        case = open_case(document, cash_taxation=_is_cash(document, taxed_on_receipt))
        if case is None:
            raise AssertionError(f"case {document.ident} has a document that opens none")
        opened[number] = replace(case, replaced=True) if number in replaced else case
    made: dict[int, Case] = {}
    for number, began in opened.items():
        case = padded(began, [opened[it] for it in sorted(matters.get(number, ()))])
        for movement in movements.get(number, ()):
            case = moved(case, movement)
        if related := credited.get(number):
            reducible = along(case.groups, reducible_parts(began.reducible, related.left, related.discounts))
            uncredited = along(case.groups, left_parts(began.reducible, related.left))
            case = replace(case, credited=_gross_credited(related.left), reducible=reducible, uncredited=uncredited)
        made[number] = case
    found = []
    for row in rows:
        case, document = made[row.document_id], documents[row.document_id]
        if row.document_id in matters:
            case = in_matter(case, [made[it] for it in sorted(matters[row.document_id]) if made[it].taxed_on_receipt])
        found.append(StoredCase(row.document_id, document, case, _is_cash(document, taxed_on_receipt)))
    return found


def _is_cash(document: Document, sites: Collection[str]) -> bool:
    if document.cash_taxation is None:  # frozen before it was said
        return document.operating_site_ident in sites
    return document.cash_taxation


def _credited(uow: Uow, ids: Sequence[int]) -> dict[int, Related]:
    """What credits have left of these documents, as far as there are any."""
    rows = credited_documents(uow, ids) if ids else {}
    return related_documents(uow, rows)


def _gross_credited(left: Left) -> Decimal:
    # where a row bears several taxes its gross is in several groups
    amounts = (
        [row.left.gross for row in left.rows.values()] if left.several_taxes else [it.left.gross for it in left.groups.values()]
    )
    return left.document.totals.gross - sum(amounts, ZERO)


def _movements(uow: Uow, document_ids: Sequence[int]) -> dict[int, list[Movement]]:
    rows = uow.all(
        _Moved,
        # payments of a release before do not say when they were paid: they were booked then
        "SELECT m.document_id, m.movement::text AS movement, coalesce((SELECT o.booked_on FROM opos_movement o"
        " WHERE o.tenant_id = m.tenant_id AND o.id = m.reversal_of), m.booked_on) AS paid_on"
        # document by document: a planner without statistics would take so many for all, and walk through every movement
        " FROM unnest(%s::bigint[]) k(id) CROSS JOIN LATERAL (SELECT tenant_id, id, document_id, movement, booked_on, reversal_of"
        " FROM opos_movement WHERE document_id = k.id OFFSET 0) m"
        " ORDER BY m.id",
        (list(document_ids),),
    )
    found: dict[int, list[Movement]] = {}
    for row in rows:
        movement = READ_MOVEMENT(row.movement)
        if movement.kind is MovementKind.PAYMENT and movement.paid_on is None:
            movement = replace(movement, paid_on=row.paid_on)
        found.setdefault(row.document_id, []).append(movement)
    return found


def movements_again(uow: Uow, document_ids: Collection[int]) -> list[Done]:
    """Everything that moved the cases of these documents, in order; for who checks."""
    rows = uow.all(
        _Happened,
        "SELECT document_id, source, booked_on, movement::text AS movement FROM opos_movement WHERE document_id = ANY (%s) ORDER BY id",
        (sorted(document_ids),),
    )
    return [Done(row.document_id, row.source, row.booked_on, READ_MOVEMENT(row.movement)) for row in rows]


def move(uow: Uow, moves: Sequence[Move]) -> list[MovedCase]:
    """Let the movements happen, in order: balances, documents' settled amounts, and the fact that others act on."""
    if not moves:
        return []
    now = uow.ctx.now()
    happened: list[MovedCase] = []
    for wanted, number in zip(moves, uow.next_ids(len(moves)), strict=True):
        # a copy: the stored case moves on, for further moves of the same one, the fact keeps what was before
        before = StoredCase(wanted.stored.document_id, wanted.stored.document, wanted.stored.case, wanted.stored.cash_taxation)
        after = moved(before.case, wanted.movement)
        wanted.stored.case = after
        happened.append(MovedCase(number, before, after, wanted.movement, wanted.source, wanted.booked_on, wanted.reversal_of))
    uow.insert(
        tables.opos_movement,
        [
            {
                "id": done.id,
                "document_id": done.before.document_id,
                "kind": done.movement.kind.value,
                "amount": done.movement.amount,
                "ledger_amount": done.movement.ledger_amount,
                "decision": done.movement.decision.value if done.movement.decision else None,
                "movement": done.movement,
                "source": done.source,
                "note": wanted.note,
                "booked_on": done.booked_on,
                "created_at": now,
                "reversal_of": done.reversal_of,
            }
            for done, wanted in zip(happened, moves, strict=True)
        ],
    )
    _store_balances(uow, {done.before.document_id: done.after for done in happened})
    settle(uow, {done.before.document_id: settled_of(done.after) for done in happened})
    record_receipts(uow, [received(_done(it)) for it in happened if it.before.case.is_deposit and is_receipt(it.movement)])
    record_discounts(uow, [decided_off(_done(it)) for it in happened if is_reduction(it.movement)])
    uow.emit(
        CasesMoved(
            movement_ids=tuple(done.id for done in happened),
            document_ids=tuple(done.before.document_id for done in happened),
            moves=tuple(happened),
        )
    )
    return happened


def _done(it: MovedCase) -> Done:
    return Done(it.before.document_id, it.source, it.booked_on, it.movement)


def is_receipt(movement: Movement) -> bool:
    """Of a deposit invoice: whether something came in by it, or went back."""
    return movement.kind in (MovementKind.PAYMENT, MovementKind.DECISION) and any(_received(movement))


def _received(movement: Movement) -> tuple[TaxPart, ...]:
    """What came in by a payment, negative what went back by its reversal: also what a correction had taken the tax back of before."""
    return less(() if movement.decision else movement.parts, movement.closed)


def received(done: Done) -> Receipt:
    """What a deposit invoice keeps of a movement."""
    movement = done.movement
    parts, booked = (
        tuple(
            DepositGroup(category_code=part.category_code, rate=part.rate, net=part.net, tax=part.tax, gross=part.gross)
            for part in found
        )
        for found in (_received(movement), less(() if movement.decision else movement.ledger_parts, movement.ledger_closed))
    )
    return Receipt(done.document_id, done.booked_on, parts, booked, done.source)


def is_reduction(movement: Movement) -> bool:
    """Whether it changes what was owed for a supply, and its tax."""
    return movement.decision in REDUCING and bool(movement.parts)


def decided_off(done: Done) -> DecidedOff:
    """What a document keeps of a decision that reduces what was owed."""
    movement = done.movement
    parts = tuple(
        as_discount(part, str(movement.decision), booked.tax, booked.gross)
        for part, booked in zip(movement.parts, movement.ledger_parts, strict=True)
        if part.gross
    )
    return DecidedOff(done.document_id, parts, done.source)


def settled_of(case: Case) -> Decimal:
    """How much of the document is settled."""
    settled = case.opening - case.balance
    return -settled if case.opening < 0 else settled  # as documents say it: positive, whoever owes


def _store_balances(uow: Uow, cases: dict[int, Case]) -> None:
    rows: list[dict[str, object]] = [
        {
            "document_id": number,
            "balance": case.balance,
            "ledger_balance": case.ledger_balance,
            "doubtful": case.doubtful,
        }
        for number, case in cases.items()
    ]
    uow.run(
        "UPDATE opos_case c SET balance = x.balance, ledger_balance = x.ledger_balance, doubtful = x.doubtful,"
        " status = CASE WHEN x.balance = 0 THEN 'CLOSED' ELSE 'OPEN' END,"
        # NULL again when a reversal opens the case
        " closed_at = CASE WHEN x.balance = 0 THEN %s END"
        " FROM jsonb_to_recordset(%s) AS x(document_id bigint, balance numeric, ledger_balance numeric, doubtful boolean)"
        " WHERE c.document_id = x.document_id",
        (uow.ctx.now(), ENCODER.encode(rows).decode()),
    )
    for case in cases.values():
        uow.audit("opos_case", case.ident, {"balance": case.balance})
