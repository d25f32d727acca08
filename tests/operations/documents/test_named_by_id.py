"""A document is named by its number or by its id, wherever one refers to it: the same comes of both, and of both together."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company, a_row_of
from tests.factories.tenants import Tenant

D = Decimal
BY = pytest.mark.parametrize("by", ["number", "id"])
METHODS = pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Company:
    made = Company(furnished, client, bearer(furnished))
    made.open_bank()
    made.take_parts()
    return made


def named(company: Company, number: str, by: str) -> str:
    return number if by == "number" else str(company.case(number)["documentId"])


def finally_billed(company: Company, net: str, method: str, **names: Any) -> str:
    return company.document("invoices", net, properties=[{"key": "finalInvoiceMethod", "value": method}], **names)


@BY
@pytest.mark.parametrize("method", ["REMAINDER", "FINAL"])
@pytest.mark.parametrize(("net", "paid"), [("100.00", None), ("100.00", "50.00"), ("333.33", "119.01"), ("100.00", "119.00")])
def test_a_final_invoice_of_a_deposit_that_is_paid_in_part(
    company: Company, by: str, method: str, net: str, paid: str | None
) -> None:
    """Only what was received is deducted, the rest is closed without effect on the tax."""
    deposit = company.document("deposit-invoices", net)
    if paid:
        company.pay(paid, deposit)
    finally_billed(company, "1000.00", method, relatedDocumentIdent=named(company, deposit, by))
    company.sound()
    assert D(str(company.case(deposit)["balance"])) == 0
    expected = {1200: D(paid or 0), 10000: D("1190.00") - D(paid or 0), 8400: D("-1000.00"), 1776: D("-190.00")}
    assert company.sums() == {account: amount for account, amount in expected.items() if amount}


@pytest.mark.parametrize("list_first", [True, False])
def test_a_deposit_that_is_named_by_both_is_deducted_once(company: Company, list_first: bool) -> None:
    deposit = company.document("deposit-invoices")
    company.pay("50.00", deposit)
    one, other = named(company, deposit, "id"), deposit
    if list_first:
        one, other = other, one
    final = company.document("invoices", "1000.00", relatedDocumentIdent=one, relatedDocumentIdents=[other])
    company.sound()
    view = company.call("GET", f"/v2/documents/{final}")
    assert (view["relatedDocumentIdent"], view["relatedDocumentIdents"]) == (deposit, [deposit])
    assert company.sums() == {1200: D("50.00"), 10000: D("1140.00"), 8400: D("-1000.00"), 1776: D("-190.00")}


@pytest.mark.parametrize("document", ["number", "id"])
@pytest.mark.parametrize("row", ["number", "id"])
def test_rows_of_a_credit_of_several_name_them_as_they_like(company: Company, document: str, row: str) -> None:
    invoices = [company.document(net=net) for net in ("100.00", "70.00")]
    rows = [
        {**a_row_of(net), "ident": f"c-{n}", "referenceIdent": "i-1", "relatedDocumentIdent": named(company, invoices[n], row)}
        for n, net in ((1, "70.00"), (0, "40.00"))
    ]
    memo = company.document("credit-memos", relatedDocumentIdents=[named(company, it, document) for it in invoices], items=rows)
    company.sound()
    assert [it["relatedDocumentIdent"] for it in company.call("GET", f"/v2/documents/{memo}")["items"]] == invoices[::-1]
    for number, left, status in ((invoices[0], "60.00", 202), (invoices[1], "0.01", 400)):
        company.ask("credit-memos", status, left, relatedDocumentIdent=number)


@BY
@pytest.mark.parametrize("kind", ["credit-memos", "deposit-invoice-corrections"])
def test_corrections(company: Company, by: str, kind: str) -> None:
    number = company.document("invoices" if kind == "credit-memos" else "deposit-invoices", "80.00")
    company.document(kind, "80.00", relatedDocumentIdent=named(company, number, by))
    company.sound()
    assert company.sums() == {}
    company.ask(kind, 400, "0.01", relatedDocumentIdent=named(company, number, by))
