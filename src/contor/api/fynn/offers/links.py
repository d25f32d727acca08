"""Who holds a link to an offer, and which recipient it is of."""

from contor.kernel.context import Caller
from contor.offers.proposals import opened, reader
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow, not_found


def recipient(runtime: Runtime, path: dict[str, str], request_id: str) -> Caller:
    """Who holds the link. Raises UNAUTHENTICATED where nobody made it."""
    return reader(opened(runtime.secrets, path["id"][:200], runtime.clock()).tenant_id, request_id)


def recipient_of(uow: Uow, token: str) -> int:
    """The number of the recipient whose link it is. Raises NOT_FOUND, UNAUTHENTICATED, GONE."""
    link = opened(uow.runtime.secrets, token[:200], uow.runtime.clock())
    if link.tenant_id != uow.ctx.tenant_id:
        raise not_found("offer", token)
    return link.number
