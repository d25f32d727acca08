"""The values of set-ups: what a customer is to agree to at a payment provider before anything is collected from him. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from contor.kernel.events import event

State = Literal["BEGUN", "WAITING", "DONE", "FAILED"]
"""BEGUN: the provider did not answer yet. WAITING: for the customer."""
LASTS: Final = dt.timedelta(hours=23)
"""After which nothing comes of one any more: Stripe keeps idempotency keys for at least 24 hours."""
AGAIN: Final = dt.timedelta(minutes=1)
"""After which a provider that did not answer is asked."""


class NewSetup(NamedTuple):
    """What is to be begun."""

    ident: str
    provider: str
    provider_id: int
    gateway_ident: str
    currency: str
    customer_ident: str | None
    """None: of who orders, and is nobody's yet."""
    is_default: bool = False
    customer_reference: str | None = None
    method_given: str | None = None
    return_url: str | None = None
    cart_ident: str | None = None
    """What is to be ordered and paid by it."""
    until: dt.datetime | None = None
    """From when on nothing is to come of it, where that is sooner than for others."""


class Setup(NamedTuple):
    """A set-up as it is stored."""

    ident: str
    key: str
    provider: str
    provider_id: int
    gateway_ident: str
    customer_ident: str | None
    cart_ident: str | None
    currency: str
    is_default: bool
    method_given: str | None
    return_url: str | None
    state: State
    reference: str | None
    customer_reference: str | None
    method_reference: str | None
    card: Mapping[str, str | int | None] | None
    reason: str | None
    expires_at: dt.datetime


@event("payment_setup.ended")
class SetupEnded:
    """The customer agreed to it, or nothing comes of it."""

    ident: str
    done: bool
