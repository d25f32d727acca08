"""Whether all of a document is taken back is said by its currency's smallest unit: of a credit over several documents rounding moves one
of them a row, and no more. Of a deposit invoice net and gross say it, as of every other."""

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company, a_row_of
from tests.factories.filled import fill
from tests.factories.tenants import Tenant

from contor.documents.matters import TAKEN_BACK, deposit_invoices
from contor.documents.tables import document, document_credit

D = Decimal


@pytest.mark.parametrize(
    ("currency", "gross", "back", "whole"),
    [
        ("EUR", "100.00", "99.99", True),
        ("EUR", "100.00", "99.98", False),
        ("JPY", "100", "99", True),
        ("JPY", "100", "98", False),
        ("KWD", "100.000", "99.999", True),
        ("KWD", "100.000", "99.998", False),
        ("KWD", "100.000", "99.991", False),
    ],
)
def test_of_a_credit_over_two_documents(tenant: Tenant, currency: str, gross: str, back: str, whole: bool) -> None:
    said = {"currency": f"'{currency}'", "net": gross, "gross": gross, "payable": gross, "tax": "0"}
    fill(tenant, document, 3, id="g", ident="'RE-' || g", request_id="NULL", counter_ident="NULL", **said)
    rows = {"position": "g", "credited_document_id": "g", "credited_position": "1"}
    fill(tenant, document_credit, 2, document_id="3", net=back, gross=back, tax="0", **rows)
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        assert uow.scalar(bool, f"SELECT {TAKEN_BACK.format('d')} FROM document d WHERE id = 1") is whole


@pytest.fixture
def company(furnished: Any, client: TestClient, bearer: Any) -> Company:
    return Company(furnished, client, bearer(furnished))


def is_corrected(company: Company, number: str) -> bool:
    with company.tenant.runtime.transaction(company.tenant.caller(), reads=True) as uow:
        found = uow.scalar(int, "SELECT id FROM document WHERE ident = %s", (number,)) or 0
        return deposit_invoices(uow, [found])[found].corrected


def test_of_a_deposit_invoice_a_row_beside_which_another_one_reduces_is_a_part(company: Company) -> None:
    """120.00 of 120.00 less 20.00 at another rate are more than its net, and not all of it."""
    up = {**a_row_of("120.00"), "ident": "up"}
    down = {**a_row_of("20.00", 7), "ident": "down", "debitCreditIndicator": "CREDIT"}
    number = company.document("deposit-invoices", items=[up, down])
    assert not is_corrected(company, number)
    company.document("deposit-invoice-corrections", items=[{**up, "referenceIdent": "up"}], relatedDocumentIdent=number)
    assert not is_corrected(company, number)


def test_of_a_deposit_invoice_all_of_it_is_all(company: Company) -> None:
    number = company.document("deposit-invoices", items=[{**a_row_of("0.83"), "ident": f"r{n}"} for n in range(3)])
    company.call("POST", f"/v2/documents/{number}/actions/cancel", None, 201)
    assert is_corrected(company, number)
