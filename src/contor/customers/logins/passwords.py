"""A customer signs in by a password that is sent to his e-mail, good once and for ten minutes.

What is stored of it is a digest under the installation's key: who reads the table can neither sign in nor try. A customer has one at a
time: each that is asked for ends the one before. Whether somebody has an e-mail here is told to nobody who asks.
"""

import datetime as dt
import hashlib
import hmac
from typing import Final, NamedTuple

from contor.customers import tables
from contor.customers.emails import customers_with_email
from contor.runtime.secrets import Linked
from contor.runtime.uow import Installation, Uow

VALID: Final = dt.timedelta(minutes=10)
MOST_TRIES: Final = 5
"""Of one password."""
MOST_ASKED: Final = 5
"""So many are sent to a customer within the time that one is valid."""
_DIGITS: Final = 8
_KIND: Final = "customer"
_TOKEN_DAYS: Final = 1


class Issued(NamedTuple):
    """A password in clear, for the mail that brings it and for nobody else."""

    customer_ident: str
    code: str
    until: dt.datetime


class _Login(NamedTuple):
    digest: bytes
    salt: bytes
    valid_until: dt.datetime
    tries: int
    asked_at: dt.datetime
    asked: int


_SELECT = "SELECT digest, salt, valid_until, tries, asked_at, asked FROM customer_login WHERE customer_ident = %s FOR UPDATE"


def issue_password(uow: Uow, email: str) -> Issued | None:
    """A new password for who has this e-mail; of several customers, who has it for his own, then the oldest. None: nobody has it, or too
    many were asked for."""
    found = customers_with_email(uow, email)
    if not found:
        return None
    ident, now = found[0], uow.ctx.now()
    uow.lock("customer_login", [ident])
    row = uow.first(_Login, _SELECT, (ident,))
    asked_at, asked = (row.asked_at, row.asked) if row is not None and row.asked_at > now - VALID else (now, 0)
    if asked >= MOST_ASKED:
        return None
    salt = uow.new_uuid().bytes
    code = str(int.from_bytes(hashlib.sha256(uow.new_uuid().bytes + salt).digest()) % 10**_DIGITS).zfill(_DIGITS)
    uow.run("DELETE FROM customer_login WHERE customer_ident = %s", (ident,))
    kept = {"customer_ident": ident, "digest": _digest(uow, ident, salt, code), "salt": salt, "valid_until": now + VALID}
    uow.insert(tables.customer_login, [{**kept, "tries": 0, "asked_at": asked_at, "asked": asked + 1}])
    return Issued(ident, code, now + VALID)


def password_holds(uow: Uow, email: str, code: str) -> str | None:
    """The ident of who has this e-mail and password; the password is used up. None: nobody, whatever the reason; a wrong one is counted, so
    the transaction must be committed all the same."""
    for ident in customers_with_email(uow, email)[:1]:
        uow.lock("customer_login", [ident])
        row = uow.first(_Login, _SELECT, (ident,))
        if row is None or row.tries >= MOST_TRIES or row.valid_until <= uow.ctx.now():
            continue
        if hmac.compare_digest(bytes(row.digest), _digest(uow, ident, bytes(row.salt), code)):
            # when it was asked for stays: who signs in is sent no more of them than others
            uow.run("UPDATE customer_login SET tries = %s WHERE customer_ident = %s", (MOST_TRIES, ident))
            return ident
        uow.run("UPDATE customer_login SET tries = tries + 1 WHERE customer_ident = %s", (ident,))
    return None


def customer_token(uow: Uow, number: int) -> str:
    """By which a customer who signed in is known until the end of the next day; made of his number, nothing is stored."""
    last = uow.runtime.clock().date() + dt.timedelta(days=_TOKEN_DAYS)
    return uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, _KIND, number), last)


def read_customer_token(runtime: Installation, token: str) -> Linked:
    """What the token says: the tenant, and the customer's number. Raises UNAUTHENTICATED where it was not made here, or its last day is
    over."""
    return runtime.secrets.linked(token, [_KIND], runtime.clock())


def _digest(uow: Uow, ident: str, salt: bytes, code: str) -> bytes:
    return bytes.fromhex(uow.runtime.secrets.keyed(f"customer login {uow.ctx.tenant_id} {ident} {salt.hex()} {code}"))
