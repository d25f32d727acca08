"""Taxed on receipt, an invoice and credit memos over it, paid, paid back and both taken back, in any order: what is taxed is what the
money that is there now pays of what was asked for, first of the rows that are left, never what happened on the way."""

import os
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checkers.entries import balances
from tests.factories.requests import TODAY as DAY
from tests.factories.requests import a_credit, a_request, a_row, issued, related
from tests.factories.sales import accounts, case_of
from tests.factories.strategies import rows

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.posting.decisions import post_decision, post_tax_due
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.roles import Role, tax_role
from contor.bookkeeping.types import Entry, Payment
from contor.documents.treatment import Treatment, left_parts, tax_parts
from contor.documents.types import Document, RequestedItem
from contor.kernel.money import CENT, ZERO
from contor.kernel.shapes import replace
from contor.openitems.bounces import bounced, gross_of, paid_others, reversed_movement
from contor.openitems.ledger import in_matter, padded
from contor.openitems.matters import follow_money
from contor.openitems.rules import decide, moved, pay
from contor.openitems.types import Case, DecisionType, Matter, Movement

EXAMPLES = int(os.environ.get("CONTOR_EXAMPLES", "300"))
ACCOUNTS = accounts(cash_taxation=True)
BANK = SKR03[Role.BANK].number


class Claim:
    """An invoice, what was credited of it, and the money for both, with its entries."""

    def __init__(self, items: Sequence[RequestedItem]) -> None:
        self.items = items
        self.invoice = issued(a_request(*items), ident="RE-1")
        self.cases: dict[str, Case] = {"RE-1": case_of(self.invoice, cash_taxation=True)}
        self.memos: list[Document] = []
        self.payments: list[tuple[str, Movement, Payment]] = []
        self.entries: list[Entry] = post_document(self.invoice, ACCOUNTS)

    def credit(self, items: Sequence[RequestedItem]) -> None:
        ident = f"GS-{len(self.memos) + 1}"
        memo = a_credit(self.invoice, *self.memos, items=items, ident=ident)
        self.memos.append(memo)
        self.entries += post_document(memo, ACCOUNTS)
        self.cases[ident] = case_of(memo, cash_taxation=True)
        left = left_parts(tax_parts(self.invoice), related(self.invoice, *self.memos).left)
        self.cases["RE-1"] = replace(self.cases["RE-1"], uncredited=left)
        for moves in ("RE-1", ident):
            self.follow(moves, paid_others(self.case(moves)))
        self.follow(ident, follow_money(self.case(ident)))
        self.check()

    def left(self) -> list[tuple[RequestedItem, Decimal]]:
        """The rows of which something can be credited still, and how much of each on its agreed side."""
        rows = related(self.invoice, *self.memos).left.rows
        return [(it, rows[it.ident].agreed) for it in self.items if rows[it.ident].agreed > 0]

    def open_memos(self) -> list[str]:
        return [memo.ident for memo in self.memos if self.cases[memo.ident].balance < 0]

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
        self.move(ident, case, movement)

    def bounce(self, at: int) -> None:
        ident, movement, payment = self.payments.pop(at)
        case = self.case(ident)
        back = bounced(case, movement, ())
        assert back is not None
        self.entries += [
            reversed_entry(entry, DAY, "1") for entry in post_payment(case, reversed_movement(back), payment, ACCOUNTS)
        ]
        self.move(ident, case, back)

    def move(self, ident: str, case: Case, movement: Movement) -> None:
        self.cases[ident] = replace(moved(case, movement), matter=None)
        self.follow(ident, follow_money(self.case(ident)))
        assert follow_money(self.case("RE-1")) is None
        self.check()

    def follow(self, ident: str, movement: Movement | None) -> None:
        """The tax that moves without a movement of its own."""
        if movement is not None:
            case = self.case(ident)
            self.entries += post_tax_due(case, movement.ledger_due, DAY, ident, ACCOUNTS)
            self.cases[ident] = replace(moved(case, movement), matter=None)

    def check(self) -> None:
        money = sum((payment.amount for _, _, payment in self.payments), ZERO)
        matter = self.matter()
        assert matter.money == money
        assert gross_of(matter.taxed) == max(ZERO, min(money, self.invoice.totals.gross))
        if money <= 0:
            assert not any(part.tax for part in matter.taxed)
        elif money >= self.invoice.totals.gross:
            assert matter.taxed == matter.asked
        # what is taxed of rows that credits took is what the customer has beyond all that is left
        beyond = money - gross_of(matter.owed)
        for taxed, owed in zip(matter.taxed, matter.owed, strict=True):
            assert beyond > 0 or taxed.gross <= owed.gross
            assert beyond < 0 or taxed.gross >= owed.gross
            assert beyond or taxed.tax == owed.tax
        booked = balances(*self.entries)
        due: dict[int, Decimal] = {}
        for part in matter.taxed:
            on_receipt, not_due = (SKR03[tax_role(Treatment.DOMESTIC, part.rate, not_due=it)].number for it in (False, True))
            if on_receipt != not_due:  # other rates have one account for both
                due[on_receipt] = due.get(on_receipt, ZERO) - part.tax
        assert {account: Decimal(booked.get(account, "0")) for account in due} == due


