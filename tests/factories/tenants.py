"""A tenant as a client of the platform API sees it."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
from starlette.testclient import TestClient

from contor.api.platform.routes import ROUTES
from contor.api.platform.voice import PLATFORM
from contor.api.serve import build
from contor.kernel.context import EVERYTHING, Caller
from contor.organizations.environments import EnableEnvironment, enable_environment
from contor.organizations.found import Founded, FoundOrganization, found_organization
from contor.organizations.tokens import issue_tokens
from contor.organizations.types import EnvironmentBody
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime

_NUMBERS = itertools.count(1)
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]


class Tenant:
    """One tenant with every permission: as a caller of operations and as a client of the platform API."""

    def __init__(
        self, runtime: Runtime, http: TestClient, founded: Founded, environment: str = "TEST", tenant_id: int | None = None
    ) -> None:
        self.runtime, self.http, self.founded, self.environment = runtime, http, founded, environment
        self.id = tenant_id or founded.tenant_id

    def caller(self, *permissions: str) -> Caller:
        held = frozenset(permissions or (EVERYTHING,))
        return Caller("key:test", "r-test", self.id, self.founded.organization_id, self.environment, held)  # type: ignore[arg-type]

    def execute(self, operation: Any, command: Any, **options: Any) -> Any:
        return self.runtime.execute(operation, command, self.caller(), **options)

    def live(self) -> "Tenant":
        """The same organization's LIVE environment."""
        root = Caller("cli", "r-test", None, self.founded.organization_id, None, frozenset({EVERYTHING}))  # type: ignore[arg-type]
        self.runtime.execute(enable_environment, EnableEnvironment(self.founded.organization_id, EnvironmentBody(env="LIVE")), root)
        with self.runtime.transaction(root, directory=True, reads=True) as uow:
            sql = "SELECT id FROM directory.environment WHERE organization_id = %s AND environment = 'LIVE'"
            return Tenant(self.runtime, self.http, self.founded, "LIVE", uow.value(sql, (self.founded.organization_id,)))

    def token(self, *permissions: str) -> str:
        return issue_tokens(
            self.runtime,
            actor="key:test",
            organization_id=self.founded.organization_id,  # type: ignore[arg-type]
            tenant_id=self.id,
            environment=self.environment,  # type: ignore[arg-type]
            permissions=frozenset(permissions or (EVERYTHING,)),
        ).access_token

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        permissions: tuple[str, ...] = (),
        **options: Any,
    ) -> Answer:
        """Send one request to `/v2` + path and read the answer exactly."""
        headers = {"Authorization": f"Bearer {self.token(*permissions)}", **options.pop("headers", {})}
        content = raw if raw is not None else ENCODER.encode(body) if body is not None else None
        answer = self.http.request(method, f"/v2{path}", content=content, headers=headers, **options)
        return Answer(answer.status_code, _DECODER.decode(answer.content) if answer.content else None, answer.headers)

    def rows(self, sql: str, *params: Any) -> list[Any]:
        with self.runtime.transaction(self.caller(), reads=True) as uow:
            return uow.rows(sql, params)


def a_client(runtime: Runtime) -> TestClient:
    return TestClient(build(PLATFORM, ROUTES, runtime), raise_server_exceptions=False)


def a_tenant(runtime: Runtime, http: TestClient) -> Tenant:
    """An organization of its own with its TEST environment."""
    number = next(_NUMBERS)
    command = FoundOrganization(
        name=f"Tenant {number}", address_line1="Weg 1", zip="20095", town="Hamburg", realm=f"realm-{number}"
    )
    founded = runtime.execute(found_organization, command, Caller("cli", "r-test", permissions=frozenset({EVERYTHING})))
    return Tenant(runtime, http, founded)
