"""An invoice of the second half of 2020 at 19 or 7 per cent is taken back and issued anew with 16 and 5: its net stays, once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company, day_here
from tests.factories.lower_rates import IN_2020, a_row, issued


@pytest.fixture
def company(furnished: Any, client: TestClient, bearer: Any) -> Company:
    made = Company(furnished, client, bearer(furnished))
    made.open_bank()
    return made


def correct(company: Company, number: str, status: int = 201) -> Any:
    return company.call("POST", f"/v2/documents/{number}/actions/correct-vat-2020", None, status)


def view(company: Company, number: str) -> Any:
    return company.call("GET", f"/v2/documents/{number}")


def test_both_rates_are_corrected_and_the_net_stays(company: Company) -> None:
    number = issued(company, a_row("a", "100.00", 19), a_row("b", "100.00", 7))
    answer = correct(company, number)
    assert answer["correctedDocumentIdent"] == number
    old, new, memo = (view(company, one) for one in (number, answer["documentIdent"], answer["creditMemoIdent"]))
    assert (new["documentId"], memo["documentId"]) == (answer["documentId"], answer["creditMemoId"])
    assert [(row["taxDetail"]["taxes"][0]["rate"], row["prices"]["total"]["net"]) for row in new["items"]] == [(16, 100), (5, 100)]
    assert [document["totals"]["gross"] for document in (old, memo, new)] == [226, 226, 221]
    assert [document["totals"]["tax"] for document in (old, memo, new)] == [26, 26, 21]
    assert new["items"][0]["servicePeriod"] == IN_2020
    assert [company.case(one)["balance"] for one in (number, answer["creditMemoIdent"], answer["documentIdent"])] == [0, 0, 221]
    company.sound()


def test_the_tax_counts_in_the_period_of_the_correction(company: Company) -> None:
    """Tax that was wrongly shown is corrected when it is corrected (accounting reference 7.5)."""
    number = issued(company, a_row("a", "100.00", 19))
    answer = correct(company, number)
    rows = company.tenant.rows("SELECT ident, tax_date FROM document ORDER BY id")
    assert {row.ident: row.tax_date.isoformat() for row in rows} == {
        number: "2020-08-31",
        answer["creditMemoIdent"]: day_here(),
        answer["documentIdent"]: day_here(),
    }
    days = company.tenant.rows("SELECT DISTINCT document_ident, tax_date FROM journal_entry WHERE tax_date IS NOT NULL")
    assert {row.tax_date.isoformat() for row in days if row.document_ident != number} == {day_here()}


def test_what_was_paid_too_much_is_the_customers_credit(company: Company) -> None:
    number = issued(company, a_row("a", "100.00", 19))
    company.call("POST", f"/v2/documents/{number}/actions/pay", None, 201)
    answer = correct(company, number)
    assert company.case(answer["documentIdent"])["balance"] == 0
    memo = company.case(answer["creditMemoIdent"])
    assert (memo["balance"], memo["balanceDebitCreditIndicator"]) == (3, "CREDIT")
    company.sound()


def test_of_gross_prices_the_net_stays_too(company: Company) -> None:
    number = issued(company, a_row("a", "119.00", 19, "GROSS"), a_row("b", "29.97", 19, "GROSS"))
    answer = correct(company, number)
    old, new = view(company, number), view(company, answer["documentIdent"])
    net = Decimal(str(old["totals"]["net"]))
    assert Decimal(str(new["totals"]["net"])) == net
    assert Decimal(str(new["totals"]["tax"])) == (net * 16 / 100).quantize(Decimal("0.01"))
    company.sound()


def test_allowances_go_along(company: Company) -> None:
    rebate = {"ident": "d-1", "type": "ALLOWANCE", "name": "Rabatt", "percentage": "10"}
    number = issued(company, a_row("a", "100.00", 19), a_row("b", "50.00", 7), allowancesCharges=[rebate])
    answer = correct(company, number)
    old, new = view(company, number), view(company, answer["documentIdent"])
    assert (old["totals"]["net"], new["totals"]["net"]) == (135, 135)
    assert (old["totals"]["tax"], new["totals"]["tax"]) == (20.25, 16.65)
    company.sound()


def test_what_was_supplied_outside_stays_as_it_is(company: Company) -> None:
    later = {"start": "2021-01-01", "end": "2021-01-31"}
    number = issued(company, a_row("a", "100.00", 19), a_row("b", "100.00", 16))
    new = view(company, correct(company, number)["documentIdent"])
    assert [row["taxDetail"]["taxes"][0]["rate"] for row in new["items"]] == [16, 16]
    number = issued(company, a_row("a", "100.00", 19, period=later))
    refused = correct(company, number, 400)["errors"][0]["error"]
    assert refused == (
        "A row at 19 or 7 per cent is expected whose supply was completed between 2020-07-01 and 2020-12-31, when 16 and 5 were right;"
        f" {number} has 19 % on 2021-01-31."
    )
    company.sound()


def test_it_is_corrected_once_and_only_an_invoice_that_stands(company: Company) -> None:
    number = issued(company, a_row("a", "100.00", 19))
    answer = correct(company, number)
    correct(company, number, 409)
    refused = [one["error"] for one in correct(company, answer["creditMemoIdent"], 400)["errors"]]
    assert "A CREDIT_MEMO cannot be reissued, only an INVOICE or SELF_BILLING_INVOICE." in refused
    correct(company, answer["documentIdent"], 400)
    correct(company, "nothing", 404)
    company.sound()


# --- comments, and that nothing is corrected any more ------------------------------------------------------------------------------


def test_comments_are_kept_dated_and_listed(company: Company) -> None:
    number = company.document()
    path = f"/v2/documents/{number}/comments"
    first = company.call("POST", path, {"text": "Kunde ruft zurück"}, 201)
    second = company.call("POST", path, {"text": "Danke für Ihren Auftrag", "kind": "PUBLIC"}, 201)
    assert [(one["kind"], one["text"]) for one in (first, second)] == [
        ("INTERNAL", "Kunde ruft zurück"),
        ("PUBLIC", "Danke für Ihren Auftrag"),
    ]
    assert first["author"].startswith("key:")
    assert company.call("GET", path)["_embedded"] == [first, second]
    assert company.call("GET", f"{path}?search=kind==PUBLIC")["_embedded"] == [second]
    company.call("POST", path, {"text": "   "}, 400)
    company.call("POST", path, {"text": "x" * 10_001}, 400)
    company.call("POST", path, {"text": "x", "kind": "SECRET"}, 400)
    company.call("POST", "/v2/documents/nothing/comments", {"text": "x"}, 404)
    company.call("GET", "/v2/documents/nothing/comments", None, 404)
    company.sound()


def test_a_locked_document_is_corrected_by_nobody_until_it_is_unlocked(company: Company) -> None:
    number = company.document()
    path = f"/v2/documents/{number}"
    assert company.call("GET", f"{path}/lock")["isLocked"] is False
    locked = company.call("POST", f"{path}/actions/lock")
    assert (locked["isLocked"], locked["lockedBy"].startswith("key:")) == (True, True)
    assert company.call("POST", f"{path}/actions/lock") == locked == company.call("GET", f"{path}/lock")
    for action in ("cancel", "reissue", "correct-vat-2020"):
        refused = company.call("POST", f"{path}/actions/{action}", {}, 409)
        assert "unlock it first to correct it" in refused["errors"][0]["error"]
    company.call("POST", f"{path}/comments", {"text": "an den Steuerberater"}, 201)
    company.call("POST", f"{path}/actions/pay", None, 201)
    assert company.call("POST", f"{path}/actions/unlock")["isLocked"] is False
    company.call("POST", f"{path}/actions/cancel", {}, 201)
    company.call("POST", "/v2/documents/nothing/actions/lock", None, 404)
    company.call("POST", "/v2/documents/nothing/actions/unlock", None, 404)
    company.call("GET", "/v2/documents/nothing/lock", None, 404)
    assert dt.datetime.fromisoformat(locked["lockedAt"]).tzinfo is not None
    company.sound()
