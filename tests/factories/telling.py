"""A company that tells another system what happens, through the platform API."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from tests.factories.companies import Company
from tests.factories.receivers import Received, Receiver

from contor.notifications.delivering import send_due

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOTIFICATIONS = "/v2/notifications"
ROUTES = f"{NOTIFICATIONS}/configuration/routes"
SECURITY = f"{NOTIFICATIONS}/configuration/security"
CUSTOMER = "/v2/customers/muster-handel"


class Telling(Company):
    """A company with routes."""

    def route(self, receiver: Receiver | str, ident: str = "hook", answers: int = 201, **more: Any) -> Any:
        url = receiver if isinstance(receiver, str) else receiver.url(f"/{ident}")
        return self.call("POST", ROUTES, {"ident": ident, "type": "*", "url": url, **more}, answers)

    def change(self, ident: str, answers: int = 200, **more: Any) -> Any:
        """A route, but for what is said."""
        names = ("type", "url", "format", "status", "resends", "firstPauseSeconds", "withinHours")
        now = self.call("GET", f"{ROUTES}/{ident}")
        return self.call("PUT", f"{ROUTES}/{ident}", {**{name: now[name] for name in names}, **more}, answers)

    def touch(self, note: str = "again") -> None:
        """The customer is changed, which is told once."""
        body = self.call("GET", CUSTOMER)
        kept = {
            name: value for name, value in body.items() if name not in ("createdAt", "lastModifiedAt", "customerId", "debtorId")
        }
        self.call("PUT", CUSTOMER, {**kept, "additionalName": note} if "additionalName" in body else kept)

    def send(self) -> None:
        """What is due now."""
        send_due(self.tenant.runtime, self.tenant.id)

    def told(self, search: str = "", size: int = 100) -> list[Any]:
        more = f"&search={search}" if search else ""
        return list(self.call("GET", f"{NOTIFICATIONS}?size={size}{more}")["_embedded"])

    def one(self, type: str) -> Any:
        """The only notification of a type."""
        (found,) = [one for one in self.told() if one["type"] == type]
        return found

    @contextmanager
    def later(self, **passed: float) -> Iterator[None]:
        """So much real time has passed."""
        runtime, clock = self.tenant.runtime, self.tenant.runtime.clock
        runtime.clock = lambda: clock() + dt.timedelta(**passed)
        try:
            yield
        finally:
            runtime.clock = clock


def payloads(received: list[Received]) -> list[Any]:
    return [msgspec.json.decode(request.body, type=dict) for request in received]


def types_of(received: list[Received]) -> list[str]:
    return [one.get("notificationType") or one["notification_type"] for one in payloads(received)]


def numbers_of(texts: list[str]) -> list[int]:
    return [int(re.findall(r"\d+", text)[-1]) for text in texts]
