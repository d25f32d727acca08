"""A sale with deposits: what happens to it, its open items and its entries, each document at a rate of its own. What is decided and
credited is decided on and credited of its final invoice."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st
from tests.checkers.entries import balances
from tests.factories.requests import TODAY, a_request, a_row, facts, issued, related
from tests.factories.sales import DAY, DEBTOR, accounts, case_of
from tests.factories.strategies import cents, rows

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.posting.decisions import post_decision
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Entry, Payment
from contor.documents.amounts import amount_errors, closing_request, discounts_left, gross_of, total_of
from contor.documents.judge import BillingGroup, Related
from contor.documents.treatment import TaxPart, left_parts, less, reducible_parts, tax_parts
from contor.documents.types import (
    DepositGroup,
    Discount,
    Document,
    DocumentItem,
    DocumentType,
    ExchangeRate,
    RequestedItem,
    TaxDetail,
)
from contor.kernel.money import CENT, ZERO
from contor.kernel.shapes import replace
from contor.openitems.bounces import bounced, reversed_movement
from contor.openitems.cases import Done, decided_off
from contor.openitems.deposits import close_deposit, move_deposit
from contor.openitems.ledger import ledger_share
from contor.openitems.open import moved_in_ledger
from contor.openitems.rules import decide, moved, pay, why_not_decidable
from contor.openitems.types import Case, DecisionType, Movement

MONEY = {SKR03[role].number for role in (Role.BANK, Role.EXCHANGE_GAIN, Role.EXCHANGE_LOSS)}

METHODS = ["REMAINDER", "FINAL", "REVERSAL"]
RATES_OF_EXCHANGE = st.sampled_from([Decimal("1.05"), Decimal("1.2"), Decimal("0.9317"), Decimal("11.34")])


class Receipt(NamedTuple):
    """Money for a deposit, by its number; `bounces`: which of the payments so far goes back after it."""

    deposit: int
    amount: Decimal
    bounces: int | None


class Beginning(NamedTuple):
    """What happens before the final invoice: deposits with their rates of exchange, and the money for them."""

    deposits: list[tuple[tuple[RequestedItem, ...], Decimal]]
    receipts: list[Receipt]


@st.composite
def beginnings(draw: st.DrawFn, fewest: int = 0) -> Beginning:
    """Deposits of any tax rate, paid in parts that bounce in any order."""
    deposited = draw(st.lists(st.tuples(rows(credits_too=False, largest=2), RATES_OF_EXCHANGE), min_size=fewest, max_size=2))
    if not deposited:
        return Beginning([], [])
    receipts = st.builds(Receipt, st.integers(0, len(deposited) - 1), cents, st.none() | st.integers(0, 9))
    return Beginning(deposited, draw(st.lists(receipts, max_size=5)))


def agreed_of(item: RequestedItem) -> Decimal:
    found = item.prices.total.net if item.tax_detail.calculation_basis == "NET" else item.prices.total.gross
    assert found is not None
    return found


def parts_of(data: st.DataObject, items: Sequence[RequestedItem]) -> list[RequestedItem]:
    """Credits of the rows, each row in one or two parts, in any order; together all of them."""
    steps = []
    for item in items:
        agreed = agreed_of(item)
        first = data.draw(st.integers(0, int(agreed / CENT))) * CENT
        basis = item.tax_detail.calculation_basis
        steps += [a_row(item.ident, str(part), basis=basis, tax_detail=item.tax_detail) for part in (first, agreed - first) if part]
    return data.draw(st.permutations(steps))


def given_back(item: DocumentItem) -> RequestedItem:
    """The whole of a row of a final invoice, taken back."""
    amount = item.total.net if item.basis == "NET" else item.total.gross
    turned = "CREDIT" if item.is_credit else "DEBIT"
    detail = TaxDetail(taxes=item.taxes, calculation_basis=item.basis)
    return a_row(item.ident, str(abs(amount)), basis=item.basis, tax_detail=detail, debit_credit_indicator=turned)


class DepositedSale:
    """In dollars, unless `currency` says another. After each step the customer's account is what his open items say."""

    def __init__(self, method: str, *, with_receivable: bool = True, cash: bool = False, currency: str = "USD") -> None:
        self.method, self.cash, self.currency = method, cash, currency
        self.accounts = accounts(cash_taxation=cash)
        self.group = BillingGroup("external", True, with_receivable, method)
        self.entries: list[Entry] = []
        self.documents: dict[str, Document] = {}
        self.cases: dict[str, Case] = {}
        self.payments: list[tuple[str, Movement, Payment]] = []
        self.receipts: dict[str, list[tuple[tuple[DepositGroup, ...], tuple[DepositGroup, ...]]]] = {}
        self.corrections: dict[str, list[Document]] = {}
        self.memos: list[Document] = []
        self.decided: list[Discount] = []
        self.supplied: tuple[TaxPart, ...] = ()

    def begin(self, beginning: Beginning) -> None:
        idents = [self.deposit(items, rate) for items, rate in beginning.deposits]
        for receipt in beginning.receipts:
            if self.cases[idents[receipt.deposit]].balance > 0:
                self.pay(idents[receipt.deposit], receipt.amount)
            if receipt.bounces is not None and self.payments:
                self.bounce(receipt.bounces % len(self.payments))

    # --- documents

    def deposit(self, items: Sequence[RequestedItem], rate: Decimal) -> str:
        ident = f"AR-{len(self.receipts)}"
        self.receipts[ident], self.corrections[ident] = [], []
        self._open(issued(self._request(items, rate), DocumentType.DEPOSIT_INVOICE, facts(billing_group=self.group), ident))
        return ident

    def final(self, items: Sequence[RequestedItem], rate: Decimal) -> Document:
        """With the corrections that come before it: of what is unpaid, by REVERSAL of everything."""
        for ident in self.receipts:
            self._correct(ident)
        deposits = [self._related(ident) for ident in self.receipts]
        request = self._request(items, rate, related_document_idents=tuple(self.receipts))
        final = self._open(issued(request, known=facts(*deposits, billing_group=self.group), ident="SR-1"))
        for ident, known in zip(self.receipts, deposits, strict=True):
            if self.method == "REVERSAL" and known.received:
                amount = gross_of(known.received)
                self._move(ident, move_deposit(amount, moved_in_ledger(final, ident, amount)))
        self.supplied = self.cases["SR-1"].reducible
        self.check()
        return final

    def credit(self, items: Sequence[RequestedItem]) -> Document:
        """A credit memo over these rows; those that deduct a deposit give it back."""
        known = facts(related(self.documents["SR-1"], *self.memos, discounts=self.standing()), billing_group=self.group)
        request = a_request(*items, related_document_ident="SR-1", currency=self.currency)
        memo = self._open(issued(request, DocumentType.CREDIT_MEMO, known, f"GS-{len(self.memos)}"))
        self.memos.append(memo)
        self._leave()
        return memo

    def give_deposits_back(self) -> None:
        """Corrected as wholes, after a credit has given them back: what was received is owed to the customer."""
        for ident, document in [it for it in self.documents.items() if it[0] in self.receipts]:
            request = closing_request(related(document, *self.corrections[ident]).left, f"r-back-{ident}", "a-1", TODAY)
            if request is not None:
                self._issue_correction(ident, request, related(document, *self.corrections[ident]))

    def standing(self) -> tuple[Discount, ...]:
        return discounts_left(self.decided, [it for memo in self.memos for it in memo.discounts])

    def _leave(self) -> None:
        """What is left to reduce after credits and decisions (`openitems.cases`)."""
        left = related(self.documents["SR-1"], *self.memos).left
        case = self.cases["SR-1"]
        reducible, uncredited = reducible_parts(self.supplied, left, self.standing()), left_parts(self.supplied, left)
        self.cases["SR-1"] = replace(case, reducible=reducible, uncredited=uncredited if self.memos else ())

    def _request(self, items: Sequence[RequestedItem], rate: Decimal, **more: Any) -> Any:
        if self.currency != "EUR":
            more["exchange_rate"] = ExchangeRate(rate=rate, date=TODAY)
        return a_request(*items, currency=self.currency, **more)

    def _open(self, document: Document) -> Document:
        assert amount_errors(document) == []
        self.documents[document.ident] = document
        self.entries += post_document(document, self.accounts)
        self.cases[document.ident] = case_of(document, cash_taxation=self.cash)
        if document.final_invoice_method != "REVERSAL":  # the money moves to it in the next step
            self.check()
        return document

    def _related(self, ident: str, **more: Any) -> Related:
        parts, booked = (total_of(receipt[at] for receipt in self.receipts[ident]) for at in (0, 1))
        return related(
            self.documents[ident], *self.corrections[ident], received=[parts], received_booked=booked, deposit_ident=ident, **more
        )

    def _correct(self, ident: str) -> None:
        known = self._related(ident)
        left = related(self.documents[ident]).left if self.method == "REVERSAL" else known.left
        request = closing_request(left, f"r-{ident}", "a-1", TODAY)
        if request is None:
            return
        self._issue_correction(
            ident, request, self._related(ident) if self.method != "REVERSAL" else related(self.documents[ident])
        )

    def _issue_correction(self, ident: str, request: Any, known: Related) -> None:
        correction = issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, facts(known, billing_group=self.group), f"AK-{ident}")
        movement = close_deposit(self.cases[ident], correction.totals.gross, tax_parts(correction))
        self.entries += post_document(correction, self.accounts, correction=movement)
        self.corrections[ident].append(correction)
        self._move(ident, movement)
        self.check()

    # --- money

    def pay(self, ident: str, amount: Decimal) -> None:
        """At the rate at which the case stands in the books, so that no difference of exchange hides a cent."""
        case = self.cases[ident]
        settles = amount if abs(amount) < abs(case.balance) else case.balance
        payment = Payment(ident="p-1", booked_on=DAY, amount=settles, ledger_amount=ledger_share(case, settles))
        movement = pay(case, payment.amount, payment.ledger_amount)
        self.entries += post_payment(case, movement, payment, self.accounts)
        self.payments.append((ident, movement, payment))
        self._receive(ident, movement)
        self._move(ident, movement)
        self.check()

    def bounce(self, at: int) -> None:
        ident, movement, payment = self.payments.pop(at)
        back = bounced(self.cases[ident], movement, ())
        assert back is not None
        for entry in post_payment(self.cases[ident], reversed_movement(back), payment, self.accounts):
            self.entries.append(reversed_entry(entry, DAY, "1"))
        self._receive(ident, back)
        self._move(ident, back)
        self.check()

    def grant(self, decision: DecisionType, amount: Decimal) -> Movement:
        case = self.cases["SR-1"]
        assert why_not_decidable(case, decision, amount) == []
        movement = decide(case, decision, amount)
        self.entries += post_decision(case, movement, DAY, "d-1", self.accounts)
        self.decided += decided_off(Done(0, "decision:d-1", DAY, movement)).parts
        self._move("SR-1", movement)
        self._leave()
        self.check()
        return movement

    def settle(self) -> None:
        """Every open item is paid, or paid back."""
        for ident, case in list(self.cases.items()):
            if case.balance:
                self.pay(ident, case.balance)

    def _receive(self, ident: str, movement: Movement) -> None:
        if ident in self.receipts and movement.parts:
            found = (less(movement.parts, movement.closed), less(movement.ledger_parts, movement.ledger_closed))
            of_document, in_books = (
                tuple(
                    DepositGroup(category_code=part.category_code, rate=part.rate, net=part.net, tax=part.tax, gross=part.gross)
                    for part in parts
                )
                for parts in found
            )
            self.receipts[ident].append((of_document, in_books))

    def _move(self, ident: str, movement: Movement) -> None:
        self.cases[ident] = moved(self.cases[ident], movement)

    # --- what must hold

    def check(self) -> None:
        owed = sum((min(it.ledger_balance, ZERO) if it.is_memo else it.ledger_balance for it in self.cases.values()), ZERO)
        assert Decimal(balances(*self.entries).get(DEBTOR, "0")) == owed

    def left(self) -> dict[int, str]:
        """Accounts that are not even, of all but the bank's and those of exchange differences."""
        return {account: amount for account, amount in balances(*self.entries).items() if account not in MONEY}

    def exchange(self) -> Decimal:
        """What was lost by exchange, below zero: won."""
        return sum((Decimal(balances(*self.entries).get(account, "0")) for account in MONEY - {SKR03[Role.BANK].number}), ZERO)
