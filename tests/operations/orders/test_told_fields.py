"""What is said beside the amounts has its effect: taxes that contradict them are refused by both values, vouchers say what is left, the
account and the card that pays, the currency, tax and person of a customer, fees and parts of a payment."""

from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.printed import text_of
from tests.factories.contracts import a_contract
from tests.factories.desks import ORDERS, S19, Desk, a_line

from contor.documents.queries import frozen
from contor.documents.render import render_pdf

D = Decimal
BANK = "/v2/merchant-payment-accounts/bank/payments"
CUSTOMER = "/v2/customers/muster-handel"
IBANS = ("DE89370400440532013000", "DE02120300000000202051")


def taxed(**more: Any) -> list[dict[str, Any]]:
    return [{**S19[0], **more}]


def page(desk: Desk, ident: str) -> str:
    """The words on the document's page."""
    (row,) = desk.tenant.rows(
        "SELECT c.snapshot FROM document d JOIN document_content c ON c.document_id = d.id WHERE d.ident = %s", (ident,)
    )
    return text_of(render_pdf(frozen(ident, row.snapshot), None)).replace("\u00a0", " ")


def customer(desk: Desk, **changes: Any) -> None:
    desk.call("PUT", CUSTOMER, {**desk.call("GET", CUSTOMER), **changes})


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (a_line(taxInformation=taxed(unitPriceTax="18.00")), "taxInformation[0].unitPriceTax", ("18.00", "19.00 EUR")),
        (a_line(net="40.00", quantity=3, taxInformation=taxed(originalRowTotalTax="22.00")), "", ("22.00", "22.80 EUR")),
        (a_line(net="40.00", quantity=3, taxInformation=taxed(rowTotalTax="20.80")), "", ("20.80", "22.80 EUR")),
        (a_line(unitPriceGross="120.00", taxInformation=S19), "unitPriceGross", ("119.00 EUR",)),
        (a_line(rowTotalGross="118.00", taxInformation=S19), "rowTotalGross", ("119.00 EUR",)),
        (
            {"ident": "g", "name": "Gross", "unitPriceGross": "119.00", "taxInformation": taxed(unitPriceTax="22.61")},
            "taxInformation[0].unitPriceTax",
            ("22.61", "19.00 EUR"),
        ),
    ],
)
def test_a_tax_that_contradicts_the_amounts_is_refused(desk: Desk, line: Any, field: str, words: tuple[str, ...]) -> None:
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [line]}
    refused = desk.call("POST", ORDERS, body, 400)
    (entry,) = refused["errors"]
    assert entry["fieldName"].startswith("lineItems[0].") and entry["fieldName"].endswith(field)
    assert all(word in entry["error"] for word in words)


def test_taxes_that_agree_are_taken(desk: Desk) -> None:
    told = taxed(unitPriceTax="1.8981", originalRowTotalTax="9.49", rowTotalTax="9.49")
    desk.order(lineItems=[a_line(net="9.99", quantity=5, unitPriceGross="11.8881", taxInformation=told)])
    by_unit = taxed(unitPriceTax="1.90", originalRowTotalTax="9.49", rowTotalTax="9.49")
    desk.order("o-2", lineItems=[a_line(net="9.99", quantity=5, taxInformation=by_unit)])
    gross = {"ident": "g", "name": "Gross", "unitPriceGross": "119.00", "quantity": 2, "taxInformation": taxed(rowTotalTax="38.00")}
    desk.order("o-3", lineItems=[gross])


@pytest.mark.parametrize(
    ("deposit", "field"),
    [
        ({"grossValue": "119.00", "taxValue": "20.00", "taxInformation": S19}, "taxValue"),
        ({"grossValue": "119.00", "netValue": "100.00", "taxValue": "18.99"}, "taxValue"),
        ({"grossValue": "107.00", "netValue": "99.00", "taxInformation": [{"taxRate": 7}]}, "netValue"),
    ],
)
def test_a_deposit_adds_up(desk: Desk, deposit: dict[str, Any], field: str) -> None:
    desk.order()
    path = f"{ORDERS}/o-1/agreedDeposits"
    refused = desk.call("POST", path, [{"ident": "d-1", **deposit}], 400)
    assert [entry["fieldName"].rsplit(".")[-1] for entry in refused["errors"]] == [field]
    agreed = {"ident": "d-1", "grossValue": "107.00", "netValue": "100.00", "taxValue": "7.00", "taxInformation": [{"taxRate": 7}]}
    desk.call("POST", path, [agreed], 201)


