"""What a key may be given for the fynn dialect alone: its permissions, by fynn's names. Pure.

Each belongs to a permission of the core: who holds that has this one, too. A key that is made with some of these has them in the fynn
dialect and nothing else there, and no other dialect knows them.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

FynnScope = Literal[
    "accounting:accounts:read",
    "accounting:accounts:write",
    "bank-account-transaction:read",
    "bank-account-transaction:write",
    "billing-group:read",
    "billing-group:write",
    "cart:read",
    "cart:write",
    "checkout-link:read",
    "checkout-link:write",
    "coupon:read",
    "coupon:write",
    "custom-field:read",
    "custom-field:write",
    "customer:read",
    "customer:write",
    "customer-settings:read",
    "customer-settings:write",
    "dunning-document:read",
    "dunning-document:write",
    "dunning-rule:read",
    "dunning-rule:write",
    "feature:read",
    "feature:write",
    "invoice:read",
    "invoice:write",
    "measurement:read",
    "measurement:write",
    "media:read",
    "media:write",
    "notification:read",
    "notification:write",
    "offer:read",
    "offer:write",
    "open-banking-account:read",
    "open-banking-account:write",
    "payment:read",
    "payment:write",
    "payment-method:read",
    "payment-method:write",
    "payment-method:migrate",
    "plan:read",
    "plan:write",
    "price-plan:read",
    "price-plan:write",
    "product:read",
    "product:write",
    "product-family:read",
    "product-family:write",
    "product-group:read",
    "product-group:write",
    "role:read",
    "role:write",
    "settings:read",
    "settings:write",
    "subscription:read",
    "subscription:write",
    "tenant:read",
    "tenant:manager",
    "unit:read",
    "unit:write",
    "usage-event:read",
    "usage-event:write",
    "user:read",
    "user:write",
    "webhook:read",
    "webhook:write",
]
_AREAS: Final[Mapping[str, str]] = {
    "accounting:accounts": "bookkeeping",
    "bank-account-transaction": "payments",
    "billing-group": "contracts",
    "cart": "contracts",
    "checkout-link": "contracts",
    "coupon": "catalogue",
    "custom-field": "settings",
    "customer": "customers",
    "customer-settings": "customers",
    "dunning-document": "bookkeeping",
    "dunning-rule": "settings",
    "feature": "catalogue",
    "invoice": "documents",
    "measurement": "catalogue",
    "media": "documents",
    "notification": "notifications",
    "offer": "documents",
    "open-banking-account": "payments",
    "payment": "payments",
    "payment-method": "payments",
    "plan": "catalogue",
    "price-plan": "catalogue",
    "product": "catalogue",
    "product-family": "catalogue",
    "product-group": "catalogue",
    "role": "organizations",
    "settings": "settings",
    "subscription": "contracts",
    "tenant": "organizations",
    "unit": "catalogue",
    "usage-event": "contracts",
    "user": "organizations",
    "webhook": "notifications",
}
"""What fynn calls it -> the area of the core in which it lies."""


def _core(scope: str) -> str:
    resource, _, right = scope.rpartition(":")
    return f"{_AREAS[resource]}.{'read' if right == 'read' else 'write'}"


FYNN_SCOPES: Final[Mapping[str, str]] = {scope: _core(scope) for scope in get_args(FynnScope)}
"""Permission of fynn -> that of the core which gives it."""


def spoken_by_fynn(permissions: Iterable[str]) -> frozenset[str]:
    """The permissions of fynn that those of the core give."""
    held = frozenset(permissions)
    return frozenset(scope for scope, core in FYNN_SCOPES.items() if core in held)
