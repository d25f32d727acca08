"""Deposits of any rate, a final invoice by any method, Skonto and losses, credits with and without the deposits, receipts in parts, in any
order, taxed when supplied or when received: in the end every account of the case is where the law says, to the cent."""

import os
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.deposited_sales import (
    METHODS,
    RATES_OF_EXCHANGE,
    Beginning,
    DepositedSale,
    agreed_of,
    beginnings,
    given_back,
    parts_of,
)
from tests.factories.requests import a_row
from tests.factories.sales import DEBTOR
from tests.factories.strategies import rows

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.roles import tax_role
from contor.documents.treatment import Treatment
from contor.documents.types import Document, RequestedItem
from contor.kernel.money import CENT, HUNDRED, ZERO
from contor.openitems.types import DecisionType

EXAMPLES = int(os.environ.get("CONTOR_EXAMPLES", "150"))
REDUCTIONS = [DecisionType.CASH_DISCOUNT, DecisionType.DISCOUNT, DecisionType.UNCOLLECTABLE_RECEIVABLE]
PERCENT = st.integers(1, 100).map(Decimal)
STEPS = st.one_of(
    st.tuples(st.just("pay"), PERCENT),
    st.tuples(st.sampled_from(REDUCTIONS), PERCENT),
    st.tuples(st.just("credit"), PERCENT),
    st.tuples(st.just("settle"), PERCENT),
)


class ReducedSale:
    """A sale after its final invoice. `credits`: what credit memos are still to take back."""

    def __init__(self, sale: DepositedSale, final: Document, credits: list[list[RequestedItem]]) -> None:
        self.sale, self.final, self.credits = sale, final, credits
        self.supplied = {item.rate for item in final.items if item.deposit_ident is None}

    def step(self, what: str, percent: Decimal) -> None:
        case = self.sale.cases["SR-1"]
        if what == "credit":
            if self.credits:
                self.sale.credit(self.credits.pop())
        elif what == "settle":
            if open_ones := [ident for ident, it in self.sale.cases.items() if it.balance]:
                ident = open_ones[int(percent) % len(open_ones)]
                self.sale.pay(ident, self.sale.cases[ident].balance)
        elif what == "pay":
            if case.balance > 0:
                self.sale.pay("SR-1", part_of(case.balance, percent))
                _, movement, _ = self.sale.payments[-1]
                # after a credit what was received for its rows pays the others
                assert self.sale.memos or all(part.gross >= 0 and part.tax >= 0 for part in movement.parts)
        elif (most := min(case.balance, case.left_to_reduce)) > 0:
            movement = self.sale.grant(DecisionType(what), part_of(most, percent))
            assert all(part.gross >= 0 and part.tax >= 0 for part in movement.parts)
            assert {part.rate for part in movement.parts if part.gross} <= self.supplied

    def what_stands(self) -> dict[int, Decimal]:
        """The tax to declare: of the supply, less what was credited and reduced; none that is not due."""
        tax: Counter[Decimal] = Counter()
        for document in (self.final, *self.sale.memos):
            for group in document.taxes:
                tax[group.rate] += document.sign * group.amount
        if self.final.final_invoice_method == "REMAINDER":
            for part in (part for deposit in self.final.deposits for part in deposit.groups):
                tax[part.rate] += part.tax
        for it in self.sale.standing():
            tax[it.rate] -= it.tax
        found: Counter[int] = Counter()
        for rate, amount in tax.items():
            found[SKR03[tax_role(Treatment.DOMESTIC, rate)].number] -= amount
        return {account: amount for account, amount in found.items() if amount}

    def declared(self) -> dict[int, Decimal]:
        left = self.sale.left()
        rates = {item.rate for document in self.sale.documents.values() for item in document.items}
        roles = {tax_role(Treatment.DOMESTIC, rate, not_due=not_due) for rate in rates for not_due in (False, True)}
        numbers = {SKR03[role].number for role in roles}
        return {account: Decimal(amount) for account, amount in left.items() if account in numbers}


def part_of(amount: Decimal, percent: Decimal) -> Decimal:
    return max(CENT, (amount * percent / HUNDRED).quantize(CENT))


def together(parts: Iterable[RequestedItem]) -> list[RequestedItem]:
    """Rows of which several parts are left, as one."""
    sums: dict[str, Decimal] = {}
    known = {}
    for row in parts:
        sums[row.ident] = sums.get(row.ident, ZERO) + agreed_of(row)
        known[row.ident] = row
    return [
        a_row(ident, str(sums[ident]), basis=row.tax_detail.calculation_basis, tax_detail=row.tax_detail)
        for ident, row in known.items()
    ]


@settings(max_examples=EXAMPLES)
@given(
    beginnings(),
    rows(credits_too=False, largest=3),
    st.sampled_from(["EUR", "USD"]),
    st.booleans(),
    st.lists(STEPS, max_size=6),
    st.data(),
)
def test_all_that_is_reduced_and_taken_back_leaves_nothing(
    beginning: Beginning,
    supplied: tuple[RequestedItem, ...],
    currency: str,
    cash: bool,
    steps: list[tuple[str, Decimal]],
    data: st.DataObject,
) -> None:
    method, with_receivable = data.draw(st.sampled_from(METHODS)), data.draw(st.booleans())
    sale = DepositedSale(method, with_receivable=with_receivable, cash=cash, currency=currency)
    sale.begin(beginning)
    final = sale.final(supplied, data.draw(RATES_OF_EXCHANGE))
    story = ReducedSale(sale, final, [[row] for row in parts_of(data, supplied)])
    deducted = [given_back(item) for item in final.items if item.deposit_ident is not None]
    for step in steps:
        story.step(*step)
    sale.settle()
    if currency == "EUR":
        assert story.declared() == story.what_stands()
        assert DEBTOR not in sale.left()
    left = final.totals.gross - sum(memo.totals.gross for memo in sale.memos) - sum(it.gross for it in sale.standing())
    gives_back = bool(deducted and story.credits) and left >= 0 and data.draw(st.booleans())
    if gives_back:  # by a memo that takes the rest back, so that it is none below zero
        story.credits = [[*together(row for (row,) in story.credits), *deducted]]
    while story.credits:
        sale.credit(story.credits.pop())
    sale.settle()
    if gives_back:
        sale.give_deposits_back()
        sale.settle()
    assert sale.standing() == ()
    assert sale.left() == {}
    assert currency == "USD" or sale.exchange() == 0


@settings(max_examples=EXAMPLES)
@given(
    beginnings(),
    rows(credits_too=False, largest=3),
    st.sampled_from(METHODS),
    st.lists(STEPS, min_size=1, max_size=5),
    st.data(),
)
def test_a_reduction_is_of_the_same_groups_whenever_tax_arises(
    beginning: Beginning,
    supplied: tuple[RequestedItem, ...],
    method: str,
    steps: list[tuple[str, Decimal]],
    data: st.DataObject,
) -> None:
    """Taxed on receipt, it takes of each rate what it takes where tax arises with the supply; once all is settled the same tax is due."""
    credits, decided, due = parts_of(data, supplied), [], []
    for cash in (False, True):
        sale = DepositedSale(method, cash=cash, currency="EUR")
        sale.begin(beginning)
        story = ReducedSale(sale, sale.final(supplied, Decimal(1)), [[row] for row in credits])
        for step in steps:
            story.step(*step)
        decided.append([(it.decision, it.rate, it.net, it.tax, it.gross) for it in sale.decided if it.gross])
        sale.settle()
        due.append(story.declared())
    assert decided[0] == decided[1]
    assert due[0] == due[1]
