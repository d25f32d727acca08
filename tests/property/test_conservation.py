"""Whatever is deposited, received, granted and credited: in the end every account of the case is where the law says, to the cent.

All of it is pure: what is issued is frozen as it would be, what is booked is what the posting table says. Every payment is worth in the
books what it settles, so that no difference of exchange hides a cent.
"""

import os
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checkers.entries import balances, written
from tests.factories.deposited_sales import METHODS, RATES_OF_EXCHANGE, Beginning, DepositedSale, beginnings, given_back, parts_of
from tests.factories.requests import TODAY, a_request, a_row, facts, issued, related
from tests.factories.sales import DAY, DEBTOR, accounts, case_of
from tests.factories.strategies import cents, rows

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.posting.decisions import post_decision
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Entry, Payment
from contor.documents.amounts import amount_errors, closing_request, discounts_left
from contor.documents.judge import BillingGroup
from contor.documents.treatment import tax_parts
from contor.documents.types import DepositGroup, Discount, Document, DocumentType, ExchangeRate, RequestedItem
from contor.kernel.money import CENT, ZERO
from contor.openitems.deposits import close_deposit
from contor.openitems.ledger import ledger_share
from contor.openitems.rules import decide, moved, pay
from contor.openitems.types import Case, DecisionType, Movement

EXAMPLES = int(os.environ.get("CONTOR_EXAMPLES", "300"))
"""Invoices of each law; a thorough run has 2000 and more."""
D = Decimal
MEMO = DocumentType.CREDIT_MEMO
BANK = SKR03[Role.BANK].number
EXCHANGE = (SKR03[Role.EXCHANGE_GAIN].number, SKR03[Role.EXCHANGE_LOSS].number)
KINDS = ["EUR", "EUR, taxed on receipt", "USD", "USD, taxed on receipt"]
DOLLARS = {"currency": "USD", "exchange_rate": ExchangeRate(rate=D("1.0850"), date=TODAY)}


class Books:
    """The entries of one customer's case."""

    def __init__(self, *, cash: bool = False) -> None:
        self.accounts = accounts(cash_taxation=cash)
        self.cash = cash
        self.entries: list[Entry] = []

    def issue(self, document: Document) -> Case:
        assert amount_errors(document) == []
        self.entries += post_document(document, self.accounts)
        return case_of(document, cash_taxation=self.cash)

    def pay(self, case: Case, amount: Decimal) -> tuple[Case, Movement]:
        """Money at the rate at which the case stands in the books."""
        ledger = ledger_share(case, amount)
        movement = pay(case, amount, ledger)
        payment = Payment(ident="p-1", booked_on=DAY, amount=amount, ledger_amount=ledger)
        self.entries += post_payment(case, movement, payment, self.accounts)
        return moved(case, movement), movement

    def grant(self, case: Case, decision: DecisionType, amount: Decimal) -> tuple[Case, tuple[Discount, ...]]:
        movement = decide(case, decision, amount)
        self.entries += post_decision(case, movement, DAY, "d-1", self.accounts)
        parts = tuple(
            Discount(
                decision=decision.value,
                treatment=part.treatment.value,
                category_code=part.category_code,
                rate=part.rate,
                net=part.net,
                tax=part.tax,
                gross=part.gross,
                ledger_tax=booked.tax,
                ledger_gross=booked.gross,
            )
            for part, booked in zip(movement.parts, movement.ledger_parts, strict=True)
            if part.gross
        )
        return moved(case, movement), parts

    def even(self) -> dict[int, str]:
        """Accounts that are not even, of all that is not the customer's bank."""
        return balances(*self.entries)


def credit(invoice: Document, memos: Sequence[Document], decided: Sequence[Discount], rows: Sequence[RequestedItem]) -> Document:
    """The credit memo over these rows, after those that were issued before it; without a rate in the request."""
    taken_back = [entry for memo in memos for entry in memo.discounts]
    known = facts(related(invoice, *memos, discounts=discounts_left(decided, taken_back)))
    request = a_request(*rows, related_document_ident=invoice.ident, currency=invoice.currency)
    return issued(request, MEMO, known, f"GS-{len(memos)}")


