"""Invite a user from the command line: the link takes the place of the mail."""

import datetime as dt
import uuid
from collections.abc import Mapping

import msgspec

from contor.commands.terminal import server_address
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.access import InviteUser, ListUsers, MakeLink, invite_user, list_users, make_link
from contor.organizations.types import Listing, UserBody
from contor.runtime.execute import Runtime, validated
from contor.ui.pages import PATH


def invitation(runtime: Runtime, person: Mapping[str, object], organization: str | None) -> tuple[str, dt.datetime]:
    """(link, until when it works). Who is neither invited nor a member is invited as `person` says (e-mail, names, role, scopes); an
    invitation that is already there changes only when more than the e-mail is said."""
    number = organization_named(runtime, organization)
    caller = Caller("cli", "user", organization_id=number, permissions=frozenset({EVERYTHING}))
    body = validated(UserBody, {name: value for name, value in person.items() if value is not None})
    listing = Listing("email", False, 1, 0, (("email", body.email),))
    known = runtime.execute(list_users, ListUsers(str(number), listing), caller).total
    if not known or body.model_fields_set > {"email"}:
        runtime.execute(invite_user, InviteUser(str(number), body), caller)
    made = runtime.execute(make_link, MakeLink(organization_id=number, email=body.email), caller)
    return f"{server_address(runtime.config)}{PATH}?token={made.token}", made.expires_at


def organization_named(runtime: Runtime, organization: str | None) -> uuid.UUID:
    """The id that was given, else that of the demo organization."""
    ident = organization or _demo_organization(runtime)
    try:
        return uuid.UUID(ident)
    except ValueError:
        raise Refused(Kind.INVALID, Problem("organization_invalid", f"{ident!r} is no organization's id.")) from None


def _demo_organization(runtime: Runtime) -> str:
    path = runtime.config.home / "demo.json"
    if not path.exists():
        message = "There is no demo organization; --organization names one."
        raise Refused(Kind.NOT_FOUND, Problem("organization_missing", message))
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])["organization_id"]
