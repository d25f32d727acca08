"""What a document says of usages: as much as was used, and how its price came about."""

from typing import Any

from tests.factories.catalogue import OPTIONS
from tests.factories.offices import Office, a_group
from tests.factories.usages import CALLS, USAGES, metered, per_unit, usage

BLOCK = {"type": "BLOCK", "blockSize": 60, "tiers": [], "quantityType": "MINUTE"}


def rows(office: Office) -> list[dict[str, Any]]:
    number = office.tenant.rows("SELECT max(ident) AS ident FROM document")[0].ident
    found: list[dict[str, Any]] = office.call("GET", f"/v2/documents/{number}")["items"]
    return found


def test_a_usage_of_nothing_is_shown_as_nothing(office: Office) -> None:
    """It costs nothing and is no piece; where the first block is due it is one."""
    a_group(office)
    metered(office, [per_unit("1.00")], quantityType="KWH")
    for number, quantity in enumerate((0, 5)):
        office.call("POST", USAGES, usage(f"u-{number}", quantity), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert [(row["quantity"], row["quantityType"], row["prices"]["total"]["net"]) for row in rows(office)] == [
        (0, "KWH", 0),
        (5, "KWH", 5),
    ]


def test_late_blocks_are_those_that_were_not_begun_before(office: Office) -> None:
    """50 minutes of May were billed as a block of 60: 20 further ones begin the second one, and 30 after that none."""
    a_group(office)
    metered(office, CALLS, quantityType="MINUTE", usePooling=True)
    office.call("POST", USAGES, usage("u-1", 50), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    office.call("POST", USAGES, usage("u-2", 20), 201)
    office.clock("2026-07-02T10:00")
    office.bill()
    (row,) = rows(office)
    assert (row["quantity"], row["prices"]["total"]["net"]) == (20, 15)
    assert row["priceCalculationBasis"] == [
        {**BLOCK, "blockQuantity": 0, "usedQuantity": 10, "blockPrice": 20},
        {**BLOCK, "blockQuantity": 1, "usedQuantity": 10, "blockPrice": 15},
    ]
    office.call("POST", USAGES, usage("u-3", 30), 201)
    office.call("POST", USAGES, usage("u-4", 10, "2026-07-01"), 201)
    office.clock("2026-08-02T10:00")
    office.bill()
    shown = {row["quantity"]: (row["prices"]["total"]["net"], row["priceCalculationBasis"]) for row in rows(office)}
    assert shown[30] == (0, {**BLOCK, "blockQuantity": 0, "usedQuantity": 30, "blockPrice": 15})


def test_a_commission_is_self_billed(office: Office) -> None:
    body = {"optionIdent": "share", "name": "Share", "type": "COMMISSION", "commissionPercentage": 10}
    made = office.call("POST", OPTIONS, body, 201)
    assert made["invoicingAgreementType"] == "SELF_BILLING"
    assert office.call("GET", f"{OPTIONS}/share")["versions"][0]["content"]["invoicingAgreementType"] == "SELF_BILLING"
    found = office.call("GET", f"{OPTIONS}?search=invoicingAgreementType==SELF_BILLING")["_embedded"]
    assert [one["optionIdent"] for one in found] == ["share"]
