"""How we say to receivers who we are: a token of the receiver's own server (OAuth 2.0, client credentials), Basic, or nothing."""

from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

import msgspec
from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, shape
from contor.notifications import tables
from contor.notifications.recording import SENDING
from contor.notifications.routes.secrets import sealed_credential
from contor.runtime.outbound import Allowed, why_not_called
from contor.runtime.uow import Uow

SecurityType = Literal["OAUTH2", "BASIC", "NONE"]
Secret = Annotated[str, Field(min_length=1, max_length=4096)]
HostName = Annotated[str, Field(min_length=1, max_length=253)]


@shape
class NotificationSecurityBody:
    type: SecurityType
    token_url: Annotated[str, Field(max_length=2048)] | None = None
    """Where a token is asked for (OAUTH2)."""
    client_id: Text255 | None = None
    client_secret: Secret | None = None
    scope: Text255 | None = None
    user_name: Text255 | None = None
    password: Secret | None = None
    hosts: Annotated[tuple[HostName, ...], Field(max_length=100)] = ()
    """Receivers that are told who we are; empty: all."""


@shape
class NotificationSecurityView:
    type: SecurityType
    token_url: str | None = None
    client_id: str | None = None
    scope: str | None = None
    user_name: str | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnSecurity:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class PutSecurity:
    body: NotificationSecurityBody


class StoredSecurity(NamedTuple):
    content: dict[str, object]
    secret: str | None
    version: int


def security_of(uow: Uow) -> StoredSecurity | None:
    """None: receivers are told nothing."""
    return uow.first(StoredSecurity, "SELECT content, secret, version FROM notification_security")


def view_of(stored: StoredSecurity) -> NotificationSecurityView:
    return msgspec.convert(stored.content, NotificationSecurityView)


@operation("notification_security.get", permission="notifications.read", reads=True)
def get_security(uow: Uow, command: OwnSecurity) -> NotificationSecurityView:
    """What receivers are told, without the secret."""
    return view_of(_required(uow))


@operation("notification_security.create", permission="notifications.write")
def create_security(uow: Uow, command: PutSecurity) -> NotificationSecurityView:
    """Say once how receivers know us."""
    uow.lock("notification_security", [""])
    if security_of(uow) is not None:
        message = "There is a security configuration already: PUT replaces it."
        raise Refused(Kind.CONFLICT, Problem("notification_security_exists", message))
    return _stored(uow, command.body, None)


@operation("notification_security.update", permission="notifications.write")
def update_security(uow: Uow, command: PutSecurity) -> NotificationSecurityView:
    """Replace it. A secret that is left out stays, as long as it is told to the same ones."""
    uow.lock("notification_security", [""])
    return _stored(uow, command.body, _required(uow))


def _required(uow: Uow) -> StoredSecurity:
    found = security_of(uow)
    if found is None:
        message = "No security configuration exists: notifications are sent without credentials."
        raise Refused(Kind.NOT_FOUND, Problem("notification_security_not_found", message))
    return found


_NEEDED = {"OAUTH2": ("tokenUrl", "clientId", "clientSecret"), "BASIC": ("userName", "password"), "NONE": ()}
_OPTIONAL = {"OAUTH2": ("scope", "hosts"), "BASIC": ("hosts",), "NONE": ()}
_SECRET = {"OAUTH2": "clientSecret", "BASIC": "password", "NONE": ""}


def _said(body: NotificationSecurityBody) -> dict[str, object]:
    """Every field that belongs to some type, as callers call it."""
    return {
        "tokenUrl": body.token_url,
        "clientId": body.client_id,
        "clientSecret": body.client_secret,
        "scope": body.scope,
        "userName": body.user_name,
        "password": body.password,
        "hosts": body.hosts,
    }


def _stored(uow: Uow, body: NotificationSecurityBody, before: StoredSecurity | None) -> NotificationSecurityView:
    kept = before.secret if before is not None and view_of(before).type == body.type else None
    given = body.client_secret if body.type == "OAUTH2" else body.password
    if problems := _problems(uow, body, has_secret=kept is not None):
        raise Refused(Kind.INVALID, *problems)
    shown = NotificationSecurityView(
        type=body.type,
        token_url=body.token_url,
        client_id=body.client_id,
        scope=body.scope,
        user_name=body.user_name,
        hosts=tuple(sorted({host.lower() for host in body.hosts})),
    )
    if given is None and kept is not None and before is not None and _is_told_to_others(view_of(before), shown):
        message = "is to be said again where it is told to others than before (tokenUrl, hosts)"
        raise Refused(Kind.INVALID, Problem("secret_of_another_server", message, _SECRET[body.type]))
    row = {
        "content": shown,
        "secret": sealed_credential(uow, given) if given is not None else kept,
        "version": uow.next_id(),
        "last_modified_at": uow.ctx.now(),
    }
    uow.run("DELETE FROM notification_security")
    uow.insert(tables.notification_security, [row])
    uow.audit(
        "notification_security", "", {"before": before.content if before else None, "after": shown, "new_secret": bool(given)}
    )
    uow.mark(SENDING)
    return shown


def _is_told_to_others(before: NotificationSecurityView, after: NotificationSecurityView) -> bool:
    """The password goes to receivers, the secret of a client to the server of tokens, and its tokens to receivers."""
    more_hosts = bool(before.hosts) and (not after.hosts or not set(after.hosts) <= set(before.hosts))
    return before.token_url != after.token_url or more_hosts


def _problems(uow: Uow, body: NotificationSecurityBody, *, has_secret: bool) -> list[Problem]:
    said, needed, secret = _said(body), _NEEDED[body.type], _SECRET[body.type]
    found = [
        Problem("field_required", f"is needed where type is {body.type}", name)
        for name in needed
        if said[name] is None and not (name == secret and has_secret)
    ]
    found += [
        Problem("field_not_expected", f"has no effect where type is {body.type}", name)
        for name, value in said.items()
        if value and name not in needed and name not in _OPTIONAL[body.type]
    ]
    if body.type == "OAUTH2" and body.token_url is not None:
        why = why_not_called(body.token_url, Allowed.of_calls(uow.runtime.config))
        found += [Problem("url_not_called", why, "tokenUrl", body.token_url[:200])] if why else []
    return found
