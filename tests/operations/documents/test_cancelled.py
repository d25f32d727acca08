"""What was issued is taken back by a further document, as a whole or by an amount: never more than is left of it."""

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company, a_row_of, day_here
from tests.factories.drafts import a_body, at_once


@pytest.fixture
def company(furnished: Any, client: TestClient, bearer: Any) -> Company:
    made = Company(furnished, client, bearer(furnished))
    made.open_bank(additionallyAcceptedCurrencies=["USD"])
    return made


def cancel(company: Company, number: str, status: int = 201, **body: Any) -> Any:
    return company.call("POST", f"/v2/documents/{number}/actions/cancel", body or None, status)


def said(answer: Any) -> list[tuple[str | None, str]]:
    return [(one.get("fieldName"), one["error"]) for one in answer["errors"]]


def test_as_a_whole_it_comes_to_nothing(company: Company) -> None:
    number = company.document(documentDate=day_here())
    answer = cancel(company, number, description="Falscher Kunde")
    assert (answer["cancelledDocumentIdent"], answer["amount"], answer["left"], answer["currency"]) == (number, 119, 0, "EUR")
    memo = company.call("GET", f"/v2/documents/{answer['documentIdent']}")
    assert (memo["documentType"], memo["relatedDocumentIdents"]) == ("CREDIT_MEMO", [number])
    assert {"key": "reason", "value": "CANCELLATION"} in memo["properties"]
    assert {"key": "note", "value": "Falscher Kunde"} in memo["properties"]
    for ident in (number, answer["documentIdent"]):
        assert (company.case(ident)["status"], company.case(ident)["balance"]) == ("CLOSED", 0)
    assert company.sums() == {}
    company.sound()


def test_what_is_cancelled_is_not_cancelled_again(company: Company) -> None:
    number = company.document()
    memo = cancel(company, number)["documentIdent"]
    message = f"{number} was cancelled already: nothing is left of it."
    assert said(cancel(company, number, 409)) == [("documentIdent", message)]
    message = "A CREDIT_MEMO takes something back itself: what it took is issued anew."
    assert said(cancel(company, memo, 400)) == [("documentIdent", message)]
    cancel(company, "nothing", 404)
    company.call("POST", "/v2/drafts", {"draftIdent": "d-1", **a_body()}, 201)
    assert [field for field, _ in said(cancel(company, "d-1", 400))] == ["documentIdent"]


def test_what_was_paid_is_the_customers_credit(company: Company) -> None:
    number = company.document()
    company.call("POST", f"/v2/documents/{number}/actions/pay", {"amount": "100.00"}, 201)
    memo = cancel(company, number)["documentIdent"]
    assert company.case(number)["balance"] == 0
    assert (company.case(memo)["balance"], company.case(memo)["balanceDebitCreditIndicator"]) == (100, "CREDIT")
    company.sound()


# 29.97 is no net + round(net x 19 %): 25.18 gives 29.96, 25.19 gives 29.98
PARTS = ["29.97", "0.01", "0.02", "50.00", "39.00"]


def test_parts_add_up_to_the_whole(company: Company) -> None:
    number = company.document()
    left = Decimal("119.00")
    totals = {"net": Decimal(0), "tax": Decimal(0), "gross": Decimal(0)}
    for part in PARTS:
        left -= Decimal(part)
        answer = cancel(company, number, amount=part, description="Nachlass")
        assert (Decimal(str(answer["amount"])), Decimal(str(answer["left"]))) == (Decimal(part), left)
        memo = company.call("GET", f"/v2/documents/{answer['documentIdent']}")
        assert Decimal(str(memo["totals"]["gross"])) == Decimal(part)
        totals = {name: before + Decimal(str(memo["totals"][name])) for name, before in totals.items()}
    assert totals == {"net": Decimal("100.00"), "tax": Decimal("19.00"), "gross": Decimal("119.00")}
    assert company.case(number)["balance"] == 0
    assert company.sums() == {}
    company.sound()


def test_more_than_is_left_is_refused_with_what_is_left(company: Company) -> None:
    number = company.document()
    cancel(company, number, amount="19.00", description="Nachlass")
    refused = said(cancel(company, number, 400, amount="100.01", description="Nachlass"))
    assert refused == [("amount", f"is more than is left of {number}: 100.00 EUR")]
    assert said(cancel(company, number, 400, amount="1.00")) == [("description", "is required: why a part is taken back")]
    assert [field for field, _ in said(cancel(company, number, 400, amount="1.001", description="?"))] == ["amount"]
    cancel(company, number, 400, amount="-1", description="?")
    rest = cancel(company, number)
    assert (rest["amount"], rest["left"]) == (100, 0)
    cancel(company, number, 409)
    company.sound()


def test_of_two_at_once_one_gets_the_last_of_it(company: Company) -> None:
    number = company.document()
    body = {"amount": "100.00", "description": "Nachlass"}
    path = f"/v2/documents/{number}/actions/cancel"
    answers = at_once([lambda: company.client.request("POST", path, json=body, headers=company.headers).status_code] * 4)
    assert sorted(answers) == [201, 400, 400, 400]
    company.sound()


def test_in_another_currency_at_the_rate_of_the_document(company: Company) -> None:
    rate = {"rate": "1.08500", "date": day_here(), "source": "ECB"}
    number = company.document(net="1000.00", currency="USD", exchangeRate=rate)
    for part in ("33.33", "66.67", "1090.00"):
        cancel(company, number, amount=part, description="Nachlass")
    assert company.case(number)["balance"] == 0
    assert company.sums() == {}
    company.sound()


def test_of_several_rates_each_gets_its_share(company: Company) -> None:
    rows = [{**a_row_of("100.00"), "ident": "a"}, {**a_row_of("100.00", 7), "ident": "b"}]
    number = company.document(items=rows)
    answer = cancel(company, number, amount="113.00", description="Die Hälfte")
    memo = company.call("GET", f"/v2/documents/{answer['documentIdent']}")
    assert [row["prices"]["total"]["net"] for row in memo["items"]] == [50, 50]
    assert memo["totals"]["gross"] == 113
    cancel(company, number, amount="113.00", description="Die andere")
    assert company.sums() == {}
    company.sound()


def test_a_deposit_invoice_is_corrected_as_a_whole(company: Company) -> None:
    number = company.document("deposit-invoices")
    refused = said(cancel(company, number, 400, amount="19.00", description="?"))
    assert refused == [("amount", f"{number} is a deposit invoice, which is corrected as a whole")]
    memo = company.call("GET", f"/v2/documents/{cancel(company, number)['documentIdent']}")
    assert memo["documentType"] == "DEPOSIT_INVOICE_CORRECTION"
    company.sound()


def test_rounding_is_taken_back_by_what_uses_it_up(company: Company) -> None:
    number = company.document(rounding="0.01")
    first = cancel(company, number, amount="19.00", description="Nachlass")
    last = cancel(company, number)
    assert (first["amount"], last["amount"]) == (19, 100)
    assert company.case(number)["balance"] == 0
    assert company.sums() == {2309: Decimal("0.01"), 2709: Decimal("-0.01")}  # the rounding, and its way back
    company.sound()
