"""Who says the tax with an order or contract says one that the country has: judged when it is said, and again when it is billed."""

from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, TRADE_IN, D, Desk, a_deposit, a_line

LINE, RATE = "lineItems[0].", "taxInformation[0].taxRate"


def at(*rates: str, **more: Any) -> dict[str, Any]:
    return {"taxInformation": [{"taxRate": rate, "taxCategoryCode": "S"} for rate in rates], **more}


def refused(desk: Desk, path: str, body: Any, method: str = "POST") -> list[str]:
    answer = desk.client.request(method, path, json=body, headers=desk.headers)
    assert answer.status_code in (200, 201, 400), answer.text
    return [entry["fieldName"] for entry in answer.json().get("errors", [])] if answer.status_code == 400 else []


def ordered(desk: Desk, *lines: dict[str, Any], **more: Any) -> list[str]:
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": lines, **more}
    return refused(desk, ORDERS, body)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (at("19"), []),
        (at("7"), []),
        (at("7.8"), []),
        (at("5"), [RATE]),
        (at("12"), [RATE]),
        (at("12", taxInformation=[{"taxRate": "12"}]), [RATE]),
        (at("16", deliveryDate="2020-08-15"), []),
        (at("19", deliveryDate="2020-08-15"), [RATE]),
        (at("16"), [RATE]),
        (at("12", deliveryDate=None, processingConfig={"type": "ON_HOLD"}), [RATE]),
        (at("19", "7"), ["taxInformation"]),
        (at("6.25", "1", taxLocation={"country": "US"}, performanceLocation={"country": "US"}), []),
        (at("20", taxLocation={"country": "FR"}), []),  # registered there, or by the one-stop shop
        (at("19", taxLocation={"country": "FR"}), []),  # below the threshold of distance sales
        (at("19", taxLocation={"country": "FR"}, taxScheme="OSS"), [RATE]),
        (at("12", taxLocation={"country": "FR"}), [RATE]),
        (at("18", taxLocation={"country": "IT"}), []),  # no complete list judges nothing
        ({"taxInformation": [{"taxRate": 0, "taxCategoryCode": "Z"}]}, []),
    ],
)
def test_a_line_bears_a_rate_that_the_country_has(desk: Desk, line: dict[str, Any], found: list[str]) -> None:
    assert ordered(desk, a_line(**line)) == [LINE + name for name in found]


def test_all_findings_come_at_once(desk: Desk) -> None:
    lines = [a_line(**at("5")), a_line("l-2", category="NO", **at("19")), a_line("l-3", unitPriceGross="99.00", **at("12"))]
    assert ordered(desk, lines[0], lines[2]) == [LINE + RATE, "lineItems[1].unitPriceGross", f"lineItems[1].{RATE}"]


def test_every_way_to_say_a_rate_is_judged(desk: Desk) -> None:
    """Lines that are added or replaced, of orders and contracts; discounts, but not what pays; deposits."""
    desk.plan("10.00")
    desk.contract()
    assert ordered(desk, a_line()) == []
    wrong = a_line("l-2", **at("12"))
    for owner in (f"{ORDERS}/o-1", f"{CONTRACTS}/v-1"):
        assert refused(desk, f"{owner}/lineItems", [wrong]) == [f"[0].{RATE}"]
        assert refused(desk, f"{owner}/lineItems", [a_line("l-2", **at("7"))]) == []
        assert refused(desk, f"{owner}/lineItems/l-2", wrong, "PUT") == [RATE]
    less = {**TRADE_IN, "itemType": "DISCOUNT_USE", "rowTotalGross": "22.40", **at("12")}
    assert refused(desk, f"{ORDERS}/o-1/allowances", [less]) == [f"[0].{RATE}"]
    assert refused(desk, f"{ORDERS}/o-1/allowances", [{**TRADE_IN, **at("12")}]) == []
    assert refused(desk, f"{ORDERS}/o-1/agreedDeposits", [a_deposit("d", "50.00", **at("12"))]) == [f"[0].{RATE}"]
    assert refused(desk, f"{ORDERS}/o-1/agreedDeposits", [a_deposit("d", "50.00")]) == []
    assert refused(desk, f"{ORDERS}/o-1/agreedDeposits/d", a_deposit("d", "50.00", **at("5")), "PUT") == [RATE]


def test_what_was_ordered_before_waits_alone(desk: Desk) -> None:
    """A rate that nobody judged when it was stored: its item says why, and what stands beside it is billed."""
    desk.order(lineItems=[a_line(**at("19")), a_line("l-2", "40.00", **at("7"))])
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("UPDATE billable_item SET content = jsonb_set(content, '{taxes,0,rate}', '12') WHERE origin_ident = 'l-2'")
    report = desk.bill()
    assert (report["billed"], report["failed"], report["parked"]) == (1, 1, [])
    assert desk.documents() == [("INVOICE", D("100.00"), D("19.00"), D("119.00"))]
    (row,) = desk.tenant.rows("SELECT origin_ident, processing_error FROM billable_item WHERE processing_status = 'ERROR'")
    assert (row.origin_ident, row.processing_error) == (
        "l-2",
        "order o-1, l-2: DE has no such rate on 2026-05-09, only 5.5, 6.1, 7, 7.8, 19",
    )


def test_a_credit_has_the_rate_of_what_it_credits(desk: Desk) -> None:
    """Billed with a rate that is refused by now, it can be taken back."""
    desk.order(lineItems=[a_line(**at("16", deliveryDate="2020-08-15"))])
    desk.bill()
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run('UPDATE billable_item SET content = content || \'{"delivery_date": null, "tax_date": null}\'')
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1"]})
    assert desk.bill()["failed"] == 0
    assert desk.documents()[-1][1:] == (D("100.00"), D("16.00"), D("116.00"))