def part_of(data: st.DataObject, most: Decimal) -> Decimal:
    return data.draw(st.just(most) | st.integers(1, int(most / CENT)).map(lambda cents: cents * CENT))


def taken(data: st.DataObject, left: Sequence[tuple[RequestedItem, Decimal]]) -> list[RequestedItem]:
    """Part of a row, or all that is left of the rows of one rate."""
    row, agreed = data.draw(st.sampled_from(left))
    of_rate = [(it, all_of_it) for it, all_of_it in left if it.tax_detail.taxes == row.tax_detail.taxes]
    amounts = of_rate if data.draw(st.booleans()) else [(row, part_of(data, agreed))]
    return [
        a_row(it.ident, str(amount), basis=str(it.tax_detail.calculation_basis), tax_detail=it.tax_detail) for it, amount in amounts
    ]


@settings(max_examples=EXAMPLES)
@given(rows(credits_too=False, largest=3), st.data())
def test_what_is_taxed_is_what_the_money_that_is_there_pays(items: tuple[RequestedItem, ...], data: st.DataObject) -> None:
    claim = Claim(items)
    issued_only: dict[int, str] | None = balances(*claim.entries)
    for step in data.draw(st.lists(st.sampled_from(["pay", "back", "back", "credit", "credit", "bounce", "bounce"]), max_size=9)):
        open_amount = claim.cases["RE-1"].balance
        if step == "pay" and open_amount > 0:
            claim.pay("RE-1", part_of(data, open_amount))
        elif step == "back" and (open_memos := claim.open_memos()) and data.draw(st.booleans()):
            ident = data.draw(st.sampled_from(open_memos))
            claim.pay(ident, -part_of(data, -claim.cases[ident].balance))
        elif step == "back" and claim.payments:
            claim.pay("RE-1", -part_of(data, claim.invoice.totals.gross))
        elif step == "credit" and (left := claim.left()):
            claim.credit(taken(data, left))
            issued_only = None if claim.payments else balances(*claim.entries)
        elif step == "bounce" and claim.payments:
            claim.bounce(data.draw(st.integers(0, len(claim.payments) - 1)))
    while claim.payments:
        claim.bounce(data.draw(st.integers(0, len(claim.payments) - 1)))
    if issued_only is not None:
        assert balances(*claim.entries) == issued_only


def test_what_is_given_up_after_a_credit_leaves_nothing_taxed_beyond_what_is_left() -> None:
    items = [a_row("i-1", "700.00", rate="19"), a_row("i-2", "300.00", rate="7")]
    claim = Claim(items)
    claim.pay("RE-1", Decimal("600.00"))
    claim.credit([a_row("i-1", "350.00", rate="19")])
    case = claim.case("RE-1")
    movement = decide(replace(case, reducible=case.uncredited), DecisionType.DISCOUNT, Decimal("50.00"))
    claim.entries += post_decision(case, movement, DAY, "d-1", ACCOUNTS)
    claim.move("RE-1", case, movement)
    taxed = {part.rate: part.gross for part in claim.matter().taxed}
    assert taxed == {Decimal(19): Decimal("388.26"), Decimal(7): Decimal("211.74")}
