"""Links by which whoever has one does one thing to one contract, without a login, as long as they hold: nobody can guess or change one."""

import datetime as dt
import hmac
import re
from typing import Final, Literal, NamedTuple, cast

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.secrets import Secrets
from contor.runtime.uow import Uow

LinkedAction = Literal["options", "terminate", "reactivate"]
PATH: Final = "/agreements"
DAYS: Final = 7
"""For so long a link holds, counted from the end of the day on which it is made."""
_TOKEN: Final = re.compile(
    r"(options|terminate|reactivate)-([1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([1-9][0-9]{0,11})-([0-9a-f]{40})", re.ASCII
)


class Opened(NamedTuple):
    action: LinkedAction
    tenant_id: int
    contract_id: int


def link_to(uow: Uow, action: LinkedAction, contract_id: int) -> str:
    """The address of the page; the same one all day."""
    today = uow.runtime.clock().date()  # the server's: a link is not of the tenant's time
    until = int(dt.datetime.combine(today + dt.timedelta(days=DAYS + 1), dt.time(), dt.UTC).timestamp())
    said = f"{action}-{uow.ctx.tenant_id}-{contract_id}-{until}"
    return f"{uow.runtime.config.base_url.rstrip('/')}{PATH}?token={said}-{_mark(uow.runtime.secrets, said)}"


def opened(secrets: Secrets, token: str, now: dt.datetime) -> Opened:
    """What a link is for. Raises UNAUTHENTICATED where nobody made it, or it holds no more."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(_mark(secrets, token.rpartition("-")[0]), found[5]):
        raise Refused(Kind.UNAUTHENTICATED, Problem("link_unknown", "This link leads nowhere."))
    if int(found[4]) <= now.timestamp():
        raise Refused(Kind.UNAUTHENTICATED, Problem("link_expired", "This link holds no more: ask who sent it for a new one."))
    return Opened(cast(LinkedAction, found[1]), int(found[2]), int(found[3]))


def holder(tenant_id: int, request_id: str) -> Caller:
    """Who holds a link: he changes contracts, of which the link names one."""
    return Caller("link", request_id, tenant_id, permissions=frozenset({"contracts.read", "contracts.write"}))


def _mark(secrets: Secrets, said: str) -> str:
    return secrets.keyed(f"agreement {said}")[:40]
