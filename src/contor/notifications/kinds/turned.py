"""What is told of invoices that stand otherwise by now: paid, closed without money, open again, reminded, taken back, given back."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import views_of
from contor.documents.amounts import NOTHING, after
from contor.documents.cancelling import credit_kind
from contor.documents.drafts import DraftsChanged, DraftsCreated, drafts_by_id, facts_of
from contor.documents.events import DocumentsIssued
from contor.documents.judge import CREDITING, IssuedDocument
from contor.documents.queries import related_ids
from contor.documents.types import DocumentView
from contor.dunning.events import LettersMade
from contor.dunning.queries import letters_told
from contor.kernel.money import ZERO, shown
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.openitems.events import CasesMoved
from contor.openitems.types import MovedCase, MovementKind
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


class _Turn(NamedTuple):
    """From which balance to which one, in this transaction, and whether money did the last of it."""

    before: Decimal
    after: Decimal
    by_money: bool


@notified(
    CasesMoved,
    {
        "invoice.paid": "Nothing is open any more of a document, and money was the last that came for it.",
        "invoice.closed": "Nothing is open any more of a document, and no money came last: it was credited, cleared or decided off.",
        "invoice.unpaid": "Something is open again of a document that was settled: what had come for it was taken back.",
    },
)
def cases_moved(uow: Uow, fact: CasesMoved) -> Iterator[Notice]:
    turns = _turns(fact.moves)
    turned = {number: name for number, turn in turns.items() if (name := _named(turn)) is not None}
    views = views_of(uow, sorted(turned)) if turned else {}
    return (_notice(turned[number], view) for number, view in views.items())


@notified(LettersMade, {"invoice.reminded": "A document is dunned: it stands on a letter that went out."})
def letters_made(uow: Uow, fact: LettersMade) -> Iterator[Notice]:
    letters = letters_told(uow, fact.letter_ids)
    views = views_of(uow, sorted({number for letter in letters for number in letter.document_ids}))
    for letter in letters:
        for number in letter.document_ids:
            if views[number].outstanding > ZERO:
                said = {"dunningLetterIdent": letter.letter_ident, "dunningLevel": letter.level, "payUntil": letter.pay_until}
                yield _notice("invoice.reminded", views[number], said)


@notified(
    DocumentsIssued,
    {
        "invoice.cancelled": "A document was taken back by another one, as a whole or what was left of it: nothing of it is left.",
        "invoice.credited": "A part of a document was taken back and some of it is left, or it was credited.",
        "invoice.refunded": "A document was taken back whose money is given back.",
    },
)
def credits_issued(uow: Uow, fact: DocumentsIssued) -> Iterator[Notice]:
    credits = {draft.id: draft for draft in fact.documents if draft.document.document_type in CREDITING}
    related = related_ids(uow, credits)
    views = views_of(uow, sorted({number for numbers in related.values() for number in numbers})) if related else {}
    for credit_id, numbers in related.items():
        for number in numbers:
            credit = credits[credit_id]
            said = {"creditIdent": credit.ident, "creditAmount": shown(credit.document.totals.gross, credit.document.currency)}
            yield _notice(_credited_as(credit, number), views[number], said)


@notified(DraftsCreated, {"draft.approvalRequired": "A draft is completed only after somebody else has approved it."})
def written_for_approval(uow: Uow, fact: DraftsCreated) -> Iterator[Notice]:
    return _approvals(uow, fact.draft_ids)


@notified(DraftsChanged, {})
def changed_for_approval(uow: Uow, fact: DraftsChanged) -> Iterator[Notice]:
    return _approvals(uow, fact.draft_ids)


# helpers in calling order


def _approvals(uow: Uow, draft_ids: Sequence[int]) -> Iterator[Notice]:
    """Where what is written needs other eyes, they hear of it."""
    if tenant_settings(uow).draft_approval != "FOUR_EYES":
        return
    for draft in drafts_by_id(uow, draft_ids).values():
        facts = facts_of(draft)
        said = {"draftIdent": facts.ident, "draftId": facts.id, "type": facts.type, "customerIdent": facts.customer_ident}
        yield Notice("draft.approvalRequired", f"draft:{draft.ident}", {**said, "lastModifiedBy": draft.last_modified_by})


def _turns(moves: Sequence[MovedCase]) -> dict[int, _Turn]:
    turns: dict[int, _Turn] = {}
    for move in moves:
        number = move.before.document_id
        first = turns[number].before if number in turns else move.before.case.balance
        by_money = move.movement.kind is MovementKind.PAYMENT and move.reversal_of is None
        turns[number] = _Turn(first, move.after.balance, by_money)
    return turns


def _named(turn: _Turn) -> str | None:
    if turn.before and not turn.after:
        return "invoice.paid" if turn.by_money else "invoice.closed"
    return "invoice.unpaid" if turn.after and not turn.before else None


def _credited_as(credit: IssuedDocument, original: int) -> str:
    kind = credit_kind(credit.document)
    if kind == "REFUND":
        return "invoice.refunded"
    before = next((related.left for related in credit.facts.related.values() if related.id == original), None)
    is_end = before is not None and all(group.left == NOTHING for group in after(before, credit.document).groups.values())
    return "invoice.cancelled" if kind == "CANCELLATION" and is_end else "invoice.credited"


def _notice(type: str, view: DocumentView, said: Mapping[str, object] | None = None) -> Notice:
    content = {
        "invoice_ident": view.ident,  # as in all that is told of an invoice
        "invoice_id": view.document_id,
        "documentIdent": view.ident,
        "documentId": view.document_id,
        "documentType": view.document_type,
        "customerIdent": view.customer_detail.customer_ident,
        "currency": view.currency,
        "outstanding": shown(view.outstanding, view.currency),
        "dunningLevel": view.dunning_level,
        **(said or {}),
    }
    return Notice(type, f"document:{view.document_id}", content)
