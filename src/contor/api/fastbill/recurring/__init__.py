"""recurring.*: invoices that are made again every interval."""

from contor.api.fastbill.recurring import recurring
from contor.api.kit import service
from contor.api.route import Route

SERVICES: list[Route] = [
    service("recurring.get", recurring.get_recurring, body="*"),
    service("recurring.create", recurring.create, body="*"),
    service("recurring.update", recurring.update, body="*"),
    service("recurring.delete", recurring.delete, body="*"),
]
