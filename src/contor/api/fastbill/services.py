"""Every service of FastBill, room by room."""

from contor.api.fastbill import articles, customers
from contor.api.route import Route

SERVICES: list[Route] = [
    *articles.SERVICES,
    *customers.SERVICES,
]
