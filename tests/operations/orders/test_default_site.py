"""A site that is not named is the default site: both come to the same documents, prices and deposits, whichever is the default later."""

from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, OTHER_SITE, S19, Desk, a_deposit, a_line
from tests.factories.offices import D
from tests.factories.usages import USAGES, metered, per_unit, usage

SITES = "/v2/billing/configuration/operating-sites"
OTHER = OTHER_SITE["ident"]
DISCOUNT = {
    "ident": "d",
    "name": "Discount",
    "itemType": "DISCOUNT_USE",
    "rowTotalNet": "30.00",
    "rowTotalGross": "35.70",
    "taxInformation": S19,
}
VOUCHER = {**DISCOUNT, "ident": "v", "itemType": "MULTI_PURPOSE_VOUCHER_USE", "rowTotalNet": "20.00", "rowTotalGross": "20.00"}


def home(desk: Desk) -> str:
    (row,) = desk.tenant.rows('SELECT ident FROM operating_site WHERE "default"')
    return str(row.ident)


@pytest.fixture
def selling(desk: Desk) -> Desk:
    desk.call("POST", SITES, OTHER_SITE, 201)
    return desk


def another_default(desk: Desk) -> None:
    desk.call("POST", f"{SITES}/{OTHER}/actions/set-as-default")


@pytest.mark.parametrize("line", ["no site", "default", "other", "region", "period"])
def test_allowances_stand_on_the_document_of_what_they_are_for(selling: Desk, line: str) -> None:
    said: dict[str, Any] = {
        "no site": {},
        "default": {"operatingSiteIdent": home(selling)},
        "other": {"operatingSiteIdent": OTHER},
        "region": {"taxLocation": {"country": "DE", "region": "BY"}},
        "period": {},
    }[line]
    if line == "period":
        path = "/v2/billing-groups/external/splitting-config"
        selling.call("PUT", path, {"serviceBillingPeriod": True})
    selling.order(lineItems=[a_line(**said)], allowances=[DISCOUNT, VOUCHER])
    selling.bill()
    (row,) = selling.tenant.rows("SELECT net, tax, payable, operating_site_ident AS site FROM document")
    assert row == (D(70), D("13.30"), D("63.30"), OTHER if line == "other" else home(selling))


def test_a_discount_without_rows_of_its_tax_says_what_it_waits_for(selling: Desk) -> None:
    lines = [a_line(taxLocation={"country": "AT"}, taxInformation=[{"taxRate": 20, "taxCategoryCode": "S"}])]
    selling.order(lineItems=lines, allowances=[DISCOUNT])
    selling.bill()
    items = selling.call("GET", f"{ORDERS}/o-1/billableitems")
    (waiting,) = [item["statusReason"] for item in items if item["processingStatus"] != "COMPLETED"]
    (said,) = selling.call("GET", "/v2/customers/muster-handel/upcoming-items")["items"]
    assert (waiting, "bear 19 % tax" in said["reason"]["text"]) == ("WAITS_FOR_INVOICE", True)


@pytest.mark.parametrize("named", [{"operatingSiteIdent": "default"}, {"paymentTerm": {"periodInDays": 14}}])
def test_what_is_the_default_splits_as_if_it_were_not_named(selling: Desk, named: dict[str, Any]) -> None:
    said = {"operatingSiteIdent": home(selling)} if "operatingSiteIdent" in named else named
    selling.order("o-1")
    selling.order("o-2", **said)
    selling.plan("10.00")
    selling.contract("v-1")
    selling.contract("v-2", **said)
    selling.bill()
    assert sorted(net for _, net, _, _ in selling.documents()) == [D(220)]


@pytest.mark.parametrize("general", [[{"price": "100.00"}], []])
def test_the_default_site_has_its_prices_as_long_as_it_sells(selling: Desk, general: list[dict[str, Any]]) -> None:
    """What was billed by it stays at its price, also where the end of the contract takes a part back."""
    ours = home(selling)
    prices = [*general, {"price": "31.00", "criteria": {"operatingSiteIdent": ours}}]
    later = {"price": "62.00", "criteria": {"operatingSiteIdent": OTHER}}
    selling.plan(option={"prices": [*prices, later]})
    selling.contract(startDate="2026-05-01")
    selling.bill()
    assert [net for _, net, _, _ in selling.documents()] == [D(31)]
    another_default(selling)
    selling.bill()  # the checks compute every period again
    selling.clock("2026-06-10T10:00")
    selling.bill()
    assert selling.documents()[1][1] == D(62)
    selling.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {})
    selling.bill()
    rows = selling.tenant.rows("SELECT operating_site_ident AS site FROM document ORDER BY id")
    assert [row.site for row in rows] == [ours, OTHER, OTHER]


def test_usages_that_came_late_cost_what_those_of_their_period_did(selling: Desk) -> None:
    ours = home(selling)
    selling.group(lateUsageBehaviour="CORRECTIVE")
    prices = [per_unit(price, criteria={"operatingSiteIdent": site}) for price, site in (("10", ours), ("20", OTHER))]
    metered(selling, prices, None, usePooling=True)
    selling.call("POST", USAGES, usage("u-1", 2), 201)
    selling.clock("2026-06-02T10:00")
    selling.bill()
    another_default(selling)
    selling.bill()
    selling.call("POST", USAGES, usage("late", 3), 201)
    selling.bill()
    rows = selling.tenant.rows("SELECT net, operating_site_ident AS site FROM document ORDER BY id")
    assert rows == [(D(20), ours), (D(30), ours)]


def test_the_deposit_of_an_order_is_deducted_whichever_site_is_the_default_by_then(selling: Desk) -> None:
    ours = home(selling)
    selling.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    selling.order(agreedDeposits=[a_deposit("d-1", "11.90")])
    selling.bill()
    selling.pay("11.90", selling.idents("DEPOSIT_INVOICE")[0])
    another_default(selling)
    selling.bill()
    rows = selling.tenant.rows("SELECT document_type AS kind, payable, operating_site_ident AS site FROM document ORDER BY id")
    assert rows == [("DEPOSIT_INVOICE", D("11.90"), ours), ("INVOICE", D("107.10"), ours)]
