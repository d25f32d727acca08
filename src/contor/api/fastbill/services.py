"""Every service of FastBill, room by room."""

from contor.api.fastbill import account, customers, invoices
from contor.api.route import Route

SERVICES: list[Route] = [
    *account.SERVICES,
    *customers.SERVICES,
    *invoices.SERVICES,
]
