"""A code is issued, mailed by who asks for it, and redeemed once. Nothing of it is stored but what the server's key makes of it."""

import datetime as dt
import hmac
from typing import Final, NamedTuple

from contor.customers.one_time import tables
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

DIGITS: Final = 8
MINUTES: Final = 10
"""For so long a code is good."""
MOST_TRIES: Final = 5
"""After so many wrong ones it is good no more."""
MOST_ISSUED: Final = 5
"""For one purpose within an hour."""
MOST_IN_ALL: Final = 20
"""For all purposes of a customer within an hour: anybody may begin as many carts as he likes, and nobody's mailbox is filled, nor are
passwords guessed at by beginning anew."""
HOUR: Final = dt.timedelta(hours=1)


class OneTime(NamedTuple):
    """A code, in clear: to be mailed, never for answers or logs."""

    customer_ident: str
    code: str
    expires_at: dt.datetime


class _Row(NamedTuple):
    customer_ident: str
    mark: str | None
    tries: int
    issued: int
    first_issued_at: dt.datetime
    expires_at: dt.datetime


_SELECT = f"SELECT {columns(_Row)} FROM customer_one_time WHERE customer_ident = %s AND purpose = %s FOR UPDATE"


def customer_reached(uow: Uow, email: str) -> str | None:
    """The customer whose e-mail this is, in whatever case; of several the first, behind whom come those whose place others
    took. Who is kept for his documents alone is nobody."""
    sql = (
        "SELECT customer_ident FROM customer WHERE lower(email) = lower(%s) AND deleted_at IS NULL"
        " ORDER BY merged_into IS NOT NULL, id LIMIT 1"
    )
    return uow.scalar(str, sql, (email,))


def issue(uow: Uow, customer_ident: str, purpose: str) -> OneTime:
    """A new code; one that was issued before for this purpose is good no more. Raises TOO_MANY."""
    uow.lock("customer_one_time", [customer_ident])
    now = uow.runtime.clock()  # real time: a clock that stands still would keep it good for ever
    before = uow.first(_Row, _SELECT, (customer_ident, purpose))
    is_within = before is not None and now < before.first_issued_at + HOUR
    issued, first = (before.issued + 1, before.first_issued_at) if before is not None and is_within else (1, now)
    if issued > MOST_ISSUED or _issued_in_all(uow, customer_ident, now - HOUR) >= MOST_IN_ALL:
        message = "Too many one-time passwords were asked for within an hour: use the latest, or ask again later."
        raise Refused(Kind.TOO_MANY, Problem("one_time_passwords_too_many", message))
    code = f"{uow.new_uuid().int % 10**DIGITS:0{DIGITS}d}"
    until = now + dt.timedelta(minutes=MINUTES)
    uow.run("DELETE FROM customer_one_time WHERE customer_ident = %s AND purpose = %s", (customer_ident, purpose))
    row = {
        "customer_ident": customer_ident,
        "purpose": purpose,
        "mark": _mark(uow, customer_ident, purpose, code),
        "tries": 0,
        "issued": issued,
        "first_issued_at": first,
        "expires_at": until,
    }
    uow.insert(tables.customer_one_time, [row])
    uow.audit("customer", customer_ident, {"one_time_password": purpose, "until": until})
    return OneTime(customer_ident, code, until)


def redeem(uow: Uow, email: str, code: str, purpose: str) -> str:
    """The customer who was mailed this code. Raises UNAUTHENTICATED, the same for whatever is wrong; what was tried stays counted."""
    customer = customer_reached(uow, email)
    row = uow.first(_Row, _SELECT, (customer, purpose)) if customer is not None else None
    given = _mark(uow, customer or "", purpose, code)
    good = row is not None and row.mark is not None and uow.runtime.clock() < row.expires_at
    if row is not None and good and hmac.compare_digest(given, row.mark or ""):
        _write(uow, row.customer_ident, purpose, None, row.tries)
        uow.audit("customer", row.customer_ident, {"one_time_password_used": purpose})
        return row.customer_ident
    if row is not None and good:
        tries = row.tries + 1
        _write(uow, row.customer_ident, purpose, None if tries >= MOST_TRIES else row.mark, tries)
        uow.audit("customer", row.customer_ident, {"one_time_password_wrong": purpose, "tries": tries})
    message = "This one-time password is not right, or not good any more: ask for a new one."
    raise Refused(Kind.UNAUTHENTICATED, Problem("one_time_password_wrong", message, "otp"), stays=True)


def _issued_in_all(uow: Uow, customer_ident: str, since: dt.datetime) -> int:
    sql = "SELECT coalesce(sum(issued), 0)::int FROM customer_one_time WHERE customer_ident = %s AND first_issued_at > %s"
    return uow.scalar(int, sql, (customer_ident, since)) or 0


def _write(uow: Uow, customer_ident: str, purpose: str, mark: str | None, tries: int) -> None:
    sql = "UPDATE customer_one_time SET mark = %s, tries = %s WHERE customer_ident = %s AND purpose = %s"
    uow.run(sql, (mark, tries, customer_ident, purpose))


def _mark(uow: Uow, customer_ident: str, purpose: str, code: str) -> str:
    return uow.runtime.secrets.keyed(f"one-time {uow.ctx.tenant_id} {customer_ident} {purpose} {code}")
