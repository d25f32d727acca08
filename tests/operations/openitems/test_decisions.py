"""Decisions on open items and their counter decisions (platform API 2.11): exact entries of rows 18 to 24 and 31 of the posting table, in
both charts, under cash taxation and in foreign currency."""

from decimal import Decimal

import pytest
from tests.checkers.entries import in_skr04
from tests.factories.cases import decide, entries, last, opposite, revert, said, tax_on_receipt
from tests.factories.companies import Company, a_row_of, day_here

D = Decimal
EXTERNAL = {
    "accountNumber": 1590,
    "currency": "EUR",
    "accountGroup": "CLEARING",
    "accountType": "ASSET",
    "name": "Extern",
    "role": "EXTERNAL_CLOSED",
}

TWO_RATES = [{**a_row_of("100.00"), "ident": "i-1"}, {**a_row_of("100.00", 7), "ident": "i-2"}]
CASES = [
    # Skonto and short payments, split over the groups by gross (row 19)
    ("CASH_DISCOUNT", "4.52", ["CASH_DISCOUNT: D 8736 2, D 1776 0.38, D 8731 2, D 1771 0.14, C 10000 4.52"]),
    ("DISCOUNT", "4.52", ["DISCOUNT: D 8720 2, D 1776 0.38, D 8710 2, D 1771 0.14, C 10000 4.52"]),
    ("BANK_FEE", "3.00", ["BANK_FEE: D 4970 3, C 10000 3"]),
    # in one step (row 23)
    (
        "UNCOLLECTABLE_RECEIVABLE",
        None,
        ["UNCOLLECTABLE_RECEIVABLE: D 2406 100, D 1776 19, D 2401 100, D 1771 7, C 10000 226"],
    ),
    ("DOUBTFUL_RECEIVABLE", None, ["DOUBTFUL_RECEIVABLE: D 1460 226, C 10000 226"]),
]


@pytest.mark.parametrize("chart", ["SKR03", "SKR04"])
@pytest.mark.parametrize(("kind", "amount", "expected"), CASES)
def test_a_decision_and_its_counter_decision_are_exact_opposites(
    company: Company, chart: str, kind: str, amount: str | None, expected: list[str]
) -> None:
    company.call("PATCH", "/v2/tenant-settings", {"chart": chart})
    number = company.document(items=TWO_RATES)
    began, before = company.case(number), company.sums()
    since = last(company)
    made = decide(company, number, kind, note="as agreed", **({"amount": amount} if amount else {}))
    expected = [in_skr04(entry) for entry in expected] if chart == "SKR04" else expected
    assert entries(company, since) == expected
    left = D(226) if kind == "DOUBTFUL_RECEIVABLE" else 226 - D(amount or "226")
    case = company.case(number)
    assert (D(str(case["balance"])), case["status"]) == (left, "OPEN" if left else "CLOSED")
    assert (made["debitCreditIndicator"], made["note"]) == ("CREDIT", "as agreed")
    company.sound()
    since = last(company)
    counter = revert(company, made)
    assert entries(company, since) == opposite(expected)
    assert (counter["reversionTargetIdent"], counter["debitCreditIndicator"]) == (made["ident"], "DEBIT")
    assert company.sums() == before
    after = company.case(number)
    assert (after["balance"], after["status"], after["doubtful"]) == (began["balance"], "OPEN", False)
    assert "was reverted by" in said(revert(company, made, 400))
    assert "A counter decision stands" in said(revert(company, counter, 400))
    company.sound()


