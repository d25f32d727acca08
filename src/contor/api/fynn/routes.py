"""The table of the dialect, part by part."""

from contor.api.fynn import account, banking, books, payments
from contor.api.route import Route

ROUTES: list[Route] = [
    *account.ROUTES,
    *payments.ROUTES,
    *banking.ROUTES,
    *books.ROUTES,
]
