"""Pay a document and the damages of default that are claimed on it by one payment, in the order of section 367 BGB."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from contor.assignment.assignments import AssignmentView, CreateAssignment, create_assignment
from contor.assignment.by_hand import AssignmentBody
from contor.documents.naming import documents_named, own_first, the_document
from contor.dunning.claims import ClaimRow, open_claims, put, why_not_paid_by
from contor.dunning.configuration import configuration_of
from contor.dunning.rules import allocated
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, is_amount, shown, too_fine, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Amount, Ident, Money, shape
from contor.openitems.cases import locked_cases
from contor.openitems.stored import with_cases
from contor.payments.changing import locked
from contor.runtime.uow import Uow, not_found


@shape
class DocumentPayment:
    payment_ident: Ident
    document_ident: Ident
    amount: Annotated[Amount, Field(gt=0)] | None = None
    """Default: what the payment has left, at most what is owed."""
    principal_first: bool | None = None
    """Whether the payer wished that the invoice be paid before costs and interest that are booked (section 367 (2) BGB)."""


@shape
class PayDocument:
    body: DocumentPayment


@shape
class ClaimPart:
    """What of the payment went to a claim."""

    claim_ident: str
    kind: str
    amount: Money


@shape
class DocumentPaid:
    """Where the payment went; what is left of it waits."""

    claims: tuple[ClaimPart, ...]
    assignment: AssignmentView | None
    left: Money


@operation("dunning_claim.pay_document", permission="payments.write")
def pay_document(uow: Uow, command: PayDocument) -> DocumentPaid:
    """Costs, then interest, then the invoice, where claims are booked; the invoice first where they are memos, or where the payer wished
    it and the tenant does not refuse that."""
    body = command.body
    payment, assigned, *_ = locked(uow, body.payment_ident)
    named = with_cases(uow, own_first(uow, documents_named(uow, [body.document_ident])[body.document_ident]))
    if not named:
        raise not_found("opos_case", body.document_ident)
    number = the_document(uow, body.document_ident, named).id
    (stored,) = locked_cases(uow, [number])
    claims, rest = open_claims(uow, number), abs(payment.amount) - assigned
    owed = max(ZERO, stored.case.balance) + sum((claim.open for claim in claims), ZERO)
    amount = min(rest, owed) if body.amount is None else body.amount
    problems = why_not_paid_by(payment, stored.case.currency)
    if not is_amount(amount, stored.case.currency):
        problems.append(Problem("too_many_decimals", too_fine(stored.case.currency), "amount", amount))
    if amount > rest or not rest:
        message = f"is more than the payment has left: {worded(rest, payment.currency)}"
        problems.append(Problem("payment_exhausted", message, "amount" if body.amount else "paymentIdent", body.amount))
    if amount > owed or not owed:
        message = f"is more than is owed with the document: {worded(owed, stored.case.currency)}"
        problems.append(Problem("document_settled", message, "amount" if body.amount else "documentIdent", body.amount))
    problems += _unwished(uow, body, claims)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    first = body.principal_first or not any(claim.booked for claim in claims)
    by_ident = {claim.claim_ident: claim for claim in claims}
    parts = allocated(
        amount,
        [("INTEREST" if one.kind == "INTEREST" else "COSTS", one.claim_ident, one.open) for one in claims],
        max(ZERO, stored.case.balance),
        principal_first=first,
    )
    of_claims = [(by_ident[part.ident], part.amount) for part in parts if part.ident]
    principal = sum((part.amount for part in parts if not part.ident), ZERO)
    put(uow, payment, assigned, of_claims)
    made = _assigned(uow, body, principal)
    return DocumentPaid(
        claims=tuple(
            ClaimPart(claim_ident=one.claim_ident, kind=one.kind, amount=shown(part, payment.currency)) for one, part in of_claims
        ),
        assignment=made,
        left=shown(rest - amount, payment.currency),
    )


def _assigned(uow: Uow, body: DocumentPayment, principal: Decimal) -> AssignmentView | None:
    if not principal:
        return None
    wanted = AssignmentBody(payment_ident=body.payment_ident, target_ident=body.document_ident, amount=principal)
    made: AssignmentView = create_assignment(uow, CreateAssignment(wanted))
    return made


def _unwished(uow: Uow, body: DocumentPayment, claims: list[ClaimRow]) -> list[Problem]:
    """What the tenant says of a wish of the payer; it matters only where claims are booked."""
    configuration = configuration_of(uow)
    rule = configuration.partial_payment_wish if configuration is not None else None
    if not any(claim.booked for claim in claims):
        return []
    if rule == "REFUSE" and body.principal_first:
        message = "is refused: costs and interest are paid before the invoice (section 367 (2) BGB)"
        return [Problem("wish_refused", message, "principalFirst", True)]
    if rule == "ASK" and body.principal_first is None:
        return [Problem("wish_unsaid", "is required: say whether the payer wished it", "principalFirst")]
    return []
