"""Links to the picture of a document or letter, and to the file of another paper: whoever has one reads it without a login, as long as it
holds; nobody can guess one."""

import datetime as dt
from typing import Final, Literal, get_args

from contor.kernel.context import Caller
from contor.runtime.secrets import Linked, Secrets
from contor.runtime.uow import Uow

PATH: Final = "/papers"
"""The token stands in the query, which no log repeats."""
DAYS: Final = 60
"""For so long a link holds, counted from the end of the day on which it is made."""
Kind = Literal["document", "letter", "offer", "expense", "revenue"]


def paper_url(uow: Uow, number: int, kind: Kind = "document") -> str:
    """The address of the picture of the document, letter or paper of this number; the same one all day."""
    last = uow.runtime.clock().date() + dt.timedelta(days=DAYS)  # the server's: a link is not of the tenant's time
    token = uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, kind, number), last)
    return f"{uow.runtime.config.base_url.rstrip('/')}{PATH}?token={token}"


def opened(secrets: Secrets, token: str, now: dt.datetime) -> Linked:
    """What a link is of. Raises UNAUTHENTICATED where nobody made it, or it holds no more."""
    return secrets.linked(token, get_args(Kind), now)


def reader(tenant_id: int, request_id: str) -> Caller:
    """Who holds a link: he reads what it names."""
    return Caller("link", request_id, tenant_id, permissions=frozenset({"documents.read", "bookkeeping.read"}))