@pytest.mark.parametrize("chart", ["SKR03", "SKR04"])
def test_rows_21_to_24_a_doubtful_receivable_written_down_lost_and_paid_after_all(company: Company, chart: str) -> None:
    company.call("PATCH", "/v2/tenant-settings", {"chart": chart})

    def written(*expected: str) -> list[str]:
        return [in_skr04(entry) for entry in expected] if chart == "SKR04" else list(expected)

    company.take_parts()
    number = company.document(net="1000.00")
    since = last(company)
    decide(company, number, "DOUBTFUL_RECEIVABLE", allowance="600.00")
    assert entries(company, since) == written("DOUBTFUL_RECEIVABLE: D 1460 1190, C 10000 1190", "ALLOWANCE: D 2451 600, C 998 600")
    company.sound()
    # a tenth is paid: a tenth of the allowance was not needed
    since = last(company)
    company.pay("119.00", number)
    assert entries(company, since) == written("PAYMENT: D 1200 119, C 1460 119", "ALLOWANCE: D 998 60, C 2731 60")
    # the rest is lost: first its tax, then its net out of the allowance
    since = last(company)
    lost = decide(company, number, "UNCOLLECTABLE_RECEIVABLE")
    expected = written(
        "UNCOLLECTABLE_RECEIVABLE: D 1776 171, C 1460 171",
        "UNCOLLECTABLE_RECEIVABLE: D 998 540, D 2400 360, C 1460 900",
    )
    assert entries(company, since) == expected
    assert company.case(number)["status"] == "CLOSED"
    company.sound()
    # money after the loss (row 24)
    since = last(company)
    paid = company.pay("238.00", "late")
    body = {"paymentIdent": paid["paymentIdent"], "targetIdent": number}
    assigned = company.call("POST", "/v2/payment-assignments", body, 201)
    assert entries(company, since)[-1:] == written("PAYMENT: D 1792 238, C 2732 200, C 1776 38")
    assert company.case(number)["balance"] == 0
    company.sound()
    since = last(company)
    company.call("POST", f"/v2/payment-assignments/{assigned['paymentAssignmentIdent']}/actions/reverse")
    assert entries(company, since) == written("PAYMENT: D 1792 -238, C 2732 -200, C 1776 -38")
    company.sound()
    since = last(company)
    revert(company, lost)
    assert entries(company, since) == opposite(expected)
    assert company.case(number)["balance"] == 1071
    company.sound()


def test_row_24_a_payment_beyond_the_loss_is_the_customers_credit(company: Company) -> None:
    company.take_parts()
    number = company.document(items=TWO_RATES)
    lost = decide(company, number, "UNCOLLECTABLE_RECEIVABLE", amount="113.00")
    since = last(company)
    company.pay("236.00", number)
    # 113 were open, 113 were lost, 10 are too much
    assert entries(company, since) == ["PAYMENT: D 1200 236, C 2732 50, C 1776 9.5, C 2732 50, C 1771 3.5, C 10000 123"]
    assert (company.case(number)["balance"], company.case(number)["balanceDebitCreditIndicator"]) == (10, "CREDIT")
    assert "Nothing of decision" in said(revert(company, lost, 400))
    company.sound()


def test_an_allowance_is_bounded_and_only_of_what_is_doubtful(company: Company) -> None:
    number = company.document()
    refused = decide(company, number, "DISCOUNT", 400, amount="1.00", allowance="1.00")
    assert "Only a doubtful receivable" in said(refused)
    refused = decide(company, number, "DOUBTFUL_RECEIVABLE", 400, allowance="100.01")
    assert "Only the net is written down" in said(refused)
    first = decide(company, number, "DOUBTFUL_RECEIVABLE", allowance="100.00")
    lost = decide(company, number, "UNCOLLECTABLE_RECEIVABLE")
    assert "The allowance was used by decision" in said(revert(company, first, 400))
    revert(company, lost)
    revert(company, first)
    assert company.sums() == {8400: D(-100), 1776: D(-19), 10000: D(119)}
    company.sound()


def test_doubt_that_is_reverted_after_a_part_was_paid_takes_back_what_is_left(company: Company) -> None:
    company.take_parts()
    number = company.document()
    first = decide(company, number, "DOUBTFUL_RECEIVABLE", allowance="50.00")
    company.pay("59.50", number)
    (assignment,) = company.call("GET", "/v2/payment-assignments")["_embedded"]
    since = last(company)
    revert(company, first)
    assert entries(company, since) == ["DOUBTFUL_RECEIVABLE: D 1460 -59.5, C 10000 -59.5", "ALLOWANCE: D 2451 -25, C 998 -25"]
    company.sound()
    since = last(company)
    company.call("POST", f"/v2/payment-assignments/{assignment['paymentAssignmentIdent']}/actions/reverse")
    assert entries(company, since)[0] == "PAYMENT: D 1200 -59.5, C 10000 -59.5"
    assert company.case(number)["balance"] == 119
    company.sound()


