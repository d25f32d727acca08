"""An issued document opens its open item, or moves the one of the deposit invoice that it corrects; in the same transaction."""

from collections.abc import Sequence
from typing import Any

from contor.documents.events import DocumentsIssued
from contor.documents.types import DocumentType
from contor.kernel.events import on
from contor.openitems import tables
from contor.openitems.cases import Move, locked_cases, move
from contor.openitems.events import DepositsCorrected
from contor.openitems.rules import close_deposit, open_case
from contor.runtime.uow import Uow

_COLUMNS = (
    "document_id", "ident", "document_type", "customer_ident", "currency", "document_date", "due_date", "opening", "balance",
    "ledger_balance", "status", "is_memo", "payment_collection", "created_at", "closed_at",
)  # fmt: skip


@on(DocumentsIssued)
def open_cases(uow: Uow, fact: DocumentsIssued) -> None:
    """Receivables, payables and memo cases; a document of 0.00 is closed at once."""
    opened, corrections = [], []
    for draft in fact.documents:
        case = open_case(draft.document, cash_taxation=draft.cash_taxation)
        if case is not None:
            opened.append((draft, case))
        elif draft.document.document_type is DocumentType.DEPOSIT_INVOICE_CORRECTION:
            corrections.append(draft)
    if opened:
        uow.finish(lambda: _write(uow, opened))
    if corrections:
        _correct(uow, corrections)


def _write(uow: Uow, opened: Sequence[tuple[Any, Any]]) -> None:
    now = uow.ctx.now()
    rows = []
    for draft, case in opened:
        closed = case.is_closed
        rows.append(
            (
                draft.id, draft.ident, case.document_type.value, case.customer_ident, case.currency, case.document_date, case.due_date,
                case.opening, case.balance, case.ledger_balance, "CLOSED" if closed else "OPEN", case.is_memo,
                draft.document.payment_collection.collect, now, now if closed else None,
            )
        )  # fmt: skip
    uow.copy(tables.opos_case, _COLUMNS, rows)


def _correct(uow: Uow, drafts: Sequence[Any]) -> None:
    """The correction of a deposit invoice closes what is still unpaid of the deposit's own case."""
    targets = {}
    for draft in drafts:
        for related in draft.facts.related.values():
            if related.left.document.document_type is DocumentType.DEPOSIT_INVOICE:
                targets[related.left.document.ident] = draft
    cases = locked_cases(uow, targets)
    corrections, moves = [], []
    for stored in cases:
        draft = targets[stored.case.document_ident]
        movement = close_deposit(stored.case, draft.document.totals.gross)
        corrections.append((draft, movement))
        moves.append(Move(stored, movement, f"document:{draft.id}", draft.document.document_date))
    move(uow, moves)
    uow.emit(DepositsCorrected(document_ids=tuple(d.id for d, _ in corrections), corrections=tuple(corrections)))
