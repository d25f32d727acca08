"""Users: invited by e-mail into an organization with a role; who is invited becomes a member by accepting."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.organizations.events import Invited, UserInvited
from contor.organizations.listing import Listable, listed
from contor.organizations.rights import exceeds, granted
from contor.organizations.stored import MEMBERS, MemberRow
from contor.organizations.tree import contacts_named, environments, forget_standing, identifier, organization_in_tree
from contor.organizations.types import Listing, UserBody, UserRights
from contor.runtime.db import ENCODER
from contor.runtime.query import Page
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

ORDERS = {name: f"x.{name}" for name in ("email", "id", "first_name", "last_name")}


class _Rights(NamedTuple):
    """What an invitation gives."""

    role: str
    scopes: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class UserView:
    row: MemberRow
    environments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListUsers:
    organization_id: str
    query: Listing


@dataclass(frozen=True, slots=True)
class InviteUser:
    organization_id: str
    body: UserBody


@dataclass(frozen=True, slots=True)
class ChangeRights:
    organization_id: str
    user_id: str
    body: UserRights


@dataclass(frozen=True, slots=True)
class LockUser:
    organization_id: str
    user_id: str
    locked: bool = True


@dataclass(frozen=True, slots=True)
class OneUser:
    organization_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class RemoveUser:
    organization_id: str
    user_id: str


@operation("user.list", permission="organizations.read", reads=True, directory=True)
def list_users(uow: Uow, command: ListUsers) -> Page:
    """The members of an organization, and who is invited."""
    organization = organization_in_tree(uow, command.organization_id)
    members = Listable(MEMBERS, "x.organization_id = %(organization)s", {"organization": organization.id}, ORDERS)
    rows, page = listed(uow, command.query, MemberRow, members)
    present = tuple(environments(uow, organization.id))
    return dataclasses.replace(page, items=tuple(UserView(row, present) for row in rows))


@operation("user.invite", permission="organizations.write", directory=True)
def invite_user(uow: Uow, command: InviteUser) -> UserView:
    """Invite someone under the names that are sent: what others call the person stays theirs, and the person's own name is the
    person's to give. Inviting again replaces an invitation that was not accepted; a member stays as is."""
    organization = organization_in_tree(uow, command.organization_id)
    _reaches(uow, organization.id)
    body = command.body
    rights = _given(uow, body)
    uow.run(
        "INSERT INTO directory.user_account (id, email, created_at) VALUES (%s, %s, %s)"
        # the expression of the unique index, by which PostgreSQL finds it
        " ON CONFLICT ((lower(email))) DO NOTHING",
        (uow.new_uuid(), body.email, uow.ctx.now()),
    )
    sql = "SELECT id FROM directory.user_account WHERE lower(email) = lower(%s)"
    (number,) = uow.column(uuid.UUID, sql, (body.email,))
    _may_replace(uow, organization.id, number)
    uow.run(
        "INSERT INTO directory.membership (organization_id, user_id, created_at, role, scopes, first_name, last_name)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (organization_id, user_id) DO UPDATE SET role = excluded.role,"
        " scopes = excluded.scopes, first_name = excluded.first_name, last_name = excluded.last_name"
        " WHERE directory.membership.accepted_at IS NULL",
        (organization.id, number, uow.ctx.now(), rights["role"], rights["scopes"], body.first_name, body.last_name),
    )
    row = member(uow, organization.id, number)
    uow.audit("user", str(number), {"invited_to": organization.id, "role": row.role, "scopes": row.scopes})
    if row.accepted_at is None:
        name = organization.display_name or organization.name
        tenant = _tenant_of(uow, organization.id)
        invited = Invited(body.email, body.first_name, body.last_name, name, organization.country_code, tenant)
        uow.emit(UserInvited(user_id=number, organization_id=organization.id, invited=invited))
    return UserView(row._replace(email=body.email), tuple(environments(uow, organization.id)))


def _tenant_of(uow: Uow, organization_id: uuid.UUID) -> int | None:
    """LIVE before TEST; where the organization has neither, that of who invites."""
    sql = "SELECT id FROM directory.environment WHERE organization_id = %s ORDER BY environment LIMIT 1"
    found = uow.scalar(int, sql, (organization_id,))
    return found if found is not None else uow.scalar(int, sql, (uow.ctx.caller.organization_id,))


@operation("user.change_rights", permission="organizations.write", directory=True)
def change_rights(uow: Uow, command: ChangeRights) -> UserView:
    """Give a member another role. A token that says more than it ends; one that says less is good for what it says."""
    organization = organization_in_tree(uow, command.organization_id)
    _reaches(uow, organization.id)
    before = member(uow, organization.id, identifier(command.user_id), lock=True)
    _may_give(uow, granted(before.role, before.scopes))  # who holds less takes nothing from who holds more
    if not command.body.model_fields_set:
        return UserView(before, tuple(environments(uow, organization.id)))
    rights = _given(uow, command.body)
    _not_by_oneself(uow, organization.id, before, str(rights["role"]))
    uow.run(
        "UPDATE directory.membership SET role = %s, scopes = %s WHERE organization_id = %s AND user_id = %s",
        (rights["role"], rights["scopes"], organization.id, before.id),
    )
    forget_standing(uow)
    after = member(uow, organization.id, before.id)
    change = {"before": [before.role, before.scopes], "after": [after.role, after.scopes], "organization": organization.id}
    uow.audit("user", str(before.id), change)
    return UserView(after, tuple(environments(uow, organization.id)))


@operation("user.get", permission="organizations.read", reads=True, directory=True)
def get_user(uow: Uow, command: OneUser) -> UserView:
    """One member, or who is invited."""
    organization = organization_in_tree(uow, command.organization_id)
    return UserView(member(uow, organization.id, identifier(command.user_id)), tuple(environments(uow, organization.id)))


