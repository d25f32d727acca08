"""Money is in the books in the same transaction in which it is received, assigned or taken back."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from contor.assignment.events import AssignmentsReversed, DiscountsFallen, PaymentsAssigned, PaymentsLeftOpen
from contor.assignment.types import Assigned
from contor.bookkeeping.chart import accounts_of, chart_of
from contor.bookkeeping.entries import Posting, entries_of, post, reversed_entry
from contor.bookkeeping.posting.decisions import on_its_account, post_decision
from contor.bookkeeping.posting.payments import (
    post_met,
    post_payment,
    post_payment_cost,
    post_payout,
    post_reverse_charge,
    post_unassigned,
)
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Payment
from contor.kernel.events import on
from contor.kernel.money import ZERO, round_amount
from contor.openitems.bounces import reversed_movement
from contor.openitems.types import Case, DecisionType, MovedCase, Movement
from contor.payments.events import PaymentsReceived, PaymentsReplaced
from contor.payments.settlements import FeesTaken, countries_of_providers
from contor.runtime.uow import Uow
from contor.settings.queries import Home, home, tenant_settings
from contor.tax.rates import rate_of

Booked = tuple[int | None, int | None, Entry]
"""An entry with its id and its document's (`entries_of`); without an id: nothing was booked that it takes back."""
_Abroad = tuple[str, Home]
"""The country in which a provider is, and where we are."""


@on(PaymentsReceived)
def post_costs(uow: Uow, fact: PaymentsReceived) -> None:
    """Rows 16 and 17: what the bank or provider has taken from the account for a transaction."""
    nobody = _nobody(uow)
    postings = []
    abroad = _abroad(uow, {payment.account_ident for payment in fact.payments if payment.fees})
    for payment in fact.payments:
        if payment.fees:
            cost = Payment(
                ident=payment.ident,
                booked_on=payment.booked_on,
                amount=-payment.fees,
                ledger_amount=-payment.ledger_fees,
                account=payment.booking_account,
                currency=payment.account_currency,
            )
            postings += _cost(cost, nobody, abroad.get(payment.account_ident))
    post(uow, postings)


def _abroad(uow: Uow, account_idents: Collection[str]) -> dict[str, _Abroad]:
    """Of those accounts that a provider in another country keeps, on whose fees we owe the tax (section 13b (1), (2) no. 1 UStG): where it
    is, and where we are."""
    countries = countries_of_providers(uow, account_idents)
    ours = home(uow) if countries else None
    return {ident: (country, ours) for ident, country in countries.items() if ours is not None and country != ours.country}


def _cost(cost: Payment, nobody: Accounts, abroad: _Abroad | None) -> list[Posting]:
    """A fee; of a provider abroad with the tax that we owe as its recipient."""
    entries = post_payment_cost(cost, nobody)
    if abroad is not None:
        country, ours = abroad
        rate = rate_of(ours.country, cost.booked_on) or ZERO
        entries += post_reverse_charge(cost, nobody, country, rate, deducted=not ours.small_business)
    return [Posting(entry) for entry in entries]


@on(PaymentsReplaced)
def post_replaced(uow: Uow, fact: PaymentsReplaced) -> None:
    """Rows 15 to 17, taken back on the payment's own day: others stand in its place, so that the bank's balance of no day changes."""
    postings = []
    for payment in fact.payments:
        postings += [_taken_back(one, payment.booked_on, payment.ident) for one in entries_of(uow, payment.ident)]
    post(uow, postings)


@on(PaymentsLeftOpen)
def post_left_open(uow: Uow, fact: PaymentsLeftOpen) -> None:
    """Row 15: the money is at the bank, to whom it belongs is not known yet. Row 16, payout: it is on its way between a provider's account
    and the bank's, of which one is booked now and the other when it is reported."""
    nobody = _nobody(uow)
    interim = nobody.chart[Role.PAYMENTS_UNASSIGNED].number
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
        is_transfer = payment.ident in fact.transfers
        entries = post_payout(booked, nobody, interim) if is_transfer else post_unassigned(booked, nobody)
        postings += [Posting(entry) for entry in entries]
    post(uow, postings)


