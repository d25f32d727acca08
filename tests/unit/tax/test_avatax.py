"""AVALARA: what it is asked, what is read of its answers, and where it is asked at all."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from contor.tax.providers import avalara, has_nexus
from contor.tax.providers.avalara import Problem, Recorded, Row
from contor.tax.providers.types import Place, Quotation, QuotedTax

D = Decimal
HOME = Place(country="DE", line="Am Kai 7", city="Hamburg", postal_code="20457")
THERE = Place(country="US", line="Main St 1", city="Irvine", region="US-CA", postal_code="92614")
ONE = Quotation(
    customer_ident="acme",
    currency="USD",
    day=dt.date(2026, 5, 10),
    amount=D("123456789012345.1234"),
    basis="NET",
    quantity=D(3),
    category="SERVICE",
    sent_from=HOME,
    sent_to=THERE,
)
PROPERTIES = {"companyCode": "ELBE", "taxCode.SERVICE": "SW052000"}


def read(raw: bytes) -> Any:
    return json.loads(raw, parse_float=Decimal, parse_int=Decimal)


def test_a_question_is_exact_and_recorded_nowhere() -> None:
    request = avalara.quotation_request([ONE, ONE], PROPERTIES)
    body = read(request.body)
    assert request.path == "/api/v2/transactions/create"
    assert (body["type"], body["commit"], body["companyCode"], body["date"]) == ("SalesOrder", False, "ELBE", "2026-05-10")
    assert body["lines"][0] == {
        "number": "1",
        "quantity": 3,
        "amount": D("123456789012345.1234"),
        "taxIncluded": False,
        "taxCode": "SW052000",
    }
    assert body["addresses"] == {
        "shipFrom": {"line1": "Am Kai 7", "city": "Hamburg", "postalCode": "20457", "country": "DE"},
        "shipTo": {"line1": "Main St 1", "city": "Irvine", "region": "CA", "postalCode": "92614", "country": "US"},
    }


def detail(name: str, rate: str, tax: str, taxable: str, code: str | None = None) -> dict[str, Any]:
    return {"taxName": name, "rate": rate, "tax": tax, "taxableAmount": taxable, "jurisCode": code}


def quoted(*details: dict[str, Any], amount: str = "100.00") -> Any:
    raw = json.dumps({"lines": [{"lineNumber": "1", "lineAmount": amount, "details": details}]}).encode()
    return avalara.quoted(raw, 201, 1)


@pytest.mark.parametrize(
    ("details", "taxes"),
    [
        ([], []),
        ([detail("STATE", "0.06", "6.00", "100.00", "06")], [("STATE", "06", "6")]),
        ([detail("STATE", "0.10", "10.00", "100.00")], [("STATE", None, "10")]),
        ([detail("STATE", "0.06", "0", "0")], []),
        ([detail("STATE", "0.0625", "5.00", "80.00")], [("STATE", None, "5")]),  # a part of it is taxed
        ([detail("CITY", "0.01", "1.00", "100.00"), detail("CITY", "0.005", "0.50", "100.00")], [("CITY", None, "1.5")]),
        ([detail("CITY", "0.0123456", "1.23", "100.00")], [("CITY", None, "1.2346")]),
    ],
)
def test_taxes_of_a_line(details: list[dict[str, Any]], taxes: list[tuple[str, str | None, str]]) -> None:
    assert quoted(*details) == [tuple(QuotedTax(name=name, code=code, rate=D(rate)) for name, code, rate in taxes)]
    for (found,) in [quoted(*details)]:
        assert all("E" not in str(tax.rate) for tax in found)


def test_more_taxes_than_a_row_may_have_are_put_together() -> None:
    (found,) = quoted(*(detail(f"T{number}", "0.01", "1.00", "100.00") for number in range(12)))
    assert (len(found), found[-1].name, found[-1].rate) == (10, "OTHER TAXES", D(3))
    assert sum(tax.rate for tax in found) == 12


@pytest.mark.parametrize("rate", ["NaN", "sNaN", "Infinity", "1e400", "-0.05", "10", "12345678901234567890123456789012345"])
def test_a_rate_that_no_tax_has_is_refused(rate: str) -> None:
    found = quoted(detail("STATE TAX", rate, "1.00", "100.00"))
    assert isinstance(found, avalara.Problem)
    assert (found.is_final, found.message.startswith("AVALARA answered with ")) == (True, True)


def test_texts_are_taken_as_they_can_be_stored() -> None:
    ((tax,),) = quoted(detail("STATE\0TAX\x1b", "0.05", "5.00", "100.00", "\0" + "x" * 300))
    assert (tax.name, tax.code) == ("STATE\ufffdTAX\ufffd", "\ufffd" + "x" * 254)
    problem = avalara.problem_of(b'{"error": {"message": "No\\u0000."}}', 400)
    assert problem is not None
    assert problem.message == "AVALARA answers 400: No\ufffd."


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"lines": 7}', b'{"lines": [{"lineNumber": "2"}]}', b"\xff", b"[" * 50_000])
def test_an_answer_about_something_else_is_none(raw: bytes) -> None:
    found = avalara.quoted(raw, 201, 1)
    assert isinstance(found, Problem) and not found.is_final


@pytest.mark.parametrize(
    ("status", "body", "final", "unknown"),
    [
        (
            400,
            {"error": {"code": "InvalidAddress", "message": "No.", "details": [{"message": "m", "description": "It is nowhere."}]}},
            True,
            False,
        ),
        (404, {"error": {"message": "Not found."}}, True, True),
        (401, {"error": {"message": "Who?"}}, False, False),
        (403, {}, False, False),
        (409, {}, False, False),
        (429, {}, False, False),
        (500, {}, False, False),
        (503, None, False, False),
    ],
)
def test_what_is_refused_for_good_and_what_passes(status: int, body: Any, final: bool, unknown: bool) -> None:
    found = avalara.problem_of(b"<html>" if body is None else json.dumps(body).encode(), status)
    assert found is not None
    assert (found.is_final, found.is_unknown, found.message.startswith(f"AVALARA answers {status}: ")) == (final, unknown, True)
    if status == 400:
        assert found.message == "AVALARA answers 400: It is nowhere."
    assert avalara.problem_of(b"", 200) is None


def test_what_is_recorded_adds_up_to_the_tax_of_the_document() -> None:
    rows = [Row(str(number), D("33.33"), D("2.88"), D(1), "SERVICE", None, "Work") for number in range(1, 4)]
    one = Recorded("SalesInvoice", "R-1", dt.date(2026, 5, 10), "acme", "USD", HOME, THERE, rows, D("8.63"))
    body = avalara.recording_body(one)
    assert [line["taxOverride"]["taxAmount"] for line in body["lines"]] == [D("2.88"), D("2.88"), D("2.87")]
    model = read(avalara.recording_request(body, PROPERTIES).body)["createTransactionModel"]
    assert (model["companyCode"], model["commit"], model["lines"][0]["taxCode"]) == ("ELBE", True, "SW052000")
    assert "category" not in model["lines"][0]


def test_codes_are_written_as_parts_of_addresses() -> None:
    request = avalara.voiding_request("R/2026 1?ä", {"companyCode": "A&B"})
    assert request.path == "/api/v2/companies/A%26B/transactions/R%2F2026%201%3F%C3%A4/void"


def test_what_goes_to_one_place_is_asked_together() -> None:
    other = Quotation(**{**{name: getattr(ONE, name) for name in ONE.__struct_fields__}, "customer_ident": "b"})
    assert avalara.groups_of([ONE, other, ONE, ONE], most=2) == [[0, 2], [3], [1]]


@pytest.mark.parametrize(
    ("nexus", "country", "region", "has"),
    [
        (None, "US", "TX", True),
        ("US-CA, CA", "US", "CA", True),
        ("US-CA, CA", "US", "US-CA", True),
        ("US-CA, CA", "US", "NY", False),
        ("US-CA, CA", "CA", "ON", True),
        ("US", "US", None, True),
        ("US-CA", "US", None, False),
    ],
)
def test_where_the_company_collects_tax(nexus: str | None, country: str, region: str | None, has: bool) -> None:
    assert has_nexus({} if nexus is None else {"nexus": nexus}, country, region) is has
