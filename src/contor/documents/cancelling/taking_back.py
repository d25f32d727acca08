"""Cancel: an issued document is taken back by another one, as a whole or by an amount; what was issued stays as it is.

As a whole it is a credit memo (of a deposit invoice or a self-billing invoice, its correction) over every row that is left. By an amount it
is a credit memo over that gross, spread over rows and tax groups (`amounts.by_amount`). It is dated today (accounting reference, amendment
h) and cleared with what is open of the document; what was paid beyond that is the customer's credit.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from contor.documents.amounts import Left, is_taken_back, left_in_gross, netted_in_words
from contor.documents.beside import require_unlocked
from contor.documents.cancelling.in_part import Asked, CreditKind, part_credit, part_findings, said
from contor.documents.cancelling.kinds import CreditedAs, keep_kind
from contor.documents.drafts import issued_document
from contor.documents.events import DocumentCancelled
from contor.documents.issue import issue_requests
from contor.documents.judge import CREDITING, IssuedDocument, Repeated, whole_credit
from contor.documents.matters import lock_matters
from contor.documents.naming import Named
from contor.documents.request import related_documents
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import CONFIG, Ident, Text, replace, shape
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, tenant_settings

TAKEN_BACK_BY = {credited: kind for kind, credited in CREDITING.items()}
"""By type of document the type of what takes it back."""


@shape
class CancelBody:
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    """So much is taken back, in gross and in the document's currency; default: all that is left of it."""
    description: Text = ""
    """Why; printed. Required for a part."""
    ident: Ident | None = None
    """Number of the credit, where the number configuration wants the caller's."""
    kind: CreditKind = "CANCELLATION"
    """What it is to the customer: told by it, and nothing else."""


@dataclass(frozen=True, slots=True)
class Cancel:
    document_ident: str
    body: CancelBody


@dataclass(slots=True, kw_only=True)
class Cancelled:
    """What takes the document back; its number is set when it is drawn, at the end of the transaction."""

    document_ident: str
    """Of the credit."""
    document_id: int
    cancelled_document_ident: str
    amount: Decimal
    """In gross, positive."""
    left: Decimal
    """What is left of the document, in gross."""
    currency: str


Cancelled.__pydantic_config__ = CONFIG  # type: ignore[attr-defined]  # where pydantic looks for it


@operation("document.cancel", permission="documents.write")
def cancel(uow: Uow, command: Cancel) -> Cancelled:
    """Take an issued document back, as a whole or so much of it. Never more than is left; with what is left in the refusal."""
    row = locked_document(uow, command.document_ident)
    require_unlocked(uow, row.id, row.ident)
    left = related_documents(uow, {row.id: row.document_type})[row.id].left
    _require_cancellable(row, left, command.body)
    credit, amount = issue_credit(uow, left, command.body)
    keep_kind(uow, CreditedAs(credit.id, row.id, command.body.kind))
    uow.audit("document", row.ident, {"cancelled_by": credit.id, "amount": amount, "why": command.body.description})
    uow.emit(DocumentCancelled(document_id=row.id, credit_id=credit.id))
    rest = left_in_gross(left) - amount
    answer = Cancelled(
        document_ident="",
        document_id=credit.id,
        cancelled_document_ident=row.ident,
        amount=amount,
        left=rest,
        currency=left.document.currency,
    )
    uow.finish(lambda: _number(answer, credit))
    return answer


# helpers in calling order


def locked_document(uow: Uow, name: str) -> Named:
    """The document, locked against everything that credits or pays it; its customer's billing first, as by the billing run."""
    row = issued_document(uow, name)
    uow.lock("billing", [row.customer_ident])
    lock_matters(uow, [row.id])
    return row


def _require_cancellable(row: Named, left: Left, body: CancelBody) -> None:
    problems = []
    if DocumentType(row.document_type) not in TAKEN_BACK_BY:
        message = f"A {row.document_type} takes something back itself: what it took is issued anew."
        problems.append(Problem("document_type_not_cancellable", message, "documentIdent", row.ident))
    elif is_taken_back(left):
        taken = netted_in_words(left.rows.values(), left.document.currency)
        message = f"{row.ident} was cancelled already: nothing is left of it{taken}."
        raise Refused(Kind.CONFLICT, Problem("document_cancelled_already", message, "documentIdent", row.ident))
    if problems:
        raise Refused(Kind.ILLEGAL_STATE, *problems)
    if row.document_type == DocumentType.DEPOSIT_INVOICE and body.amount not in (None, left_in_gross(left)):
        message = f"{row.ident} is a deposit invoice, which is corrected as a whole"
        raise Refused(Kind.ILLEGAL_STATE, Problem("deposit_cancelled_in_part", message, "amount", body.amount))


def issue_credit(uow: Uow, left: Left, body: CancelBody) -> tuple[IssuedDocument, Decimal]:
    """The credit on its way, and its gross. Raises INVALID with every finding."""
    document = left.document
    date = tenant_settings(uow).undated_on(days_of_groups(uow), document.billing_group_ident)
    asked = Asked(f"cancel~{uow.new_uuid()}", date, body.amount, body.description, body.ident, body.kind)
    taken: dict[str, Repeated] = {}
    if is_whole(left) and body.amount in (None, document.totals.gross):
        wanted, amount = whole_credit(document, asked.request_id, date, body.ident), document.totals.gross
        properties = (*said(body.description, body.kind), *wanted.properties[1:])
        wanted = replace(wanted, prepaid=document.paid_here, properties=properties)
    else:
        if problems := part_findings(left, asked):
            raise Refused(Kind.INVALID, *problems)
        _require_rest(left)
        wanted, part = part_credit(left, asked)
        taken[asked.request_id] = Repeated(document, taken=part.groups)
        amount = sum((group.gross for group in part.groups.values()), ZERO)
    return _issued(uow, TAKEN_BACK_BY[document.document_type], wanted, taken), amount


def is_whole(left: Left) -> bool:
    """Whether nobody has taken anything of it."""
    return (
        all(row.left == row.item.total and not row.netted for row in left.rows.values())
        and left_in_gross(left) == left.document.totals.gross
    )


def _require_rest(left: Left) -> None:
    """What the document charges may be taken back but for what it credits itself; by rows as much or more can have been."""
    document, rest = left.document, left_in_gross(left)
    if rest > 0:
        return
    sums = f"{worded(rest, document.currency)} is what it charges, less what it credits and what was taken back"
    taken = netted_in_words(left.rows.values(), document.currency)
    message = f"Nothing is left of {document.ident} to be cancelled: {sums}{taken}."
    raise Refused(Kind.CONFLICT, Problem("document_credited_in_full", message, "documentIdent", document.ident))


def _issued(uow: Uow, kind: DocumentType, wanted: DocumentRequest, taken: dict[str, Repeated]) -> IssuedDocument:
    (end,) = issue_requests(uow, [(kind, wanted)], repeats=taken)
    if not isinstance(end, IssuedDocument):
        raise Refused(Kind.INVALID, *end)
    return end


def _number(answer: Cancelled, credit: IssuedDocument) -> None:
    answer.document_ident = credit.ident
