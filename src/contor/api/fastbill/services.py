"""Every service of FastBill, room by room."""

from contor.api.fastbill import account, articles, customers, invoices, papers, recurring, subscriptions
from contor.api.route import Route

SERVICES: list[Route] = [
    *account.SERVICES,
    *articles.SERVICES,
    *customers.SERVICES,
    *invoices.SERVICES,
    *papers.SERVICES,
    *recurring.SERVICES,
    *subscriptions.SERVICES,
]