@settings(max_examples=EXAMPLES)
@given(rows(credits_too=False, largest=4), st.sampled_from(KINDS), st.data())
def test_what_was_granted_goes_back_with_the_rows(items: tuple[RequestedItem, ...], kind: str, data: st.DataObject) -> None:
    """Invoice, credits before the money comes, Skonto or a short payment or a loss, credits of all that is left: nothing stays."""
    books = Books(cash="taxed on receipt" in kind)
    invoice = issued(a_request(*items, **(DOLLARS if "USD" in kind else {})))
    case = books.issue(invoice)
    steps = parts_of(data, items)
    early = data.draw(st.integers(0, len(steps)))
    memos: list[Document] = []
    decided: tuple[Discount, ...] = ()

    def refund(row: RequestedItem) -> None:
        memo = credit(invoice, memos, decided, [row])
        memos.append(memo)
        of_memo = books.issue(memo)
        if memo.totals.payable:
            books.pay(of_memo, -memo.totals.payable)

    for row in steps[:early]:
        refund(row)
    # what was credited before is not there to be reduced
    left = case.balance - sum((memo.totals.gross for memo in memos), ZERO)
    if left > 0:
        decision = data.draw(
            st.sampled_from([DecisionType.CASH_DISCOUNT, DecisionType.DISCOUNT, DecisionType.UNCOLLECTABLE_RECEIVABLE])
        )
        granted = data.draw(st.integers(0, int(left / CENT))) * CENT
        if granted and early == 0:
            case, decided = books.grant(case, decision, granted)
    if case.balance:
        case, _ = books.pay(case, case.balance)
    for row in steps[early:]:
        refund(row)
    assert sum((memo.totals.gross for memo in memos), ZERO) == invoice.totals.gross
    assert sum((it.gross for memo in memos for it in memo.discounts), ZERO) == sum((it.gross for it in decided), ZERO)
    left = books.even()
    # what conversion left of a credit of which nothing was payable was not paid back: a cent of each at most
    assert left.keys() <= {BANK, *EXCHANGE}
    exchange = sum((D(left.get(account, "0")) for account in EXCHANGE), ZERO)
    assert exchange == -D(left.get(BANK, "0"))
    assert abs(exchange) <= CENT * sum(not memo.totals.payable for memo in memos if memo.ledger is not None)


@pytest.mark.parametrize(
    ("currency", "agreed", "granted", "last"),
    [
        # rounding leaves a cent of tax in a credit of which nothing is payable: no receipt will come that could take it
        ("EUR", [("0.34", "19"), ("0.01", "19")], "0.32", "TAX_DUE: D 1766 -0.01, C 1776 -0.01"),
        ("EUR", [("0.21", "7"), ("0.47", "7")], "0.72", "TAX_DUE: D 1761 -0.01, C 1771 -0.01"),
        # what was granted goes back as it was booked, what is due is the rest of the booked tax
        ("USD", [("96.50", "7"), ("105.52", "7"), ("155.25", "7")], "15.49", "TAX_DUE: D 1761 -9.61, C 1771 -9.61"),
        (
            "USD",
            [("104.94", "7"), ("128.22", "7"), ("130.60", "19"), ("21.04", "7")],
            "298.76",
            "TAX_DUE: D 1761 -0.40, C 1771 -0.40",
        ),
    ],
)
def test_tax_on_receipt_is_even_when_all_was_credited(
    currency: str, agreed: list[tuple[str, str]], granted: str, last: str
) -> None:
    """Section 20 UStG: a cash discount, the rest received, every row credited by a memo of its own and paid back."""
    books = Books(cash=True)
    items = [a_row(f"i-{at}", amount, rate=rate) for at, (amount, rate) in enumerate(agreed)]
    invoice = issued(a_request(*items, **(DOLLARS if currency == "USD" else {})))
    case, decided = books.grant(books.issue(invoice), DecisionType.CASH_DISCOUNT, D(granted))
    books.pay(case, case.balance)
    memos: list[Document] = []
    for row in items:
        memos.append(credit(invoice, memos, decided, [row]))
        of_memo = books.issue(memos[-1])
        if of_memo.balance:
            books.pay(of_memo, of_memo.balance)
    assert books.even() == {}
    assert written(books.entries)[-1] == last


@pytest.mark.parametrize(
    ("agreed", "granted", "left"),
    [
        (["0.01", "0.46"], "0.29", {}),
        (["2.52", "0.03", "3.36"], "6.70", {1200: "-0.01", 2151: "0.01"}),
        (["0.03", "0.40", "0.05"], "0.35", {}),
    ],
)
def test_a_credit_of_which_nothing_is_payable_owes_nothing_in_the_ledger(
    agreed: list[str], granted: str, left: dict[int, str]
) -> None:
    """The cent that conversion leaves of it is a difference of exchange."""
    books = Books()
    items = [a_row(f"i-{at}", amount) for at, amount in enumerate(agreed)]
    invoice = issued(a_request(*items, **DOLLARS))
    case, decided = books.grant(books.issue(invoice), DecisionType.CASH_DISCOUNT, D(granted))
    books.pay(case, case.balance)
    memos: list[Document] = []
    for row in items:
        memos.append(credit(invoice, memos, decided, [row]))
        of_memo = books.issue(memos[-1])
        assert of_memo.balance or not of_memo.ledger_balance
        if of_memo.balance:
            books.pay(of_memo, of_memo.balance)
    assert books.even() == left


