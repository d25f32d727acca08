"""Invite a user from the command line: the link takes the place of the mail."""

import datetime as dt
import uuid

import msgspec

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.access import InviteUser, MakeLink, invite_user, make_password_link
from contor.organizations.types import UserBody
from contor.runtime.execute import Runtime, validated
from contor.ui.pages import PATH


def invitation(
    runtime: Runtime, email: str, organization: str | None, first_name: str | None = None, last_name: str | None = None
) -> tuple[str, dt.datetime]:
    """(link, until when it works) for a member of the organization; someone who is none yet becomes one."""
    ident = organization or _demo_organization(runtime)
    try:
        number = uuid.UUID(ident)
    except ValueError:
        raise Refused(Kind.INVALID, Problem("organization_invalid", f"{ident!r} is no organization's id.")) from None
    caller = Caller("cli", "user", organization_id=number, permissions=frozenset({EVERYTHING}))
    body = validated(UserBody, {"email": email, "first_name": first_name, "last_name": last_name})
    runtime.execute(invite_user, InviteUser(str(number), body), caller)
    made = runtime.execute(make_password_link, MakeLink(email=email), caller)
    address = f"http://{runtime.config.host}:{runtime.config.port}"
    return f"{address}{PATH}?token={made.token}", made.expires_at


def _demo_organization(runtime: Runtime) -> str:
    path = runtime.config.home / "demo.json"
    if not path.exists():
        message = "There is no demo organization; --organization names one."
        raise Refused(Kind.NOT_FOUND, Problem("organization_missing", message))
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])["organization_id"]
