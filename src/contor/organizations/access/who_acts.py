"""Who asks, looked up: the key or the person behind a request, and the tenant that it is for."""

import datetime as dt
import uuid
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.tree import identifier, root
from contor.runtime.uow import Uow

_KEY = (
    "SELECT k.id, coalesce(o.email, '') AS email, NULL::text AS first_name, k.name AS last_name, NULL::text AS role, k.scopes,"
    " k.created_at FROM directory.api_key k JOIN directory.organization o ON o.id = k.organization_id"
    " WHERE k.id = %(id)s AND k.organization_id = %(of)s"
)
_USER = (
    "SELECT u.id, u.email, u.first_name, u.last_name, m.role, m.scopes, m.created_at FROM directory.membership m"
    " JOIN directory.user_account u ON u.id = m.user_id WHERE m.user_id = %(id)s AND m.organization_id = %(of)s"
)


class Acting(NamedTuple):
    """Who asks. Of a key the e-mail is that of its organization, the last name its own; it has no role."""

    id: uuid.UUID
    email: str
    first_name: str | None
    last_name: str | None
    role: str | None
    scopes: list[str] | None
    created_at: dt.datetime


def acting(uow: Uow) -> Acting:
    """Raises UNAUTHENTICATED where who asks is nobody any more, or a job."""
    kind, _, name = uow.ctx.actor.partition(":")
    found = uow.first(Acting, _KEY if kind == "key" else _USER, {"id": identifier(name), "of": root(uow)})
    if found is None:
        raise Refused(Kind.UNAUTHENTICATED, Problem("token_revoked", "Who asks is neither a key nor a member any more."))
    return found
