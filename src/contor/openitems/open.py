"""An issued document opens its open item, or moves the one of the deposit invoice that it corrects; in the same transaction."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from contor.documents.amounts import gross_of
from contor.documents.events import DocumentsIssued, DocumentsTakenOver
from contor.documents.judge import IssuedDocument
from contor.documents.papers import NOT_DUNNED
from contor.documents.treatment import tax_parts
from contor.documents.types import Document, DocumentType
from contor.kernel.events import on
from contor.kernel.money import ZERO, round_amount
from contor.openitems import tables
from contor.openitems.cases import locked_cases, move
from contor.openitems.deposits import close_deposit, move_deposit
from contor.openitems.events import DepositsCorrected
from contor.openitems.keys import compact
from contor.openitems.rules import Opening, opening_of
from contor.openitems.types import Move
from contor.runtime.uow import Uow

_COLUMNS = (
    "document_id",
    "ident",
    "document_type",
    "customer_ident",
    "currency",
    "document_date",
    "due_date",
    "opening",
    "balance",
    "ledger_balance",
    "status",
    "is_memo",
    "payment_collection",
    "created_at",
    "closed_at",
    "number_key",
    "reference_key",
    "customer_account_ident",
    "announced_on",
    "announced_because",
    "opened_on",
    "dunning_block",
    "dunning_block_reason",
)
_SAID_BY_DOCUMENT: Final = "its document says so"


@on(DocumentsIssued)
def open_cases(uow: Uow, fact: DocumentsIssued) -> None:
    """Receivables, payables and memo cases; a document of 0.00 is closed at once."""
    opened, corrections = [], []
    for draft in fact.documents:
        opening = opening_of(draft.document)
        if opening is None:
            corrections.append(draft)
        else:
            opened.append((draft, opening))
    if opened:
        uow.finish(lambda: _write(uow, opened))  # its ident is the number, which is drawn at the end (decision 2)
    if corrections:
        _correct(uow, corrections)
    _move_deposits(uow, [draft for draft in fact.documents if draft.document.final_invoice_method == "REVERSAL"])


@on(DocumentsTakenOver)
def carry_forward(uow: Uow, fact: DocumentsTakenOver) -> None:
    """What is open of documents that another system issued, from the day on which it is carried forward."""
    for one in fact.documents:
        opening = opening_of(one.draft.document)
        assert opening is not None, "corrections of deposits are not taken over"
        uow.finish(partial(_write, uow, [(one.draft, opening)], one.opened_on))


def _write(uow: Uow, opened: Sequence[tuple[IssuedDocument, Opening]], opened_on: dt.date | None = None) -> None:
    now = uow.ctx.now()
    rows = []
    for draft, opening in opened:
        document, closed = draft.document, not opening.amount
        rows.append(
            (
                draft.id,
                draft.ident,
                document.document_type.value,
                document.customer_ident,
                document.currency,
                document.document_date,
                document.due_date,
                opening.amount,
                opening.amount,
                opening.ledger_amount,
                "CLOSED" if closed else "OPEN",
                opening.is_memo,
                document.payment_collection.collect,
                now,
                now if closed else None,
                compact(draft.ident),
                _reference_key(draft),
                document.payment_information.customer_payment_account_ident,
                document.collection_date,
                document.collection_reason,
                opened_on,
                is_blocked := is_not_dunned(document),
                _SAID_BY_DOCUMENT if is_blocked else None,
            )
        )
    uow.later(tables.opos_case, _COLUMNS, rows)


def is_not_dunned(document: Document) -> bool:
    """Whether it says of itself that it is not dunned: that stands until a person lifts it."""
    return document.sign > 0 and any(entry.key == NOT_DUNNED and entry.value == "true" for entry in document.properties)


def _reference_key(draft: IssuedDocument) -> str | None:
    """Of the payment reference that the page prints (BT-83), where it is not the number."""
    printed = compact(draft.document.payment_information.payment_reference or "")
    return printed if printed and printed != compact(draft.ident) else None


def _correct(uow: Uow, drafts: Sequence[IssuedDocument]) -> None:
    """The correction of a deposit invoice closes what is still unpaid of the deposit's own case."""
    targets = {}
    for draft in drafts:
        for related in draft.facts.related.values():
            if related.left.document.document_type is DocumentType.DEPOSIT_INVOICE:
                targets[related.id] = draft
    cases = locked_cases(uow, targets)
    corrections, moves = [], []
    for stored in cases:
        draft = targets[stored.document_id]
        movement = close_deposit(stored.case, draft.document.totals.gross, tax_parts(draft.document))
        corrections.append((draft, movement))
        moves.append(Move(stored, movement, f"document:{draft.id}", draft.document.document_date))
    move(uow, moves)
    uow.emit(DepositsCorrected(document_ids=tuple(d.id for d, _ in corrections), corrections=tuple(corrections)))


def _move_deposits(uow: Uow, finals: Sequence[IssuedDocument]) -> None:
    """Received money that a correction took off its deposit invoice moves to the final invoice: what is payable there is without
    it already (method REVERSAL)."""
    targets = {related.deposit_id: (draft, related) for draft in finals for related in draft.facts.related.values()}
    if targets:
        moves = []
        for stored in locked_cases(uow, targets):
            draft, related = targets[stored.document_id]
            if amount := gross_of(related.received):
                in_books = moved_in_ledger(draft.document, related.deposit_ident, amount)
                moves.append(Move(stored, move_deposit(amount, in_books), f"document:{draft.id}", draft.document.document_date))
        move(uow, moves)


def moved_in_ledger(final: Document, deposit_ident: str, amount: Decimal) -> Decimal:
    """What `amount`, the receipts of a deposit that a final invoice takes over (method REVERSAL), is worth on the customer's account."""
    ledger = final.ledger
    if ledger is None:
        return amount
    if not ledger.deposits:  # where a row bears several taxes
        return round_amount(amount / ledger.exchange_rate.rate, ledger.currency)
    return sum((part.gross for it in ledger.deposits if it.ident == deposit_ident for part in it.groups), ZERO)
