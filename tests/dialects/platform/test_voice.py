"""How `/v2` answers what is not asked rightly: one envelope, every finding, nothing internal."""

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.bodies import CUSTOMER, SITE, but
from tests.factories.tenants import Tenant

from contor.api.answers import camel_path
from contor.api.platform.routes import ROUTES
from contor.api.platform.voice import PLATFORM
from contor.api.route import Route
from contor.api.serve import build
from contor.runtime.execute import Runtime


def check_envelope(answer: Any, status: int, name: str) -> None:
    assert answer.status == status, answer.body
    assert answer.body["status"] == name
    assert set(answer.body) == {"status", "timestamp", "message", "path", "uuid", "errors"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", answer.body["timestamp"])
    assert uuid.UUID(answer.body["uuid"]).hex == answer.headers["x-request-id"]
    for entry in answer.body["errors"]:
        assert set(entry) <= {"fieldName", "error", "rejectedValue"}
        assert len(str(entry.get("rejectedValue"))) <= 100
    assert "Traceback" not in str(answer.body)
    assert "psycopg" not in str(answer.body)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x.y.z", "Basic abc", "Bearer " + "a" * 5000])
def test_without_a_token(tenant: Tenant, header: str) -> None:
    answer = tenant.call("GET", "/customers", headers={"Authorization": header})
    check_envelope(answer, 401, "UNAUTHORIZED")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_without_permission_nothing_happens(tenant: Tenant) -> None:
    answer = tenant.call("POST", "/customers", CUSTOMER, permissions=("customers.read", "documents.write"))
    check_envelope(answer, 403, "FORBIDDEN")
    assert tenant.rows("SELECT count(*) FROM customer")[0][0] == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nul",
        b"[1,]",
        b'{"company": "x"',
        b'{"company": "\xff"}',
        b'{"a":1}}',
        b"\x00",
        b'{"a": 01}',
        b'{"company": NaN}',
        b'{"company": "\x00"}',
        b'{"x":' * 20_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"debtorAccount": 1e9999999999999999999}',
    ],
    ids=range(14),
)
def test_malformed_json(tenant: Tenant, raw: bytes) -> None:
    check_envelope(tenant.call("POST", "/customers", raw=raw), 400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ([], {None}),
        ("text", {None}),
        (None, {None}),
        ({"company": 1}, {"company"}),
        ({"company": "x", "surprise": True, "more": {}}, {"surprise", "more"}),
        ({"company": "a\u0000b"}, {"company"}),
        ({"company": "x" * 256}, {"company"}),
        ({"company": "x", "customerIdent": "a/b"}, {"customerIdent"}),
        ({"company": "x", "customerIdent": "x" * 101}, {"customerIdent"}),
        ({"company": "x", "addresses": {}}, {"addresses"}),
        ({"company": "x", "addresses": [1, {}]}, {"addresses[0]", "addresses[1].addressType", "addresses[1].country"}),
        ({"company": "x", "birthDate": "2026-02-30"}, {"birthDate"}),
        ({"company": "x", "properties": [{"key": "", "value": None}]}, {"properties[0].key", "properties[0].value"}),
    ],
)
def test_wrong_content(tenant: Tenant, body: Any, fields: set[str | None]) -> None:
    answer = tenant.call("POST", "/customers", raw=b"null") if body is None else tenant.call("POST", "/customers", body)
    check_envelope(answer, 400, "BAD_REQUEST")
    assert {entry.get("fieldName") for entry in answer.body["errors"]} == fields
    assert tenant.rows("SELECT count(*) FROM customer")[0][0] == 0


@pytest.mark.parametrize("literal", ["1e9999999", "1e400", "1" * 400, "0.1", "-1", "true", "[]", '"1"x'])
def test_numbers_that_are_none(tenant: Tenant, literal: str) -> None:
    """A counter's limit is a whole number of 17 digits."""
    raw = b'{"ident": "n", "prefix": "N-", "lowerLimit": %s}' % literal.encode()
    check_envelope(tenant.call("POST", "/billing/configuration/document-numbers/counters", raw=raw), 400, "BAD_REQUEST")


