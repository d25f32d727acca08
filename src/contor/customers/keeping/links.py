"""Links by which a customer sees his own documents or changes his own data without an account: made of his number, nobody else can.

A token says tenant, customer, purpose and last day, with a keyed digest over them: nothing is stored, and nothing can be guessed or made
to last longer. It ends with its last day, and with the customer.
"""

import datetime as dt
import hmac
import re
from collections.abc import Collection, Mapping
from typing import Literal

from contor.runtime.secrets import Linked
from contor.runtime.uow import Installation, Uow

Purpose = Literal["dashboard", "data"]
PATHS: Mapping[Purpose, str] = {"dashboard": "/customer/documents", "data": "/customer/data"}
"""The page behind a link, which is given the token."""
LINK_DAYS = 30
"""A link works on the day on which it is made, and so many days longer."""
_MAC = 40
_HASH = re.compile(r"([0-9a-f]{40})([0-9a-f]{1,16})", re.ASCII)


def link_token(uow: Uow, number: int, purpose: Purpose) -> str:
    """Of a customer's number; the same all day long."""
    last = uow.runtime.clock().date() + dt.timedelta(days=LINK_DAYS)
    return uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, purpose, number), last)


def read_link_token(runtime: Installation, token: str, purposes: Collection[Purpose] = tuple(PATHS)) -> Linked:
    """What the token says: its kind is the purpose, its number the customer's. Raises UNAUTHENTICATED where it was not made here, is for
    something else, or its last day is over."""
    return runtime.secrets.linked(token, purposes, runtime.clock())


def customer_hash(uow: Uow, number: int) -> str:
    """By which other systems name a customer where his number shall not be guessed: it never changes."""
    return f"{_digest(uow.runtime, f'customer:{uow.ctx.tenant_id:x}:{number:x}')}{number:x}"


def number_of_hash(uow: Uow, text: str) -> int | None:
    """The number of which the hash was made; None: it is none of this tenant."""
    found = _HASH.fullmatch(text)
    if found is None:
        return None
    number = int(found[2], 16)
    return number if number < 2**63 and hmac.compare_digest(text, customer_hash(uow, number)) else None


def _digest(runtime: Installation, text: str) -> str:
    return runtime.secrets.keyed(f"customer link {text}")[:_MAC]
