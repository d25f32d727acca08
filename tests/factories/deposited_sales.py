"""A sale with deposits: what happens to it, its open items and its entries, each document at a rate of its own."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.checkers.entries import balances
from tests.factories.requests import TODAY, a_request, facts, issued, related
from tests.factories.sales import DAY, DEBTOR, accounts, case_of

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Entry, Payment
from contor.documents.amounts import amount_errors, closing_request, gross_of, total_of
from contor.documents.judge import BillingGroup, Related
from contor.documents.treatment import less, tax_parts
from contor.documents.types import DepositGroup, Document, DocumentType, ExchangeRate, RequestedItem
from contor.kernel.money import ZERO
from contor.openitems.bounces import bounced, reversed_movement
from contor.openitems.ledger import moved_in_ledger
from contor.openitems.rules import close_deposit, ledger_share, move_deposit, moved, pay
from contor.openitems.types import Movement

MONEY = {SKR03[role].number for role in (Role.BANK, Role.EXCHANGE_GAIN, Role.EXCHANGE_LOSS)}


class DepositedSale:
    """In dollars, unless `currency` says another. After each step the customer's account is what his open items say."""

    def __init__(self, method: str, *, with_receivable: bool = True, cash: bool = False, currency: str = "USD") -> None:
        self.method, self.cash, self.currency = method, cash, currency
        self.accounts = accounts(cash_taxation=cash)
        self.group = BillingGroup("external", True, with_receivable, method)
        self.entries: list[Entry] = []
        self.documents: dict[str, Document] = {}
        self.cases: dict[str, Any] = {}
        self.payments: list[tuple[str, Movement, Payment]] = []
        self.receipts: dict[str, list[tuple[tuple[DepositGroup, ...], tuple[DepositGroup, ...]]]] = {}
        self.corrections: dict[str, list[Document]] = {}
        self.memos: list[Document] = []

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
        self.check()
        return final

    def credit(self, items: Sequence[RequestedItem]) -> Document:
        known = facts(related(self.documents["SR-1"], *self.memos), billing_group=self.group)
        request = a_request(*items, related_document_ident="SR-1", currency=self.currency)
        memo = self._open(issued(request, DocumentType.CREDIT_MEMO, known, f"GS-{len(self.memos)}"))
        self.memos.append(memo)
        return memo

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
        known = self._related(ident) if self.method != "REVERSAL" else related(self.documents[ident])
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
