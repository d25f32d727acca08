"""What a customer who signed in reads of himself: `Authorization: Bearer customer_…`."""

from contor.api.fynn.invoices.listing import FIELDS
from contor.api.fynn.invoices.shown import InvoiceRow
from contor.api.fynn.kit import route
from contor.api.fynn.own import lists
from contor.api.fynn.payments.answers import MethodShown
from contor.api.fynn.subscriptions.answers import SubscriptionShown
from contor.api.fynn.subscriptions.listing import FILTERABLE
from contor.api.route import Route
from contor.payments import methods

_OWN = "/public/customer"
ROUTES: list[Route] = [
    route("GET", f"{_OWN}/me", lists.me, permission="", id="getOwnCustomer", about="customer"),
    route(
        "GET",
        f"{_OWN}/payment-methods",
        lists.own_methods,
        permission="",
        id="getOwnPaymentMethods",
        about="customer",
        filterable=methods.METHODS,
        sought=lists.OWN_METHODS,
        output=MethodShown,
    ),
    route(
        "GET",
        f"{_OWN}/subscriptions",
        lists.own_subscriptions,
        permission="",
        id="getOwnSubscriptions",
        about="customer",
        filterable=FILTERABLE,
        sought=lists.OWN_SUBSCRIPTIONS,
        output=SubscriptionShown,
    ),
    route(
        "GET",
        f"{_OWN}/invoices",
        lists.own_invoices,
        permission="",
        id="getOwnInvoices",
        about="customer",
        filterable=FIELDS,
        sought=lists.OWN_INVOICES,
        output=InvoiceRow,
    ),
]
