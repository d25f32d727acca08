"""Every service of FastBill, room by room."""

from contor.api.fastbill import account, articles, customers, papers
from contor.api.route import Route

SERVICES: list[Route] = [
    *account.SERVICES,
    *customers.SERVICES,
    *articles.SERVICES,
    *papers.SERVICES,
]
