"""Links by which whoever has one does one thing to one contract, without a login, as long as they hold: nobody can guess or change one."""

import datetime as dt
from typing import Final, Literal, get_args

from contor.kernel.context import Caller
from contor.runtime.secrets import Linked, Secrets
from contor.runtime.uow import Uow

LinkedAction = Literal["options", "terminate", "reactivate"]
PATH: Final = "/agreements"
DAYS: Final = 7
"""For so long a link holds, counted from the end of the day on which it is made."""


def link_to(uow: Uow, action: LinkedAction, contract_id: int) -> str:
    """The address of the page; the same one all day."""
    last = uow.runtime.clock().date() + dt.timedelta(days=DAYS)  # the server's: a link is not of the tenant's time
    token = uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, action, contract_id), last)
    return f"{uow.runtime.config.base_url.rstrip('/')}{PATH}?token={token}"


def opened(secrets: Secrets, token: str, now: dt.datetime) -> Linked:
    """What a link is for: its kind is the action, its number the contract's. Raises UNAUTHENTICATED where nobody made it, or it holds no
    more."""
    return secrets.linked(token, get_args(LinkedAction), now)


def holder(tenant_id: int, request_id: str) -> Caller:
    """Who holds a link: he changes contracts, of which the link names one."""
    return Caller("link", request_id, tenant_id, permissions=frozenset({"contracts.read", "contracts.write"}))
