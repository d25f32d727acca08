"""The things that webhooks tell of, each as its own route answers it: many at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from contor.api.fynn.catalogue import told as catalogue
from contor.api.fynn.features import told as features
from contor.api.fynn.push.words import Said, Thing
from contor.notifications.formats import Told
from contor.runtime.uow import Uow

Show = Callable[[Uow, Sequence[tuple[Told, Said]]], Sequence[object | None]]
"""What is told of each notification, a shape of the part, in their order; None: the thing is gone, and nothing is told."""
THINGS: Final[Mapping[Thing, Show]] = {
    "product": catalogue.products_told,
    "price plan": catalogue.price_plans_told,
    "coupon": catalogue.coupons_told,
    "feature": features.features_told,
    "entitlements": features.entitlements_told,
}
