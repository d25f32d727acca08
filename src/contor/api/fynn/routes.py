"""The table of the dialect, part by part."""

from contor.api.fynn import account, catalogue, usage
from contor.api.route import Route

ROUTES: list[Route] = [
    *account.ROUTES,
    *catalogue.ROUTES,
    *usage.ROUTES,
]
