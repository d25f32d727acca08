"""The table of the dialect, part by part."""

from contor.api.fynn import account, catalogue, checkout, dunning, groups, invoices, offers, subscriptions, usage
from contor.api.route import Route

ROUTES: list[Route] = [
    *account.ROUTES,
    *catalogue.ROUTES,
    *checkout.ROUTES,
    *dunning.ROUTES,
    *groups.ROUTES,
    *invoices.ROUTES,
    *offers.ROUTES,
    *subscriptions.ROUTES,
    *usage.ROUTES,
]
