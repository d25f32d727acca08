"""The table of the dialect, part by part."""

from contor.api.fynn import (
    account,
    banking,
    books,
    catalogue,
    checkout,
    customers,
    dunning,
    features,
    groups,
    invoices,
    media,
    offers,
    own,
    payments,
    push,
    subscriptions,
    usage,
)
from contor.api.route import Route

ROUTES: list[Route] = [
    *account.ROUTES,
    *banking.ROUTES,
    *books.ROUTES,
    *catalogue.ROUTES,
    *checkout.ROUTES,
    *customers.ROUTES,
    *dunning.ROUTES,
    *features.ROUTES,
    *groups.ROUTES,
    *invoices.ROUTES,
    *media.ROUTES,
    *offers.ROUTES,
    *own.ROUTES,
    *payments.ROUTES,
    *push.ROUTES,
    *subscriptions.ROUTES,
    *usage.ROUTES,
]
