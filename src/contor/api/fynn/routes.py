"""The table of the dialect, part by part."""

from contor.api.fynn import account, catalogue, groups, subscriptions, usage
from contor.api.route import Route

ROUTES: list[Route] = [
    *account.ROUTES,
    *catalogue.ROUTES,
    *subscriptions.ROUTES,
    *groups.ROUTES,
    *usage.ROUTES,
]
