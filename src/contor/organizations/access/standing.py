"""Whether the key or membership behind a token, and the login that it came of, still stand. A token says what was true when it was made;
each request asks again.

What was found to stand is believed for a second. Whoever takes something away lets its own process forget that at once.
"""

from typing import Final, NamedTuple

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.organizations.rights import exceeds, granted
from contor.organizations.tree import STANDS, identifier
from contor.runtime.execute import Runtime
from contor.runtime.uow import QUIET_SECONDS, Uow

_KEY = (
    "SELECT NULL::text AS role, k.scopes FROM directory.api_key k"
    " JOIN directory.organization o ON o.id = k.organization_id AND o.deleted_at IS NULL"
    " WHERE k.id = %s AND k.organization_id = %s AND k.status = 'enabled'"
)
_MEMBER = (
    "SELECT m.role, m.scopes FROM directory.membership m"
    " JOIN directory.organization o ON o.id = m.organization_id AND o.deleted_at IS NULL"
    " WHERE m.accepted_at IS NOT NULL AND m.locked_at IS NULL AND m.user_id = %s AND m.organization_id = %s"
)
_ENDED = "SELECT true FROM directory.refresh_family WHERE id = %s AND revoked_at IS NOT NULL"
_OF: Final = {"key": _KEY, "user": _MEMBER}


class _Rights(NamedTuple):
    role: str | None
    scopes: list[str] | None


@operation("caller.stands", permission="", reads=True, directory=True)
def stands(uow: Uow, command: Caller) -> bool:
    """Whether the key is enabled, or the person still a member, may still do what the token says, the organization is not closed, and
    nobody used a refresh token of this login twice."""
    kind, _, name = command.actor.partition(":")
    number = identifier(name)
    if kind not in _OF or number is None or (command.login and uow.scalar(bool, _ENDED, (command.login,))):
        return False
    held = uow.first(_Rights, _OF[kind], (number, command.organization_id))
    return held is not None and not exceeds(command.permissions, granted(held.role, held.scopes))


def require_standing(runtime: Runtime, caller: Caller, *, at_once: bool) -> None:
    """Raises UNAUTHENTICATED when what the token rests on was taken away. `at_once`: what was believed a moment ago does not do, as for
    changes of keys and organizations themselves."""
    believed = (STANDS, caller.actor, caller.organization_id, caller.permissions, caller.login)
    if not at_once and runtime.is_quiet(believed):
        return
    if not runtime.execute(stands, caller, Caller("anyone", caller.request_id)):
        raise Refused(
            Kind.UNAUTHENTICATED,
            Problem("token_revoked", "The key or membership behind this token stands no longer, or may do less."),
        )
    runtime.keep_quiet({believed: QUIET_SECONDS})
