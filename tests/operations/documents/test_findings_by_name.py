"""One finding for one fault, by the field that was sent, all of them at once."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company, a_row_of
from tests.factories.desks import ORDERS, a_line
from tests.factories.tenants import Tenant


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Company:
    return Company(furnished, client, bearer(furnished))


def fields(answer: Any) -> list[str]:
    return [error["fieldName"] for error in answer["errors"]]


def taxed(rate: int, category: str, **more: Any) -> dict[str, Any]:
    return {"taxDetail": {"taxes": [{"rate": rate, "categoryCode": category, **more}]}}


TAX = "items[0].taxDetail.taxes[0]."


@pytest.mark.parametrize(
    ("tax", "field"),
    [
        (taxed(19, "S", exemptionReasonCode="VATEX-EU-132"), "exemptionReasonCode"),
        (taxed(19, "S", exemptionReasonCode="HELLO"), "exemptionReasonCode"),
        (taxed(19, "S", exemptionReasonText="frei"), "exemptionReasonText"),
        (taxed(0, "Z", exemptionReasonCode="VATEX-EU-G"), "exemptionReasonCode"),
        (taxed(0, "E", exemptionReasonCode="HELLO"), "exemptionReasonCode"),
    ],
)
def test_a_reason_that_cannot_stand_is_told_once(company: Company, tax: dict[str, Any], field: str) -> None:
    assert fields(company.ask("invoices", 400, items=[{**a_row_of("100.00"), **tax}])) == [TAX + field]


def test_a_credit_memo_names_its_unit_and_its_reason(company: Company) -> None:
    exempt = taxed(0, "E", exemptionReasonCode="VATEX-EU-132")
    ident = company.document(items=[{**a_row_of("100.00"), **exempt}])
    wrong = {**a_row_of("40.00"), **taxed(0, "E", exemptionReasonCode="HELLO"), "unitCode": "QQQ", "referenceIdent": "i-1"}
    refused = company.ask("credit-memos", 400, items=[wrong], relatedDocumentIdent=ident)
    assert fields(refused) == ["items[0].unitCode", f"{TAX}exemptionReasonCode"]
    company.document("credit-memos", items=[{**a_row_of("40.00"), **exempt, "referenceIdent": "i-1"}], relatedDocumentIdent=ident)


def test_an_order_names_its_own_fields(company: Company) -> None:
    order = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}}
    for tax, field in (
        ({"taxRate": 0, "taxCategoryCode": "S"}, "taxRate"),
        ({"taxRate": 19, "taxExemptionReasonCode": "VATEX-EU-132"}, "taxExemptionReasonCode"),
        ({"taxRate": 19, "taxExemptionReasonText": "frei"}, "taxExemptionReasonText"),
    ):
        refused = company.call("POST", ORDERS, {**order, "lineItems": [a_line(taxInformation=[tax])]}, 400)
        assert fields(refused) == [f"lineItems[0].taxInformation[0].{field}"]
