"""What a token may not do it does not do, on any route of any dialect: every write with a token that only reads, and with each role."""

import re
import uuid

import pytest
from starlette.testclient import TestClient
from tests.factories.tenants import Tenant

from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.api.route import Route
from contor.kernel.context import EVERYTHING
from contor.organizations.rights import READS, ROLES, SCOPES

GUARDED = [route for route in (*PLATFORM, *MANAGEMENT) if route.operation.permission]
WRITES = [route for route in GUARDED if not route.operation.reads]
READ_TOKENS = {"reads": READS, **{scope: given for scope, given in SCOPES.items() if scope.endswith("-read")}}


def refused(client: TestClient, tenant: Tenant, route: Route, permissions: frozenset[str]) -> bool:
    """Whether the token is refused, whatever the body: here there is none, or one that no route would take."""
    path = re.sub(r"\{\w+\}", lambda _: str(uuid.uuid4()), route.path)
    headers = {"Authorization": f"Bearer {tenant.token(*permissions)}"}
    answer = client.request(route.method, path, content=b"{", headers=headers)
    assert answer.status_code < 500, answer.text
    return answer.status_code == 403


def test_a_write_asks_for_the_right_to_write() -> None:
    assert {route.operation.permission.rpartition(".")[2] for route in WRITES} == {"write"}
    assert {route.operation.permission.rpartition(".")[2] for route in GUARDED if route.operation.reads} <= {"read", "write"}


def test_every_permission_of_a_route_is_in_a_scope() -> None:
    """What no scope gave, no key could be given."""
    given = frozenset[str]().union(*SCOPES.values())
    assert {route.operation.permission for route in GUARDED} <= given


@pytest.mark.parametrize("token", READ_TOKENS)
def test_no_write_with_a_token_that_reads(client: TestClient, tenant: Tenant, token: str) -> None:
    assert [f"{r.method} {r.path}" for r in WRITES if not refused(client, tenant, r, READ_TOKENS[token])] == []


@pytest.mark.parametrize("role", ROLES)
def test_every_route_with_each_role(client: TestClient, tenant: Tenant, role: str) -> None:
    """Refused exactly where the role says so."""
    held = ROLES[role]
    wrong = [
        f"{route.method} {route.path}"
        for route in GUARDED
        if refused(client, tenant, route, held) == (EVERYTHING in held or route.operation.permission in held)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("ADMINISTRATOR", {"organizations.write", "settings.write", "documents.write", "audit.read"}, set()),
        (
            "ACCOUNTING",
            {"payments.write", "bookkeeping.write", "documents.read", "audit.read"},
            {"documents.write", "settings.write"},
        ),
        ("BILLING", {"documents.write", "contracts.write", "customers.write", "catalogue.write"}, {"payments.write", "audit.read"}),
        ("SUPPORT", {"customers.write", "documents.read"}, {"documents.write", "contracts.write", "organizations.read"}),
        ("READ_ONLY", {"documents.read", "audit.read", "organizations.read"}, {"customers.write", "organizations.write"}),
    ],
)
def test_roles(role: str, may: set[str], may_not: set[str]) -> None:
    held = ROLES[role]
    assert {permission for permission in may | may_not if EVERYTHING in held or permission in held} == may
