"""A tax category that is said with an order or contract can be billed to who buys there: judged by the rule of documents, when it is said.

A VAT id that the buyer does not have yet is asked for when it is billed.
"""

from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, TRADE_IN, D, Desk, a_deposit, a_line

LINE, CATEGORY = "lineItems[0].", "taxInformation[0].taxCategoryCode"
DE_BUSINESS = {"customerType": "B2B", "company": "Muster Handel", "vatId": "DE129273398"}
AT_BUSINESS = {"customerType": "B2B", "company": "Muster Handel", "vatId": "ATU12345675"}
NO_ID_YET = {"customerType": "B2B", "company": "Muster Handel"}
PRIVATE = {"customerType": "B2C", "firstName": "Eva", "lastName": "Muster"}
SERVICE = {"category": "SERVICE"}
BERLIN, VIENNA, BERN = "DE", "AT", "CH"


def untaxed(category: str, **more: Any) -> dict[str, Any]:
    return {"taxInformation": [{"taxRate": 0, "taxCategoryCode": category}], **more}


def discount(category: str, **more: Any) -> dict[str, Any]:
    return {**TRADE_IN, "itemType": "DISCOUNT_USE", **untaxed(category), **more}


def buyer(desk: Desk, of: dict[str, Any], country: str) -> None:
    desk.call("PUT", "/v2/customers/muster-handel", {"language": "de", **of})
    address = {"addressType": "INVOICE", "zip": "1010", "city": "Ort", "street": "Weg", "streetNo": "1", "country": country}
    desk.call("PUT", "/v2/customers/muster-handel/addresses/zentrale", address)


def refused(desk: Desk, path: str, body: Any, method: str = "POST") -> list[str]:
    answer = desk.client.request(method, path, json=body, headers=desk.headers)
    assert answer.status_code in (200, 201, 400), answer.text
    return [entry["fieldName"] for entry in answer.json().get("errors", [])] if answer.status_code == 400 else []


def ordered(desk: Desk, *lines: dict[str, Any], ident: str = "o-1", **more: Any) -> list[str]:
    body = {"orderIdent": ident, "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": lines, **more}
    return refused(desk, ORDERS, body)


@pytest.mark.parametrize(
    ("category", "of", "country", "line", "refuses", "bills"),
    [
        ("K", DE_BUSINESS, BERLIN, {}, True, False),
        ("K", NO_ID_YET, BERLIN, {}, True, False),
        ("G", DE_BUSINESS, BERLIN, {}, True, False),
        ("G", AT_BUSINESS, VIENNA, {}, True, False),
        ("AE", PRIVATE, BERLIN, {}, True, False),
        ("AE", PRIVATE, VIENNA, {}, True, False),
        ("AE", DE_BUSINESS, BERLIN, {}, False, True),  # section 13b UStG
        ("AE", AT_BUSINESS, VIENNA, {}, False, True),
        ("K", AT_BUSINESS, VIENNA, {}, False, True),
        ("K", PRIVATE, VIENNA, {}, True, False),
        ("K", DE_BUSINESS, BERLIN, {"performanceLocation": {"country": "AT"}}, True, False),  # an id of the state where it starts
        ("K", AT_BUSINESS, BERLIN, {"performanceLocation": {"country": "AT"}}, False, True),
        ("G", DE_BUSINESS, BERN, {}, False, True),
        ("K", AT_BUSINESS, VIENNA, SERVICE, True, False),
        ("G", DE_BUSINESS, BERN, SERVICE, True, False),
        ("AE", NO_ID_YET, BERN, {}, True, False),
        # the id may come until it is billed, where it is asked for
        ("K", NO_ID_YET, VIENNA, {}, False, False),
        ("AE", NO_ID_YET, VIENNA, {}, False, False),
    ],
)
def test_what_is_accepted_can_be_billed(
    desk: Desk, category: str, of: dict[str, Any], country: str, line: dict[str, Any], refuses: bool, bills: bool
) -> None:
    buyer(desk, of, country)
    found = ordered(desk, a_line(**untaxed(category), **line))
    assert set(found) == ({LINE + CATEGORY} if refuses else set())
    if not refuses:
        report = desk.bill()
        assert (report["billed"], report["failed"]) == ((1, 0) if bills else (0, 1))
    if not refuses and not bills:
        buyer(desk, AT_BUSINESS, country)
        desk.call("POST", f"{ORDERS}/o-1/actions/retry-failed-billable-items")
        assert desk.bill()["billed"] == 1


def test_every_way_to_say_a_category_is_judged(desk: Desk) -> None:
    """Lines that are added or replaced, of orders and contracts; discounts, but not what pays; deposits; a reason that means a category."""
    desk.plan("10.00")
    desk.contract()
    assert ordered(desk, a_line()) == []
    wrong = a_line("l-2", **untaxed("K"))
    for owner in (f"{ORDERS}/o-1", f"{CONTRACTS}/v-1"):
        assert set(refused(desk, f"{owner}/lineItems", [wrong])) == {f"[0].{CATEGORY}"}
        assert refused(desk, f"{owner}/lineItems", [a_line("l-2")]) == []
        assert set(refused(desk, f"{owner}/lineItems/l-2", wrong, "PUT")) == {CATEGORY}
    allowances = f"{ORDERS}/o-1/allowances"
    for category in ("K", "G"):
        assert set(refused(desk, allowances, [discount(category)])) == {f"[0].{CATEGORY}"}
    assert refused(desk, allowances, [{**TRADE_IN, **untaxed("K")}]) == []
    meant = {"taxInformation": [{"taxRate": 0, "taxExemptionReasonCode": "VATEX-EU-G"}]}
    assert set(refused(desk, allowances, [{**discount("G"), "ident": "t-2", **meant}])) == {f"[0].{CATEGORY}"}
    deposits = f"{ORDERS}/o-1/agreedDeposits"
    assert set(refused(desk, deposits, [a_deposit("d", "50.00", **untaxed("G"))])) == {f"[0].{CATEGORY}"}
    assert ordered(desk, a_line(), ident="o-2", allowances=[discount("G")]) == [f"allowances[0].{CATEGORY}"]


def test_a_discount_stands_beside_the_line_that_it_reduces(desk: Desk) -> None:
    """It may be of a category that only the place of the line allows: so it is billed, and so it is accepted."""
    buyer(desk, DE_BUSINESS, BERLIN)
    abroad = a_line(**untaxed("G", performanceLocation={"country": "CH"}))
    assert ordered(desk, abroad, allowances=[discount("G")]) == []
    assert desk.bill()["failed"] == 0 and desk.documents()[0][1] == D("80.00")
    assert ordered(desk, a_line(), ident="o-2", allowances=[discount("G")]) == [f"allowances[0].{CATEGORY}"]


def test_a_small_business_is_told_at_once_that_it_may_show_no_tax(desk: Desk) -> None:
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET small_business = true")
    said: dict[str, Any] = {"taxInformation": [{"taxRate": 19, "taxCategoryCode": "S"}]}
    assert ordered(desk, a_line(**said)) == [LINE + "taxInformation[0].taxRate"]
    assert ordered(desk, a_line(taxInformation=[{"taxRate": 0}])) == []
    assert desk.bill()["failed"] == 0
