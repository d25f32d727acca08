"""What is received, taxed and granted is that of the money that is there now, in whatever order it came, went back and bounced."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company, a_row_of

D = Decimal
BANK, INTERIM, DEBTOR, CLEARING = 1200, 1792, 10000, 1593
DUE, NOT_DUE, SKONTO_GRANTED = 1776, 1766, 8736
SKONTO = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
BOTH_KINDS = pytest.mark.parametrize("is_memo", [False, True])


class Payee(Company):
    """A company to whom money comes, from whom it goes, and that takes both back. `made`: the assignments, in order."""

    made: tuple[str, ...] = ()

    def put(self, amount: str, number: str) -> None:
        """Signed: what is negative goes back."""
        size, way = amount.lstrip("-"), "DEBIT" if amount.startswith("-") else "CREDIT"
        payment = self.pay(size, "by hand", creditDebitIndicator=way)["paymentIdent"]
        body = {"paymentIdent": payment, "targetIdent": number}
        self.made += (self.call("POST", "/v2/payment-assignments", body, 201)["paymentAssignmentIdent"],)
        self.sound()

    def undo(self, at: int) -> None:
        self.call("POST", f"/v2/payment-assignments/{self.made[at]}/actions/reverse")
        self.sound()

    def reissue(self, number: str) -> str:
        return str(self.call("POST", f"/v2/documents/{number}/actions/reissue", {}, 202)["documentIdent"])

    def owed(self, number: str) -> Decimal:
        return D(str(self.case(number)["balance"]))

    def books(self) -> dict[int, Decimal]:
        return {account: amount for account, amount in self.sums().items() if account not in (BANK, INTERIM)}

    def tax(self) -> dict[int, Decimal]:
        """At 19 %, due and not due."""
        return {account: amount for account, amount in self.sums().items() if account in (DUE, NOT_DUE)}


@pytest.fixture
def payee(company: Company) -> Payee:
    found = Payee(company.tenant, company.client, company.headers)
    found.take_parts()
    return found


def a_deposit(payee: Payee, is_memo: bool, rows: list[dict[str, Any]]) -> str:
    with payee.tenant.runtime.transaction(payee.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    return payee.document("deposit-invoices", items=rows)


@BOTH_KINDS
@pytest.mark.parametrize("paid", [["119.00", "-47.60"], ["60.00", "59.00", "-100.00"]])
@pytest.mark.parametrize("last_first", [False, True])
def test_a_deposit_whose_money_is_all_gone_is_as_before_the_receipt(
    payee: Payee, is_memo: bool, paid: list[str], last_first: bool
) -> None:
    deposit = a_deposit(payee, is_memo, [a_row_of("100.00")])
    before = payee.books()
    for amount in paid:
        payee.put(amount, deposit)
    order = range(len(paid))
    for at in reversed(order) if last_first else order:
        payee.undo(at)
    assert (payee.owed(deposit), payee.books()) == (D("119.00"), before)
    final = payee.document("invoices", "500.00", relatedDocumentIdent=deposit)
    assert (payee.owed(final), payee.tax()) == (D("595.00"), {DUE: D("-95.00")})
    payee.sound()


@BOTH_KINDS
def test_of_a_deposit_of_two_rates_what_is_there_is_received(payee: Payee, is_memo: bool) -> None:
    """The second bounces: more went back than was there. Undone, 60.00 are there."""
    deposit = a_deposit(payee, is_memo, [a_row_of("80.00"), {**a_row_of("22.25", 7), "ident": "i-2"}])
    before = payee.books()
    for amount in ("60.00", "59.01", "-100.00"):
        payee.put(amount, deposit)
    payee.undo(1)
    assert payee.books() == {**({} if is_memo else before), DEBTOR: before.get(DEBTOR, D(0)) + 40}
    payee.undo(2)
    taken = payee.books()
    assert taken[1718] + taken[DUE] + taken[1711] + taken[1771] == D("-60.00")
    payee.undo(0)
    assert payee.books() == before


@BOTH_KINDS
def test_what_comes_makes_good_first_what_went_back_of_other_money(payee: Payee, is_memo: bool) -> None:
    deposit = a_deposit(payee, is_memo, [a_row_of("100.00")])
    before = payee.books()
    for amount in ("119.00", "-47.60"):
        payee.put(amount, deposit)
    payee.undo(0)
    payee.put("47.60", deposit)
    assert payee.books() == before
    payee.put("119.00", deposit)
    assert payee.tax() == {DUE: D("-19.00")}
    payee.undo(2)
    assert payee.tax() == {DUE: D("-11.40")}
    payee.undo(1)
    assert (payee.owed(deposit), payee.tax()) == (D(0), {DUE: D("-19.00")})


@BOTH_KINDS
def test_nothing_was_deducted_of_what_had_gone_back(payee: Payee, is_memo: bool) -> None:
    """The final invoice names the deposit: its receipt may bounce all the same."""
    deposit = a_deposit(payee, is_memo, [a_row_of("100.00")])
    for amount in ("119.00", "-119.00"):
        payee.put(amount, deposit)
    final = payee.document("invoices", "500.00", relatedDocumentIdent=deposit)
    assert payee.owed(final) == D("595.00")
    payee.undo(0)
    assert payee.owed(deposit) == D("119.00")
    payee.undo(1)
    assert (payee.owed(deposit), payee.books()) == (D(0), {DEBTOR: D("595.00"), 8400: D("-500.00"), DUE: D("-95.00")})


@pytest.fixture
def cash(payee: Payee) -> Payee:
    with payee.tenant.runtime.transaction(payee.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    return payee


@pytest.mark.parametrize("reissued", [False, True])
def test_no_more_is_taxed_than_was_asked_for(cash: Payee, reissued: bool) -> None:
    invoice = cash.document(net="100.00")
    for amount in ("119.00", "-100.00"):
        cash.put(amount, invoice)
    cash.undo(0)
    number = cash.reissue(invoice) if reissued else invoice
    assert cash.tax() == {NOT_DUE: D("-19.00")}
    cash.put("219.00", number)
    assert cash.tax() == {DUE: D("-19.00")}
    cash.undo(1)
    assert cash.tax() == {DUE: D("-19.00")}
    cash.undo(2)
    assert (cash.books()[DEBTOR], cash.tax()) == (D("119.00"), {NOT_DUE: D("-19.00")})


@pytest.mark.parametrize("reissued", [False, True])
def test_what_is_left_is_not_due_once_the_money_is_gone(cash: Payee, reissued: bool) -> None:
    invoice = cash.document(net="400.00")
    cash.put("476.00", invoice)
    number = cash.reissue(invoice) if reissued else invoice
    memo = cash.document("credit-memos", "50.00", relatedDocumentIdent=number)
    cash.put("-59.50", memo)
    assert cash.tax() == {DUE: D("-66.50")}
    cash.undo(0)
    assert cash.tax() == {NOT_DUE: D("-66.50")}
    cash.put("476.00", number)
    assert cash.tax() == {DUE: D("-66.50")}
    cash.undo(1)
    cash.undo(2)
    assert cash.tax() == {NOT_DUE: D("-66.50")}


@pytest.mark.parametrize("is_cash", [False, True])
@pytest.mark.parametrize("way", ["bounces", "goes back"])
@pytest.mark.parametrize("reissues", [1, 2])
def test_skonto_falls_with_a_part_that_was_paid_before_the_document_was_issued_anew(
    payee: Payee, is_cash: bool, way: str, reissues: int
) -> None:
    if is_cash:
        with payee.tenant.runtime.transaction(payee.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    old = number = payee.document(net="250.00", paymentTerm=SKONTO)
    payee.put("150.00", old)
    for _ in range(reissues):
        number = payee.reissue(number)
    payee.put("141.55", number)
    assert (payee.owed(number), payee.sums()[SKONTO_GRANTED]) == (D(0), D("5.00"))
    if way == "bounces":
        payee.undo(0)
    else:
        payee.put("-150.00", old)
    assert (payee.owed(number), payee.sums().get(SKONTO_GRANTED)) == (D("155.95"), None)
    assert payee.tax() == ({DUE: D("-22.60"), NOT_DUE: D("-24.90")} if is_cash else {DUE: D("-47.50")})
    payee.put("150.00", number)
    assert (payee.owed(number), payee.sums()[SKONTO_GRANTED]) == (D(0), D("5.00"))
