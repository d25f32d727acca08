"""What a billing group says about prices: the place that decides them, and to what amounts are rounded."""

from decimal import Decimal

import pytest
from tests.factories.companies import Company
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import GROUPS, Office, a_group, group
from tests.factories.usages import USAGES, metered, per_unit, usage

D = Decimal
GERMANY, FRANCE = {"country": "DE"}, {"country": "FR"}
BY_COUNTRY = [{"price": "10.00", "criteria": GERMANY}, {"price": "12.00", "criteria": FRANCE}]


def totals(office: Office) -> list[D]:
    return [
        row.total
        for row in office.tenant.rows("SELECT total FROM billable_item WHERE kind <> 'CREDIT' AND total <> 0 ORDER BY item_id")
    ]


@pytest.mark.parametrize(("place", "price"), [("TAX_LOCATION", "10.00"), ("PERFORMANCE_LOCATION", "12.00")])
def test_the_place_that_decides_the_price(office: Office, place: str, price: str) -> None:
    """Only the price: taxed as in Germany in both cases."""
    a_group(office, optionPriceDetermination=place)
    office.plan(option={"prices": BY_COUNTRY})
    office.contract(businessSegmentIdent="special", taxLocation=GERMANY, performanceLocation=FRANCE)
    office.bill()
    net = D(price)
    assert office.documents() == [("INVOICE", net, net * 19 / 100, net * 119 / 100)]
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {})
    office.bill()  # the checks compute every period again
    assert office.documents()[1][0] == "CREDIT_MEMO"


@pytest.mark.parametrize(
    ("place", "pooled", "expected"),
    [
        ("TAX_LOCATION", True, ["30.00"]),
        ("PERFORMANCE_LOCATION", True, ["20.00", "20.00"]),  # 2 in Germany at 10, 1 in France at 20
        ("PERFORMANCE_LOCATION", False, ["10.00", "20.00", "10.00"]),
    ],
)
def test_usages_cost_what_they_do_where_they_are_performed(office: Office, place: str, pooled: bool, expected: list[str]) -> None:
    a_group(office, optionPriceDetermination=place, lateUsageBehaviour="CORRECTIVE")
    metered(office, [per_unit("10", criteria=GERMANY), per_unit("20", criteria=FRANCE)], usePooling=pooled)
    for ident, there in (("u-1", None), ("u-2", FRANCE), ("u-3", None)):
        office.call("POST", USAGES, usage(ident, 1, **({"performanceLocation": there} if there else {})), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert sorted(totals(office)) == sorted(map(D, expected))
    net = sum(map(D, expected))
    assert office.documents() == [("INVOICE", net, net * 19 / 100, net * 119 / 100)]
    if pooled and len(expected) == 2:
        office.call("POST", USAGES, usage("late", 2, performanceLocation=FRANCE), 201)
        office.bill()
        assert office.documents()[1][1] == D(40)


@pytest.mark.parametrize(
    ("currency", "decimals", "rounded", "tax"),
    [("EUR", 0, "31.00", "5.89"), ("EUR", 1, "31.50", "5.99"), ("CHF", 0, "31.47", "5.98")],
)
def test_amounts_of_a_group_have_fewer_decimals(office: Office, currency: str, decimals: int, rounded: str, tax: str) -> None:
    """3 x 10.49 = 31.47; the tax keeps its cents; the row shows quantity, price and what was rounded."""
    a_group(office, currencyRoundingOverrides=[{"currency": currency, "decimals": decimals}])
    office.plan("10.49")
    office.contract(quantity=3, businessSegmentIdent="special")
    office.bill()
    assert office.documents() == [("INVOICE", D(rounded), D(tax), D(rounded) + D(tax))]
    (number,) = [row.ident for row in office.tenant.rows("SELECT ident FROM document")]
    (row,) = office.call("GET", f"/v2/documents/{number}")["items"]
    assert (row["quantity"], row["prices"]["unit"]["net"]) == (3, 10.49)
    added = sum((D(str(extra["total"]["net"])) for extra in row.get("extras", ())), D(0))
    assert added == D(rounded) - D("31.47")
    office.clock("2026-05-15T10:00")
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {})
    office.bill()  # 15 of 31 days: 15.23
    kept = {"31.00": D(15), "31.50": D("15.2"), "31.47": D("15.23")}[rounded]
    assert office.documents()[1][:2] == ("CREDIT_MEMO", D(rounded) - kept)


