"""What is said net and gross without its tax is judged by the rate at which it will be billed; where that is not known yet, the agreed side
decides."""

from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, D, Desk, a_line

AUSTRIAN = {"vatId": "ATU12345675", "customerType": "B2B"}


def less(net: str, gross: str) -> list[dict[str, Any]]:
    return [{"ident": "x", "name": "Less", "amountNet": net, "amountGross": gross}]


def ordered(desk: Desk, line: dict[str, Any], **more: Any) -> list[str]:
    """What is refused of it."""
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [line], **more}
    answer = desk.client.post(ORDERS, json=body, headers=desk.headers)
    assert answer.status_code in (201, 400), answer.text
    return [entry["fieldName"].removeprefix("lineItems[0].") for entry in answer.json().get("errors", [])]


def paying(*gross: str) -> list[dict[str, Any]]:
    return [{"ident": f"g-{n}", "name": "Gift card", "amountGross": amount} for n, amount in enumerate(gross)]


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        (a_line(postTaxExtras=paying("119.00")), []),
        (a_line(postTaxExtras=paying("119.01")), ["postTaxExtras"]),
        (a_line(postTaxExtras=paying("100.00", "19.01")), ["postTaxExtras"]),
        (a_line(postTaxExtras=paying("107.00"), taxCode="REDUCED"), []),
        (a_line(postTaxExtras=paying("107.01"), taxCode="REDUCED"), ["postTaxExtras"]),
        (a_line(postTaxExtras=paying("100.01"), taxInformation=[{"taxRate": 0}]), ["postTaxExtras"]),
        (a_line(postTaxExtras=paying("90.01"), unitPriceNet=None, unitPriceGross="90.00"), ["postTaxExtras"]),
        (a_line(postTaxExtras=paying("107.10"), preTaxExtras=less("-10.00", "-11.90")), []),
        (a_line(postTaxExtras=paying("107.11"), preTaxExtras=less("-10.00", "-11.90")), ["postTaxExtras"]),
        (a_line(postTaxExtras=paying("119.00"), deliveryDate=None, processingConfig={"type": "ON_HOLD"}), []),
        (a_line(postTaxExtras=paying("119.01"), deliveryDate=None, processingConfig={"type": "ON_HOLD"}), ["postTaxExtras"]),
    ],
)
def test_what_pays_for_a_line_is_no_more_than_the_line(desk: Desk, line: dict[str, Any], refused: list[str]) -> None:
    """Judged when it is ordered or changed: what is accepted is billed."""
    assert ordered(desk, line) == refused
    if not refused:
        assert desk.bill()["failed"] == 0
        desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", {**line, "postTaxExtras": paying("500.00")}, 400)


UNIT, EXTRA = "unitPriceGross", "preTaxExtras[0].amountGross"


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        (a_line(unitPriceGross="119.00"), []),
        (a_line(unitPriceGross="101.00"), [UNIT]),
        (a_line(unitPriceGross="107.00"), [UNIT]),
        (a_line(unitPriceGross="107.00", taxCode="REDUCED"), []),
        (a_line(unitPriceGross="116.00", deliveryDate="2020-08-15"), []),
        (a_line(unitPriceGross="119.00", deliveryDate="2020-08-15"), [UNIT]),
        (a_line(preTaxExtras=less("-10.00", "-11.90")), []),
        (a_line(preTaxExtras=less("-10.00", "-10.10")), [EXTRA]),
        (a_line(rowTotalGross="119.00"), []),
        (a_line(rowTotalGross="100.00"), ["rowTotalGross"]),
        (a_line(originalRowTotalGross="100.00", rowTotalGross="119.02"), ["originalRowTotalGross", "rowTotalGross"]),
        (a_line(deliveryDate=None, unitPriceGross="101.00"), [UNIT]),
        (a_line(deliveryDate=None, unitPriceGross="107.00"), [UNIT]),
        (a_line(unitPriceGross="100.00", taxCode="ZERO"), []),
        (a_line(unitPriceGross="100.00", taxLocation={"country": "US"}), []),
        (a_line(taxCode="EXEMPT"), ["taxCode"]),
    ],
)
def test_both_sides_are_judged_by_the_rate_that_bills_them(desk: Desk, line: dict[str, Any], refused: list[str]) -> None:
    assert ordered(desk, line) == refused
    desk.bill()
    assert [row.processing_status for row in desk.tenant.rows("SELECT processing_status FROM billable_item")] == (
        [] if refused else ["COMPLETED"]
    )


