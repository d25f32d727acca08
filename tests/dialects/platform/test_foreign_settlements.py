"""As another tenant, nobody's settlement reports, items and files exist; who may not write payments takes none; no file is too strange."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.tenants import everything
from tests.factories.settlements import ACCOUNT, REPORTS, Moved, Settled, stripe_file
from tests.factories.tenants import Tenant

from contor.api.platform.routes.money.settlements import SETTLEMENT_ROUTES
from contor.commands.demo import master_data

REPORT = {"provider": "STRIPE", "externalIdent": "r", "periodStart": "2026-11-02", "periodEnd": "2026-11-02", "closingBalance": "0"}
ITEM = {"externalIdent": "i", "type": "FEE", "gross": "0", "fee": "1", "net": "-1", "bookingDate": "2026-11-02"}
MAPPING: dict[str, Any] = {
    "provider": "P",
    "columns": {"type": "t", "net": "n", "bookingDate": "d"},
    "types": [{"value": "v", "type": "FEE"}],
}
BODIES: dict[str, Any] = {
    "/settlement-reports": REPORT,
    "/settlement-items": ITEM,
    "/match": {"paymentIdent": "x"},
    "/settlement-mapping": MAPPING,
}
BELOW = [route for route in SETTLEMENT_ROUTES if "{" in route.path]


@pytest.fixture
def owner(tenant: Tenant, client: TestClient) -> Settled:
    master_data(tenant.runtime, tenant.caller())
    made = Settled(tenant, client, {"Authorization": f"Bearer {tenant.token()}"})
    made.open_bank()
    made.open_provider()
    made.call("PUT", f"{ACCOUNT}/settlement-mapping", MAPPING)
    return made


def furnish(owner: Settled) -> dict[str, str]:
    upload = owner.upload(stripe_file(Moved("charge", "10.00", "1.00")))
    return {
        "merchantPaymentAccountIdent": "psp",
        "settlementReportIdent": upload["settlementReportIdents"][0],
        "settlementUploadIdent": upload["settlementUploadIdent"],
        "settlementItemIdent": owner.items("type==PAYOUT")[0]["settlementItemIdent"],
    }


def test_another_tenants_settlements_do_not_exist(owner: Settled, other: Tenant) -> None:
    ids = furnish(owner)
    master_data(other.runtime, other.caller())
    before = everything(owner.tenant), everything(other)
    for route in BELOW:
        path = re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], route.path)
        body = next((body for end, body in BODIES.items() if route.path.endswith(end) and route.method in ("POST", "PUT")), None)
        file = {"raw": b"a,b\n", "headers": {"Content-Disposition": 'attachment; filename="a.csv"'}} if route.upload else {}
        answer = other.call(route.method, path.removeprefix("/v2"), None if file else body, **file)
        assert answer.status == 404, (route.method, path, answer.body)
        reads = owner.client.get(path, headers=owner.headers).status_code if route.method == "GET" else 200
        assert reads == 200, path
    assert (everything(owner.tenant), everything(other)) == before
    for path in ("/settlement-reports", "/settlement-items"):
        assert other.call("GET", path).body["_embedded"] == []


def test_who_may_only_read_writes_nothing(owner: Settled) -> None:
    ids = furnish(owner)
    for route in SETTLEMENT_ROUTES:
        path = re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], route.path).removeprefix("/v2")
        held = "payments.read" if route.method != "GET" else "payments.write"
        body = next((body for end, body in BODIES.items() if route.path.endswith(end) and route.method in ("POST", "PUT")), None)
        file = {"raw": b"a,b\n", "headers": {"Content-Disposition": 'attachment; filename="a.csv"'}} if route.upload else {}
        tenant = owner.tenant
        tenant.http = tenant.http or owner.client
        answer = tenant.call(route.method, path, None if file else body, permissions=(held,), **file)
        assert answer.status == 403, (route.method, path, answer.body)


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"other": ("a.csv", b"a,b\n", "text/csv")}, 400),
        ({"file": ("../../etc/passwd", b"a,b\n", "text/csv")}, 400),
        ({"file": ("a.csv", b"x" * (3 * 1024 * 1024), "text/csv")}, 413),
        ({"file": ("a.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml")}, 202),
        ({"file": ("a.csv", b"", "text/csv")}, 202),
    ],
)
def test_a_strange_file_is_refused_or_kept_aside(owner: Settled, files: dict[str, Any], status: int) -> None:
    answer = owner.client.post(f"{REPORTS}/actions/upload", files=files, headers=owner.headers)
    assert answer.status_code == status, answer.text
    assert owner.tenant.rows("SELECT ident FROM settlement_report") == []
