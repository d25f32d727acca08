"""Links to the picture of a document or letter, and to the file of another paper: whoever has one reads it without a login, as long as it
holds; nobody can guess one."""

import datetime as dt
import hmac
import re
from typing import Final, Literal, NamedTuple, cast, get_args

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.secrets import Secrets
from contor.runtime.uow import Uow

PATH: Final = "/papers"
"""The token stands in the query, which no log repeats."""
DAYS: Final = 60
"""For so long a link holds, counted from the end of the day on which it is made."""
Linked = Literal["document", "letter", "offer", "expense", "revenue"]
_TOKEN: Final = re.compile(
    rf"([1-9][0-9]{{0,17}})-({'|'.join(get_args(Linked))})-([1-9][0-9]{{0,17}})-([1-9][0-9]{{0,11}})-([0-9a-f]{{40}})", re.ASCII
)


class Opened(NamedTuple):
    """What a link leads to."""

    tenant_id: int
    kind: Linked
    number: int


def paper_url(uow: Uow, number: int, kind: Linked = "document") -> str:
    """The address of the picture of the document, letter or paper of this number; the same one all day."""
    today = uow.runtime.clock().date()  # the server's: a link is not of the tenant's time
    until = int(dt.datetime.combine(today + dt.timedelta(days=DAYS + 1), dt.time(), dt.UTC).timestamp())
    named = f"{uow.ctx.tenant_id}-{kind}-{number}-{until}"
    return f"{uow.runtime.config.base_url.rstrip('/')}{PATH}?token={named}-{_mark(uow.runtime.secrets, named)}"


def opened(secrets: Secrets, token: str, now: dt.datetime) -> Opened:
    """What a link is of. Raises NOT_FOUND where nobody made it, GONE where it holds no more."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(_mark(secrets, token.rpartition("-")[0]), found[5]):
        raise Refused(Kind.NOT_FOUND, Problem("link_unknown", "This link leads to no document."))
    if int(found[4]) <= now.timestamp():
        raise Refused(Kind.NOT_FOUND, Problem("link_expired", "This link holds no more: ask who sent it for a new one."))
    return Opened(int(found[1]), cast(Linked, found[2]), int(found[3]))


def reader(tenant_id: int, request_id: str) -> Caller:
    """Who holds a link: he reads what it names."""
    return Caller("link", request_id, tenant_id, permissions=frozenset({"documents.read", "bookkeeping.read"}))


def _mark(secrets: Secrets, named: str) -> str:
    return secrets.keyed(f"paper {named}")[:40]
