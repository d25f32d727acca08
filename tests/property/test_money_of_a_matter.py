"""Taxed on receipt, an invoice and a credit memo over it, paid, paid back and both taken back, in any order: what is taxed is what the
money that is there now pays of what was asked for, never what happened on the way."""

import os
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checkers.entries import balances
from tests.factories.requests import TODAY as DAY
from tests.factories.requests import a_request, a_row, facts, issued, related
from tests.factories.sales import accounts, case_of
from tests.factories.strategies import rows

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.roles import Role, tax_role
from contor.bookkeeping.types import Entry, Payment
from contor.documents.treatment import Treatment, left_parts
from contor.documents.types import DocumentType, RequestedItem
from contor.kernel.money import CENT, ZERO
from contor.kernel.shapes import replace
from contor.openitems.bounces import bounced, gross_of, reversed_movement
from contor.openitems.ledger import in_matter, padded
from contor.openitems.rules import moved, pay
from contor.openitems.types import Case, Matter, Movement

EXAMPLES = int(os.environ.get("CONTOR_EXAMPLES", "300"))
ACCOUNTS = accounts(cash_taxation=True)
BANK = SKR03[Role.BANK].number


class Claim:
    """An invoice, what was credited of it, and the money for both, with its entries."""

    def __init__(self, items: Sequence[RequestedItem]) -> None:
        self.items = items
        self.invoice = issued(a_request(*items), ident="RE-1")
        self.cases: dict[str, Case] = {"RE-1": case_of(self.invoice, cash_taxation=True)}
        self.payments: list[tuple[str, Movement, Payment]] = []
        self.entries: list[Entry] = post_document(self.invoice, ACCOUNTS)

    def credit(self, items: Sequence[RequestedItem]) -> None:
        request = a_request(*items, related_document_ident="RE-1")
        memo = issued(request, DocumentType.CREDIT_MEMO, facts(related(self.invoice)), "GS-1")
        self.entries += post_document(memo, ACCOUNTS)
        self.cases["GS-1"] = case_of(memo, cash_taxation=True)
        left = left_parts(self.cases["RE-1"].groups, related(self.invoice, memo).left)
        self.cases["RE-1"] = replace(self.cases["RE-1"], uncredited=left)
        self.check()

    def case(self, ident: str) -> Case:
        every = [padded(case, list(self.cases.values())) for case in self.cases.values()]
        own = next(case for case in every if case.ident == ident)
        return in_matter(own, every)

    def matter(self) -> Matter:
        found = self.case("RE-1").matter
        assert found is not None
        return found

    def pay(self, ident: str, amount: Decimal) -> None:
        case, payment = self.case(ident), Payment(ident="p-1", booked_on=DAY, amount=amount, ledger_amount=amount)
        movement = pay(case, amount, amount)
        self.entries += post_payment(case, movement, payment, ACCOUNTS)
        self.payments.append((ident, movement, payment))
        self._move(ident, case, movement)

    def bounce(self, at: int) -> None:
        ident, movement, payment = self.payments.pop(at)
        case = self.case(ident)
        back = bounced(case, movement, ())
        assert back is not None
        self.entries += [
            reversed_entry(entry, DAY, "1") for entry in post_payment(case, reversed_movement(back), payment, ACCOUNTS)
        ]
        self._move(ident, case, back)

    def _move(self, ident: str, case: Case, movement: Movement) -> None:
        self.cases[ident] = replace(moved(case, movement), matter=None)
        self.check()

    def check(self) -> None:
        money = sum((payment.amount for _, _, payment in self.payments), ZERO)
        matter = self.matter()
        assert matter.money == money
        assert gross_of(matter.taxed) == max(ZERO, min(money, self.invoice.totals.gross))
        if money <= 0:
            assert not any(part.tax for part in matter.taxed)
        elif money >= self.invoice.totals.gross:
            assert matter.taxed == matter.asked
        booked = balances(*self.entries)
        due: dict[int, Decimal] = {}
        for part in matter.taxed:
            on_receipt, not_due = (SKR03[tax_role(Treatment.DOMESTIC, part.rate, not_due=it)].number for it in (False, True))
            if on_receipt != not_due:  # other rates have one account for both
                due[on_receipt] = due.get(on_receipt, ZERO) - part.tax
        assert {account: Decimal(booked.get(account, "0")) for account in due} == due


def part_of(data: st.DataObject, most: Decimal) -> Decimal:
    return data.draw(st.just(most) | st.integers(1, int(most / CENT)).map(lambda cents: cents * CENT))


@settings(max_examples=EXAMPLES)
@given(rows(credits_too=False, largest=3), st.data())
def test_what_is_taxed_is_what_the_money_that_is_there_pays(items: tuple[RequestedItem, ...], data: st.DataObject) -> None:
    claim = Claim(items)
    issued_only: dict[int, str] | None = balances(*claim.entries)
    for step in data.draw(st.lists(st.sampled_from(["pay", "back", "back", "credit", "bounce", "bounce"]), max_size=9)):
        open_amount = claim.cases["RE-1"].balance
        if step == "pay" and open_amount > 0:
            claim.pay("RE-1", part_of(data, open_amount))
        elif step == "back" and (credit := claim.cases.get("GS-1")) and credit.balance < 0 and data.draw(st.booleans()):
            claim.pay("GS-1", -part_of(data, -credit.balance))
        elif step == "back" and claim.payments:
            claim.pay("RE-1", -part_of(data, claim.invoice.totals.gross))
        elif step == "credit" and len(claim.cases) == 1:
            row = data.draw(st.sampled_from(items))
            agreed = row.prices.total.net if row.tax_detail.calculation_basis == "NET" else row.prices.total.gross
            if not agreed:
                continue
            basis = row.tax_detail.calculation_basis
            taken = a_row(row.ident, str(part_of(data, agreed)), basis=basis, tax_detail=row.tax_detail)
            claim.credit([taken])
            issued_only = None if claim.payments else balances(*claim.entries)
        elif step == "bounce" and claim.payments:
            claim.bounce(data.draw(st.integers(0, len(claim.payments) - 1)))
    while claim.payments:
        claim.bounce(data.draw(st.integers(0, len(claim.payments) - 1)))
    if issued_only is not None:
        assert balances(*claim.entries) == issued_only
