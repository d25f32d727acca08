"""GET /users/me: the smallest route of the dialect, and how the others are made.

An operation `fynn.<noun>_<verb>` reads and calls the core, and answers a shape of `answers.py`; a row in the part's `__init__.py` binds it
to a path and says fynn's permission; `tests/dialects/fynn/cases/account.getCurrentUser.json` says what it answers.
"""

from dataclasses import dataclass

from contor.api.fynn.account.answers import UserShown
from contor.api.fynn.manners import known_when
from contor.kernel.context import EVERYTHING
from contor.kernel.operations import operation
from contor.organizations.access import acting
from contor.organizations.rights import FYNN_SCOPES
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Nothing:
    """No input."""


@operation("fynn.user_me", permission="organizations.read", reads=True, directory=True)
def me(uow: Uow, command: Nothing) -> UserShown:
    """Who asks, with what he may do in this dialect."""
    found, held = acting(uow), uow.ctx.caller.permissions
    return UserShown(
        id=str(found.id),
        email=found.email,
        first_name=found.first_name,
        last_name=found.last_name,
        status="active",
        roles=(found.role,) if found.role else (),
        permissions=tuple(sorted(FYNN_SCOPES if EVERYTHING in held else held & FYNN_SCOPES.keys())),
        created_at=known_when(found.created_at),
    )
