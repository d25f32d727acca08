"""An invoice and a credit named together in one payment (money 4.6): of one customer the credit is cleared, of two a person decides."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, entries, last, opposite, said, tax_on_receipt
from tests.factories.companies import Company, day_here
from tests.factories.customers import another_customer

D = Decimal


def owed(company: Company, net: str, days: int = 30, **more: Any) -> str:
    return company.document(net=net, paymentTerm={"periodInDays": days}, **more)


def balances(company: Company, *numbers: str) -> list[Decimal]:
    """Positive is owed to us."""
    found = [company.case(number) for number in numbers]
    return [D(str(it["balance"])) * (-1 if it["balanceDebitCreditIndicator"] == "CREDIT" else 1) for it in found]


def assignments(company: Company) -> list[Any]:
    return list(company.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"])


def reverse(company: Company, assignment: Any, status: int = 200) -> Any:
    return company.call("POST", f"/v2/payment-assignments/{assignment['paymentAssignmentIdent']}/actions/reverse", status=status)


def test_the_credit_of_one_customer_is_cleared_and_the_rest_is_assigned(company: Company) -> None:
    invoice = owed(company, "100.00")
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=invoice)
    assert balances(company, invoice, memo) == [D(119), D("-29.75")]
    since = last(company)
    paid = company.pay("89.25", f"{invoice} abzgl. {memo}")
    assert paid["status"] == "ASSIGNED"
    assert balances(company, invoice, memo) == [0, 0]
    booked = entries(company, since)
    assert sorted(booked) == ["CLEARING: D 10000 29.75, C 10000 29.75", "PAYMENT: D 1200 89.25, C 10000 89.25"]
    assert company.sums() == {1200: D("89.25"), 8400: D(-75), 1776: D("-14.25")}
    (decision,) = company.call("GET", f"/v2/payments/{paid['paymentIdent']}/decisions")["decisions"]
    assert (decision["rule"], decision["note"]) == ("DOCUMENT_NUMBER", f"cleared with {memo}")
    assert set(decision["numbers"]) == {invoice, memo}
    company.sound()
    # the reversal takes both back, exactly
    since = last(company)
    reverse(company, assignments(company)[0])
    assert balances(company, invoice, memo) == [D(119), D("-29.75")]
    back = [*opposite(["CLEARING: D 10000 29.75, C 10000 29.75"]), "PAYMENT: D 1200 -89.25, C 10000 -89.25"]
    assert sorted(it for it in entries(company, since) if not it.startswith("PAYMENT_UNASSIGNED")) == sorted(back)
    company.sound()
    # and it is found again
    company.call("POST", f"/v2/payments/{paid['paymentIdent']}/suggestions/actions/refresh")
    assert balances(company, invoice, memo) == [0, 0]
    company.sound()


def test_what_is_due_first_is_cleared_first(company: Company) -> None:
    """A credit that is more than the invoice that is due first: that one is cleared alone, the payment goes to the other."""
    later, first = owed(company, "100.00", 30), owed(company, "20.00", 5)
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=later)
    since = last(company)
    paid = company.pay("113.05", f"{later} {first} {memo}")
    assert paid["status"] == "ASSIGNED"
    assert balances(company, later, first, memo) == [0, 0, 0]
    assert sorted(entries(company, since)) == [
        "CLEARING: D 10000 23.8, C 10000 23.8",
        "CLEARING: D 10000 5.95, C 10000 5.95",
        "PAYMENT: D 1200 113.05, C 10000 113.05",
    ]
    (made,) = assignments(company)
    assert (made["targetIdent"], made["amount"]) == (later, 113.05)
    company.sound()
    reverse(company, made)
    assert balances(company, later, first, memo) == [119, D("23.80"), D("-29.75")]
    company.sound()


def test_of_two_invoices_each_assignment_takes_its_own_clearing_back(company: Company) -> None:
    first, later = owed(company, "100.00", 5), owed(company, "50.00", 30)
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=first)
    company.pay("148.75", f"{first} {later} {memo}")
    assert balances(company, first, later, memo) == [0, 0, 0]
    by_target = {one["targetIdent"]: one for one in assignments(company)}
    assert {number: one["amount"] for number, one in by_target.items()} == {first: 89.25, later: 59.5}
    reverse(company, by_target[later])
    assert balances(company, first, later, memo) == [0, D("59.50"), 0]
    company.sound()
    reverse(company, by_target[first])
    assert balances(company, first, later, memo) == [119, D("59.50"), D("-29.75")]
    company.sound()


def test_of_two_customers_a_person_decides(company: Company) -> None:
    invoice = owed(company, "100.00")
    other = another_customer(company)
    theirs = owed(company, "100.00", **other)
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=theirs, **other)
    paid = company.pay("89.25", f"{invoice} abzgl. {memo}")
    assert (paid["status"], paid["reason"]) == ("OPEN", "CREDIT_NAMED")
    assert balances(company, invoice, memo) == [119, D("-29.75")]
    found = company.call("GET", f"/v2/payments/{paid['paymentIdent']}/suggestions")["suggestions"]
    assert [(one["targetIdent"], one.get("amount")) for one in found] == [(invoice, 89.25), (memo, None)]
    company.sound()


def test_a_return_leaves_what_was_cleared(company: Company) -> None:
    """The customer has set off; only his money is gone."""
    invoice = owed(company, "100.00")
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=invoice)
    company.pay("89.25", f"{invoice} {memo}", endToEndIdent="E-1")
    information = {"reasonCode": "AM04"}
    company.pay("89.25", "", creditDebitIndicator="DEBIT", endToEndIdent="E-1", returnInformation=information)
    assert balances(company, invoice, memo) == [D("89.25"), 0]
    company.sound()


def test_a_reversal_that_would_break_a_later_clearing_is_refused_by_name(company: Company) -> None:
    """What was paid beyond the invoice, because the credit had paid a part of it, has paid another one since."""
    company.take_parts()
    invoice = owed(company, "100.00", 5)
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=invoice)
    company.pay("89.25", f"{invoice} {memo}")
    more = company.pay("50.00", "?")
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": more["paymentIdent"], "targetIdent": invoice}, 201)
    assert balances(company, invoice) == [-50]
    another = owed(company, "100.00")
    run = clearing(company, customerIdent="muster-handel", currency="EUR")
    assert balances(company, invoice, another) == [0, 69]
    first = next(one for one in assignments(company) if one["amount"] == 89.25)
    refused = reverse(company, first, 400)
    assert f"What was paid on {invoice} beyond it was used by clearing run {run['ident']}" in said(refused)
    company.sound()
    company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    reverse(company, first)
    assert balances(company, invoice, memo, another) == [69, D("-29.75"), 119]
    company.sound()


@pytest.mark.parametrize("several", [False, True])
def test_where_tax_arises_on_receipt_what_is_cleared_is_received(company: Company, several: bool) -> None:
    tax_on_receipt(company)
    invoice = owed(company, "100.00")
    other = owed(company, "50.00", 5) if several else None
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=invoice)
    named = [it for it in (invoice, other, memo) if it]
    paid = company.pay("148.75" if several else "89.25", " ".join(named))
    assert paid["status"] == "ASSIGNED"
    assert balances(company, *named) == [0] * len(named)
    company.sound()
    for one in assignments(company):
        reverse(company, one)
    assert balances(company, invoice, memo) == [119, D("-29.75")]
    company.sound()


def test_a_clearing_that_stands_without_its_assignment_is_found(company: Company) -> None:
    invoice = owed(company, "100.00")
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=invoice)
    company.pay("89.25", f"{invoice} {memo}")
    company.sound()
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        assert uow.run("UPDATE payment_assignment SET status = 'REVERSED', reversed_at = now()") == 1
    assert "assignment.what_is_cleared_with_a_payment_stands_with_it" in {one.check for one in company.tenant.broken()}


SKONTO = {"cashDiscount": [{"days": 10, "percentage": 2}]}


@pytest.mark.parametrize("cash", [False, True])
def test_skonto_is_deducted_beside_a_credit_of_another_invoice(company: Company, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    other = company.document(net="20.00")
    company.pay("23.80", other)
    memo = company.document("credit-memos", "20.00", relatedDocumentIdent=other)
    invoice = company.document(paymentTerm={"periodInDays": 30, **SKONTO})
    before = company.sums()
    paid = company.pay("92.82", f"{invoice} abzgl. {memo}")
    assert paid["status"] == "ASSIGNED"
    assert balances(company, invoice, memo) == [0, 0]
    assert company.sums()[8736] == 2
    company.sound()
    (made,) = [it for it in assignments(company) if it["paymentIdent"] == paid["paymentIdent"]]
    reverse(company, made)
    assert balances(company, invoice, memo) == [119, D("-23.80")]
    sums = company.sums()
    assert (sums.pop(1200), sums.pop(1792)) == (before.pop(1200) + D("92.82"), D("-92.82"))
    assert sums == before
    company.sound()


@pytest.mark.parametrize(("amount", "status"), [("93.30", "ASSIGNED"), ("92.81", "OPEN")])
def test_of_what_its_own_credit_has_left_skonto_is_less(company: Company, amount: str, status: str) -> None:
    """2 % of 95.20."""
    invoice = company.document(paymentTerm={"periodInDays": 30, **SKONTO})
    memo = company.document("credit-memos", "20.00", relatedDocumentIdent=invoice)
    assert company.pay(amount, f"{invoice} abzgl. {memo}")["status"] == status
    assert balances(company, invoice, memo) == ([0, 0] if status == "ASSIGNED" else [119, D("-23.80")])
    company.sound()


BESIDE = [
    # paid, of 119.00 less 29.75, status, what is owed then on the invoice, and on the memo
    ("89.26", True, True, "ASSIGNED", "-0.01", "0"),
    ("89.24", True, True, "ASSIGNED", "0.01", "0"),
    ("40.00", True, True, "ASSIGNED", "49.25", "0"),
    ("110.00", True, True, "ASSIGNED", "-20.75", "0"),
    ("150.00", True, False, "ASSIGNED", "-60.75", "0"),
    ("119.00", True, True, "ASSIGNED", "0", "-29.75"),  # nothing was deducted
    ("89.26", False, True, "OPEN", "119", "-29.75"),
    ("89.24", True, False, "OPEN", "119", "-29.75"),
]


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize(("amount", "over", "under", "status", "left", "of_memo"), BESIDE)
def test_what_is_paid_beside_the_sum_clears_the_credit_as_well(
    company: Company, amount: str, over: bool, under: bool, status: str, left: str, of_memo: str, cash: bool
) -> None:
    """As the switches allow more, or less, than what the credit leaves."""
    if cash:
        tax_on_receipt(company)
    switches = {"overpaymentAssignmentToDocuments": over, "underpaymentAssignmentToDocuments": under}
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", switches, 201)
    invoice = owed(company, "100.00")
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=invoice)
    before = company.sums()
    paid = company.pay(amount, f"{invoice} abzgl. {memo}", endToEndIdent="E-1")
    assert paid["status"] == status
    assert balances(company, invoice, memo) == [D(left), D(of_memo)]
    company.sound()
    if status == "OPEN":
        (one, _) = company.call("GET", f"/v2/payments/{paid['paymentIdent']}/suggestions")["suggestions"]
        beside = "0.01 EUR more" if D(amount) > D("89.25") else "0.01 EUR less"
        assert (one["targetIdent"], one["note"]) == (invoice, f"{beside} than is owed")
        return
    (made,) = assignments(company)
    reverse(company, made)
    assert balances(company, invoice, memo) == [119, D("-29.75")]
    gone = company.sums()
    assert gone.pop(1200) + gone.pop(1792) == 0
    assert gone == before
    company.sound()


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize(
    ("amount", "left"),
    [("148.76", ["0", "-0.01"]), ("148.74", ["0", "0.01"]), ("60.00", ["29.25", "59.50"]), ("89.24", ["0.01", "59.50"])],
)
def test_of_two_invoices_what_is_due_first_is_cleared_and_paid_first(
    company: Company, amount: str, left: list[str], cash: bool
) -> None:
    if cash:
        tax_on_receipt(company)
    company.take_parts()
    day = dt.date.fromisoformat(day_here()) - dt.timedelta(days=60)
    first, later = (owed(company, net, days, documentDate=day.isoformat()) for net, days in (("100.00", 5), ("50.00", 30)))
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=first)
    before = company.sums()
    assert company.pay(amount, f"{first} {later} {memo}")["status"] == "ASSIGNED"
    assert balances(company, first, later, memo) == [*map(D, left), 0]
    company.sound()
    for one in assignments(company)[::-1]:
        reverse(company, one)
    assert balances(company, first, later, memo) == [119, D("59.50"), D("-29.75")]
    gone = company.sums()
    assert gone.pop(1200) + gone.pop(1792) == 0
    assert gone == before
    company.sound()


def test_a_payment_behind_it_finds_the_case_as_the_clearing_left_it(company: Company) -> None:
    company.take_parts()
    invoice = owed(company, "100.00")
    memo = company.document("credit-memos", "25.00", relatedDocumentIdent=invoice)
    company.pay("40.00", f"{invoice} {memo}")
    assert company.pay("49.25", f"{invoice} {memo}")["status"] == "ASSIGNED"
    assert balances(company, invoice, memo) == [0, 0]
    company.sound()
