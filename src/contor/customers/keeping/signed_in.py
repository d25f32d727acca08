"""A customer who signed in is known by a token until the end of the next day: made of his number, nothing is stored."""

import datetime as dt
from typing import Final

from contor.runtime.secrets import Linked
from contor.runtime.uow import Installation, Uow

PREFIX: Final = "customer_"
"""By which the token of a customer is told from other keys."""
OWN: Final = "own.read"
"""The one permission of a customer who signed in: to read what is his. Nobody can be given it."""
_KIND: Final = "customer"
_DAYS: Final = 1


def customer_token(uow: Uow, number: int) -> str:
    """Of the customer with this number."""
    last = uow.runtime.clock().date() + dt.timedelta(days=_DAYS)
    return PREFIX + uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, _KIND, number), last)


def read_customer_token(runtime: Installation, token: str) -> Linked:
    """What the token says: the tenant, and the customer's number. Raises UNAUTHENTICATED where it was not made here, or its last day is
    over."""
    return runtime.secrets.linked(token.removeprefix(PREFIX)[:200], [_KIND], runtime.clock())
