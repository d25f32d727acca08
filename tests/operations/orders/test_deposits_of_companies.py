"""An order that several companies of a tenant supply: each asks for the deposits of what it supplies, and deducts them."""

from typing import Any

import pytest
from tests.factories.desks import ORDERS, OTHER_SITE, Desk, a_deposit, a_line
from tests.factories.offices import D

SITES = "/v2/billing/configuration/operating-sites"
OTHER = OTHER_SITE["ident"]


@pytest.fixture
def selling(desk: Desk) -> Desk:
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    desk.call("POST", SITES, OTHER_SITE, 201)
    return desk


def shown(desk: Desk) -> list[tuple[str, str, D]]:
    """Type, site and payable amount of the documents."""
    rows = desk.tenant.rows("SELECT document_type, operating_site_ident, payable FROM document ORDER BY id")
    return [(row.document_type, row.operating_site_ident, row.payable) for row in rows]


def home(desk: Desk) -> str:
    (row,) = desk.tenant.rows('SELECT ident FROM operating_site WHERE "default"')
    return str(row.ident)


def pay_by_id(desk: Desk, document_id: int, amount: D, number: int) -> None:
    """Both companies have a deposit invoice of this number, so a person says which one is paid."""
    payment = {
        "externalIdent": f"b-{number}",
        "baseAmount": {"amount": str(amount), "currency": "EUR"},
        "bookingDate": "2026-05-10",
        "creditDebitIndicator": "CREDIT",
        "description": "deposit",
    }
    made = desk.call("POST", "/v2/merchant-payment-accounts/bank/payments", payment, 201)
    body = {"paymentIdent": made["paymentIdent"], "targetType": "DOCUMENT", "targetIdent": str(document_id)}
    desk.call("POST", "/v2/payment-assignments", body, 201)


def test_each_company_asks_for_and_deducts_the_deposits_of_its_lines(selling: Desk) -> None:
    lines = [
        a_line("l-1", agreedDeposits=[a_deposit("d-1", "11.90")]),
        a_line("l-2", net="200.00", operatingSiteIdent=OTHER, agreedDeposits=[a_deposit("d-2", "59.50")]),
        a_line("l-3", net="10.00", operatingSiteIdent=OTHER),
    ]
    selling.order(lineItems=lines)
    selling.bill()
    ours = home(selling)
    assert sorted(shown(selling)) == [("DEPOSIT_INVOICE", ours, D("11.90")), ("DEPOSIT_INVOICE", OTHER, D("59.50"))]
    for number, row in enumerate(selling.tenant.rows("SELECT id, payable FROM document ORDER BY id")):
        pay_by_id(selling, row.id, row.payable, number)
    selling.bill()
    finals = [entry for entry in shown(selling) if entry[0] == "INVOICE"]
    assert sorted(finals) == [("INVOICE", ours, D("107.10")), ("INVOICE", OTHER, D("190.40"))]
    assert selling.tenant.broken() == []


@pytest.mark.parametrize(("sites", "company"), [((OTHER, OTHER), OTHER), ((None, None), ""), ((OTHER, None), None)])
def test_the_deposit_of_an_order_is_of_the_company_that_supplies_all_of_it(
    selling: Desk, sites: tuple[str | None, ...], company: str | None
) -> None:
    lines = [a_line(f"l-{n}", operatingSiteIdent=site) for n, site in enumerate(sites)]
    answer = selling.order(status=201 if company is not None else 400, lineItems=lines, agreedDeposits=[a_deposit("d-1", "11.90")])
    if company is None:
        assert [error["fieldName"] for error in answer["errors"]] == ["agreedDeposits"]
        return
    selling.bill()
    assert shown(selling) == [("DEPOSIT_INVOICE", company or home(selling), D("11.90"))]
    other: Any = None if company else OTHER
    refused = selling.call("POST", f"{ORDERS}/o-1/lineItems", [a_line("l-9", operatingSiteIdent=other)], 400)
    assert "of several companies" in str(refused)


def test_what_is_cancelled_is_taken_back_by_the_company_that_billed_it(selling: Desk) -> None:
    """Also where another company is the tenant's default by then."""
    billed_by = home(selling)
    selling.order(lineItems=[a_line("l-1")])
    selling.bill()
    selling.call("POST", f"{SITES}/{OTHER}/actions/set-as-default")
    selling.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    selling.bill()
    assert shown(selling) == [("INVOICE", billed_by, D(119)), ("CREDIT_MEMO", billed_by, D(119))]
    assert selling.tenant.broken() == []


@pytest.mark.parametrize("theirs", ["500.00", "100.00"])
def test_no_company_deducts_the_deposit_of_another_that_has_its_number(selling: Desk, theirs: str) -> None:
    """Ours of the order and another one of theirs have one number; the invoice of either may come first."""
    selling.order("o-0", lineItems=[a_line(operatingSiteIdent=OTHER)], agreedDeposits=[a_deposit("d-1", "23.80")])
    lines = [
        a_line("l-1", net="1000.00", agreedDeposits=[a_deposit("d-1", "119.00")]),
        a_line("l-2", net=theirs, operatingSiteIdent=OTHER),
    ]
    selling.order("o-1", lineItems=lines)
    selling.bill()
    rows = selling.tenant.rows("SELECT id, ident, payable FROM document ORDER BY id")
    assert len({row.ident for row in rows}) == 1
    for number, row in enumerate(rows):
        pay_by_id(selling, row.id, row.payable, number)
    selling.bill()
    finals = sorted(entry for entry in shown(selling) if entry[0] == "INVOICE")
    gross = D(theirs) * D("1.19")
    assert finals == [
        ("INVOICE", home(selling), D("1071.00")),
        *sorted([("INVOICE", OTHER, D("95.20")), ("INVOICE", OTHER, gross)]),
    ]
    assert selling.tenant.broken() == []
