"""A pair of an e-mail and one text that holds an API key with its secret: for interfaces whose every request carries the credentials.

The text is `<api key>.<api secret>`; a key holds no dot, nor does a secret. The e-mail is that of the organization, or of one of its
members; who bears the text alone names none. What was proven is believed for a second, like the tokens of `standing`, and forgotten at
once where something is taken away.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from contor.kernel.context import Caller, Environment
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.organizations.access.authenticate import invalid
from contor.organizations.rights import Plan, granted, within
from contor.organizations.tree import STANDS
from contor.runtime.execute import Runtime
from contor.runtime.secrets import secret_matches
from contor.runtime.uow import QUIET_SECONDS, Uow

MOST_KNOWN = 5_000
"""Proven pairs that one process keeps."""
BEARER: Final = "api_"
"""What a token begins with that is sent alone."""
LONGEST = 1_000
"""Characters of an e-mail with its text; longer ones were not made here."""
_FOUND = (
    "SELECT k.id, k.organization_id, k.environment, k.secret_hash, k.status, k.scopes, e.id AS tenant_id, e.request_plan,"
    " (%(email)s::text IS NULL OR coalesce(lower(o.email) = lower(%(email)s), false)"
    " OR EXISTS (SELECT 1 FROM directory.membership m JOIN directory.user_account u"
    " ON u.id = m.user_id WHERE m.organization_id = k.organization_id AND m.accepted_at IS NOT NULL AND m.locked_at IS NULL"
    " AND lower(u.email) = lower(%(email)s))) AS email_is_known"
    " FROM directory.api_key k JOIN directory.organization o ON o.id = k.organization_id AND o.deleted_at IS NULL"
    " JOIN directory.environment e ON e.organization_id = k.organization_id AND e.environment = k.environment WHERE k.key = %(key)s"
)


@shape
class Pair:
    email: str | None
    """None: the interface asks for none."""
    secret: str


@shape
class ProvePair:
    pair: Pair
    on_behalf_of: Pair | None = None
    """The pair of the user for whom an add-on acts, whose own is `pair`."""


@dataclass(frozen=True, slots=True)
class Holder(Caller):
    """Who holds a key, with the plan of his tenant."""

    plan: Plan = field(default="AUTOMATIC")


class _Held(NamedTuple):
    id: uuid.UUID
    organization_id: uuid.UUID
    environment: Environment
    secret_hash: str
    status: str
    scopes: list[str] | None
    tenant_id: int
    request_plan: Plan
    email_is_known: bool


def pair_secret(api_key: str, api_secret: str) -> str:
    """The text that clients send as their API key."""
    return f"{api_key}.{api_secret}"


def bearer_secret(api_key: str, api_secret: str) -> str:
    """The text that clients of fynn send as their token."""
    return BEARER + pair_secret(api_key, api_secret)


@operation("pair.prove", permission="", reads=True, directory=True)
def prove_pair(uow: Uow, command: ProvePair) -> Holder:
    """Who holds the pair; an add-on acts as the user for whom it does, and may do no more than either. Whatever is wrong, the refusal is
    the same, and takes as long."""
    held, others = _held(uow, command.pair), command.on_behalf_of
    user = _held(uow, others) if others is not None else held
    if held is None or user is None:
        raise invalid()
    return Holder(
        actor=f"key:{user.id}",
        request_id=uow.ctx.caller.request_id,
        tenant_id=user.tenant_id,
        organization_id=user.organization_id,
        environment=user.environment,
        permissions=within(granted(None, user.scopes), granted(None, held.scopes)),
        plan=user.request_plan,
    )


def _held(uow: Uow, pair: Pair) -> _Held | None:
    key, _, secret = pair.secret.rpartition(".")
    row = uow.first(_Held, _FOUND, {"key": key, "email": pair.email})
    # compared also without a row: the time must not tell whether the key exists, or the e-mail is right
    matches = secret_matches(secret, row.secret_hash if row else None)
    return row if row is not None and matches and row.status == "enabled" and row.email_is_known else None


_HOLDERS: Final[dict[str, Holder]] = {}
"""Whom this process believes, by a keyed digest of the pair: the pair itself is kept nowhere."""


def holder_of_pair(
    runtime: Runtime,
    command: ProvePair,
    request_id: str,
    *,
    at_once: bool = False,
    spoken: Callable[[frozenset[str]], frozenset[str]] = lambda permissions: permissions,
) -> Holder:
    """The caller that holds the pair. `at_once`: what was believed a moment ago does not do. `spoken`: what a dialect makes of the key's
    permissions. Raises UNAUTHENTICATED."""
    pairs = [pair for pair in (command.pair, command.on_behalf_of) if pair is not None]
    said = [text for pair in pairs for text in ("bearer" if pair.email is None else f"={pair.email}", pair.secret)]
    if any("\0" in text or len(text) > LONGEST for text in said):
        raise invalid()
    digest = runtime.secrets.keyed("\0".join(said))
    believed = (STANDS, "pair", digest)
    known = _HOLDERS.get(digest) if not at_once and runtime.is_quiet(believed) else None
    if known is None:
        known = runtime.execute(prove_pair, command, Caller("anyone", request_id))
        if len(_HOLDERS) >= MOST_KNOWN:
            _HOLDERS.clear()
        _HOLDERS[digest] = known
        runtime.keep_quiet({believed: QUIET_SECONDS})
    # `replace` would find out anew what fields there are
    return Holder(
        known.actor,
        request_id,
        known.tenant_id,
        known.organization_id,
        known.environment,
        spoken(known.permissions),
        plan=known.plan,
    )
