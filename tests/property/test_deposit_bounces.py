"""Deposits paid, corrected and paid no more, in any order: what was received is what is there and still asked for, to the cent."""

import os
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checkers.entries import balances
from tests.factories.requests import TODAY as DAY
from tests.factories.requests import a_request, a_row, facts, issued
from tests.factories.sales import DEBTOR, accounts, case_of
from tests.factories.strategies import cents, rows

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Entry, Payment
from contor.documents.judge import BillingGroup
from contor.documents.types import Document, DocumentType, ExchangeRate, RequestedItem
from contor.kernel.money import CENT, ZERO, round_amount
from contor.kernel.shapes import replace
from contor.openitems.bounces import bounced, gross_of, reversed_movement
from contor.openitems.deposits import close_deposit
from contor.openitems.rules import moved, pay
from contor.openitems.types import Movement

EXAMPLES = int(os.environ.get("CONTOR_EXAMPLES", "300"))
ACCOUNTS = accounts()
EXCHANGE = {SKR03[Role.EXCHANGE_GAIN].number, SKR03[Role.EXCHANGE_LOSS].number}


class Deposit:
    """A deposit invoice and what happens to it, with its entries. `rate`: what a unit of the ledger's currency costs now."""

    def __init__(self, document: Document, rate: Decimal) -> None:
        self.document, self.rate = document, rate
        self.case = case_of(document)
        self.whole = self.case.opening
        self.payments: list[tuple[Movement, Payment]] = []
        self.corrected = ZERO
        self.entries: list[Entry] = post_document(document, ACCOUNTS)

    def move(self, movement: Movement) -> None:
        self.case = moved(self.case, movement)
        money = -sum((payment.amount for payment, _ in self.payments), ZERO)
        assert self.case.balance == self.whole - self.corrected - money
        assert gross_of(self.case.settled) == max(ZERO, min(money, self.whole - self.corrected))
        # what a deposit without receivable asks for is on no account; what was paid beyond it is, and what went back beyond what was there
        owed = self.case.ledger_balance
        if self.case.is_memo:
            beyond = max(ZERO, self.case.balance - (self.whole - self.corrected))
            owed = min(owed, beyond)
        assert Decimal(balances(*self.entries).get(DEBTOR, "0")) == owed

    def pay(self, amount: Decimal) -> None:
        payment = Payment(ident="p-1", booked_on=DAY, amount=amount, ledger_amount=round_amount(amount / self.rate, "EUR"))
        movement = pay(self.case, amount, payment.ledger_amount)
        self.entries += post_payment(self.case, movement, payment, ACCOUNTS)
        self.payments.append((movement, payment))
        self.move(movement)

    def most_out(self, in_dollars: bool) -> Decimal:
        """What may go back. In dollars what a correction took off: the rest has the rates of its payments, by which no cent can be told."""
        if not in_dollars:
            return gross_of(self.case.settled) + max(ZERO, -self.case.balance)
        return -self.case.balance if -self.case.balance <= self.corrected and not self.case.is_memo else ZERO

    def correct(self, amount: Decimal) -> None:
        self.corrected += amount
        movement = close_deposit(self.case, amount)
        correction = replace(self.document, document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION)
        self.entries += post_document(correction, ACCOUNTS, correction=movement)
        self.move(movement)

    def bounce(self, at: int) -> None:
        movement, payment = self.payments.pop(at)
        back = bounced(self.case, movement, ())
        assert back is not None
        for entry in post_payment(self.case, reversed_movement(back), payment, ACCOUNTS):
            self.entries.append(reversed_entry(entry, DAY, "1"))
        self.move(back)


IN_DOLLARS: dict[str, Any] = {"currency": "USD", "exchange_rate": ExchangeRate(rate=Decimal("1.0850"), date=DAY)}


@pytest.mark.parametrize("with_receivable", [True, False])
def test_what_is_left_of_a_credit_keeps_its_side_in_the_books(with_receivable: bool) -> None:
    """One payment goes at the rate of all of them, then another: 0.01 USD of the customer's were -0.01 EUR."""
    known = facts(billing_group=BillingGroup("external", True, with_receivable))
    deposit = Deposit(issued(a_request(a_row(unit="0.01"), **IN_DOLLARS), DocumentType.DEPOSIT_INVOICE, known), Decimal("1.2000"))
    deposit.pay(Decimal("0.70"))
    deposit.rate = Decimal("1.0850")
    deposit.pay(Decimal("0.18"))
    deposit.bounce(0)
    deposit.pay(Decimal("0.01"))
    deposit.correct(deposit.whole)
    deposit.bounce(0)
    assert (deposit.case.balance, deposit.case.ledger_balance) == (-CENT, -CENT)


@settings(max_examples=EXAMPLES)
@given(rows(credits_too=False, largest=3), st.booleans(), st.booleans(), st.data())
def test_what_was_received_is_what_is_there_and_still_asked_for(
    items: tuple[RequestedItem, ...], in_dollars: bool, with_receivable: bool, data: st.DataObject
) -> None:
    rates = st.sampled_from([Decimal("1.0850"), Decimal("1.2000"), Decimal("0.9317")]) if in_dollars else st.just(Decimal(1))
    more = IN_DOLLARS if in_dollars else {}
    known = facts(billing_group=BillingGroup("external", True, with_receivable))
    deposit = Deposit(issued(a_request(*items, **more), DocumentType.DEPOSIT_INVOICE, known), data.draw(rates))
    for step in data.draw(
        st.lists(st.sampled_from(["pay", "pay all", "correct", "pay out", "bounce", "bounce"]), max_size=7 if in_dollars else 9)
    ):
        deposit.rate = data.draw(rates)
        if step == "pay":
            deposit.pay(data.draw(cents))
        elif step == "pay all" and deposit.case.balance > 0:
            deposit.pay(deposit.case.balance)
        elif step == "correct" and (left := deposit.whole - deposit.corrected):
            deposit.correct(data.draw(st.integers(1, int(left / CENT))) * CENT)
        elif step == "pay out" and (most := deposit.most_out(in_dollars)) > 0:
            deposit.pay(-data.draw(st.integers(1, int(most / CENT))) * CENT)
        elif step == "bounce" and deposit.payments:
            deposit.bounce(data.draw(st.integers(0, len(deposit.payments) - 1)))
    if deposit.whole > deposit.corrected:
        deposit.correct(deposit.whole - deposit.corrected)
    while deposit.payments:
        deposit.bounce(data.draw(st.integers(0, len(deposit.payments) - 1)))
    assert deposit.case.balance == 0
    assert [part for part in (*deposit.case.settled, *deposit.case.booked) if part.gross or part.tax] == []
    left = balances(*deposit.entries)
    # the money went at another rate than it came: what one entry loses another one gains
    assert left.keys() <= EXCHANGE
    assert sum(map(Decimal, left.values()), ZERO) == 0
