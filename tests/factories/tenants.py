"""A tenant of a test."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import msgspec
from starlette.testclient import TestClient

from contor.api.platform.routes import ROUTES
from contor.api.platform.voice import PLATFORM
from contor.api.serve import build
from contor.kernel.checks import CHECKS
from contor.kernel.context import EVERYTHING, Caller
from contor.organizations.access.tokens import issue_tokens
from contor.organizations.environments import EnableEnvironment, enable_environment
from contor.organizations.found import FoundOrganization, found_organization
from contor.organizations.types import EnvironmentBody
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime
from contor.runtime.work.checking import Finding
from contor.runtime.work.tenants import caller

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass
class Tenant:
    """A tenant of a test: its own organization, every permission; as a caller of operations and, where `http` is given, as a client of
    the platform API."""

    runtime: Runtime
    id: int
    realm: str
    organization_id: uuid.UUID
    api_key: str
    api_secret: str
    environment: Literal["TEST", "LIVE"] = "TEST"
    http: TestClient | None = None
    _actor: str | None = None

    @property
    def actor(self) -> str:
        """The tenant's key, as its tokens and the trail name it."""
        if self._actor is None:
            with self.runtime.transaction(self.caller(), directory=True, reads=True) as uow:
                sql = "SELECT 'key:' || id FROM directory.api_key WHERE key = %s"
                self._actor = uow.scalar(str, sql, (self.api_key,))
        assert self._actor is not None
        return self._actor

    def caller(self, *permissions: str) -> Caller:
        """Someone of this tenant who holds the permissions (default: all)."""
        held = frozenset(permissions or {EVERYTHING})
        return Caller("key:test", uuid.uuid4().hex, self.id, self.organization_id, self.environment, held)

    def execute(self, operation: Any, command: Any, **options: Any) -> Any:
        return self.runtime.execute(operation, command, self.caller(), **options)

    def rows(self, sql: str, params: Any = ()) -> list[Any]:
        with self.runtime.transaction(self.caller(), reads=True) as uow:
            return uow.connection.execute(sql, params or None).fetchall()

    def broken(self) -> list[Any]:
        """What the invariants find: nothing, if all is well. All of them over one moment: a transaction for each, as over the years of a
        company, would be most of what a test costs."""
        with self.runtime.transaction(caller("check", self.id), reads=True, snapshot=True) as uow:
            return [Finding(self.id, name, sentence) for name in sorted(CHECKS) for sentence in CHECKS[name](uow)]

    def unsound(self) -> list[str]:
        """What the invariants find, but that files are missing: where nobody makes them, or the clock is turned past what making takes."""
        return [str(finding) for finding in self.broken() if finding.check != "documents.files_are_there"]

    def turn_clock(self, instant: dt.datetime | None) -> None:
        """Set the tenant's test clock."""
        with self.runtime.transaction(self.caller(), directory=True) as uow:
            uow.run("UPDATE directory.environment SET clock_at = %s WHERE id = %s", (instant, self.id))

    def live(self) -> "Tenant":
        """The same organization's LIVE environment."""
        root = Caller("cli", uuid.uuid4().hex, None, self.organization_id, None, frozenset({EVERYTHING}))
        command = EnableEnvironment(str(self.organization_id), EnvironmentBody(env="LIVE"))
        self.runtime.execute(enable_environment, command, root)
        with self.runtime.transaction(root, directory=True, reads=True) as uow:
            sql = "SELECT id FROM directory.environment WHERE organization_id = %s AND environment = 'LIVE'"
            return replace(self, id=uow.column(int, sql, (self.organization_id,))[0], environment="LIVE")

    def token(self, *permissions: str) -> str:
        return issue_tokens(
            self.runtime,
            actor=self.actor,
            organization_id=self.organization_id,
            tenant_id=self.id,
            environment=self.environment,
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
        assert self.http is not None
        headers = {"Authorization": f"Bearer {self.token(*permissions)}", **options.pop("headers", {})}
        content = raw if raw is not None else ENCODER.encode(body) if body is not None else None
        answer = self.http.request(method, f"/v2{path}", content=content, headers=headers, **options)
        return Answer(answer.status_code, _DECODER.decode(answer.content) if answer.content else None, answer.headers)


def a_client(runtime: Runtime) -> TestClient:
    """A client of the platform API alone."""
    from tests.checkers.published import JudgingClient

    return JudgingClient(build(PLATFORM, ROUTES, runtime))


def a_tenant(runtime: Runtime, http: TestClient | None = None) -> Tenant:
    """A new organization's TEST environment, as new as a tenant can be."""
    realm = f"t{uuid.uuid4().hex[:16]}"
    command = FoundOrganization(
        name="Test GmbH", address_line1="Weg 1", zip="20095", town="Hamburg", realm=realm, email=f"{realm}@test.example"
    )
    made = runtime.execute(found_organization, command, Caller("cli", uuid.uuid4().hex, permissions=frozenset({EVERYTHING})))
    test, number = made.test, uuid.UUID(made.organization_id)
    return Tenant(runtime, test.tenant_id, realm, number, test.api_key, test.api_secret, http=http)
