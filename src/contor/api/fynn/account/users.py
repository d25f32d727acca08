"""Users and roles. GET /users/me is the smallest route of the dialect, and how the others are made.

An operation `fynn.<noun>_<verb>` reads and calls the core, and answers a shape of `answers.py`; a row in the part's `__init__.py` binds it
to a path and says fynn's permission; `tests/dialects/fynn/cases/account.getCurrentUser.json` says what it answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from contor.api.fynn.account.answers import RoleShown, UserShown
from contor.api.fynn.account.types import RoleChange, UserInvitation
from contor.api.fynn.manners import known_when
from contor.api.route import By, Sought
from contor.kernel.context import EVERYTHING
from contor.kernel.operations import operation
from contor.organizations import access
from contor.organizations.access import UserView, acting
from contor.organizations.rights import FYNN_SCOPES, ROLES, granted, spoken_by_fynn
from contor.organizations.types import Listing, UserBody, UserRights
from contor.runtime.execute import validated
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.uow import Uow, not_found

LISTED: Final = Filterable({}, default_sort="")
"""The directory has its own way of lists, see `_listing`."""
SOUGHT: Final = Sought(
    by={"email": By(field="email"), "firstName": By(field="first_name"), "lastName": By(field="last_name")},
    order={"email": "email", "firstName": "first_name", "lastName": "last_name"},
)


@dataclass(frozen=True, slots=True)
class Nothing:
    """No input."""


@dataclass(frozen=True, slots=True)
class Listed:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class One:
    id: str


@dataclass(frozen=True, slots=True)
class Invited:
    body: UserInvitation


@dataclass(frozen=True, slots=True)
class Changed:
    id: str
    body: RoleChange


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
        roles=(found.role.lower(),) if found.role else (),
        permissions=tuple(sorted(FYNN_SCOPES if EVERYTHING in held else held & FYNN_SCOPES.keys())),
        tenant_id=_own(uow),
        created_at=known_when(found.created_at),
    )


@operation("fynn.user_list", permission="organizations.read", reads=True, directory=True)
def list_users(uow: Uow, command: Listed) -> Page:
    """Members of the organization, and who is invited."""
    page = access.list_users(uow, access.ListUsers(_own(uow), _listing(command.query)))
    return replace(page, items=tuple(_user(uow, one) for one in cast(Sequence[UserView], page.items)))


@operation("fynn.user_get", permission="organizations.read", reads=True, directory=True)
def get_user(uow: Uow, command: One) -> UserShown:
    """One of them."""
    return _user(uow, access.get_user(uow, access.OneUser(_own(uow), command.id)))


@operation("fynn.user_invite", permission="organizations.write", directory=True)
def invite_user(uow: Uow, command: Invited) -> UserShown:
    """Invite somebody by e-mail; inviting again replaces an invitation that waits."""
    body = command.body
    said = {"email": body.email, "first_name": body.first_name, "last_name": body.last_name, "role": body.role.upper()}
    wanted = validated(UserBody, {name: value for name, value in said.items() if value is not None})
    return _user(uow, access.invite_user(uow, access.InviteUser(_own(uow), wanted)))


@operation("fynn.user_change", permission="organizations.write", directory=True)
def change_user(uow: Uow, command: Changed) -> UserShown:
    """Give a user another role."""
    rights = validated(UserRights, {"role": command.body.role.upper()})
    return _user(uow, access.change_rights(uow, access.ChangeRights(_own(uow), command.id, rights)))


@operation("fynn.user_lock", permission="organizations.write", directory=True)
def lock_user(uow: Uow, command: One) -> UserShown:
    """Shut a user out at once."""
    return _user(uow, access.lock_user(uow, access.LockUser(_own(uow), command.id)))


@operation("fynn.user_unlock", permission="organizations.write", directory=True)
def unlock_user(uow: Uow, command: One) -> UserShown:
    """Let a user in again."""
    return _user(uow, access.lock_user(uow, access.LockUser(_own(uow), command.id, locked=False)))


@operation("fynn.user_remove", permission="organizations.write", directory=True)
def remove_user(uow: Uow, command: One) -> None:
    """End a membership, or take an invitation back."""
    access.remove_user(uow, access.RemoveUser(_own(uow), command.id))


@operation("fynn.role_list", permission="organizations.read", reads=True, directory=True)
def list_roles(uow: Uow, command: Listed) -> Page:
    """The roles that a user can have."""
    wanted = command.query.page
    return Page(tuple(_ROLES[wanted.offset : wanted.offset + wanted.size]), wanted.number, wanted.size, len(_ROLES))


@operation("fynn.role_get", permission="organizations.read", reads=True, directory=True)
def get_role(uow: Uow, command: One) -> RoleShown:
    """One of them."""
    found = [role for role in _ROLES if role.id == command.id]
    if not found:
        raise not_found("role", command.id)
    return found[0]


def _own(uow: Uow) -> str:
    return str(uow.ctx.caller.organization_id)


def _listing(query: ListQuery) -> Listing:
    """The directory's form of a list: equal values, one order."""
    terms = query.where.terms if isinstance(query.where, All) else (query.where,) if query.where is not None else ()
    filters = tuple((term.field, term.values[0].text) for term in terms if isinstance(term, Comparison))
    first = query.order[0] if query.order else None
    order, down = (first.field, first.direction == "desc") if first else ("email", False)
    return Listing(order, down, query.page.size, query.page.offset, filters)


def _user(uow: Uow, view: UserView) -> UserShown:
    row = view.row
    return UserShown(
        id=str(row.id),
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        status="invited" if row.accepted_at is None else "locked" if row.locked_at is not None else "active",
        roles=(row.role.lower(),),
        permissions=_spoken(granted(row.role, row.scopes)),
        tenant_id=_own(uow),
        created_at=known_when(row.created_at),
    )


def _spoken(held: Iterable[str]) -> tuple[str, ...]:
    """By fynn's names."""
    given = frozenset(held)
    return tuple(sorted(FYNN_SCOPES if EVERYTHING in given else spoken_by_fynn(given)))


_ROLES: Final = [
    RoleShown(id=name.lower(), name=name.replace("_", "-").capitalize(), permissions=_spoken(held), is_system=True)
    for name, held in ROLES.items()
]
