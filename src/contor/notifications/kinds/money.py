"""What is told of money: of intents to move it, of what it was put to, of what providers report."""

from collections.abc import Collection, Iterator

from contor.assignment.events import AssignmentsReversed, PaymentsAssigned, PaymentsReturned
from contor.assignment.types import Assigned
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.payments.intents import IntentsCreated, IntentsFailed, IntentsSucceeded, IntentView, views_of
from contor.payments.open_banking import ConsentEnds
from contor.payments.settlements import ReportsSettled
from contor.runtime.uow import Uow


@notified(IntentsCreated, {"paymentintent.created": "Money is to be moved for a document, from or to an account of its customer."})
def intents_created(uow: Uow, fact: IntentsCreated) -> Iterator[Notice]:
    for view in views_of(uow, fact.intent_idents).values():
        content = {
            "paymentIntentIdent": view.payment_intent_ident,
            "type": view.type,
            "amount": {"amount": view.amount, "currency": view.currency},
            "documentIdent": view.document_ident,
            "documentId": view.document_id,
            "customerIdent": view.customer_ident,
            "customerPaymentAccountIdent": view.customer_payment_account_ident,
        }
        yield Notice("paymentintent.created", f"intent:{view.payment_intent_ident}", content)


@notified(
    IntentsSucceeded,
    {"paymentintent.result": "Money was moved as it was intended, or was not; then it says whether it is tried again."},
)
def intents_succeeded(uow: Uow, fact: IntentsSucceeded) -> Iterator[Notice]:
    return (_result(view, has_retry=False) for view in views_of(uow, fact.intent_idents).values())


@notified(IntentsFailed, {})
def intents_failed(uow: Uow, fact: IntentsFailed) -> Iterator[Notice]:
    views = views_of(uow, fact.intent_idents)
    return (_result(view, has_retry=ident in fact.retry_idents) for ident, view in views.items())


def _result(view: IntentView, *, has_retry: bool) -> Notice:
    last = view.attempts[-1] if view.attempts else None
    failed = view.status != "SUCCESSFUL"
    content = {
        "paymentIntentIdent": view.payment_intent_ident,
        "type": view.type,
        "status": view.status,
        "amount": {"amount": view.amount, "currency": view.currency},
        "documentIdent": view.document_ident,
        "customerIdent": view.customer_ident,
        "customerPaymentAccountIdent": view.customer_payment_account_ident,
        "retryIdent": view.payment_intent_ident if has_retry else None,
        "lastRetry": failed and not has_retry,
        "retryDate": view.retry_date,
        "errorCode": last.reason_code if last and failed else None,
        "errorMessage": (last.reason if last else None) or view.reason if failed else None,
        "retryAdvice": ("RETRY" if has_retry else "DO_NOT_RETRY") if failed else None,
    }
    return Notice("paymentintent.result", f"intent:{view.payment_intent_ident}", content)


@notified(PaymentsAssigned, {"paymentAssignment.processed": "Money of a payment was put to an open item."})
def payments_assigned(uow: Uow, fact: PaymentsAssigned) -> Iterator[Notice]:
    return _assignments("paymentAssignment.processed", fact.assigned)


@notified(AssignmentsReversed, {"paymentAssignment.reversed": "What was put to an open item was taken back: the money waits."})
def assignments_reversed(uow: Uow, fact: AssignmentsReversed) -> Iterator[Notice]:
    return _assignments("paymentAssignment.reversed", fact.reversed)


def _assignments(type: str, assigned: Collection[Assigned]) -> Iterator[Notice]:
    for one in assigned:
        cases = list(dict.fromkeys((moved.before.document_id, moved.before.case) for moved in one.moves))
        content = {
            "paymentAssignmentIdent": one.ident,
            "paymentIdent": one.payment.ident,
            "merchantPaymentAccountIdent": one.payment.account_ident,
            "amount": {"amount": abs(one.amount), "currency": one.payment.currency},
            "debitCreditIndicator": "CREDIT" if one.amount >= 0 else "DEBIT",
            "oposCaseIdents": [case.ident for _, case in cases],
            "documentIdents": [case.document_ident for _, case in cases],
            "customerIdents": sorted({case.customer_ident for _, case in cases}),
        }
        yield Notice(type, f"payment:{one.payment.ident}", content)


@notified(PaymentsReturned, {"payment.returned": "A payment took an earlier one back: what that had settled is owed again."})
def payments_returned(uow: Uow, fact: PaymentsReturned) -> Iterator[Notice]:
    for one in fact.returned:
        content = {
            "paymentIdent": one.payment.ident,
            "originalPaymentIdent": one.original.ident,
            "merchantPaymentAccountIdent": one.payment.account_ident,
            "amount": {"amount": one.amount, "currency": one.original.currency},
            "reasonCode": one.reason_code,
            "documentIds": one.document_ids,
            "documentIdents": one.document_idents,
            "customerIdents": one.customer_idents,
        }
        yield Notice("payment.returned", f"payment:{one.original.ident}", content)


@notified(
    ReportsSettled, {"settlementReport.processed": "Items of a provider's settlement report were stored and have had their effect."}
)
def reports_settled(uow: Uow, fact: ReportsSettled) -> Iterator[Notice]:
    for ident in fact.report_idents:
        yield Notice("settlementReport.processed", f"settlement:{ident}", {"settlementReportIdent": ident})


@notified(
    ConsentEnds,
    {"openBankingAccount.consentEnds": "A bank will soon tell nothing of an account, unless somebody confirms it anew."},
)
def consent_ends(uow: Uow, fact: ConsentEnds) -> Iterator[Notice]:
    content = {"openBankingAccountIdent": fact.ident, "validUntil": fact.valid_until}
    yield Notice("openBankingAccount.consentEnds", f"openBanking:{fact.ident}", content)