def test_a_large_body_is_refused_unread(tenant: Tenant) -> None:
    check_envelope(tenant.call("POST", "/customers", raw=b'{"company": "' + b"x" * 10_000_000 + b'"}'), 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(
    "parameters",
    [
        {"search": "company=="},
        {"search": "((((((((((company==x))))))))))"},
        {"search": "unknown==1"},
        {"search": "debtorAccount==x"},
        {"search": "customerIdent=='x'; DROP TABLE customer; --"},
        {"search": "customerIdent==x' OR '1'='1"},
        {"search": "tenantId==1"},
        {"search": "id=gt=0;tenant_id==1"},
        {"search": ",".join(["company==x"] * 51)},
        {"search": "x" * 5000},
        {"search": "company==\x00"},
        {"search": "createdAt=gt=yesterday"},
        {"search": "company=regex=x"},
        {"page": "-1"},
        {"page": "x"},
        {"size": "0"},
        {"size": "101"},
        {"size": "1e2"},
        {"page": "9" * 30},
        {"sort": "nothing"},
        {"sort": "company,sideways"},
        {"sort": "company;drop"},
    ],
    ids=lambda parameters: str(parameters)[:40],
)
def test_lists_that_cannot_be_asked_for(tenant: Tenant, parameters: dict[str, str]) -> None:
    answer = tenant.call("GET", "/customers", params=parameters)
    check_envelope(answer, 400, "BAD_REQUEST")
    assert {entry.get("fieldName") for entry in answer.body["errors"]} == set(parameters)
    assert tenant.call("GET", "/customers").status == 200


def test_every_finding_about_a_list(tenant: Tenant) -> None:
    answer = tenant.call("GET", "/customers", params={"page": "x", "size": "1000", "sort": "company,sideways"})
    assert [entry["fieldName"] for entry in answer.body["errors"]] == ["size", "page", "sort"]
    one = tenant.call("GET", "/customers", params={"page": "x"})
    assert one.body["message"].startswith("page must be a whole number")


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/nothing", 404, "NOT_FOUND"),
        ("PATCH", "/customers", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/customers/a%00b", 404, "NOT_FOUND"),
        ("GET", "/customers/%ff", 404, "NOT_FOUND"),
        ("GET", "/customers/" + "x" * 3000, 404, "NOT_FOUND"),
        ("GET", "/customers?search=a%00", 400, "BAD_REQUEST"),
    ],
)
def test_what_is_not_there(tenant: Tenant, method: str, path: str, status: int, name: str) -> None:
    check_envelope(tenant.call(method, path), status, name)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/customers", "GET, HEAD, POST"),
        ("POST", "/billing-runs/bounds", "GET, HEAD, PUT"),
        ("POST", "/drafts/x", "DELETE, GET, HEAD, PATCH, PUT"),
    ],
)
def test_a_method_that_a_path_does_not_have(tenant: Tenant, method: str, path: str, allowed: str) -> None:
    answer = tenant.call(method, path)
    check_envelope(answer, 405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == allowed


def test_a_bug_shows_nothing(tenant: Tenant, runtime: Runtime) -> None:
    """An unexpected error is 500 with the id of its log entry, and its text stays inside."""

    def broken(call: Any) -> Any:
        raise ZeroDivisionError("secret of the house")

    row = next(row for row in ROUTES if (row.method, row.path) == ("GET", "/v2/customers/{customerIdent}"))
    changed = Route(**{name: broken if name == "bind" else getattr(row, name) for name in Route.__dataclass_fields__})
    client = TestClient(build(PLATFORM, [changed], runtime), raise_server_exceptions=False)
    answer = replace(tenant, http=client).call("GET", "/customers/x")
    check_envelope(answer, 500, "INTERNAL_SERVER_ERROR")
    assert "secret" not in str(answer.body)


def test_a_repeated_key_gets_the_first_answer(tenant: Tenant) -> None:
    first = tenant.call("POST", "/customers", CUSTOMER, headers={"Idempotency-Key": "k-1"})
    second = tenant.call("POST", "/customers", CUSTOMER, headers={"Idempotency-Key": "k-1"})
    assert (first.status, second.status, second.body) == (201, 201, first.body)
    other = tenant.call("POST", "/customers", but(CUSTOMER, company="Other"), headers={"Idempotency-Key": "k-1"})
    check_envelope(other, 409, "CONFLICT")
    assert tenant.rows("SELECT count(*) FROM customer")[0][0] == 1


def test_a_dry_run_leaves_nothing(tenant: Tenant) -> None:
    answer = tenant.call("POST", "/billing/configuration/operating-sites", SITE, headers={"X-Dry-Run": "true"})
    assert (answer.status, answer.body["ident"]) == (201, "hh")
    assert tenant.rows("SELECT count(*) FROM operating_site")[0][0] == 0
    assert tenant.rows("SELECT count(*) FROM audit_entry")[0][0] == 0


def test_openapi_says_it_all(tenant: Tenant) -> None:
    document = tenant.call("GET", "/openapi.json").body
    operations = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert operations == {(row.method, row.path) for row in ROUTES}
    listed = document["paths"]["/v2/billing-groups"]["get"]["parameters"]
    shared = document["components"]["parameters"]
    named = [shared[it["$ref"].rpartition("/")[2]]["name"] if "$ref" in it else it["name"] for it in listed]
    assert named == ["search", "pageNumber", "pageSize", "orderBy", "direction", "cursor"]


@pytest.mark.parametrize(
    ("core", "wire"),
    [("bank_accounts[0].bank_name", "bankAccounts[0].bankName"), ("items[3].taxDetail", "items[3].taxDetail"), ("ident", "ident")],
)
def test_paths_of_findings(core: str, wire: str) -> None:
    assert camel_path(core) == wire


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/contracts/k9/billableitems", "No contract with the number 'k9' exists; contractId is a whole number, not the ident."),
        ("/contracts/k9", "No contract with the number 'k9' exists; contractId is a whole number, not the ident."),
        ("/contracts/4711", "No contract with the number '4711' exists."),
        ("/contracts/4711/lineItems", "No contract with the ident '4711' exists."),
        ("/orders/v-1", "No order with the ident 'v-1' exists."),
        ("/plans/basic", "No plan with the number 'basic' exists; planId is a whole number, not the ident."),
        ("/documents/RE-9", "No document with the number or id 'RE-9' exists."),
    ],
)
def test_what_names_nothing_is_told_with_the_key_that_was_expected(tenant: Tenant, path: str, said: str) -> None:
    answer = tenant.call("GET", path)
    check_envelope(answer, 404, "NOT_FOUND")
    assert answer.body["message"] == said


def test_one_finding_says_by_itself_what_it_is_about(tenant: Tenant) -> None:
    answer = tenant.call("POST", "/customers", but(CUSTOMER, email="nobody"))
    check_envelope(answer, 400, "BAD_REQUEST")
    (finding,) = answer.body["errors"]
    assert finding["error"][0].islower()
    assert answer.body["message"] == f"email {finding['error']}"
