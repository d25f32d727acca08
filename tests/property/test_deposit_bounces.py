"""Deposits paid, corrected and paid no more, in any order: what was received is what is there and still asked for, to the cent."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.requests import TODAY as DAY
from tests.factories.requests import a_request, issued
from tests.factories.sales import case_of
from tests.factories.strategies import cents, rows

from contor.documents.types import DocumentType, ExchangeRate, RequestedItem
from contor.kernel.money import CENT, ZERO
from contor.openitems.bounces import bounced, gross_of
from contor.openitems.rules import close_deposit, ledger_share, moved, pay
from contor.openitems.types import Case, Movement


class Deposit:
    """A deposit invoice and what happens to it."""

    def __init__(self, case: Case) -> None:
        self.case, self.whole = case, case.opening
        self.history: list[Movement] = []
        self.payments: list[Movement] = []
        self.corrected = ZERO

    def move(self, movement: Movement) -> None:
        self.case = moved(self.case, movement)
        self.history.append(movement)
        money = -sum((payment.amount for payment in self.payments), ZERO)
        assert self.case.balance == self.whole - self.corrected - money
        assert gross_of(self.case.settled) == min(money, self.whole - self.corrected)

    def pay(self, amount: Decimal) -> None:
        movement = pay(self.case, amount, ledger_share(self.case, min(amount, max(self.case.balance, ZERO))) or amount)
        self.payments.append(movement)
        self.move(movement)

    def correct(self, amount: Decimal) -> None:
        self.corrected += amount
        self.move(close_deposit(self.case, amount))

    def bounce(self, at: int) -> None:
        back = bounced(self.case, self.payments.pop(at), ())
        assert back is not None
        self.move(back)


@settings(max_examples=300)
@given(rows(credits_too=False, largest=3), st.booleans(), st.data())
def test_what_was_received_is_what_is_there_and_still_asked_for(
    items: tuple[RequestedItem, ...], in_dollars: bool, data: st.DataObject
) -> None:
    more = {"currency": "USD", "exchange_rate": ExchangeRate(rate=Decimal("1.0850"), date=DAY)} if in_dollars else {}
    deposit = Deposit(case_of(issued(a_request(*items, **more), DocumentType.DEPOSIT_INVOICE)))
    for step in data.draw(st.lists(st.sampled_from(["pay", "pay all", "correct", "bounce"]), max_size=7)):
        if step == "pay":
            deposit.pay(data.draw(cents))
        elif step == "pay all" and deposit.case.balance > 0:
            deposit.pay(deposit.case.balance)
        elif step == "correct" and (left := deposit.whole - deposit.corrected):
            deposit.correct(data.draw(st.integers(1, int(left / CENT))) * CENT)
        elif step == "bounce" and deposit.payments:
            deposit.bounce(data.draw(st.integers(0, len(deposit.payments) - 1)))
    if deposit.whole > deposit.corrected:
        deposit.correct(deposit.whole - deposit.corrected)
    while deposit.payments:
        deposit.bounce(data.draw(st.integers(0, len(deposit.payments) - 1)))
    assert deposit.case.balance == 0
    assert [part for part in deposit.case.settled if part.gross or part.tax] == []
    taxed: dict[int, Decimal] = {}
    for movement in deposit.history:
        for at, part in enumerate(movement.ledger_parts):
            taxed[at] = taxed.get(at, ZERO) + part.tax
    assert not any(taxed.values())