@operation("user.lock", permission="organizations.write", directory=True)
def lock_user(uow: Uow, command: LockUser) -> UserView:
    """Shut a member out: tokens end at once and no password opens anything here, until it is unlocked. Rights and contacts stay. Nobody
    locks himself."""
    organization = organization_in_tree(uow, command.organization_id)
    _reaches(uow, organization.id)
    before = member(uow, organization.id, identifier(command.user_id), lock=True)
    _may_give(uow, granted(before.role, before.scopes))
    if before.accepted_at is None:
        message = "The user has not accepted the invitation: take it back instead."
        raise Refused(Kind.ILLEGAL_STATE, Problem("user_only_invited", message))
    if command.locked and f"user:{before.id}" == uow.ctx.actor:
        raise Refused(Kind.ILLEGAL_STATE, Problem("user_is_own", "Nobody locks himself; another user does it."))
    if command.locked is not (before.locked_at is not None):
        uow.run(
            "UPDATE directory.membership SET locked_at = %s WHERE organization_id = %s AND user_id = %s",
            (uow.ctx.now() if command.locked else None, organization.id, before.id),
        )
        uow.audit("user", str(before.id), {"locked": command.locked, "organization": organization.id})
        forget_standing(uow)
    return UserView(member(uow, organization.id, before.id), tuple(environments(uow, organization.id)))


@operation("user.delete", permission="organizations.write", directory=True)
def remove_user(uow: Uow, command: RemoveUser) -> None:
    """End a membership and the tokens that rest on it, or take an invitation back; the person stays. Refused while the organizations
    name the person as a contact."""
    organization = organization_in_tree(uow, command.organization_id)
    _reaches(uow, organization.id)
    row = member(uow, organization.id, identifier(command.user_id), lock=True)
    _may_give(uow, granted(row.role, row.scopes))
    _not_by_oneself(uow, organization.id, row, "")
    if named := contacts_named(uow, organization.id, row.id):
        message = f"The user is a contact: {', '.join(named)}."
        raise Refused(Kind.CONFLICT, Problem("user_in_use", message))
    uow.run("DELETE FROM directory.membership WHERE organization_id = %s AND user_id = %s", (organization.id, row.id))
    forget_standing(uow)
    uow.audit("user", str(row.id), {"removed_from": organization.id})


def member(uow: Uow, organization_id: uuid.UUID, user_id: uuid.UUID | None, *, lock: bool = False) -> MemberRow:
    """The person in the organization. Raises NOT_FOUND."""
    key = (organization_id, user_id)
    if lock:
        uow.run("SELECT 1 FROM directory.membership WHERE organization_id = %s AND user_id = %s FOR UPDATE", key)
    sql = f"SELECT {columns(MemberRow, 'x')} FROM {MEMBERS} x WHERE organization_id = %s AND id = %s"
    row = uow.first(MemberRow, sql, key)
    if row is None:
        raise Refused(Kind.NOT_FOUND, Problem("user_not_found", "User not found."))
    return row


def accept(uow: Uow, organization_id: uuid.UUID, user_id: uuid.UUID, at: dt.datetime) -> None:
    """From now on the person is a member, whoever asks again."""
    sql = "UPDATE directory.membership SET accepted_at = %s WHERE organization_id = %s AND user_id = %s AND accepted_at IS NULL"
    if uow.run(sql, (at, organization_id, user_id)):
        uow.audit("user", str(user_id), {"joined": organization_id})


def _given(uow: Uow, body: UserRights) -> Fields:
    """Role and scopes as they are stored."""
    _may_give(uow, granted(body.role, body.scopes))
    return {"role": body.role, "scopes": None if body.scopes is None else ENCODER.encode(sorted(set(body.scopes))).decode()}


def _may_give(uow: Uow, wanted: frozenset[str]) -> None:
    """Nobody gives, or takes, more than he has. Raises FORBIDDEN."""
    if exceeds(wanted, uow.ctx.caller.permissions):
        message = "Only who may do as much oneself can give or take these rights."
        raise Refused(Kind.FORBIDDEN, Problem("rights_exceed_own", message, "role"))


def _reaches(uow: Uow, organization_id: uuid.UUID) -> None:
    """A person may enter every environment of the organization. So where there is LIVE, a key of TEST neither makes nor changes members:
    else it would reach through them what it must not. Raises FORBIDDEN."""
    caller = uow.ctx.caller
    if caller.environment == "TEST" and caller.actor.startswith("key:") and "LIVE" in environments(uow, organization_id):
        message = "A key of TEST does not change who is a member of an organization with LIVE: a user does, or a key of LIVE."
        raise Refused(Kind.FORBIDDEN, Problem("environment_exceeds_own", message))


def _may_replace(uow: Uow, organization_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """An invitation that waits is replaced by who could have given it. Raises FORBIDDEN."""
    sql = "SELECT role, scopes FROM directory.membership WHERE organization_id = %s AND user_id = %s AND accepted_at IS NULL FOR UPDATE"
    waiting = uow.first(_Rights, sql, (organization_id, user_id))
    if waiting is not None:
        _may_give(uow, granted(waiting.role, waiting.scopes))


def _not_by_oneself(uow: Uow, organization_id: uuid.UUID, before: MemberRow, role: str) -> None:
    """Raises ILLEGAL_STATE where the caller would shut himself out: a user is no Administrator only by another's hand."""
    if f"user:{before.id}" == uow.ctx.actor and before.role == "ADMINISTRATOR" and role != "ADMINISTRATOR":
        message = "Nobody takes the Administrator's role from oneself; another Administrator does it."
        raise Refused(Kind.ILLEGAL_STATE, Problem("rights_are_own", message, "role"))
