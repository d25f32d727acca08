"""Users: invited by e-mail into an organization; the password is theirs to set, by a one-time link."""

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.organizations.listing import Listable, listed
from contor.organizations.stored import USER, UserRow
from contor.organizations.tree import environments, identifier, organization_in_tree
from contor.organizations.types import Listing, UserBody
from contor.runtime.query import Page
from contor.runtime.rows import columns
from contor.runtime.secrets import hash_of, hash_of_password, new_secret
from contor.runtime.uow import Uow

ORDERS = {name: f"x.{name}" for name in ("email", "id", "first_name", "last_name")}
LINK_HOURS = 72
PASSWORD_MINIMUM = 12


@dataclass(frozen=True, slots=True)
class UserView:
    row: UserRow
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
class RemoveUser:
    organization_id: str
    user_id: str


@operation("user.list", permission="organizations.read", reads=True, directory=True)
def list_users(uow: Uow, command: ListUsers) -> Page:
    """The members of an organization."""
    organization = organization_in_tree(uow, command.organization_id)
    source = (
        f"(SELECT {columns(UserRow, 'u')}, m.organization_id FROM directory.user_account u"
        " JOIN directory.membership m ON m.user_id = u.id)"
    )
    members = Listable(source, "x.organization_id = %(organization)s", {"organization": organization.id}, ORDERS)
    rows, page = listed(uow, command.query, UserRow, members)
    present = tuple(environments(uow, organization.id))
    return dataclasses.replace(page, items=tuple(UserView(row, present) for row in rows))


@operation("user.invite", permission="organizations.write", directory=True)
def invite_user(uow: Uow, command: InviteUser) -> UserView:
    """Make someone a member. A person known already by this e-mail keeps name and password; inviting twice changes nothing."""
    organization = organization_in_tree(uow, command.organization_id)
    body = command.body
    uow.run(
        "INSERT INTO directory.user_account (id, email, first_name, last_name, created_at) VALUES (%s, %s, %s, %s, %s)"
        # the expression of the unique index, by which PostgreSQL finds it
        " ON CONFLICT ((lower(email))) DO NOTHING",
        (uow.new_uuid(), body.email, body.first_name, body.last_name, uow.ctx.now()),
    )
    row = uow.first(UserRow, USER + "lower(email) = lower(%s)", (body.email,))
    if row is None:
        raise AssertionError("the user was just written")
    uow.run(
        "INSERT INTO directory.membership (organization_id, user_id, created_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (organization.id, row.id, uow.ctx.now()),
    )
    uow.audit("user", str(row.id), {"invited_to": organization.id})
    return UserView(row, tuple(environments(uow, organization.id)))


@operation("user.delete", permission="organizations.write", directory=True)
def remove_user(uow: Uow, command: RemoveUser) -> None:
    """End a membership; the person stays."""
    organization = organization_in_tree(uow, command.organization_id)
    number = identifier(command.user_id)
    gone = uow.run("DELETE FROM directory.membership WHERE organization_id = %s AND user_id = %s", (organization.id, number))
    if not gone:
        raise Refused(Kind.NOT_FOUND, Problem("user_not_found", "User not found."))
    uow.audit("user", str(number), {"removed_from": organization.id})


# --- passwords -------------------------------------------------------------------------------------------------------------


@shape
class MakeLink:
    email: str


@shape
class Link:
    token: str
    expires_at: dt.datetime


@shape
class SetPassword:
    token: str
    password: str


@operation("user.make_password_link", permission="organizations.write", directory=True)
def make_password_link(uow: Uow, command: MakeLink) -> Link:
    """A one-time token by which the user sets the password."""
    user = uow.scalar(uuid.UUID, "SELECT id FROM directory.user_account WHERE lower(email) = lower(%s)", (command.email,))
    if user is None:
        raise Refused(Kind.NOT_FOUND, Problem("user_not_found", f"Nobody was invited as {command.email}."))
    token, expires = new_secret(), uow.ctx.now() + dt.timedelta(hours=LINK_HOURS)
    uow.run(
        "INSERT INTO directory.password_link (token_hash, user_id, expires_at) VALUES (%s, %s, %s)",
        (hash_of(token), user, expires),
    )
    uow.audit("user", str(user), {"password_link": True})
    return Link(token=token, expires_at=expires)


@operation("user.set_password", permission="", directory=True)
def set_password(uow: Uow, command: SetPassword) -> None:
    """Use a link: once, in time, with a password worth the name."""
    number = uow.scalar(
        uuid.UUID,
        # who uses it at the same time waits for the row, and then finds it used
        "SELECT user_id FROM directory.password_link WHERE token_hash = %s AND used_at IS NULL AND expires_at > %s FOR UPDATE",
        (hash_of(command.token), uow.ctx.now()),
    )
    if number is None:
        raise Refused(Kind.NOT_FOUND, Problem("link_invalid", "This link was used already or has expired."))
    if not PASSWORD_MINIMUM <= len(command.password) <= 1024:
        message = f"A password has {PASSWORD_MINIMUM} characters or more."
        raise Refused(Kind.INVALID, Problem("password_too_short", message, "password"))
    uow.run("UPDATE directory.user_account SET password_hash = %s WHERE id = %s", (hash_of_password(command.password), number))
    uow.run("UPDATE directory.password_link SET used_at = %s WHERE token_hash = %s", (uow.ctx.now(), hash_of(command.token)))
    uow.audit("user", str(number), {"password_set": True})
