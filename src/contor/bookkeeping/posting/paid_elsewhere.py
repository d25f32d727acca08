"""What an order says was paid is no claim any more: the open item of its invoice is closed as soon as it is opened, so that nobody is
reminded (posting table rows 16 and 31). A deposit is received: that makes its tax due (row 10).

It goes to the tenant's account for what is closed elsewhere; where there is none, to that of what a provider has captured and not paid out.
"""

from collections.abc import Sequence
from dataclasses import replace

from contor.bookkeeping.chart import accounts_of, chart_of
from contor.bookkeeping.entries import Posting, post
from contor.bookkeeping.posting.decisions import post_decision
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Accounts, Chart, Entry, Payment
from contor.documents.events import DocumentsIssued
from contor.documents.judge import IssuedDocument
from contor.documents.types import DocumentType
from contor.kernel.events import on
from contor.openitems.cases import locked_cases, move
from contor.openitems.rules import decide, pay
from contor.openitems.types import Case, DecisionType, Move, MovedCase, Movement
from contor.runtime.uow import Uow


@on(DocumentsIssued)
def close_paid(uow: Uow, fact: DocumentsIssued) -> None:
    """After the open items are there."""
    paid = [draft for draft in fact.documents if _was_paid(draft)]
    if paid:
        uow.finish(lambda: _close(uow, paid))


def _was_paid(draft: IssuedDocument) -> bool:
    """What is owed. What takes another's place is cleared with it."""
    document = draft.document
    owed = document.document_type in (DocumentType.INVOICE, DocumentType.DEPOSIT_INVOICE) and document.totals.payable > 0
    return owed and document.was_paid_before and not draft.facts.repeats


def _close(uow: Uow, paid: Sequence[IssuedDocument]) -> None:
    chart = _with_account(chart_of(uow))
    accounts = accounts_of(uow, (draft.document.customer_ident for draft in paid), chart=chart)
    moves = [
        Move(stored, _movement(stored.case), f"document:{stored.document_id}", stored.case.document_date)
        for stored in locked_cases(uow, [draft.id for draft in paid])
    ]
    postings = []
    for happened in move(uow, moves):
        case = happened.before.case
        of_customer: Accounts = accounts[case.customer_ident]
        if happened.before.cash_taxation:
            of_customer = replace(of_customer, cash_taxation=True)
        entries = _entries(happened, of_customer)
        postings += [Posting(entry, happened.before.document_id) for entry in entries]
    post(uow, postings)


def _movement(case: Case) -> Movement:
    return pay(case, case.balance, case.ledger_balance) if case.is_deposit else decide(case, DecisionType.EXTERNAL_CLOSED)


def _entries(happened: MovedCase, accounts: Accounts) -> list[Entry]:
    case = happened.before.case
    if not case.is_deposit:
        return post_decision(case, happened.movement, happened.booked_on, happened.source, accounts)
    received = Payment(
        ident=happened.source,
        booked_on=happened.booked_on,
        amount=case.balance,
        ledger_amount=case.ledger_balance,
        account=accounts.chart[Role.EXTERNAL_CLOSED].number,
        currency=case.currency,
    )
    return post_payment(case, happened.movement, received, accounts)


def _with_account(chart: Chart) -> Chart:
    known = dict(chart.items())
    return chart.replaced({Role.EXTERNAL_CLOSED: known.get(Role.EXTERNAL_CLOSED, known[Role.PAYMENT_PROVIDER])})
