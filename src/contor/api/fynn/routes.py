"""The table of the dialect, part by part."""

from contor.api.fynn import account, catalogue, checkout, offers, usage
from contor.api.route import Route

ROUTES: list[Route] = [
    *account.ROUTES,
    *catalogue.ROUTES,
    *checkout.ROUTES,
    *offers.ROUTES,
    *usage.ROUTES,
]
