"""template.* and webhook.*: what an account has beside its customers and papers."""

from contor.api.fastbill.account import templates, webhooks
from contor.api.kit import service
from contor.api.route import Route

SERVICES: list[Route] = [
    service("template.get", templates.get, body="*"),
    service("webhook.get", webhooks.get, body="*"),
    service("webhook.create", webhooks.create, body="*"),
    service("webhook.delete", webhooks.delete, body="*"),
]
