"""The open items that payments may be for, which name none: of those with their amount, and of customers who have paid from their account,
the nearest ones."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.assignment.finding.payers import customers_known
from contor.assignment.finding.score import LEAST, Facts, Score, days_between, score
from contor.assignment.types import Offer, Reason
from contor.customers.queries import names_of
from contor.openitems.stored import OpenCase, open_cases_of_amounts, open_cases_of_customers
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow

_OF_AMOUNT: Final = 20
"""Open items that are looked at of one amount, and of one customer; with more of them an amount says nothing."""
_MOST: Final = 10
"""Suggestions of a payment."""


class Candidate(NamedTuple):
    case: OpenCase
    score: Score


class _Around(NamedTuple):
    """All that is looked at together."""

    of_amount: Mapping[tuple[str, Decimal], Sequence[OpenCase]]
    of_customer: Mapping[str, Sequence[OpenCase]]
    known: Mapping[str, set[str]]
    names: Mapping[str, Sequence[str]]


def scored_candidates(uow: Uow, payments: Sequence[StoredPayment]) -> dict[str, list[Candidate]]:
    """By ident of the payment, the nearest first; of equal ones what is due first."""
    if not payments:
        return {}
    amounts = sorted({(payment.currency, payment.amount) for payment in payments})
    known = customers_known(uow, payments)
    of_amount: dict[tuple[str, Decimal], list[OpenCase]] = {}
    for case in open_cases_of_amounts(uow, amounts, _OF_AMOUNT):
        of_amount.setdefault((case.currency, case.balance), []).append(case)
    of_customer: dict[str, list[OpenCase]] = {}
    for case in open_cases_of_customers(uow, sorted({it for found in known.values() for it in found}), _OF_AMOUNT):
        of_customer.setdefault(case.customer_ident, []).append(case)
    asked = {case.customer_ident for found in of_amount.values() for case in found} | of_customer.keys()
    around = _Around(of_amount, of_customer, known, names_of(uow, asked) if asked else {})
    return {payment.ident: _of(payment, around) for payment in payments}


def _of(payment: StoredPayment, around: _Around) -> list[Candidate]:
    exact = around.of_amount.get((payment.currency, payment.amount), ())
    known = around.known.get(payment.ident, set())
    cases = {case.document_id: case for case in exact}
    cases |= {
        case.document_id: case
        for customer in known
        for case in around.of_customer.get(customer, ())
        if case.currency == payment.currency
    }
    found = []
    for case in cases.values():
        facts = Facts(
            exact=case.balance == payment.amount,
            known_payer=case.customer_ident in known,
            payer_name=payment.counterpart_name,
            names=around.names.get(case.customer_ident, ()),
            days=days_between(payment.paid_on, case.due_date),
            unique=len(exact) == 1,
        )
        scored = score(facts)
        if scored.total >= LEAST:
            found.append(Candidate(case, scored))
    return sorted(found, key=lambda it: (-it.score.total, it.case.due_date, it.case.document_id))[:_MOST]


def offers_by_score(payment: StoredPayment, candidates: Sequence[Candidate]) -> list[Offer]:
    """The nearest first."""
    return [
        Offer(
            case_ident=it.case.ident,
            amount=min(payment.amount, it.case.balance),
            reason=Reason.CANDIDATES,
            score=it.score.total,
            note="nothing is named; by amount, payer, name and due date",
            document_id=it.case.document_id,
            customer_ident=it.case.customer_ident,
            said=it.score.parts,
        )
        for it in candidates
    ]
