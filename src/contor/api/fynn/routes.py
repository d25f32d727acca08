"""The table of the dialect, part by part."""

from contor.api.fynn import account
from contor.api.route import Route

ROUTES: list[Route] = [
    *account.ROUTES,
]