def test_an_allowance_that_pays_adds_up_too(desk: Desk) -> None:
    desk.order()
    voucher = {"ident": "v", "name": "Voucher", "itemType": "MULTI_PURPOSE_VOUCHER_USE", "rowTotalNet": "20.00"}
    wrong = {**voucher, "rowTotalGross": "25.00", "taxInformation": [{"taxRate": 0}]}
    assert desk.findings("POST", f"{ORDERS}/o-1/allowances", [wrong]) == ["[0].rowTotalGross"]


def test_a_voucher_says_what_is_left_and_a_row_what_it_was_reduced_by(desk: Desk) -> None:
    extra = {
        "ident": "v-1",
        "name": "A1",
        "amountGross": "20.00",
        "leftoverAmountGross": "30.00",
        "refundability": "NON_REFUNDABLE",
    }
    less = {"ident": "x-1", "name": "SUMMER", "type": "SINGLE_PURPOSE_VOUCHER", "amountNet": "-10.00"}
    desk.order(lineItems=[a_line(taxInformation=S19, preTaxExtras=[less], postTaxExtras=[extra])])
    desk.bill()
    (ident,) = desk.idents("INVOICE")
    view = desk.call("GET", f"/v2/documents/{ident}")
    (paid,), (item,) = view["postTaxItems"], view["items"]
    assert (paid["amount"], paid["leftoverAmount"], paid["refundability"]) == (-20, 30, "NON_REFUNDABLE")
    assert item["extras"][0]["type"] == "SINGLE_PURPOSE_VOUCHER"
    text = page(desk, ident)
    assert "A1 (Restguthaben 30,00 €, Restguthaben wird nicht ausgezahlt)" in text
    assert "Gutschein SUMMER" in text


def test_the_account_that_is_named_is_debited(desk: Desk) -> None:
    customer(desk, bankAccounts=[{"ident": "first", "iban": IBANS[0]}, {"ident": "second", "iban": IBANS[1]}])
    information = {"paymentType": "SEPA_DIRECT_DEBIT", "customerPaymentAccountIdent": "third"}
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line()]}
    path = "paymentInformation.customerPaymentAccountIdent"
    assert desk.findings("POST", ORDERS, {**body, "paymentInformation": information}) == [path]
    desk.order(paymentInformation={**information, "customerPaymentAccountIdent": "second"})
    assert desk.findings("PATCH", f"{ORDERS}/o-1", {"paymentInformation": information}) == [path]
    desk.plan("10.00")
    contract = a_contract("v-1", planIdent="basic", optionQuantities=[], paymentInformation=information)
    assert path in desk.findings("POST", "/v2/contracts", contract)
    desk.bill()
    (ident,) = desk.idents("INVOICE")
    view = desk.call("GET", f"/v2/documents/{ident}")
    assert [account["iban"] for account in view["customer"]["bankAccounts"]] == [IBANS[1], IBANS[0]]
    twice = [{"ident": "a", "iban": IBANS[0]}, {"ident": "a", "iban": IBANS[1]}]
    assert desk.findings("PUT", CUSTOMER, {**desk.call("GET", CUSTOMER), "bankAccounts": twice}) == ["bankAccounts[1].ident"]


def test_a_card_is_said_of_what_is_paid_by_card(desk: Desk) -> None:
    desk.order(paymentInformation={"paymentType": "CREDIT_CARD", "cardType": "VISA"})
    assert desk.findings("PATCH", f"{ORDERS}/o-1", {"paymentInformation": {"paymentType": "PAYPAL"}}) == [
        "paymentInformation.cardType"
    ]


def test_an_order_is_in_the_customers_currency(desk: Desk) -> None:
    assert desk.order()["currency"] == "EUR"
    customer(desk, currency="USD")
    body = {"orderIdent": "o-2", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line()]}
    assert desk.findings("POST", ORDERS, body) == ["currency"]  # there are no rates of the dollar
    desk.order("o-2", currency="EUR")


def test_what_frees_a_customer_from_tax_frees_what_is_billed(desk: Desk) -> None:
    customer(desk, taxExemptions=[{"code": "VATEX-EU-151", "reason": "Embassy"}])
    desk.order()
    desk.bill()
    (ident,) = desk.idents("INVOICE")
    view = desk.call("GET", f"/v2/documents/{ident}")
    (tax,) = view["taxes"]
    assert (tax["categoryCode"], tax["amount"], tax["exemptionReasonCode"]) == ("E", 0, "VATEX-EU-151")
    assert (tax["exemptionReasonText"], view["totals"]["gross"]) == ("Embassy", 100)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"taxExemptions": [{"code": "FREE"}]}, "taxExemptions[0].code"),
        ({"taxExemptions": [{"code": "VATEX-EU-151"}, {"code": "VATEX-EU-132"}]}, "taxExemptions[1]"),
        ({"taxClassifications": [{"code": "A"}, {"code": "A"}]}, "taxClassifications[1].code"),
        ({"birthDate": "2199-01-01"}, "birthDate"),
    ],
)
def test_what_a_customer_cannot_be_is_refused(desk: Desk, changes: dict[str, Any], field: str) -> None:
    assert desk.findings("PUT", CUSTOMER, {**desk.call("GET", CUSTOMER), **changes}) == [field]


