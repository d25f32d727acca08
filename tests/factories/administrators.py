"""Who keeps an organization over the management API: with a key, or as a person."""

import uuid
from typing import Any

from starlette.testclient import TestClient
from tests.factories.tenants import Tenant

from contor.commands.inviting import invitation

PASSWORD = "a long enough one"


class Administrator:
    """A client of `/api/v0` that is logged in: with the tenant's first key, or with what is given."""

    def __init__(self, client: TestClient, tenant: Tenant, key: str = "", secret: str = "", **credentials: str) -> None:
        self.http, self.tenant = client, tenant
        answer = self.auth(credentials or {"api_key": key or tenant.api_key, "api_secret": secret or tenant.api_secret})
        assert answer.status_code == 200, answer.text
        self.tokens = answer.json()

    @property
    def own(self) -> str:
        return f"/organizations/{self.tenant.organization_id}"

    def auth(self, body: dict[str, str]) -> Any:
        return self.http.post("/api/v0/auth", json=body)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        token = f"Bearer {self.tokens['access_token']}"
        return self.http.request(method, f"/api/v0{path}", json=body, headers={"Authorization": token, **headers})

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.send(method, path, body)
        assert answer.status_code == status, answer.text
        assert len(answer.headers["x-request-id"]) == 32 and "-" not in answer.headers["x-request-id"]
        return answer.json()

    def invite(self, **person: Any) -> Any:
        """Somebody new, by whatever is said of the person."""
        return self.call("POST", f"{self.own}/users", {"email": an_email(), **person})

    def join(self, email: str, **form: str) -> Any:
        """The person uses the link that the operator made."""
        link, _ = invitation(self.tenant.runtime, {"email": email}, str(self.tenant.organization_id))
        return self.http.post("/account/password", data={"token": link.split("token=")[1], **form})

    def person(self, **rights: Any) -> "Administrator":
        """Somebody who was invited with these rights, accepted, and is logged in."""
        email = self.invite(**rights)["email"]
        assert self.join(email, password=PASSWORD).status_code == 200
        return Administrator(self.http, self.tenant, email=email, password=PASSWORD)


def an_email() -> str:
    return f"{uuid.uuid4().hex}@example.com"