def test_parts_usages_and_lines_are_rounded_too(office: Office) -> None:
    a_group(office, currencyRoundingOverrides=[{"currency": "EUR", "decimals": 0}])
    metered(office, [per_unit("0.17")])
    office.call("POST", USAGES, usage("u-1", 99), 201)  # 16.83
    office.plan("100.00", ident="yearly", billingInterval={"value": 1, "unit": "QUARTER"}, partialSupply="MONTH")
    office.contract("v-2", "yearly", businessSegmentIdent="special")
    details = {"debtorOrderDetails": {"debtorIdent": "muster-handel"}, "businessSegmentIdent": "special"}
    lines = [
        a_line(net="10.49", quantity=3),
        a_line("l-2", "0.49"),
        {**a_line("l-3"), "unitPriceNet": None, "unitPriceGross": "1.50"},
    ]
    office.call("POST", ORDERS, {"orderIdent": "o-1", "lineItems": lines, **details}, 201)
    office.bill()
    office.clock("2026-06-02T10:00")
    office.bill()
    rows = office.tenant.rows(
        "SELECT origin_ident, total, content FROM billable_item WHERE total <> 0 ORDER BY origin_ident, sequence"
    )
    assert [(row.origin_ident, row.total) for row in rows] == [
        ("l-1", D(31)),
        ("l-3", D(2)),
        ("power", D(17)),
        ("yearly-fee", D(34)),
        ("yearly-fee", D(33)),
        ("yearly-fee", D(33)),
    ]
    assert rows[2].content["quantity"] in ("99", 99) and rows[2].content["unit_price"] in ("0.17", D("0.17"))
    changed = {**a_line(net="10.60", quantity=3)}
    office.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", changed)
    office.bill()
    assert ("INVOICE", D(1)) in [document[:2] for document in office.documents()]  # 31.80 is 32: one more
    items = office.call("GET", f"{ORDERS}/o-1/billableitems")
    one = next(item for item in items if item["originIdent"] == "l-3")
    credit = {"billableItemId": one["billableItemId"], "amount": "0.50"}
    assert office.findings("POST", f"{ORDERS}/o-1/creditbillableitems", credit) == ["amount"]


def test_a_rounding_that_periods_have_used_stays(office: Office) -> None:
    a_group(office)
    office.plan("10.49")
    office.contract(businessSegmentIdent="special")
    body = {"name": "Special", "localeConfiguration": [{"country": "DE"}]}
    path = f"{GROUPS}/special"
    whole, francs = ([{"currency": name, "decimals": 0}] for name in ("EUR", "CHF"))
    office.call("PUT", path, {**body, "currencyRoundingOverrides": whole})
    office.call("PUT", path, body)
    office.bill()
    office.call("PUT", path, {**body, "currencyRoundingOverrides": whole}, 409)
    office.call("PUT", path, {**body, "currencyRoundingOverrides": francs})
    assert office.call("GET", path)["currencyRoundingOverrides"] == francs


def test_a_document_that_is_asked_for_keeps_to_the_rounding(office: Office) -> None:
    group(office, currencyRoundingOverrides=[{"currency": "EUR", "decimals": 1}])
    company = Company(office.tenant, office.client, office.headers)
    refused = company.ask("invoices", 400, "10.55")
    assert [(one["fieldName"], "0.10 EUR" in one["error"]) for one in refused["errors"]] == [("items[0].prices.total.net", True)]
    company.ask("invoices", 202, "10.50")
    usd = {"currency": "USD", "exchangeRate": {"rate": "1.1", "date": "2026-05-08", "source": "ECB"}}
    assert "rounds rows" not in str(company.ask("invoices", 202, "10.55", **usd))


def test_deposits_keep_to_the_rounding_as_they_are_said(office: Office) -> None:
    a_group(office, currencyRoundingOverrides=[{"currency": "EUR", "decimals": 1}])
    details = {"debtorOrderDetails": {"debtorIdent": "muster-handel"}, "businessSegmentIdent": "special"}
    body = {"orderIdent": "o-1", "lineItems": [a_line()], **details}
    deposit = {"ident": "d-1", "grossValue": "59.55"}
    assert office.findings("POST", ORDERS, {**body, "agreedDeposits": [deposit]}) == ["agreedDeposits[0].grossValue"]
    office.call("POST", ORDERS, {**body, "agreedDeposits": [{**deposit, "grossValue": "59.50"}]}, 201)
    path = f"{ORDERS}/o-1/agreedDeposits"
    assert office.findings("POST", path, [{**deposit, "ident": "d-2"}]) == ["[0].grossValue"]
    assert office.findings("PUT", f"{path}/d-1", deposit) == ["grossValue"]


def test_gross_prices_are_rounded_in_gross(office: Office) -> None:
    """The agreed side has the group's decimals; what its tax leaves of it has those of the currency."""
    a_group(office, currencyRoundingOverrides=[{"currency": "EUR", "decimals": 0}])
    office.plan(option={"prices": [{"price": "10.49", "netGrossIndicator": "GROSS"}]})
    office.contract(quantity=3, businessSegmentIdent="special")
    office.bill()
    assert office.documents() == [("INVOICE", D("26.05"), D("4.95"), D("31.00"))]
