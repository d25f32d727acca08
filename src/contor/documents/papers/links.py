"""Links by which whoever has one reads the picture of a document, without a login, as long as they hold: nobody can guess or change one."""

import datetime as dt
import hmac
import re
from typing import Final, NamedTuple

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.secrets import Secrets
from contor.runtime.uow import Uow

PATH: Final = "/papers"
DAYS: Final = 60
"""For so long a link holds, counted from the end of the day on which it is made."""
_TOKEN: Final = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([1-9][0-9]{0,11})-([0-9a-f]{40})", re.ASCII)


class Opened(NamedTuple):
    tenant_id: int
    document_id: int


def paper_url(uow: Uow, document_id: int) -> str:
    """The address of the document's picture; the same one all day."""
    today = uow.runtime.clock().date()  # the server's: a link is not of the tenant's time
    until = int(dt.datetime.combine(today + dt.timedelta(days=DAYS + 1), dt.time(), dt.UTC).timestamp())
    named = f"{uow.ctx.tenant_id}-{document_id}-{until}"
    return f"{uow.runtime.config.base_url.rstrip('/')}{PATH}/{named}-{_mark(uow.runtime.secrets, named)}"


def opened(secrets: Secrets, token: str, now: dt.datetime) -> Opened:
    """What a link is of. Raises NOT_FOUND where nobody made it, GONE where it holds no more."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(_mark(secrets, token.rpartition("-")[0]), found[4]):
        raise Refused(Kind.NOT_FOUND, Problem("link_unknown", "This link leads to no document."))
    if int(found[3]) <= now.timestamp():
        raise Refused(Kind.NOT_FOUND, Problem("link_expired", "This link holds no more: ask who sent it for a new one."))
    return Opened(int(found[1]), int(found[2]))


def reader(tenant_id: int, request_id: str) -> Caller:
    """Who holds a link: he reads documents, of which the link names one."""
    return Caller("link", request_id, tenant_id, permissions=frozenset({"documents.read"}))


def _mark(secrets: Secrets, named: str) -> str:
    return secrets.keyed(f"paper {named}")[:40]
