"""Webhooks: who is told of which events, and the bodies in which they are told."""

from collections.abc import Mapping

from contor.api.fynn.ids import uuids
from contor.api.fynn.kit import route
from contor.api.fynn.push import webhooks
from contor.api.fynn.push.answers import WebhookShown
from contor.api.fynn.push.compose import FORM
from contor.api.route import IdsOf, Route
from contor.notifications.formats import Format
from contor.notifications.routes import NUMBERED
from contor.notifications.routes import ROUTES as STORED

FORMS: Mapping[str, Format] = {webhooks.FORMAT: FORM}
"""By the names that routes of the core say."""
_WEBHOOK = uuids(NUMBERED)
_ONE = IdsOf(path={"id": _WEBHOOK}, answer={"id": _WEBHOOK})
_SHOWN = IdsOf(answer={"id": _WEBHOOK})

ROUTES: list[Route] = [
    route(
        "GET",
        "/webhooks",
        webhooks.list_webhooks,
        permission="webhook:read",
        id="getWebhooks",
        about="webhook",
        filterable=STORED.search,
        sought=webhooks.SOUGHT,
        output=WebhookShown,
        ids=_SHOWN,
    ),
    route(
        "POST",
        "/webhooks",
        webhooks.create_webhook,
        permission="webhook:write",
        id="createWebhook",
        about="webhook",
        body="body",
        ids=_SHOWN,
    ),
    route("GET", "/webhooks/{id}", webhooks.get_webhook, permission="webhook:read", id="getWebhook", about="webhook", ids=_ONE),
    route(
        "PUT",
        "/webhooks/{id}",
        webhooks.update_webhook,
        permission="webhook:write",
        id="updateWebhook",
        about="webhook",
        body="body",
        ids=_ONE,
    ),
    route(
        "DELETE",
        "/webhooks/{id}",
        webhooks.delete_webhook,
        permission="webhook:write",
        id="deleteWebhook",
        about="webhook",
        ids=_ONE,
    ),
    route(
        "GET",
        "/available-webhook-events",
        webhooks.available_events,
        permission="webhook:read",
        id="getAvailableWebhookEvents",
        about="webhook",
    ),
]

__all__ = ["FORMS", "ROUTES"]
