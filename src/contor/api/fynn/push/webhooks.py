"""Webhooks are routes of the notifications in the form FYNN: stored, sent and tried again as all of them are."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from contor.api.fynn.manners import known_when
from contor.api.fynn.push.answers import AvailableEvents, WebhookSent, WebhookShown
from contor.api.fynn.push.words import NAMES
from contor.api.route import By, Sought
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.notifications.routes import ROUTES
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.secrets import new_secret
from contor.runtime.uow import Uow, not_found

FORMAT: Final = "FYNN"
_ALL: Final = "*"
_SECRET: Final = "whsec_"  # how one begins
SOUGHT: Final = Sought(
    by={
        "id": By(field="ident"),
        "url": By(field="url"),
        "enabled": By(field="status", words={"true": "ACTIVE", "1": "ACTIVE", "false": "PAUSED", "0": "PAUSED"}),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"createdAt": "created_at"},
)


@dataclass(frozen=True, slots=True)
class ListWebhooks:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneWebhook:
    id: str


@dataclass(frozen=True, slots=True)
class NewWebhook:
    body: WebhookSent


@dataclass(frozen=True, slots=True)
class ChangedWebhook:
    id: str
    body: WebhookSent


@dataclass(frozen=True, slots=True)
class NoInput:
    """Nothing."""


@operation("fynn.webhook_list", permission="notifications.read", reads=True)
def list_webhooks(uow: Uow, command: ListWebhooks) -> Page:
    """The webhooks; what is told by other dialects is none."""
    ours = Comparison.of("format", "==", FORMAT)
    asked = command.query.where
    page: Page = ROUTES.list(uow, Listed((), replace(command.query, where=ours if asked is None else All((ours, asked)))))
    return replace(page, items=tuple([_shown(row) for row in page.rows]))


@operation("fynn.webhook_get", permission="notifications.read", reads=True)
def get_webhook(uow: Uow, command: OneWebhook) -> WebhookShown:
    """One webhook. Its secret was shown when it was made."""
    return _shown(_found(uow, command.id))


@operation("fynn.webhook_create", permission="notifications.write")
def create_webhook(uow: Uow, command: NewWebhook) -> WebhookShown:
    """Tell a receiver of events from now on; its answer alone says by what secret deliveries are signed."""
    secret = _SECRET + base64.b64encode(new_secret().encode()).decode()
    content = {**_content(command.body), "ident": uow.new_ident(), "format": FORMAT, "signing_secret": secret}
    return replace(_shown(ROUTES.create(uow, Written((), content))), secret=secret)


@operation("fynn.webhook_update", permission="notifications.write")
def update_webhook(uow: Uow, command: ChangedWebhook) -> WebhookShown:
    """Another receiver or other events. What waits goes to the new address."""
    _found(uow, command.id)
    return _shown(ROUTES.update(uow, Written((command.id,), {**_content(command.body), "format": FORMAT})))


@operation("fynn.webhook_delete", permission="notifications.write")
def delete_webhook(uow: Uow, command: OneWebhook) -> None:
    """What waits is not told any more."""
    _found(uow, command.id)
    ROUTES.delete(uow, Keyed((command.id,)))


@operation("fynn.webhook_events", permission="notifications.read", reads=True)
def available_events(uow: Uow, command: NoInput) -> AvailableEvents:
    """The names of all events."""
    return AvailableEvents(data=NAMES)


# helpers in calling order


def _found(uow: Uow, ident: str) -> Fields:
    row: Fields | None = ROUTES.find(uow, (ident,))
    if row is None or row["format"] != FORMAT:
        raise not_found("webhook", ident)
    return row


def _content(body: WebhookSent) -> Fields:
    events, problems = list(dict.fromkeys(body.events)), list[Problem]()
    for index, name in enumerate(body.events):
        if name not in NAMES:
            message = f"is no event: known are {', '.join(NAMES)}"
            problems.append(Problem("event_unknown", message, f"events[{index}]", name[:100]))
    if body.url.lower().startswith("mailto:"):  # which the core knows, and nobody there would verify a signature
        problems.append(Problem("address_malformed", "begins with neither https:// nor http://", "url", body.url[:100]))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    status: Literal["ACTIVE", "PAUSED"] = "ACTIVE" if body.enabled else "PAUSED"
    return {"url": body.url, "type": _ALL if len(events) == len(NAMES) else ",".join(events), "status": status}


def _shown(row: Fields) -> WebhookShown:
    return WebhookShown(
        id=row["ident"],
        url=row["url"],
        events=_named(row["type"].split(",")),
        enabled=row["status"] == "ACTIVE",
        created_at=known_when(row["created_at"]),
    )


def _named(parts: Sequence[str]) -> tuple[str, ...]:
    """A route that somebody stored through `/v2` may name areas."""
    areas = tuple(part.removesuffix("*") for part in parts if part.endswith("*"))
    return tuple([name for name in NAMES if name in parts or name.startswith(areas)] if areas else parts)