def test_an_address_says_whom_it_addresses_and_where(desk: Desk) -> None:
    path = f"{CUSTOMER}/addresses/zentrale"
    known = desk.call("GET", path)
    outside = {**known, "stateCode": "AT-9"}
    assert desk.findings("PUT", path, outside) == ["stateCode"]
    person = {"gender": "FEMALE", "firstName": "Eva", "lastName": "Kurz", "agencyProfessionTitle": "Rechtsanwältin"}
    desk.call("PUT", path, {**known, **person, "company": "Kunde AG", "state": None, "stateCode": "DE-HH"})
    desk.order()
    desk.bill()
    (ident,) = desk.idents("INVOICE")
    text = page(desk, ident)
    assert "Frau Eva Kurz" in text and "Rechtsanwältin" in text
    assert desk.call("GET", f"/v2/documents/{ident}")["customer"]["address"]["state"] == "Hamburg"


def test_fees_are_costs(desk: Desk) -> None:
    """119.00 came in, 2.50 were taken for it (posting table rows 16 and 17)."""
    desk.order()
    desk.bill()
    (ident,) = desk.idents("INVOICE")
    before = desk.balances()
    body = {
        "externalIdent": "b-1",
        "baseAmount": {"amount": "119.00", "currency": "EUR"},
        "bookingDate": "2026-05-10",
        "creditDebitIndicator": "CREDIT",
        "description": ident,
    }
    wrong = [{"type": "card", "amount": "2.50", "currency": "USD"}]
    assert desk.findings("POST", BANK, {**body, "fees": wrong}) == ["fees[0].currency"]
    fees = [{"type": "card", "amount": "2.00"}, {"type": "network", "amount": "0.50"}]
    desk.call("POST", BANK, {**body, "fees": fees}, 201)
    moved = {
        account: value - before.get(account, D(0)) for account, value in desk.balances().items() if value != before.get(account)
    }
    assert (moved[4970], moved[1200]) == (D("2.50"), D("116.50"))
    assert desk.tenant.broken() == []


def test_a_collective_transfer_pays_what_its_parts_name(desk: Desk) -> None:
    for number in ("o-1", "o-2"):
        desk.order(number, lineItems=[a_line(net="100.00" if number == "o-1" else "50.00", taxInformation=S19)])
        desk.bill()
    first, second = desk.idents("INVOICE")
    parts = [{"reference": first, "amount": "119.00"}, {"reference": second, "amount": "59.50"}]
    body = {
        "externalIdent": "b-1",
        "baseAmount": {"amount": "178.50", "currency": "EUR"},
        "bookingDate": "2026-05-10",
        "creditDebitIndicator": "CREDIT",
        "batchItems": parts,
    }
    assert desk.findings("POST", BANK, {**body, "batchItems": parts[:1]}) == ["batchItems"]
    unknown = [parts[0], {"reference": "RE-9", "amount": "59.50"}]
    assert desk.call("POST", BANK, {**body, "externalIdent": "b-0", "batchItems": unknown}, 201)["reason"] == "TARGET_NOT_FOUND"
    assert desk.call("POST", BANK, body, 201)["status"] == "ASSIGNED"
    assert [row.balance for row in desk.tenant.rows("SELECT balance FROM opos_case ORDER BY ident")] == [0, 0]
    assert desk.tenant.broken() == []


@pytest.mark.parametrize(
    "more",
    [
        *(
            {"settlementsProcessingSchedule": said}
            for said in ("daily", "@daily", "0 6 * *", "60 6 * * *", "0 6 31 2 *", "R * * * *")
        ),
        {"settlementsProcessingSchedule": "0 6 * * *", "settlementCreationDisabled": True},
    ],
)
def test_what_comes_never_cannot_be_planned(desk: Desk, more: dict[str, Any]) -> None:
    account = {"ident": "b-2", "name": "Bank", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1}
    assert desk.findings("POST", "/v2/merchant-payment-accounts", {**account, **more}) == ["settlementsProcessingSchedule"]
    planned = {**account, "settlementsProcessingSchedule": "*/30 6-20 1,15 * mon-fri"}
    desk.call("POST", "/v2/merchant-payment-accounts", planned, 201)