def test_a_payment_from_before_the_doubt_is_taken_back_where_the_claim_stands_now(company: Company) -> None:
    company.take_parts()
    number = company.document()
    company.pay("19.00", number)
    (assignment,) = company.call("GET", "/v2/payment-assignments")["_embedded"]
    decide(company, number, "DOUBTFUL_RECEIVABLE")
    since = last(company)
    company.call("POST", f"/v2/payment-assignments/{assignment['paymentAssignmentIdent']}/actions/reverse")
    assert entries(company, since)[0] == "PAYMENT: D 1200 -19, C 1460 -19"
    assert company.sums()[1460] == 119
    company.sound()


def test_row_18_an_overpayment_that_is_kept_is_taxed(company: Company) -> None:
    company.take_parts()
    number = company.document()
    company.pay("238.00", number)
    since = last(company)
    assert "balance cannot be decided as" in said(decide(company, number, "DISCOUNT", 400))
    kept = decide(company, number, "OTHER_REVENUE")
    expected = ["OTHER_REVENUE: D 10000 119, C 8640 100, C 1776 19"]
    assert entries(company, since) == expected
    assert kept["debitCreditIndicator"] == "DEBIT"
    since = last(company)
    revert(company, kept)
    assert entries(company, since) == opposite(expected)
    company.sound()


def test_row_31_what_another_system_closed_needs_an_account(company: Company) -> None:
    number = company.document()
    since = last(company)
    refused = decide(company, number, "EXTERNAL_CLOSED", 400)
    assert "No booking account has the role EXTERNAL_CLOSED" in said(refused)
    assert (entries(company, since), company.case(number)["status"]) == ([], "OPEN")
    assert company.call("GET", f"/v2/opos-cases/{number}/decisions")["_embedded"] == []
    company.call("POST", "/v2/bookingAccounts", EXTERNAL, 201)
    made = decide(company, number, "EXTERNAL_CLOSED")
    assert entries(company, since) == ["EXTERNAL_CLOSED: D 1590 119, C 10000 119"]
    revert(company, made)
    assert company.case(number)["balance"] == 119
    company.sound()


CASH = [
    ("CASH_DISCOUNT", ["CASH_DISCOUNT: D 8736 20, D 1766 3.8, C 10000 23.8"]),
    ("UNCOLLECTABLE_RECEIVABLE", ["UNCOLLECTABLE_RECEIVABLE: D 2406 20, D 1766 3.8, C 10000 23.8"]),
    ("BANK_FEE", ["BANK_FEE: D 4970 23.8, C 10000 23.8", "TAX_DUE: D 1766 3.8, C 1776 3.8"]),
]


@pytest.mark.parametrize(("kind", "expected"), CASH)
def test_under_cash_taxation_what_was_not_due_is_taken_back(company: Company, kind: str, expected: list[str]) -> None:
    tax_on_receipt(company)
    company.take_parts()
    number = company.document()
    company.pay("95.20", number)
    since = last(company)
    made = decide(company, number, kind)
    assert entries(company, since) == expected
    company.sound()
    since = last(company)
    revert(company, made)
    assert entries(company, since) == opposite(expected)
    company.sound()
    company.pay("23.80", number)
    assert company.sums() == {1200: D(119), 8400: D(-100), 1776: D(-19)}
    company.sound()


def test_row_24_under_cash_taxation(company: Company) -> None:
    tax_on_receipt(company)
    company.take_parts()
    number = company.document()
    decide(company, number, "UNCOLLECTABLE_RECEIVABLE")
    since = last(company)
    company.pay("119.00", number)
    (paid, *_) = company.call("GET", "/v2/merchant-payment-accounts/bank/payments")["_embedded"]
    if paid["status"] == "OPEN":
        company.call("POST", "/v2/payment-assignments", {"paymentIdent": paid["paymentIdent"], "targetIdent": number}, 201)
    assert entries(company, since)[-2:] == ["PAYMENT: D 1792 119, C 2732 100, C 1766 19", "TAX_DUE: D 1766 19, C 1776 19"]
    assert company.sums() == {1200: D(119), 8400: D(-100), 2406: D(100), 2732: D(-100), 1776: D(-19)}
    company.sound()


