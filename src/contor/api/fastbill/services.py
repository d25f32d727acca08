"""Every service of FastBill, room by room."""

from contor.api.fastbill import customers, subscriptions
from contor.api.route import Route

SERVICES: list[Route] = [
    *customers.SERVICES,
    *subscriptions.SERVICES,
]
