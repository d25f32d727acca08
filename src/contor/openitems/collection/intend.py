"""Somebody wants money to be moved for a document, or a failed intent to be tried again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from contor.documents.naming import bearers, documents_named, own_first
from contor.documents.queries import documents_of_orders
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.openitems.collection.promise import Judged, collectable_cases, judge, promise
from contor.openitems.collection.rules import BEING_COLLECTED
from contor.openitems.collection.types import IntentBody, Wanted
from contor.openitems.stored import with_cases
from contor.payments.intents import Failed, IntentView, intents_by_ident, view_of
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class CreateIntent:
    body: IntentBody


@dataclass(frozen=True, slots=True)
class RetryIntent:
    payment_intent_ident: str


@operation("payment_intent.create", permission="payments.write")
def create_intent(uow: Uow, command: CreateIntent) -> IntentView:
    """Move money for a document: collect what is owed to us, pay what we owe. A document of which something is under way already is
    refused, and of two who ask at once one."""
    body = command.body
    document = _document_meant(uow, body)
    if body.payment_intent_ident is not None and intents_by_ident(uow, [body.payment_intent_ident]):
        message = f"A payment intent {body.payment_intent_ident!r} exists already."
        raise Refused(Kind.CONFLICT, Problem("payment_intent_exists", message, "paymentIntentIdent", body.payment_intent_ident))
    wanted = Wanted(
        document_id=document,
        type=body.type,
        account=body.customer_payment_account_ident,
        amount=body.amount,
        due_on=body.due_date,
        descriptor=body.statement_descriptor,
        refunds=body.refunds_payment_intent_ident,
        ident=body.payment_intent_ident,
    )
    (judged,) = judge(uow, [wanted])
    problems = [*judged.problems]
    currency = collectable_cases(uow, [document])[document].currency
    if body.currency is not None and body.currency != currency:
        problems.append(Problem("currency_differs", f"The document is in {currency}.", "currency", body.currency))
    if body.due_date is not None and body.due_date < uow.ctx.today():
        problems.append(Problem("due_date_past", "is before today", "dueDate", body.due_date))
    _refuse(problems)
    (intent,) = promise(uow, [judged])
    return view_of(uow, intent.ident)


@operation("payment_intent.retry", permission="payments.write")
def retry_intent(uow: Uow, command: RetryIntent) -> IntentView:
    """Try a failed intent again by a new attempt, if it may still be moved."""
    ident = command.payment_intent_ident
    found = intents_by_ident(uow, [ident]).get(ident)
    if found is None:
        raise not_found("payment_intent", ident)
    if found.status != "FAILED":
        message = f"It is {found.status}: only what failed is tried again."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_intent_not_failed", message))
    judged = judge_again(uow, [found])
    _refuse([problem for it in judged for problem in it.problems])
    promise(uow, judged)
    return view_of(uow, ident)


def collect_at_order(uow: Uow, document_id: int, due_on: dt.date | None) -> str | None:
    """The intent by which a document is collected that was issued in this transaction, as its customer agreed to when he ordered; None:
    nothing is open on it. `due_on`: None: as the document says. Raises what is wrong."""
    judged = judge(uow, [Wanted(document_id=document_id, due_on=due_on)])
    if not judged or not collectable_cases(uow, [document_id])[document_id].balance:
        return None
    _refuse([problem for it in judged for problem in it.problems])
    (intent,) = promise(uow, judged)
    return intent.ident


def judge_again(uow: Uow, failed: Sequence[Failed]) -> list[Judged]:
    """Hold the cases of failed intents and judge whether what they were to move may be moved now. One that meanwhile does not stand as it
    failed, or stands for another document, is left out."""
    wanted = [
        Wanted(
            document_id=it.document_id,
            type=it.type,
            account=it.customer_account_ident,
            amount=it.amount,
            due_on=max(it.retry_on or uow.ctx.today(), uow.ctx.today()),
            descriptor=it.statement_descriptor,
            refunds=it.refunds_intent_ident,
            ident=it.ident,
            renews=True,
        )
        for it in failed
    ]
    judged = judge(uow, wanted)
    # who was waited for may have tried it again, or have issued its document anew
    now = intents_by_ident(uow, [it.ident for it in failed], lock=True)
    still = {(it.ident, it.document_id) for it in now.values() if it.status == "FAILED"}
    return [it for it in judged if (it.wanted.ident, it.wanted.document_id) in still]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        kind = Kind.CONFLICT if problems[0].code == BEING_COLLECTED else Kind.INVALID
        raise Refused(kind, *problems)


def _document_meant(uow: Uow, body: IntentBody) -> int:
    """The id of the document that is named, or of the only one of an order that is open."""
    name = body.target_ident
    if body.target_type == "ORDER":
        ids = documents_of_orders(uow, [name]).get(name, [])
        cases = collectable_cases(uow, ids)
        wanted = [it for it in cases.values() if it.balance] or list(cases.values())
        if len(wanted) > 1:
            message = f"The order has several documents: {', '.join(it.ident for it in wanted)}. Name one of them."
            raise Refused(Kind.INVALID, Problem("target_ambiguous", message, "targetIdent", name))
        if not wanted:
            message = f"There is no order {name!r} with an open item."
            raise Refused(Kind.INVALID, Problem("target_not_found", message, "targetIdent", name))
        return wanted[0].document_id
    rows = with_cases(uow, own_first(uow, documents_named(uow, [name])[name]))
    if len(rows) > 1:
        raise Refused(Kind.CONFLICT, Problem("target_ambiguous", bearers(uow, rows), "targetIdent", name))
    if not rows:
        raise Refused(
            Kind.INVALID, Problem("target_not_found", f"There is no document {name!r} with an open item.", "targetIdent", name)
        )
    return rows[0].id
