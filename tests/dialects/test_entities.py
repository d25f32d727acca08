"""Every stored thing that is read and changed under one path has a tag: who saw an older one is refused, and nothing changes."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.tenants import everything
from tests.factories.administrators import Administrator
from tests.factories.bodies import AGGREGATION, CUSTOMER, GROUP, SITE, but
from tests.factories.tenants import Tenant

from contor.api.entities import named_tags, with_entities
from contor.api.fynn.routes import ROUTES as FYNN
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.kernel.errors import Refused

SITES = "/v2/billing/configuration/operating-sites"
ACCOUNT: dict[str, Any] = {
    "accountNumber": 4711,
    "currency": "EUR",
    "accountGroup": "OWN",
    "accountType": "EXPENSE",
    "name": "Own",
    "oposAccount": False,
}
BANK = {"ident": "bank", "name": "House bank", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1}
THINGS: list[tuple[str, Any, str, Any]] = [
    ("/v2/customers", CUSTOMER, "/v2/customers/c-1", {"company": "Renamed"}),
    ("/v2/billing-groups", GROUP, "/v2/billing-groups/g-1", but(GROUP, name="Renamed", businessSegments=None)),
    ("", None, "/v2/billing-groups/g-1/business-segments/s-1", {"name": "Renamed"}),
    (SITES, SITE, f"{SITES}/hh", but(SITE, ident=None, name="Renamed")),
    ("/v2/billing/configuration/aggregation", AGGREGATION, "/v2/billing/configuration/aggregation/agg", but(AGGREGATION)),
    ("/v2/bookingAccounts", ACCOUNT, "/v2/bookingAccounts/4711/EUR", {"name": "Renamed"}),
    ("/v2/merchant-payment-accounts", BANK, "/v2/merchant-payment-accounts/bank", but(BANK, name="Renamed")),
]
"""Where it is made and of what, where it is read and changed, and by what."""


def test_what_is_read_and_changed_under_one_path_has_a_tag() -> None:
    for table in (PLATFORM, MANAGEMENT, FYNN):
        reads = {row.path for row in table if row.method == "GET" and row.filterable is None}
        untagged = [
            f"{row.method} {row.path}"
            for row in with_entities(table)
            if row.path in reads and row.method in ("PUT", "PATCH", "DELETE") and row.entity is None and not row.versioned
        ]
        # a file never changes: it is put there and taken away
        assert [one for one in untagged if "/attachments/{fileName}" not in one] == []


def test_who_saw_an_older_version_changes_nothing(tenant: Tenant, client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {tenant.token()}"}
    for collection, body, path, change in THINGS:
        if collection:
            made = client.post(collection, json=body, headers=headers)
            assert made.status_code in (200, 201), made.text
        read = client.get(path, headers=headers)
        tag = read.headers["etag"]
        assert client.get(path, headers=headers).headers["etag"] == tag
        before = everything(tenant)
        for method in ("PUT", "DELETE"):
            stale = client.request(
                method, path, json=change if method == "PUT" else None, headers={**headers, "If-Match": f'"{"0" * 32}"'}
            )
            if stale.status_code != 405:
                assert (stale.status_code, stale.json()["status"]) == (412, "PRECONDITION_FAILED"), (method, path, stale.text)
        assert everything(tenant) == before, path
        done = client.put(path, json=change, headers={**headers, "If-Match": f'W/{tag}, "other"'})
        assert done.status_code == 200, (path, done.text)
        after = client.get(path, headers=headers).headers["etag"]
        assert done.headers["etag"] == after, path
        lost = client.put(path, json=change, headers={**headers, "If-Match": tag})
        assert (lost.status_code == 412) == (after != tag), path
        assert client.put(path, json=change, headers={**headers, "If-Match": "*"}).status_code == 200


def test_things_of_the_directory(client: TestClient, tenant: Tenant) -> None:
    api = Administrator(client, tenant)
    lines = {"address_line1": "Weg 1", "zip": "1", "town": "T", "country_code": "DEU"}
    paths = {
        f"/organizations/{api.call('POST', '/organizations', {'name': 'Filiale', **lines})['_id']}": {"display_name": "Other"},
        f"{api.own}/api-keys/{api.call('POST', f'{api.own}/api-keys', {'name': 'one'})['_id']}": {"metadata": {"a": "b"}},
        f"/billing-addresses/{api.call('POST', '/billing-addresses', {'recipient': 'R', **lines})['_id']}": {"town": "Other"},
    }
    for path, change in paths.items():
        seen = api.send("GET", path)
        first = api.send("PATCH", path, change, **{"If-Match": seen.headers["etag"]})
        assert first.status_code == 200
        assert first.headers["etag"] == api.send("GET", path).headers["etag"] != seen.headers["etag"]
        for method in ("PATCH", "PUT", "DELETE"):
            stale = api.send(method, path, None if method == "DELETE" else change, **{"If-Match": seen.headers["etag"]})
            assert (stale.status_code, stale.json()["code"]) == (412, "E_ENTITY_OUTDATED")
        assert api.send("DELETE", path, **{"If-Match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        (None, None),
        ("*", None),
        (' "a" , W/"b" ', frozenset({'"a"', '"b"'})),
        ("abc", frozenset({'"abc"'})),
        ('""', frozenset({'""'})),
    ],
)
def test_the_header(header: str | None, tags: frozenset[str] | None) -> None:
    assert named_tags(header) == tags


@pytest.mark.parametrize("header", ['"a" "b"', ",", '"a', 'x"y"', '"' + "a" * 200 + '"'])
def test_a_header_that_names_no_tag(header: str) -> None:
    with pytest.raises(Refused):
        named_tags(header)
