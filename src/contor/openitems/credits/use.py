"""The next invoice uses what its customer has to his credit: its open item is reduced, with the tax (section 17 UStG), as by a person."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.events import DocumentsIssued
from contor.documents.judge import IssuedDocument
from contor.documents.types import DocumentType
from contor.kernel.events import on
from contor.openitems.cases import locked_cases
from contor.openitems.credits.balances import credit_balances
from contor.openitems.credits.tables import customer_credit
from contor.openitems.decisions import Decide, DecisionBody, add_decision
from contor.openitems.events import DecisionsReverted
from contor.openitems.types import DecisionType
from contor.runtime.query.reading import has_any, rare
from contor.runtime.uow import Uow

NOTE = "Guthaben des Kunden"
_CREDITS = rare("customer_credit")


class _Used(NamedTuple):
    customer_ident: str
    currency: str
    amount: Decimal
    document_id: int


@on(DocumentsIssued)
def use_credits(uow: Uow, fact: DocumentsIssued) -> None:
    """Of customers who have any, the oldest invoice first. Their open items are written at the end of the transaction: behind that."""
    invoices = [draft for draft in fact.documents if draft.document.document_type is DocumentType.INVOICE]
    customers = {draft.document.customer_ident for draft in invoices}
    if customers and has_any(uow, _CREDITS) and credit_balances(uow, customers):
        uow.finish(lambda: uow.finish(lambda: _use(uow, invoices)))


@on(DecisionsReverted)
def give_back(uow: Uow, fact: DecisionsReverted) -> None:
    """What an invoice no longer uses stands to the customer's credit again."""
    sql = (
        "SELECT customer_ident, currency, amount, document_id FROM customer_credit WHERE decision_ident = ANY (%s) AND amount < 0"
        " ORDER BY id"
    )
    for used in uow.all(_Used, sql, (list(fact.reversion_target_idents),)):
        _enter(uow, used.customer_ident, used.currency, -used.amount, used.document_id, None)


def _use(uow: Uow, invoices: Sequence[IssuedDocument]) -> None:
    uow.lock("customer_credits", sorted({draft.document.customer_ident for draft in invoices}))
    left = {
        (one.customer_ident, one.currency): one.balance
        for one in credit_balances(uow, {draft.document.customer_ident for draft in invoices})
    }
    for draft in sorted(invoices, key=lambda draft: draft.id):
        document = draft.document
        key = (document.customer_ident, document.currency)
        found = locked_cases(uow, [draft.id])
        if not left.get(key) or not found or found[0].case.balance <= 0:
            continue
        amount = min(left[key], found[0].case.balance)
        body = DecisionBody(type=DecisionType.DISCOUNT, amount=amount, note=NOTE)
        made = add_decision(uow, Decide(str(draft.id), body))
        _enter(uow, *key, -amount, draft.id, made.ident)
        left[key] -= amount


def _enter(uow: Uow, customer: str, currency: str, amount: Decimal, document_id: int, decision: str | None) -> None:
    row = {
        "id": uow.next_id(),
        "customer_ident": customer,
        "currency": currency,
        "amount": amount,
        "note": None,
        "document_id": document_id,
        "decision_ident": decision,
        "created_at": uow.ctx.now(),
    }
    uow.insert(customer_credit, [row])
    uow.audit("customer_credit", customer, {"amount": amount, "currency": currency, "document_id": document_id})
