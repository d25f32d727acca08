"""Section 20 UStG: a receivable that was written off or reduced, in part or as a whole, and money that comes after all, in part, as a
whole, beyond it. What is paid is due, at each rate to the cent, and nothing stays that is not due."""

from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.tampering import sentences
from tests.factories.cases import clearing, decide, entries, last, revert, tax_on_receipt
from tests.factories.companies import Company, a_row_of

D = Decimal
LOST, SKONTO, LESS = "UNCOLLECTABLE_RECEIVABLE", "CASH_DISCOUNT", "DISCOUNT"
ONE = [a_row_of("100.00")]
TWO = [{**a_row_of("100.00"), "ident": "i-1"}, {**a_row_of("100.00", 7), "ident": "i-2"}]
THREE = [{**a_row_of("33.33"), "ident": "i-1"}, {**a_row_of("66.67", 7), "ident": "i-2"}, {**a_row_of("0.05", 19), "ident": "i-3"}]
NOT_DUE, DUE = (1766, 1761), (1776, 1771)
Step = tuple[str, str]
STORIES: dict[str, list[Step]] = {
    "a half is lost, the whole comes": [(LOST, "50"), ("pay", "100")],
    "a half is lost, the halves come": [(LOST, "50"), ("pay", "50"), ("pay", "50")],
    "a half is lost, more than the whole comes": [(LOST, "50"), ("pay", "110")],
    "a half comes, the other is lost and comes": [("pay", "50"), (LOST, "50"), ("pay", "50")],
    "all is lost, thirds come": [(LOST, "100"), ("pay", "33.33"), ("pay", "33.33"), ("pay", "33.34")],
    "two losses, one payment beyond the open part": [(LOST, "28"), (LOST, "31"), ("pay", "67"), ("pay", "33")],
    "doubtful, then lost, then paid": [("DOUBTFUL_RECEIVABLE", ""), (LOST, "50"), ("pay", "100")],
}
REDUCED: dict[str, list[Step]] = {
    "Skonto, then a loss, then all that is left": [(SKONTO, "2"), (LOST, "42"), ("pay", "98")],
    "accepted short, the rest is lost and comes in halves": [(LESS, "16"), (LOST, "84"), ("pay", "42"), ("pay", "42")],
    "paid but for a cent's worth, which is let go": [("pay", "99"), (LESS, "1")],
}


def put(company: Company, number: str, amount: Decimal) -> None:
    paid = company.pay(str(amount), number)
    listed = company.call("GET", f"/v2/merchant-payment-accounts/bank/payments/{paid['paymentIdent']}")
    if listed["status"] == "OPEN":  # a case that is closed is paid by hand only
        body = {"paymentIdent": paid["paymentIdent"], "targetIdent": number}
        company.call("POST", "/v2/payment-assignments", body, 201)


def tell(company: Company, number: str, story: list[Step]) -> None:
    gross = D(str(company.case(number)["balance"]))
    for kind, percent in story:
        amount = (gross * D(percent or 0) / 100).quantize(D("0.01"))
        if kind == "pay":
            put(company, number, amount)
        else:
            more: dict[str, Any] = {"amount": str(amount)} if amount else {}
            decide(company, number, kind, **more)
        company.sound()


def taxes(company: Company) -> tuple[list[Decimal], list[Decimal]]:
    sums = company.sums()
    return [sums.get(account, D(0)) for account in NOT_DUE], [sums.get(account, D(0)) for account in DUE]


@pytest.mark.parametrize("items", [ONE, TWO, THREE], ids=["one rate", "two rates", "uneven"])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_what_was_lost_and_comes_after_all_is_due_as_a_whole(company: Company, items: list[Any], story: list[Step]) -> None:
    tax_on_receipt(company)
    company.take_parts()
    number = company.document(items=items)
    (not_due, _) = taxes(company)
    tell(company, number, story)
    assert taxes(company) == ([D(0), D(0)], not_due)


@pytest.mark.parametrize("items", [ONE, TWO, THREE], ids=["one rate", "two rates", "uneven"])
@pytest.mark.parametrize("story", REDUCED.values(), ids=REDUCED)
def test_what_was_reduced_is_not_due_and_the_rest_is(company: Company, items: list[Any], story: list[Step]) -> None:
    tax_on_receipt(company)
    company.take_parts()
    number = company.document(items=items)
    tell(company, number, story)
    assert taxes(company)[0] == [D(0), D(0)]


def test_money_that_stood_as_credit_pays_what_is_owed_again_when_a_reduction_is_taken_back(company: Company) -> None:
    tax_on_receipt(company)
    company.take_parts()
    number = company.document(items=TWO)
    granted = decide(company, number, SKONTO, amount="113.00")
    put(company, number, D("226.00"))
    assert taxes(company) == ([D(0), D(0)], [D("-9.5"), D("-3.5")])
    since = last(company)
    revert(company, granted)
    assert entries(company, since)[1:] == ["TAX_DUE: D 1766 9.5, C 1776 9.5, D 1761 3.5, C 1771 3.5"]
    assert (company.case(number)["balance"], taxes(company)) == (0, ([D(0), D(0)], [D(-19), D(-7)]))
    company.sound()


def test_a_credit_that_is_kept_is_no_money_for_the_rows_that_were_taken_back(company: Company) -> None:
    """Row 18: what was due of the supply is so no more, what is kept is a supply of its own."""
    tax_on_receipt(company)
    company.take_parts()
    number = company.document()
    put(company, number, D("119.00"))
    memo = company.document("credit-memos", relatedDocumentIdent=number)
    since = last(company)
    kept = decide(company, memo, "OTHER_REVENUE")
    assert entries(company, since) == [
        "OTHER_REVENUE: D 10000 119, C 8640 100, C 1776 19",
        "TAX_DUE: D 1766 -19, C 1776 -19",
    ]
    assert taxes(company) == ([D(0), D(0)], [D(-19), D(0)])
    company.sound()
    revert(company, kept)
    assert taxes(company) == ([D(19), D(0)], [D(-19), D(0)])
    company.sound()


def test_an_invoice_cleared_with_its_credits_is_due_at_the_rates_of_what_is_left(company: Company) -> None:
    tax_on_receipt(company)
    company.take_parts()
    number = company.document(items=TWO)
    for row in ({**TWO[0], **a_row_of("50.00")}, TWO[1]):
        company.document("credit-memos", items=[row], relatedDocumentIdent=number)
    clearing(company)
    assert company.case(number)["balance"] == D("59.5")
    put(company, number, D("59.50"))
    assert taxes(company) == ([D(0), D(0)], [D("-9.5"), D(0)])
    company.sound()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_line SET amount = amount + 1 WHERE {mine} AND account = 1766 AND side = 'D'",
        "UPDATE journal_line SET account = 1771 WHERE {mine} AND account = 1776",
        "UPDATE journal_line SET side = 'C' WHERE {mine} AND account = 1766 AND side = 'D'",
    ],
)
def test_a_planted_fault_of_tax_on_receipt_is_found(company: Company, database_dsn: str, statement: str) -> None:
    tax_on_receipt(company)
    put(company, company.document(), D("119.00"))
    company.sound()
    mine = f"tenant_id = {company.tenant.id}"
    name = "bookkeeping.tax_on_receipt_is_due_or_not_due_or_given_up"
    assert sentences(database_dsn, company.tenant, name, statement.format(mine=mine))