def test_a_decision_in_foreign_currency_is_worth_what_the_document_was(company: Company) -> None:
    number = company.document(currency="USD", exchangeRate={"rate": "1.25", "date": day_here()})
    since = last(company)
    made = decide(company, number, "DISCOUNT", amount="11.90")
    expected = ["DISCOUNT: D 8720 8, D 1776 1.52, C 10000 9.52"]
    assert entries(company, since) == expected
    since = last(company)
    rest = decide(company, number, "UNCOLLECTABLE_RECEIVABLE")
    assert entries(company, since) == ["UNCOLLECTABLE_RECEIVABLE: D 2406 72, D 1776 13.68, C 10000 85.68"]
    assert company.sums() == {8400: D(-80), 8720: D(8), 2406: D(72)}
    revert(company, rest)
    since = last(company)
    revert(company, made)
    assert entries(company, since) == opposite(expected)
    company.sound()


def test_a_credit_takes_back_its_part_and_the_counter_decision_the_rest(company: Company) -> None:
    """Amendment b: what was decided off rows that are credited is owed by nobody."""
    number = company.document(net="200.00")
    made = decide(company, number, "DISCOUNT", amount="23.80")
    company.document("credit-memos", "100.00", relatedDocumentIdent=number)
    since = last(company)
    counter = revert(company, made)
    assert entries(company, since) == ["DISCOUNT: D 8720 -10, D 1776 -1.9, C 10000 -11.9"]
    assert D(str(counter["amount"])) == D("11.9")
    company.sound()


def test_decisions_are_listed_over_all_and_of_one(company: Company) -> None:
    one, two = company.document(), company.document()
    first = decide(company, one, "DISCOUNT", amount="1.00")
    decide(company, two, "BANK_FEE", amount="2.00")
    counter = revert(company, first)
    listed = company.call("GET", "/v2/opos-cases/decisions")["_embedded"]
    assert {it["type"] for it in listed} == {"DISCOUNT", "BANK_FEE"}
    assert len(listed) == 3
    path = f"/v2/opos-cases/{one}/decisions"
    assert {it["ident"] for it in company.call("GET", path)["_embedded"]} == {first["ident"], counter["ident"]}
    assert company.call("GET", f"{path}/{first['ident']}")["revertedByIdent"] == counter["ident"]
    found = company.call("GET", "/v2/opos-cases/decisions?search=type==BANK_FEE;amount>1")["_embedded"]
    assert [it["oposCaseIdent"] for it in found] == [two]
    company.call("GET", f"/v2/opos-cases/{two}/decisions/{first['ident']}", status=404)
    company.call("GET", "/v2/opos-cases/nobody/decisions", status=404)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"type": "OTHER_REVENUE"}, "balance cannot be decided as"),
        ({"type": "DISCOUNT", "amount": "119.01"}, "is open"),
        ({"type": "DISCOUNT", "amount": "1.001"}, "The amount must be positive"),
        ({"type": "DOUBTFUL_RECEIVABLE", "amount": "1.00"}, "doubtful as a whole"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(company: Company, body: dict[str, str], words: str) -> None:
    number = company.document()
    refused = company.call("POST", f"/v2/opos-cases/{number}/decisions", body, 400)
    assert words in said(refused)
    assert company.tenant.rows("SELECT 1 FROM opos_decision") == []


def test_with_prebooked_items_the_amount_is_a_must(company: Company) -> None:
    number = company.document()
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE opos_case SET prebooked = 19 WHERE ident = %s", (number,))
    refused = decide(company, number, "DISCOUNT", 400)
    assert "an amount is required" in said(refused)
    decide(company, number, "DISCOUNT", amount="1.00")