@on(FeesTaken)
def post_fees(uow: Uow, fact: FeesTaken) -> None:
    """Row 16: what a provider has taken from its account beside payments, or given back."""
    nobody = _nobody(uow)
    postings = []
    abroad = _abroad(uow, {fee.account_ident for fee in fact.fees})
    for fee in fact.fees:
        cost = Payment(
            ident=fee.ident, booked_on=fee.booked_on, amount=-fee.amount, ledger_amount=-fee.amount, account=fee.booking_account
        )
        postings += _cost(cost, nobody, abroad.get(fee.account_ident))
    post(uow, postings)


@on(PaymentsAssigned)
def post_assigned(uow: Uow, fact: PaymentsAssigned) -> None:
    """Rows 10, 15, 18, 19 and 28, each under the assignment's ident, by which a reversal finds it."""
    accounts = accounts_of(uow, (happened.before.case.customer_ident for done in fact.assigned for happened in done.moves))
    postings = []
    for done in fact.assigned:
        if done.is_fee:
            ident = done.payment.account_ident
            postings += _cost(_fee(done, _nobody(uow)), _nobody(uow), _abroad(uow, {ident}).get(ident))
        if done.meets and not done.from_unassigned:
            nobody = _nobody(uow)
            rest = _waiting(done, done.ident, done.payment.booked_on, nobody)
            postings += [Posting(entry) for entry in post_unassigned(rest, nobody)]
        if done.meets and done.exchanged:
            nobody = _nobody(uow)
            rest = _waiting(done, done.ident, done.payment.booked_on, nobody)
            postings += [Posting(entry) for entry in post_met(rest, done.exchanged, nobody)]
        for happened, recovered in _with_recovered(_own(done).moves):
            case = happened.before.case
            of_customer = accounts[case.customer_ident]
            entries = _entries(done, case, happened.movement, happened.booked_on, of_customer, recovered)
            postings += [Posting(entry, happened.before.document_id) for entry in entries]
        postings += _fallen(uow, _beside(done), accounts)
    post(uow, postings)


def _with_recovered(moves: Sequence[MovedCase]) -> Iterator[tuple[MovedCase, Movement | None]]:
    """Each movement; the payment with what it brings back of a loss, which is booked with it (row 24), whichever of both comes first."""
    lost = DecisionType.UNCOLLECTABLE_RECEIVABLE
    recovered = next((it.movement for it in moves if it.movement.decision is lost), None)
    for happened in moves:
        if happened.movement.decision is not lost:
            yield happened, recovered if happened.movement.decision is None else None


def _fee(done: Assigned, nobody: Accounts) -> Payment:
    """Row 17: what the banks took of a return; from the interim account where it had waited there."""
    ledger = round_amount(done.ledger_amount, nobody.currency)
    return Payment(
        ident=done.ident,
        booked_on=done.payment.booked_on,
        amount=ledger,
        ledger_amount=ledger,
        account=nobody.chart[Role.PAYMENTS_UNASSIGNED].number if done.from_unassigned else done.payment.booking_account,
    )


def _entries(
    done: Assigned,
    case: Case,
    movement: Movement,
    booked_on: dt.date,
    accounts: Accounts,
    recovered: Movement | None = None,
) -> list[Entry]:
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
    return post_payment(
        case, movement, payment, accounts, from_unassigned=done.from_unassigned, recovered=recovered, exchanged=done.exchanged
    )


@on(AssignmentsReversed)
def post_reversed(uow: Uow, fact: AssignmentsReversed) -> None:
    """The same entries with negative amounts (Generalumkehr), but for what a correction or credit took back since; what was at the bank
    from the first then waits on the interim account."""
    nobody, today, postings = _nobody(uow), uow.ctx.today(), list[Posting]()
    accounts = accounts_of(uow, (happened.before.case.customer_ident for done in fact.reversed for happened in done.moves))
    for done in fact.reversed:
        own = _own(done)
        cases = {happened.before.document_id: happened.before.case for happened in own.moves}
        booked = [_now_on(one, cases, accounts) for one in entries_of(uow, done.ident)]
        postings += [_taken_back(one, today, done.ident) for one in _standing(own, booked, accounts)]
        postings += _fallen(uow, _beside(done), accounts)
        if not done.from_unassigned:
            waiting = _waiting(done, done.payment.ident, today, nobody)
            postings += [Posting(entry) for entry in post_unassigned(waiting, nobody)]
    post(uow, postings)


