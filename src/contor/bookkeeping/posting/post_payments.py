"""Money is in the books in the same transaction in which it is received, assigned or taken back."""

import datetime as dt
from collections.abc import Mapping, Sequence

from contor.assignment.events import AssignmentsReversed, PaymentsAssigned, PaymentsLeftOpen
from contor.assignment.types import Assigned
from contor.bookkeeping.chart import accounts_of, chart_of
from contor.bookkeeping.entries import Posting, entries_of, post, reversed_entry
from contor.bookkeeping.posting.decisions import post_decision
from contor.bookkeeping.posting.payments import post_payment, post_payment_cost, post_unassigned
from contor.bookkeeping.types import Accounts, Entry, Payment
from contor.kernel.events import on
from contor.kernel.money import round_amount
from contor.openitems.bounces import reversed_movement
from contor.openitems.types import Case, Movement
from contor.payments.events import PaymentsReceived
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

Booked = tuple[int, int | None, Entry]
"""An entry with its id and its document's (`entries_of`)."""


@on(PaymentsReceived)
def post_costs(uow: Uow, fact: PaymentsReceived) -> None:
    """Rows 16 and 17: what the bank or provider has taken from the account for a transaction."""
    nobody = _nobody(uow)
    postings = []
    for payment in fact.payments:
        if payment.fees:
            cost = Payment(
                ident=payment.ident,
                booked_on=payment.booked_on,
                amount=-payment.fees,
                ledger_amount=-payment.fees,
                account=payment.booking_account,
            )
            postings += [Posting(entry) for entry in post_payment_cost(cost, nobody)]
    post(uow, postings)


@on(PaymentsLeftOpen)
def post_left_open(uow: Uow, fact: PaymentsLeftOpen) -> None:
    """Row 15: the money is at the bank, to whom it belongs is not known yet."""
    nobody = _nobody(uow)
    postings = []
    for payment in fact.payments:
        booked = Payment(
            ident=payment.ident,
            booked_on=payment.booked_on,
            amount=payment.amount,
            ledger_amount=payment.ledger_amount,
            account=payment.booking_account,
            currency=payment.currency,
        )
        postings += [Posting(entry) for entry in post_unassigned(booked, nobody)]
    post(uow, postings)


@on(PaymentsAssigned)
def post_assigned(uow: Uow, fact: PaymentsAssigned) -> None:
    """Rows 10, 15, 18, 19 and 28, each under the assignment's ident, by which a reversal finds it."""
    moves = [(done, happened) for done in fact.assigned for happened in done.moves]
    accounts = accounts_of(uow, (happened.before.case.customer_ident for _, happened in moves))
    postings = []
    for done, happened in moves:
        case = happened.before.case
        entries = _entries(done, case, happened.movement, happened.booked_on, accounts[case.customer_ident])
        postings += [Posting(entry, happened.before.document_id) for entry in entries]
    post(uow, postings)


def _entries(done: Assigned, case: Case, movement: Movement, booked_on: dt.date, accounts: Accounts) -> list[Entry]:
    # Skonto that the payment has earned comes with it
    if movement.decision is not None:
        return post_decision(case, movement, booked_on, done.ident, accounts)
    payment = Payment(
        ident=done.ident,
        booked_on=done.payment.booked_on,
        amount=done.amount,
        ledger_amount=round_amount(done.ledger_amount, accounts.currency),
        account=done.payment.booking_account,
        currency=done.payment.currency,
    )
    return post_payment(case, movement, payment, accounts, from_unassigned=done.from_unassigned)


@on(AssignmentsReversed)
def post_reversed(uow: Uow, fact: AssignmentsReversed) -> None:
    """The same entries with negative amounts (Generalumkehr), but for what a correction or credit took back since; what was at the bank
    from the first then waits on the interim account."""
    nobody, today = _nobody(uow), uow.ctx.today()
    accounts = accounts_of(uow, (happened.before.case.customer_ident for done in fact.reversed for happened in done.moves))
    postings = []
    for done in fact.reversed:
        for number, document_id, entry in _standing(done, entries_of(uow, done.ident), accounts):
            taken_back = reversed_entry(entry, today, str(number), done.ident)
            postings.append(Posting(taken_back, document_id, reversal_of=number))
        if not done.from_unassigned:
            waiting = Payment(
                ident=done.payment.ident,
                booked_on=today,
                amount=done.amount,
                ledger_amount=round_amount(done.ledger_amount, nobody.currency),
                account=done.payment.booking_account,
                currency=done.payment.currency,
            )
            postings += [Posting(entry) for entry in post_unassigned(waiting, nobody)]
    post(uow, postings)


def _standing(done: Assigned, booked: Sequence[Booked], accounts: Mapping[str, Accounts]) -> list[Booked]:
    """What is left to be taken back of the entries `booked` for a payment: all of them, where its movements went back as they came."""
    if not done.less:
        return list(booked)
    found, open_entries = [], list(booked)
    for happened in reversed(done.moves):
        case = happened.before.case
        of_customer = accounts[case.customer_ident]
        for entry in _entries(done, case, reversed_movement(happened.movement), done.payment.booked_on, of_customer):
            # of a deposit without receivable the money is of another kind once no tax is in it
            own = next((one for one in open_entries if one[2].kind is entry.kind), open_entries[0])
            open_entries.remove(own)
            found.append((own[0], own[1], entry))
    return found


def _nobody(uow: Uow) -> Accounts:
    """The accounts of a payment whose payer is not known."""
    return Accounts(chart=chart_of(uow), party="", currency=tenant_settings(uow).ledger_currency)
