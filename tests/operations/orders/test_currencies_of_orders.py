"""Orders in currencies without, with two and with three decimals: amounts are whole units of their currency, in every field."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, Desk, a_line

D = Decimal
UNITS = {"JPY": D(1), "EUR": D("0.01"), "BHD": D("0.001")}
CURRENCIES = pytest.mark.parametrize("currency", UNITS)
S19 = {"taxRate": 19, "taxCategoryCode": "S"}
LINE = a_line(
    net="100",
    originalRowTotalNet="100",
    originalRowTotalGross="119",
    rowTotalNet="90",
    rowTotalGross="107",
    taxInformation=[{**S19, "originalRowTotalTax": "19", "rowTotalTax": "17"}],
    preTaxExtras=[{"ident": "d", "name": "Discount", "amountNet": "-10"}],
    postTaxExtras=[{"ident": "g", "name": "Gift card", "amountGross": "20", "leftoverAmountGross": "5"}],
)
DEPOSIT = {
    "ident": "a",
    "name": "Deposit",
    "grossValue": "50",
    "netValue": "42",
    "taxValue": "8",
    "taxInformation": [{**S19, "rowTotalTax": "8"}],
}
DISCOUNT = {
    "ident": "n",
    "name": "Discount",
    "itemType": "DISCOUNT_USE",
    "rowTotalNet": "3",
    "rowTotalGross": "4",
    "taxInformation": [{**S19, "rowTotalTax": "1"}],
}
TRADED = {**DISCOUNT, "ident": "t", "itemType": "TRADE_IN", "rowTotalNet": "7", "rowTotalGross": "7", "taxInformation": [S19]}
"""What 19 % come to in whole units of a currency without decimals."""
FIELDS = (
    "lineItems.0.originalRowTotalNet",
    "lineItems.0.originalRowTotalGross",
    "lineItems.0.rowTotalNet",
    "lineItems.0.rowTotalGross",
    "lineItems.0.taxInformation.0.originalRowTotalTax",
    "lineItems.0.taxInformation.0.rowTotalTax",
    "lineItems.0.preTaxExtras.0.amountNet",
    "lineItems.0.postTaxExtras.0.amountGross",
    "lineItems.0.postTaxExtras.0.leftoverAmountGross",
    "lineItems.0.agreedDeposits.0.grossValue",
    "agreedDeposits.0.grossValue",
    "agreedDeposits.0.netValue",
    "agreedDeposits.0.taxValue",
    "agreedDeposits.0.taxInformation.0.rowTotalTax",
    "allowances.0.rowTotalNet",
    "allowances.0.rowTotalGross",
    "allowances.0.taxInformation.0.rowTotalTax",
    "allowances.1.rowTotalNet",
    "allowances.1.rowTotalGross",
)


def an_order(currency: str) -> dict[str, Any]:
    line = {**LINE, "agreedDeposits": [{"ident": "b", "name": "Part", "grossValue": "9", "taxInformation": [S19]}]}
    body = {"currency": currency, "lineItems": [line], "agreedDeposits": [DEPOSIT], "allowances": [DISCOUNT, TRADED]}
    made = copy.deepcopy(body)
    if currency != "JPY":  # with their decimals the sides come to more than whole units
        made["lineItems"][0] |= {
            "rowTotalGross": "107.1",
            "taxInformation": [{**S19, "originalRowTotalTax": "19", "rowTotalTax": "17.1"}],
        }
        made["agreedDeposits"][0] |= {
            "grossValue": "59.5",
            "netValue": "50",
            "taxValue": "9.5",
            "taxInformation": [{**S19, "rowTotalTax": "9.5"}],
        }
        made["allowances"][0] |= {"rowTotalGross": "3.57", "taxInformation": [{**S19, "rowTotalTax": "0.57"}]}
    return made


def finer(body: dict[str, Any], path: str, unit: D) -> str:
    """Adds a tenth of the smallest amount to a field; the name by which it is refused."""
    *way, last = path.split(".")
    held: Any = body
    for step in way:
        held = held[int(step)] if step.isdigit() else held[step]
    held[last] = str(D(held[last]) + unit / 10)
    name = ""
    for step in (*way, last):
        name += f"[{step}]" if step.isdigit() else f".{step}"
    return name.removeprefix(".")


@pytest.fixture
def trading(desk: Desk) -> Desk:
    desk.rates(("JPY", "2026-05", "160.00"), ("BHD", "2026-05", "0.41"))
    return desk


@CURRENCIES
def test_an_amount_finer_than_its_currency_is_refused_by_name(trading: Desk, currency: str) -> None:
    """Each field by itself, and all of them at once."""
    for path in FIELDS:
        body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, **an_order(currency)}
        name = finer(body, path, UNITS[currency])
        refused = trading.call("POST", ORDERS, body, 400)["errors"]
        assert name in {one["fieldName"] for one in refused}, (path, refused)
        (said,) = [one["error"] for one in refused if one["fieldName"] == name]
        decimals = {"JPY": "none", "EUR": "2", "BHD": "3"}[currency]
        assert said == f"has more decimals than {currency}, which has {decimals}, or more than 15 integral digits"
    trading.call("GET", f"{ORDERS}/o-1", status=404)


@CURRENCIES
def test_whole_units_are_ordered_billed_and_add_up(trading: Desk, currency: str) -> None:
    trading.order(**an_order(currency), billingTime="ON_DEMAND")
    trading.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    trading.bill()
    report = trading.bill()
    assert report["failed"] == 0
    assert {status for _, status, _, _ in trading.items()} <= {"COMPLETED", "NOT_STARTED"}
    documents = trading.tenant.rows("SELECT document_type, currency, net, tax, gross FROM document ORDER BY id")
    assert documents and {row.currency for row in documents} == {currency}
    invoice = next(row for row in documents if row.document_type == "INVOICE")
    assert (invoice.net, invoice.net + invoice.tax) == (D(87), invoice.gross)
    for row in documents:
        assert all(amount % UNITS[currency] == 0 for amount in (row.net, row.tax, row.gross)), row


@CURRENCIES
def test_what_is_credited_and_what_a_contract_gives_off_are_whole_units(trading: Desk, currency: str) -> None:
    trading.order(currency=currency, lineItems=[a_line(net="100")])
    trading.bill()
    (item,) = trading.call("GET", f"{ORDERS}/o-1/billableitems")
    unit = UNITS[currency]
    credit = {"billableItemId": item["billableItemId"], "amount": str(unit * 11 / 10)}
    assert trading.findings("POST", f"{ORDERS}/o-1/creditbillableitems", credit) == ["amount"]
    trading.call("POST", f"{ORDERS}/o-1/creditbillableitems", {**credit, "amount": str(unit)}, 201)
    trading.plan("30", currency=currency)
    trading.contract()
    allowance = {"ident": "x", "optionIdent": "basic-fee", "name": "Off", "type": "AMOUNT", "amount": str(unit * 11 / 10)}
    assert trading.findings("POST", f"{CONTRACTS}/v-1/allowances", allowance) == ["amount"]
    trading.call("POST", f"{CONTRACTS}/v-1/allowances", {**allowance, "amount": str(unit)}, 201)
    assert trading.bill()["failed"] == 0
    assert trading.documents()[-1][1] in (30 - unit, unit)