def _waiting(done: Assigned, reference: str, on: dt.date, nobody: Accounts) -> Payment:
    return Payment(
        ident=reference,
        booked_on=on,
        amount=done.amount,
        ledger_amount=round_amount(done.ledger_amount, nobody.currency),
        account=done.payment.booking_account,
        currency=done.payment.currency,
    )


def _own(done: Assigned) -> Assigned:
    source = f"assignment:{done.ident}"
    if all(happened.source == source for happened in done.moves):
        return done
    return replace(done, moves=tuple(happened for happened in done.moves if happened.source == source))


@on(DiscountsFallen)
def post_fallen(uow: Uow, fact: DiscountsFallen) -> None:
    """Skonto that rested on what was cleared or decided."""
    accounts = accounts_of(uow, {happened.before.case.customer_ident for happened in fact.fallen})
    post(uow, _fallen(uow, fact.fallen, accounts))


def _beside(done: Assigned) -> list[MovedCase]:
    return [happened for happened in done.moves if happened.source != f"assignment:{done.ident}"]


def _fallen(uow: Uow, moves: Sequence[MovedCase], accounts: Mapping[str, Accounts]) -> list[Posting]:
    """Row 19, negative: the Skonto of another payment, which rested on the money that is gone; and what banks had taken of a payment that
    is returned."""
    postings = []
    for happened in moves:
        ident = happened.source.partition(":")[2]
        booked, document_id, case = entries_of(uow, ident), happened.before.document_id, happened.before.case
        kind = EntryKind.BANK_FEE if happened.movement.decision is DecisionType.BANK_FEE else EntryKind.CASH_DISCOUNT
        # from the first of its kind on; what is worth nothing in the books was not booked
        first = next((at for at, (_, _, entry) in enumerate(booked) if entry.kind is kind), len(booked))
        standing = [_now_on(one, {document_id: case}, accounts) for one in booked[first:]]
        granted, of_customer = reversed_movement(happened.movement), accounts[case.customer_ident]
        entries = post_decision(case, granted, happened.booked_on, ident, of_customer)
        postings += [_taken_back(one, happened.booked_on, ident) for one in _matched(document_id, entries, standing)]
    return postings


def _now_on(booked: Booked, cases: Mapping[int, Case], accounts: Mapping[str, Accounts]) -> Booked:
    number, document_id, entry = booked
    case = None if document_id is None else cases.get(document_id)
    return booked if case is None else (number, document_id, on_its_account(entry, case, accounts[case.customer_ident]))


def _taken_back(booked: Booked, today: dt.date, reference: str) -> Posting:
    number, document_id, entry = booked
    taken_back = reversed_entry(entry, today, str(number), reference)
    return Posting(taken_back if number is not None else taken_back._replace(reversal_of=None), document_id, reversal_of=number)


def _standing(done: Assigned, booked: Sequence[Booked], accounts: Mapping[str, Accounts]) -> list[Booked]:
    """What is left to be taken back of the entries `booked` for a payment: all of them, where its movements went back as they came."""
    if not done.less:
        return list(booked)
    found, open_entries = list[Booked](), list(booked)
    for happened, brought in _with_recovered(done.moves[::-1]):
        case = happened.before.case
        of_customer, on_day = accounts[case.customer_ident], done.payment.booked_on
        recovered = None if brought is None else reversed_movement(brought)
        entries = _entries(done, case, reversed_movement(happened.movement), on_day, of_customer, recovered)
        found += _matched(happened.before.document_id, entries, open_entries)
    return found


def _matched(document_id: int, entries: Sequence[Entry], open_entries: list[Booked]) -> list[Booked]:
    """These, each with the entry of its kind that it takes back, which is not open any more."""
    found = list[Booked]()
    for entry in entries:
        own = next((one for one in open_entries if one[2].kind is entry.kind), None)
        # the tax of another payment, or it was due by a deposit, or nothing was received by it when it came
        if own is None and (entry.kind is EntryKind.TAX_DUE or not open_entries):
            found.append((None, document_id, entry))
            continue
        # of a deposit without receivable the money is of another kind once no tax is in it
        own = own or open_entries[0]
        open_entries.remove(own)
        found.append((own[0], own[1], entry))
    return found


def _nobody(uow: Uow) -> Accounts:
    """The accounts of a payment whose payer is not known."""
    return Accounts(chart=chart_of(uow), party="", currency=tenant_settings(uow).ledger_currency)
