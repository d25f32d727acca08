"""A row that credits is taken back alone as it was billed: at its rate, in its category and accounts, naming the document of it."""

from typing import Any

import pytest
from tests.factories.bureaus import ADDRESS
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, Desk, a_line
from tests.factories.offices import D

CUSTOMER = "/v2/customers/muster-handel"
LINES = [a_line(net="200.00"), a_line("l-2", "50.00", debitCreditIndicator="CREDIT")]


def change(desk: Desk, **more: Any) -> None:
    body = desk.call("GET", CUSTOMER)
    for name in ("addresses", "createdAt", "lastModifiedAt", "id", "debtorAccount", "creditorAccount"):
        body.pop(name, None)
    desk.call("PUT", CUSTOMER, {**body, **more})


def exempt(desk: Desk) -> None:
    change(desk, taxExemptions=[{"code": "VATEX-EU-132-1A", "reason": "Exempt"}])


def last(desk: Desk) -> Any:
    """The type, category, rate, tax and gross of the last document, and what it names."""
    row = desk.tenant.rows("SELECT ident, document_type AS kind, tax, gross FROM document ORDER BY id DESC LIMIT 1")[0]
    shown = desk.call("GET", f"/v2/documents/{row.ident}")
    (tax,) = shown["items"][0]["taxDetail"]["taxes"]
    named = [one["ident"] for one in shown.get("externalReferences", ())]
    return row.kind, tax["categoryCode"], D(tax["rate"]), row.tax, row.gross, named


def first(desk: Desk) -> str:
    return str(desk.tenant.rows("SELECT ident FROM document ORDER BY id LIMIT 1")[0].ident)


BEFORE = {"terminationDate": "2026-05-09"}
"""The day before the contracts begin."""
CONSUMER = {"customerType": "B2C", "firstName": "Ada", "lastName": "Lovelace", "company": None}


@pytest.mark.parametrize("how", ["exempt", "becomes a business"])
def test_a_line_that_credits_is_taken_back_as_it_was_billed(desk: Desk, how: str) -> None:
    business = desk.call("GET", CUSTOMER)
    if how == "becomes a business":
        change(desk, **CONSUMER, vatId=None)
        desk.call("PUT", f"{CUSTOMER}/addresses/zentrale", {**ADDRESS, "country": "AT", "zip": "1010"})
    desk.order(lineItems=LINES)
    desk.bill()
    if how == "exempt":
        exempt(desk)
    else:
        change(desk, customerType="B2B", company=business["company"], vatId="ATU12345675")
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-2"]})
    desk.bill()
    assert last(desk) == ("INVOICE", "S", D(19), D("9.50"), D("59.50"), [first(desk)])
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    desk.bill()
    assert desk.documents()[2] == ("CREDIT_MEMO", D(200), D(38), D(238))
    assert desk.balances() == {}


def test_an_option_that_credits_is_taken_back_as_it_was_billed(desk: Desk) -> None:
    desk.plan("30.00", option={"debitCreditIndicator": "CREDIT"})
    desk.contract(startDate="2026-05-10")
    desk.bill()
    exempt(desk)
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", BEFORE)
    desk.bill()
    assert last(desk) == ("INVOICE", "S", D(19), D("5.70"), D("35.70"), [first(desk)])
    assert desk.balances() == {}


def test_an_option_by_which_a_partner_owes_us_is_taken_back_as_it_was_billed(desk: Desk) -> None:
    """Of older data: no such option is taken any more."""
    change(desk, selfBillingAgreementOn="2026-01-01")
    desk.plan("30.00", option={"invoicingAgreementType": "SELF_BILLING"})
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("UPDATE plan_option_version SET content = jsonb_set(content, '{debit_credit_indicator}', '\"CREDIT\"')")
    desk.contract(startDate="2026-05-10")
    desk.bill()
    change(desk, selfBillingAgreementOn="2026-01-01", smallBusiness=True)
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", BEFORE)
    desk.bill()
    assert last(desk) == ("SELF_BILLING_INVOICE", "S", D(19), D("5.70"), D("35.70"), [first(desk)])
    assert desk.balances() == {}


def untaxed(category: str, of: str) -> dict[str, Any]:
    return {"taxInformation": [{"taxRate": 0, "taxCategoryCode": category}], "category": of}


@pytest.mark.parametrize("then", [{"vatId": None}, {**CONSUMER, "vatId": None}, {"vatId": "DE129273398"}])
@pytest.mark.parametrize("tax", [untaxed("AE", "SERVICE"), untaxed("K", "PHYSICAL_PRODUCT")])
def test_what_needed_an_id_is_taken_back_by_the_id_of_then(desk: Desk, tax: dict[str, Any], then: dict[str, Any]) -> None:
    desk.call("PUT", f"{CUSTOMER}/addresses/zentrale", {**ADDRESS, "country": "AT", "zip": "1010"})
    change(desk, customerType="B2B", vatId="ATU12345675")
    desk.order(lineItems=[a_line(net="200.00", **tax), a_line("l-2", "50.00", debitCreditIndicator="CREDIT", **tax)])
    desk.bill()
    if then.get("vatId"):
        desk.call("PUT", f"{CUSTOMER}/addresses/zentrale", {**ADDRESS, "country": "DE", "zip": "20095"})
    change(desk, **{"customerType": "B2B", **then})
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-2"]})
    assert desk.bill()["failed"] == 0
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    assert desk.bill()["failed"] == 0
    assert [(kind, gross) for kind, _, _, gross in desk.documents()] == [
        ("INVOICE", D(150)),
        ("INVOICE", D(50)),
        ("CREDIT_MEMO", D(200)),
    ]
    assert desk.balances() == {}