@settings(max_examples=EXAMPLES)
@given(
    rows(credits_too=False, largest=3), rows(credits_too=False, largest=3), st.lists(cents, max_size=3), st.booleans(), st.data()
)
def test_deposits_rest_and_credit_end_at_the_tax_of_the_supply(
    deposited: tuple[RequestedItem, ...],
    supplied: tuple[RequestedItem, ...],
    payments: list[Decimal],
    with_receivable: bool,
    data: st.DataObject,
) -> None:
    """Deposit, receipts, correction of the unpaid rest, final invoice: revenue and tax are those of the supply. Its credit brings back
    what was received, and nothing else."""
    books = Books()
    known = BillingGroup("external", True, with_receivable, data.draw(st.sampled_from(["REMAINDER", "FINAL"])))
    deposit = issued(a_request(*deposited), DocumentType.DEPOSIT_INVOICE, facts(billing_group=known), "AR-1")
    case = books.issue(deposit)
    received: list[tuple[DepositGroup, ...]] = []
    for amount in payments:
        if case.balance <= 0:
            break
        case, movement = books.pay(case, min(amount, case.balance))
        received.append(groups_of(movement))
    origin = related(deposit, received=received)
    if (request := closing_request(origin.left, "r-close", "a-1", TODAY)) is not None:
        correction = issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, facts(origin, billing_group=known), "AK-1")
        closing = close_deposit(case, correction.totals.gross, tax_parts(correction))
        books.entries += post_document(correction, books.accounts, correction=closing)
        case = moved(case, closing)
        origin = related(deposit, correction, received=received)
    assert case.balance == 0
    before = books.even()
    final = issued(a_request(*supplied, related_document_ident="AR-1"), known=facts(origin, billing_group=known), ident="SR-1")
    books.issue(final)
    whole = issued(a_request(*supplied), ident="RE-9")
    found = books.even()
    of_supply = balances(*post_document(whole, books.accounts))
    assert {account: amount for account, amount in found.items() if account not in (DEBTOR, BANK)} == {
        account: amount for account, amount in of_supply.items() if account != DEBTOR
    }
    if final.final_invoice_method == "REMAINDER" and final.totals.gross >= 0:
        back = [given_back(item) for item in final.items]
        request = a_request(*back, related_document_ident=final.ident)
        books.issue(issued(request, MEMO, facts(related(final), billing_group=known), "GS-1"))
        assert books.even() == before


@settings(max_examples=EXAMPLES)
@given(beginnings(fewest=1), rows(credits_too=False, largest=3), st.sampled_from(["EUR", "USD"]), st.booleans(), st.data())
def test_every_method_declares_the_same_and_all_of_it_goes_back(
    beginning: Beginning, supplied: tuple[RequestedItem, ...], currency: str, with_receivable: bool, data: st.DataObject
) -> None:
    """Deposits of any tax rate, paid in parts that bounce in any order; the final invoice at another rate of exchange, credited in parts:
    tax and revenue are the same by each method, and nothing of either stays."""
    rate, parts = data.draw(RATES_OF_EXCHANGE), parts_of(data, supplied)
    declared = []
    for method in METHODS:
        sale = DepositedSale(method, with_receivable=with_receivable, currency=currency)
        sale.begin(beginning)
        final = sale.final(supplied, rate)
        declared.append({account: amount for account, amount in sale.left().items() if account != DEBTOR})
        for row in parts:
            sale.credit([row])
        sale.settle()
        assert sale.left() == {}
        assert abs(sale.exchange()) <= CENT * sum(not document.totals.payable for document in (final, *sale.memos))
    assert declared[0] == declared[1] == declared[2]


def groups_of(movement: Movement) -> tuple[DepositGroup, ...]:
    return tuple(
        DepositGroup(category_code=part.category_code, rate=part.rate, net=part.net, tax=part.tax, gross=part.gross)
        for part in movement.parts
        if part.gross
    )
