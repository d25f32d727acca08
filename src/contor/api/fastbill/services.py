"""Every service of FastBill, room by room."""

from contor.api.fastbill import account, articles, customers, papers, subscriptions
from contor.api.route import Route

SERVICES: list[Route] = [
    *account.SERVICES,
    *articles.SERVICES,
    *customers.SERVICES,
    *papers.SERVICES,
    *subscriptions.SERVICES,
]
