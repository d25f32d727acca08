"""Every service of FastBill, room by room."""

from contor.api.fastbill import account, articles, customers, invoices, papers, recurring
from contor.api.route import Route

SERVICES: list[Route] = [
    *account.SERVICES,
    *customers.SERVICES,
    *articles.SERVICES,
    *invoices.SERVICES,
    *recurring.SERVICES,
    *papers.SERVICES,
]
