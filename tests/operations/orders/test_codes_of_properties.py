"""Codes in the properties of what is ordered are those of EN 16931: another one is refused by its own name when it is said, not found in a
document weeks later."""

from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, S19, Desk, a_deposit, a_line

WRONG = [
    ("originCountry", "ZZ"),
    ("itemClassification", "QQQ:1"),
    ("standardItemIdentifier", "9999:4012345000009"),
    ("colour", "ZZ"),
]
RIGHT = [("originCountry", "AT"), ("itemClassification", "STI:1"), ("standardItemIdentifier", "0160:4012345000009")]


def said(given: list[tuple[str, str]]) -> dict[str, Any]:
    return {"properties": [{"propertyIdent": key, "propertyValue": value} for key, value in given]}


def refused(desk: Desk, method: str, path: str, body: Any) -> list[tuple[str, str]]:
    return [(one["fieldName"], one["error"]) for one in desk.call(method, path, body, 400)["errors"]]


@pytest.fixture
def selling(desk: Desk) -> Desk:
    desk.order("o-1", billingTime="ON_DEMAND")
    desk.plan("10.00")
    desk.contract()
    return desk


def test_wrong_codes_are_refused_by_name_all_at_once(selling: Desk) -> None:
    line = a_line("l-2", **said(WRONG))
    allowance = {"ident": "d", "name": "Less", "itemType": "DISCOUNT_USE", "rowTotalNet": 10, "rowTotalGross": "11.9"}
    order = {"orderIdent": "o-2", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line(), line]}
    for method, path, body, prefix in (
        ("POST", ORDERS, order, "lineItems[1]."),
        ("POST", f"{ORDERS}/o-1/lineItems", [line], "[0]."),
        ("PUT", f"{ORDERS}/o-1/lineItems/l-1", {**line, "ident": "l-1"}, ""),
        ("POST", f"{ORDERS}/o-1/billableitems", line, ""),
        ("POST", f"{ORDERS}/o-1/allowances", [{**allowance, **said(WRONG), "taxInformation": S19}], "[0]."),
        ("POST", f"{ORDERS}/o-1/agreedDeposits", [a_deposit("d", "11.90", **said(WRONG))], "[0]."),
        ("POST", f"{CONTRACTS}/v-1/lineItems", [line], "[0]."),
    ):
        found = refused(selling, method, path, body)
        assert [name for name, _ in found] == [f"{prefix}properties[{n}].propertyValue" for n in range(3)], path
        assert "ISO 3166-1" in found[0][1] and "UNTDID 7143" in found[1][1] and "ISO 6523" in found[2][1]


def test_right_codes_reach_the_document(selling: Desk) -> None:
    selling.order("o-2", lineItems=[a_line(**said(RIGHT))])
    selling.bill()
    views = [selling.call("GET", f"/v2/documents/{ident}") for ident in selling.idents("INVOICE")]
    (row,) = [row for view in views for row in view["items"] if row["properties"]]
    assert [(one["key"], one["value"]) for one in row["properties"]] == RIGHT