@pytest.mark.parametrize(
    ("gross", "config", "billing_time", "is_right"),
    [
        ("119.00", {"type": "ON_HOLD"}, "IMMEDIATELY", True),
        ("107.00", {"type": "ON_HOLD"}, "IMMEDIATELY", True),
        ("101.00", {"type": "ON_HOLD"}, "IMMEDIATELY", False),
        ("107.00", None, "ON_DEMAND", True),
        ("118.00", None, "ON_DEMAND", False),
        ("107.00", {"type": "AT_DATE", "date": "2026-06-01"}, "IMMEDIATELY", False),
        ("119.00", {"type": "AT_DATE", "date": "2026-06-01"}, "ON_DEMAND", True),
    ],
)
def test_of_a_day_that_nobody_knows_any_rate_of_the_country_may_be_meant(
    desk: Desk, gross: str, config: Any, billing_time: str, is_right: bool
) -> None:
    line = a_line(deliveryDate=None, unitPriceGross=gross, processingConfig=config)
    assert ordered(desk, line, billingTime=billing_time) == ([] if is_right else [UNIT])


def test_the_agreed_side_decides_what_is_billed(desk: Desk) -> None:
    """Ordered with 7 % in mind and billed at 19: 90.00 net are 107.10."""
    line = a_line(deliveryDate=None, preTaxExtras=less("-10.00", "-10.70"))
    assert ordered(desk, line, billingTime="ON_DEMAND") == []
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    assert desk.documents() == [("INVOICE", D("90.00"), D("17.10"), D("107.10"))]


def test_where_the_customer_owes_the_tax_both_sides_are_the_same(desk: Desk) -> None:
    known = desk.call("GET", "/v2/customers/muster-handel")
    desk.call("PUT", "/v2/customers/muster-handel", {**known, **AUSTRIAN})
    line = a_line(category="SERVICE", taxLocation={"country": "AT"}, unitPriceGross="100.00", preTaxExtras=less("-10.00", "-10.00"))
    assert ordered(desk, {**line, "unitPriceGross": "119.00"}) == [UNIT]
    assert ordered(desk, line) == []
    desk.bill()
    assert desk.documents() == [("INVOICE", D("90.00"), D("0.00"), D("90.00"))]


def test_lines_of_contracts_and_their_edits_are_judged_so_too(desk: Desk) -> None:
    desk.plan("10.00")
    desk.contract()
    lines = f"{CONTRACTS}/v-1/lineItems"
    assert desk.findings("POST", lines, [a_line(preTaxExtras=less("-10.00", "-10.10"))]) == [f"[0].{EXTRA}"]
    desk.call("POST", lines, [a_line(preTaxExtras=less("-10.00", "-11.90"))], 201)
    assert desk.findings("PUT", f"{lines}/l-1", a_line(unitPriceGross="110.00")) == [UNIT]
    desk.call("PUT", f"{lines}/l-1", a_line(net="200.00", unitPriceGross="238.00"))


@pytest.mark.parametrize(("net", "refused"), [("100.00", []), ("10.00", ["agreedDeposits[0].netValue"])])
def test_the_net_of_a_deposit_is_judged_so_too(desk: Desk, net: str, refused: list[str]) -> None:
    deposit = {"ident": "d-1", "grossValue": "119.00", "netValue": net}
    assert ordered(desk, a_line(), agreedDeposits=[deposit]) == refused
