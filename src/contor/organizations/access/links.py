"""One-time links: by an invitation's the invited person joins, by another one a member sets the password anew."""

import datetime as dt
import uuid
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, shape
from contor.organizations.access.users import accept, member
from contor.organizations.tree import organization_in_tree
from contor.runtime.secrets import hash_of, hash_of_password, new_secret
from contor.runtime.uow import Uow

LINK_PATH = "/account/password"
"""The page behind a link, which is given the token."""
LINK_HOURS = 72
PASSWORD_MINIMUM, PASSWORD_MAXIMUM = 12, 1024


@shape
class MakeLink:
    organization_id: uuid.UUID
    email: str


@shape
class Link:
    token: str
    expires_at: dt.datetime
    is_invitation: bool


@shape
class ReadLink:
    token: str


@shape
class LinkView:
    """What the page behind a link asks for."""

    organization: str | None
    """Who invites; None: the password is set anew."""
    wants_password: bool
    """The person has none yet, or wants another one."""
    first_name: str
    last_name: str
    """What the invitation says, for the person to put right."""


@shape
class UseLink:
    token: str
    password: str = ""
    first_name: Text255 | None = None
    last_name: Text255 | None = None


class _Open(NamedTuple):
    """A link that works, with its person."""

    user_id: uuid.UUID
    organization_id: uuid.UUID | None
    password_hash: str | None


@operation("user.make_link", permission="organizations.write", directory=True)
def make_link(uow: Uow, command: MakeLink) -> Link:
    """A one-time token for the person: to accept the invitation, or, as a member, to set the password. By the command line, and for
    the mail that goes to the person: who invites must not be able to accept."""
    organization = organization_in_tree(uow, command.organization_id)
    user = uow.scalar(uuid.UUID, "SELECT id FROM directory.user_account WHERE lower(email) = lower(%s)", (command.email,))
    invited = member(uow, organization.id, user).accepted_at is None
    token, expires = new_secret(), uow.ctx.now() + dt.timedelta(hours=LINK_HOURS)
    uow.run(
        "INSERT INTO directory.password_link (token_hash, user_id, expires_at, organization_id) VALUES (%s, %s, %s, %s)",
        (hash_of(token), user, expires, organization.id if invited else None),
    )
    uow.audit("user", str(user), {"invitation_link" if invited else "password_link": True})
    return Link(token=token, expires_at=expires, is_invitation=invited)


@operation("user.read_link", permission="", reads=True, directory=True)
def read_link(uow: Uow, command: ReadLink) -> LinkView:
    """What a link is for. Only its holder learns it."""
    found = _open(uow, command.token)
    if found.organization_id is None:
        return LinkView(organization=None, wants_password=True, first_name="", last_name="")
    name = uow.scalar(str, "SELECT name FROM directory.organization WHERE id = %s", (found.organization_id,))
    invited = member(uow, found.organization_id, found.user_id)
    return LinkView(
        organization=name or "",
        wants_password=found.password_hash is None,
        first_name=invited.first_name or "",
        last_name=invited.last_name or "",
    )


@operation("user.use_link", permission="", directory=True)
def use_link(uow: Uow, command: UseLink) -> None:
    """Use a link: once, in time. An invitation makes a member of the person, who sets password and name where there are none; otherwise
    the password is set anew."""
    found = _open(uow, command.token, lock=True)
    joins, is_new = found.organization_id is not None, found.password_hash is None
    if is_new or not joins:
        _set_password(uow, found.user_id, command.password)
    if joins and is_new:
        names = (command.first_name, command.last_name)
        uow.run("UPDATE directory.user_account SET first_name = %s, last_name = %s WHERE id = %s", (*names, found.user_id))
    if found.organization_id is not None:
        accept(uow, found.organization_id, found.user_id, uow.ctx.now())
    uow.run("UPDATE directory.password_link SET used_at = %s WHERE token_hash = %s", (uow.ctx.now(), hash_of(command.token)))


def _set_password(uow: Uow, user_id: uuid.UUID, password: str) -> None:
    if len(password) < PASSWORD_MINIMUM:
        message = f"A password has {PASSWORD_MINIMUM} characters or more."
        raise Refused(Kind.INVALID, Problem("password_too_short", message, "password"))
    if len(password) > PASSWORD_MAXIMUM:
        message = f"A password has {PASSWORD_MAXIMUM} characters or fewer."
        raise Refused(Kind.INVALID, Problem("password_too_long", message, "password"))
    uow.run("UPDATE directory.user_account SET password_hash = %s WHERE id = %s", (hash_of_password(password), user_id))
    uow.audit("user", str(user_id), {"password_set": True})


def _open(uow: Uow, token: str, *, lock: bool = False) -> _Open:
    """Raises NOT_FOUND for a link that was used, is too old, or whose invitation was taken back."""
    found = uow.first(
        _Open,
        "SELECT l.user_id, l.organization_id, u.password_hash FROM directory.password_link l"
        " JOIN directory.user_account u ON u.id = l.user_id LEFT JOIN directory.membership m ON m.user_id = l.user_id"
        " AND m.organization_id = l.organization_id WHERE l.token_hash = %s AND l.used_at IS NULL AND l.expires_at > %s"
        # who uses it at the same time waits for the row, and then finds it used
        f" AND (l.organization_id IS NULL OR m.user_id IS NOT NULL){' FOR UPDATE OF l' if lock else ''}",
        (hash_of(token), uow.ctx.now()),
    )
    if found is None:
        raise Refused(Kind.NOT_FOUND, Problem("link_invalid", "This link was used already or has expired."))
    return found
