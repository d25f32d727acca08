"""Links to what was used behind a document: nobody can guess or change one, and none holds for ever."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from contor.kernel.context import Caller
from contor.runtime.secrets import Linked, Secrets
from contor.runtime.uow import Uow

PATH: Final = "/usages"
"""The token stands in the query, which no log repeats."""
KIND: Final = "usage"
DAYS: Final = 60
"""For so long a link holds, counted from the end of the day on which it is made."""


def usage_urls(uow: Uow, document_ids: Collection[int]) -> dict[int, str]:
    """The address of what was used, by the number of each document that bills usages; the same one all day."""
    billed = uow.column(
        int,
        "SELECT DISTINCT document_id FROM billable_item WHERE document_id = ANY (%s) AND kind IN ('USAGE', 'USAGE_CORRECTION')",
        (sorted(document_ids),),
    )
    last = uow.runtime.clock().date() + dt.timedelta(days=DAYS)  # the server's: a link is not of the tenant's time
    base = uow.runtime.config.base_url.rstrip("/")
    return {
        number: f"{base}{PATH}?token={uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, KIND, number), last)}"
        for number in billed
    }


def opened(secrets: Secrets, token: str, now: dt.datetime) -> Linked:
    """Of which document a link is. Raises UNAUTHENTICATED where nobody made it, or it holds no more."""
    return secrets.linked(token, (KIND,), now)


def reader(tenant_id: int, request_id: str) -> Caller:
    """Who holds a link: he reads what it names."""
    return Caller("link", request_id, tenant_id, permissions=frozenset({"documents.read"}))
