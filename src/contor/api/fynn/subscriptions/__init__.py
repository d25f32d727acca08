"""Subscriptions, their items, and measurements of these."""

from typing import TypedDict, Unpack

from contor.api.fynn.ids import SUBSCRIPTION
from contor.api.fynn.kit import route
from contor.api.fynn.subscriptions import create, items, life, listing, measurements, products, terms
from contor.api.fynn.subscriptions.answers import ItemOptions, SubscriptionItemShown, SubscriptionShown
from contor.api.fynn.subscriptions.reading import (
    GROUP,
    JOINT,
    PRICE,
    PRODUCT,
    as_item_id,
    customer_named,
    named_all,
    payers_of_items,
    required,
    told,
)
from contor.api.fynn.subscriptions.shown import subscriptions_of
from contor.api.fynn.subscriptions.types import Id
from contor.api.route import AnyOperation, Route

_ONE, _ITEM = "/subscriptions/{id}", "/subscription-items/{id}"
_READ, _WRITE = "subscription:read", "subscription:write"


class Sent(TypedDict, total=False):
    """What a row may say of its body."""

    body: str
    in_part: bool
    may_be_empty: bool


def _subscription(method: str, path: str, operation: AnyOperation, named: str, **more: Unpack[Sent]) -> Route:
    return route(method, path, operation, permission=_WRITE, id=named, about="subscription", **more)


def _item(method: str, path: str, operation: AnyOperation, named: str, **more: Unpack[Sent]) -> Route:
    return route(method, path, operation, permission=_WRITE, id=named, about="subscription item", **more)


ROUTES: list[Route] = [
    route(
        "GET",
        "/subscriptions",
        listing.list_subscriptions,
        permission=_READ,
        id="getSubscriptions",
        about="subscription",
        filterable=listing.FILTERABLE,
        sought=listing.SOUGHT,
        ids=listing.IDS,
        output=SubscriptionShown,
    ),
    route("GET", _ONE, terms.get, permission=_READ, id="getSubscription", about="subscription"),
    _subscription("POST", "/subscriptions", create.create, "createSubscription", body="*"),
    _subscription("POST", "/subscriptions/from-plan", create.create_from_plan, "createSubscriptionFromPlan", body="*"),
    _subscription("PUT", _ONE, terms.update, "updateSubscription", body="body", in_part=True),
    _subscription("PUT", f"{_ONE}/activate", life.activate_subscription, "activateSubscription", body="body", may_be_empty=True),
    _subscription("PUT", f"{_ONE}/cancel", life.cancel, "cancelSubscription", body="body"),
    _subscription("PUT", f"{_ONE}/cancel-preview", life.preview_cancellation, "previewSubscriptionCancellation", body="body"),
    _subscription("PUT", f"{_ONE}/revoke-cancellation", life.revoke_cancellation, "revokeSubscriptionCancellation"),
    _subscription("PUT", f"{_ONE}/pause", life.pause_subscription, "pauseSubscription"),
    _subscription("PUT", f"{_ONE}/resume", life.resume_subscription, "resumeSubscription", body="body", may_be_empty=True),
    _subscription("PUT", f"{_ONE}/extend-trial", life.extend_trial_of, "extendSubscriptionTrial", body="body"),
    _subscription("PUT", f"{_ONE}/revoke-trial", life.revoke_trial, "revokeSubscriptionTrial"),
    _subscription("PUT", f"{_ONE}/invoice-address", terms.set_invoice_address, "setSubscriptionInvoiceAddress", body="body"),
    _subscription("PUT", f"{_ONE}/delivery-address", terms.set_delivery_address, "setSubscriptionDeliveryAddress", body="body"),
    _subscription("PATCH", f"{_ONE}/payment-method", terms.set_payment_method, "setSubscriptionPaymentMethod", body="body"),
    _subscription("PUT", f"{_ONE}/bill", terms.bill_again, "billSubscription"),
    _subscription("POST", f"{_ONE}/products", products.order_products, "orderSubscriptionProducts", body="body"),
    route("GET", _ITEM, items.get_item, permission=_READ, id="getSubscriptionItem", about="subscription item"),
    _item("PATCH", _ITEM, items.update_item, "updateSubscriptionItem", body="body"),
    _item("PUT", f"{_ITEM}/product-group", items.group_item, "setSubscriptionItemProductGroup", body="body"),
    route(
        "GET",
        f"{_ITEM}/change-options",
        items.change_options,
        permission=_READ,
        id="getSubscriptionItemChangeOptions",
        about="subscription item",
    ),
    _item("POST", f"{_ITEM}/change", items.change_item, "changeSubscriptionItem", body="body"),
    _item("PUT", f"{_ITEM}/terminate", items.terminate_item, "terminateSubscriptionItem", body="body", may_be_empty=True),
    route(
        "POST",
        "/subscription-measurements",
        measurements.add_measurement,
        permission=_WRITE,
        id="addSubscriptionMeasurement",
        about="subscription measurement",
        status=204,
        body="body",
    ),
    route(
        "POST",
        "/subscription-measurements/batch",
        measurements.add_measurements,
        permission=_WRITE,
        id="addSubscriptionMeasurements",
        about="subscription measurement",
        body="body",
    ),
]

__all__ = [
    "GROUP",
    "JOINT",
    "PRICE",
    "PRODUCT",
    "ROUTES",
    "SUBSCRIPTION",
    "Id",
    "ItemOptions",
    "SubscriptionItemShown",
    "as_item_id",
    "customer_named",
    "named_all",
    "payers_of_items",
    "required",
    "subscriptions_of",
    "told",
]
