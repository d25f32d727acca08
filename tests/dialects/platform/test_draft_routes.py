"""The routes of drafts: who may call them, and how they answer."""

from typing import Any

import pytest
from tests.factories.drafts import a_row
from tests.factories.tenants import Tenant

BODY = {"draftIdent": "d-1", "type": "INVOICE", "currency": "EUR", "items": [a_row()]}
READS = [("GET", "/drafts", None), ("GET", "/drafts/d-1", None), ("GET", "/drafts/d-1/preview", None)]
WRITES = [
    ("POST", "/drafts", {**BODY, "draftIdent": "d-2"}),
    ("PUT", "/drafts/d-1", {"version": 1}),
    ("PATCH", "/drafts/d-1", {"version": 1}),
    ("POST", "/drafts/d-1/actions/complete", None),
    ("POST", "/drafts/actions/complete", {"drafts": [{"draftIdent": "d-1"}]}),
    ("DELETE", "/drafts/d-1", None),
]


@pytest.mark.parametrize(("method", "path", "body"), READS + WRITES)
def test_permissions(tenant: Tenant, method: str, path: str, body: Any) -> None:
    """To read and to change documents are two rights; a refusal changes nothing."""
    assert tenant.call("POST", "/drafts", BODY).status == 201
    before = tenant.rows("SELECT * FROM draft")
    needed = "documents.read" if method == "GET" else "documents.write"
    held = ["customers.write", "documents.read"] if method != "GET" else ["customers.read"]
    refused = tenant.call(method, path, body, permissions=tuple(held))
    assert (refused.status, refused.body["message"]) == (
        403,
        f"This needs the right to {'read' if method == 'GET' else 'change'} documents.",
    )
    assert tenant.rows("SELECT * FROM draft") == before
    assert tenant.call(method, path, body, permissions=(needed,)).status != 403


def test_a_preview_in_full(tenant: Tenant) -> None:
    tenant.call("POST", "/drafts", BODY)
    answer = tenant.call("GET", "/drafts/d-1/preview")
    assert [str(answer.body["totals"][name]) for name in ("net", "tax", "prepaid")] == ["100.00", "19.00", "0.00"]
    both = {"net": 100, "tax": 19, "gross": 119}
    missing = {"error": "is required", "code": "missing", "rejectedValue": None}
    site = {"code": "operating_site_missing", "error": "there is no default operating site", "rejectedValue": None}
    assert answer.body == {
        "draftIdent": "d-1",
        "version": 1,
        "findings": [
            {"fieldName": "billingGroupIdent", **missing},
            {"fieldName": "customerDetail", **missing},
            {"fieldName": "operatingSiteIdent", **site},
        ],
        "currency": "EUR",
        "totals": {**both, "prepaid": 0, "rounding": 0, "payable": 119},
        "taxes": [{"categoryCode": "S", "rate": 19, "base": 100, "amount": 19}],
        "items": [{"ident": "i-1", "prices": {"unit": {"net": 100, "gross": 119}, "originalTotal": both, "total": both}}],
    }


def test_a_dry_run_of_deleting_keeps_the_draft(tenant: Tenant) -> None:
    tenant.call("POST", "/drafts", {"draftIdent": "d-1", "type": "INVOICE"})
    assert tenant.call("DELETE", "/drafts/d-1", headers={"X-Dry-Run": "true"}).status == 204
    assert tenant.call("GET", "/drafts/d-1").body["status"] == "OPEN"
