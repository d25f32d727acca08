"""Read open items."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.documents.naming import documents_named, the_document
from contor.documents.types import DocumentType
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, replace, shape
from contor.openitems import tables
from contor.openitems.collection import COLLECTED_ON, Asked, reasons_of
from contor.openitems.stored import with_cases
from contor.openitems.types import CaseStatus, DebitCredit, MovementKind
from contor.payments.intents import Promised, promises_of
from contor.runtime.query import ListQuery, Page, searchable, size, when, worked_out
from contor.runtime.query.answered import Places
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

ON_ACCOUNT = (
    "CASE WHEN c.is_memo THEN (SELECT coalesce(sum(CASE m.kind WHEN 'CORRECTION' THEN 0 ELSE m.ledger_amount END"
    " + CASE WHEN m.kind IN ('CORRECTION', 'PAYMENT') THEN (SELECT coalesce(sum((part ->> 'gross')::numeric), 0)"
    " FROM jsonb_array_elements(m.movement::jsonb -> 'ledger_parts') part) ELSE 0 END), 0) FROM opos_movement m"
    " WHERE m.tenant_id = c.tenant_id AND m.document_id = c.document_id) ELSE c.ledger_balance END"
)
"""What of a case `c` stands on the customer's account: what a memo asks for is on none, what was paid beyond it is, and what went back
beyond what was there."""


@dataclass(frozen=True, slots=True)
class ListCases:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneCase:
    opos_case_ident: str


@shape
class CaseItem:
    """What moved the balance; DOCUMENT is the opening."""

    ident: str
    type: str
    amount: Money
    debit_credit_indicator: DebitCredit
    booked_on: dt.date
    decision: str | None = None
    note: str | None = None
    reversal_of: str | None = None
    decision_ident: str | None = None
    """Of a decision: which it was; of its way back: which was reverted."""
    payment_assignment_ident: str | None = None
    """Of a payment and what came with it."""
    counter_case_ident: str | None = None
    """With which open item it was cleared."""


@shape
class CaseView:
    """An open item. Amounts are positive; the indicators say who owes: DEBIT is owed to us."""

    ident: str
    document_id: int
    document_ident: str
    document_type: DocumentType
    customer_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    opening_amount: Money
    balance: Money
    balance_debit_credit_indicator: DebitCredit
    status: CaseStatus
    items: tuple[CaseItem, ...]
    prebooked_items: tuple[CaseItem, ...] = ()
    """Money that is under way and not booked yet: it blocks a second collection, and never closes the case."""
    dunning_level: int
    dunning_block: bool
    dunning_block_reason: str | None = None
    dunning_block_until: dt.date | None = None
    """The last day of the block."""
    payment_collection_enabled: bool
    collection_reason: str | None = None
    """Why nothing is collected or paid of what is to be: no payment account of the customer works, the last try failed, he owes something
    himself, processing is switched off; or why it is collected later than it is due."""
    collection_date: dt.date | None = None
    """The day on which it is collected, or was: the one that the document announces, after a failure the one of the next try; not
    there where it is not collected."""
    doubtful: bool
    created_at: dt.datetime
    closed_at: dt.datetime | None = None


_CASE = tables.opos_case.c
_PLACES: Places = {
    "collection_date": worked_out(COLLECTED_ON, dt.date),
    "document_ident": "ident",
    "opening_amount": size(_CASE.opening),
    "balance": size(_CASE.balance),
    "balance_debit_credit_indicator": when(when(_CASE.balance == 0, _CASE.opening, _CASE.balance) < 0, "CREDIT", "DEBIT"),
    "payment_collection_enabled": "payment_collection",
}
CASES = searchable(
    tables.opos_case,
    CaseView,
    (
        "ident",
        "document_type",
        "customer_ident",
        "currency",
        "document_date",
        "due_date",
        "opening",
        "balance",
        "status",
        "dunning_level",
        "dunning_block",
        "created_at",
        "closed_at",
    ),
    default_sort="created_at",
    places=_PLACES,
)


@operation("opos_case.list", permission="bookkeeping.read", reads=True)
def list_cases(uow: Uow, command: ListCases) -> Page:
    """Open items, open and closed."""
    cases = CASES
    if command.query.fields() & {"dunning_block", "dunningBlock"}:  # a block that is over is none, from the day on
        cases = CASES.with_field("dunning_block", worked_out(blocked_on(uow.ctx.today()), bool))
    return listed_by_key(uow, tables.opos_case, command.query, cases, "document_id", lambda ids: _views(uow, ids))


def blocked_on(today: dt.date) -> str:
    """SQL: whether a row of `opos_case` is blocked for dunning on this day; a block lifts itself after its last day."""
    return f"opos_case.dunning_block AND coalesce(opos_case.dunning_block_until >= DATE '{today.isoformat()}', true)"


@operation("opos_case.get", permission="bookkeeping.read", reads=True)
def get_case(uow: Uow, command: OneCase) -> CaseView:
    """One open item with everything that moved it."""
    return view_of_case(uow, case_id(uow, command.opos_case_ident))


def view_of_case(uow: Uow, document_id: int) -> CaseView:
    """The open item of a document that has one."""
    return _views(uow, [document_id])[document_id]


def case_id(uow: Uow, name: str) -> int:
    """The id of the document whose open item has this ident. Raises NOT_FOUND, and CONFLICT where several companies have the number."""
    named = with_cases(uow, documents_named(uow, [name])[name])
    if not named:
        raise not_found("opos_case", name)
    return the_document(uow, name, named).id


class _MovementRow(NamedTuple):
    id: int
    document_id: int
    kind: str
    amount: Decimal
    booked_on: dt.date
    decision: str | None
    note: str | None
    reversal_of: int | None
    source: str


class _CaseRow(NamedTuple):
    document_id: int
    ident: str
    document_type: str
    customer_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    balance: Decimal
    status: CaseStatus
    dunning_level: int
    dunning_block: bool
    dunning_block_reason: str | None
    dunning_block_until: dt.date | None
    payment_collection: bool
    doubtful: bool
    created_at: dt.datetime
    closed_at: dt.datetime | None
    announced_because: str | None
    collected_on: dt.date | None


_STORED = f"{', '.join(_CaseRow._fields[:-1])}, {COLLECTED_ON} AS collected_on"


def _views(uow: Uow, ids: list[int]) -> dict[int, CaseView]:
    moved: dict[int, list[_MovementRow]] = {}
    by_documents = "WHERE document_id = ANY (%s)"
    sql = f"SELECT {columns(_MovementRow)} FROM opos_movement {by_documents} ORDER BY id"
    for movement in uow.all(_MovementRow, sql, (ids,)):
        moved.setdefault(movement.document_id, []).append(movement)
    rows = uow.all(_CaseRow, f"SELECT {_STORED} FROM opos_case {by_documents}", (ids,))
    promised = {promise.document_id: promise for promise in promises_of(uow, ids)}  # a case has one at a time
    today = uow.ctx.today()
    asked = [Asked(it.document_id, it.balance, it.payment_collection, it.announced_because) for it in rows if it.status == "OPEN"]
    because = reasons_of(uow, asked, promised)
    found = {}
    for row in rows:
        number, promise = row.document_id, promised.get(row.document_id)
        prebooked = [_prebooked(promise)] if promise is not None else []
        found[number] = _view(row, moved.get(number, []), prebooked, because.get(number), today)
    return found


def _prebooked(promise: Promised) -> CaseItem:
    """Money that is under way, as it will move the balance."""
    amount = -promise.amount if promise.type == "CHARGE" else promise.amount
    return replace(_item(f"intent:{promise.ident}", promise.type, amount, promise.due_on), note=promise.moved_because)


def _view(row: _CaseRow, movements: list[_MovementRow], promised: list[CaseItem], because: str | None, today: dt.date) -> CaseView:
    blocked = row.dunning_block and (row.dunning_block_until is None or row.dunning_block_until >= today)
    opening = _item(f"document:{row.ident}", "DOCUMENT", row.opening, row.document_date)
    return CaseView(
        ident=row.ident,
        document_id=row.document_id,
        document_ident=row.ident,
        document_type=DocumentType(row.document_type),
        customer_ident=row.customer_ident,
        currency=row.currency,
        document_date=row.document_date,
        due_date=row.due_date,
        opening_amount=abs(row.opening),
        balance=abs(row.balance),
        balance_debit_credit_indicator=_side(row.balance or row.opening),  # closed: the side that it was opened with
        status=row.status,
        items=(
            opening,
            *(_moved_item(it) for it in movements),
        ),
        prebooked_items=tuple(promised),
        dunning_level=row.dunning_level,
        dunning_block=blocked,
        dunning_block_reason=row.dunning_block_reason if blocked else None,
        dunning_block_until=row.dunning_block_until if blocked else None,
        payment_collection_enabled=row.payment_collection,
        collection_reason=because,
        collection_date=row.collected_on,
        doubtful=row.doubtful,
        created_at=row.created_at,
        closed_at=row.closed_at,
    )


def _side(amount: Decimal) -> DebitCredit:
    return "DEBIT" if amount >= 0 else "CREDIT"


def _item(ident: str, kind: str, amount: Decimal, on: dt.date) -> CaseItem:
    return CaseItem(ident=ident, type=kind, amount=abs(amount), debit_credit_indicator=_side(amount), booked_on=on)


def _moved_item(row: _MovementRow) -> CaseItem:
    by, _, ident = row.source.partition(":")
    is_clearing = row.kind == MovementKind.CLEARING
    return CaseItem(
        ident=str(row.id),
        type=row.kind,
        amount=abs(row.amount),
        debit_credit_indicator=_side(row.amount),
        booked_on=row.booked_on,
        decision=row.decision,
        note=None if is_clearing else row.note,
        reversal_of=str(row.reversal_of) if row.reversal_of else None,
        decision_ident=ident if by == "decision" else None,
        payment_assignment_ident=ident if by == "assignment" else None,
        counter_case_ident=row.note if is_clearing else None,
    )
