"""How a tenant's mails are sent: by which server, from whom, and which kinds by themselves. The password is sealed and never shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple, cast

import msgspec
from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, shape
from contor.notifications.mail import tables
from contor.notifications.mail.addresses import Address, address_problem
from contor.notifications.mail.work import MAILING
from contor.runtime.config import Config
from contor.runtime.outbound import Allowed, MailServer, OwnServer, Security, own_server, server_problem
from contor.runtime.uow import Uow

AutomaticKind = Literal[
    "DOCUMENT",
    "DUNNING_LETTER",
    "PAYMENT_RECEIVED",
    "PAYMENT_FAILED",
    "MANDATE",
    "SUBSCRIPTION_CANCELLED",
    "ROUTE_PAUSED",
    "DIGEST",
]
Host = Annotated[str, Field(min_length=1, max_length=253)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Credential = Annotated[str, Field(min_length=1, max_length=500)]
Megabytes = Annotated[int, Field(ge=1, le=50)]
Few = Field(max_length=10)
_READABLE = re.compile(r"[ -~]+")


@shape
class MailServerBody:
    host: Host
    port: Port = 587
    security: Security = "STARTTLS"
    user_name: Credential | None = None
    password: Credential | None = None
    """May be left out of a change, as long as it is told to the same server for the same user."""


@shape
class MailServerView:
    host: str
    port: int
    security: Security
    user_name: str | None = None


@shape
class MailConfigurationBody:
    sender: Address
    sender_name: Text255 | None = None
    server: MailServerBody | None = None
    """Without one the installation's server sends, in its own name."""
    reply_to: Address | None = None
    bcc: Annotated[tuple[Address, ...], Few] = ()
    kinds: Annotated[tuple[AutomaticKind, ...], Field(max_length=8)] = ()
    """What is sent by itself."""
    notice_recipients: Annotated[tuple[Address, ...], Few] = ()
    """Who gets ROUTE_PAUSED and DIGEST."""
    test_recipient: Address | None = None
    """Who gets everything that is meant for customers, in a TEST environment; without one it is held."""
    most_attachment_megabytes: Megabytes = 10


@shape
class MailConfigurationView:
    sender: str
    sender_name: str | None = None
    server: MailServerView | None = None
    reply_to: str | None = None
    bcc: tuple[str, ...] = ()
    kinds: tuple[AutomaticKind, ...] = ()
    notice_recipients: tuple[str, ...] = ()
    test_recipient: str | None = None
    most_attachment_megabytes: int = 10


@dataclass(frozen=True, slots=True)
class OwnMail:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class PutMail:
    body: MailConfigurationBody


class StoredMail(NamedTuple):
    content: dict[str, object]
    password: str | None


class Posting(NamedTuple):
    """By which server something is sent, and from whom."""

    server: MailServer
    sender: str
    sender_name: str | None
    reply_to: str | None
    bcc: tuple[str, ...]
    is_own: bool
    """It is the installation's."""


def stored_mail(uow: Uow) -> StoredMail | None:
    return uow.first(StoredMail, "SELECT content, password FROM mail_configuration")


def configured(uow: Uow) -> MailConfigurationView | None:
    """None: the tenant sends no mail by itself."""
    found = stored_mail(uow)
    return None if found is None else view_of(found)


def view_of(stored: StoredMail) -> MailConfigurationView:
    return msgspec.convert(stored.content, MailConfigurationView)


def installation_server(config: Config) -> OwnServer | None:
    return None if config.smtp_url is None else own_server(config.smtp_url)


def posting_of(uow: Uow, *, is_of_installation: bool) -> Posting | None:
    """`is_of_installation`: what it says is said by the installation first, as invitations are. None: there is no server."""
    stored, own = stored_mail(uow), installation_server(uow.runtime.config)
    view = None if stored is None else view_of(stored)
    if view is not None and view.server is not None and not (is_of_installation and own is not None):
        server = view.server
        password = None if stored is None or stored.password is None else uow.runtime.secrets.unseal(stored.password, _place(uow))
        made = MailServer(server.host, server.port, server.security, server.user_name, password)
        return Posting(made, view.sender, view.sender_name, view.reply_to, view.bcc, is_own=False)
    if own is None:
        return None
    if view is None or is_of_installation:
        return Posting(own.server, own.sender, None, None, (), is_own=True)
    # the receiving side compares the sender with the server (RFC 7208): whose it is in truth, answers go to the company
    return Posting(own.server, own.sender, view.sender_name, view.reply_to or view.sender, view.bcc, is_own=True)


@operation("mail_configuration.get", permission="notifications.read", reads=True)
def get_mail_configuration(uow: Uow, command: OwnMail) -> MailConfigurationView:
    """How mails are sent, without the password."""
    found = configured(uow)
    if found is None:
        message = "No mail configuration exists: nothing is mailed by itself."
        raise Refused(Kind.NOT_FOUND, Problem("mail_configuration_not_found", message))
    return found


@operation("mail_configuration.update", permission="notifications.write")
def put_mail_configuration(uow: Uow, command: PutMail) -> MailConfigurationView:
    """Say how mails are sent, in place of what was said before. What waits is sent so, too."""
    uow.lock("mail_configuration", [""])
    body, before = command.body, stored_mail(uow)
    kept = before.password if before is not None and _is_same_server(view_of(before).server, body.server) else None
    if problems := list(_problems(uow, body, has_password=kept is not None)):
        raise Refused(Kind.INVALID, *problems)
    server = body.server
    shown = MailConfigurationView(
        sender=body.sender,
        sender_name=body.sender_name,
        server=None if server is None else _shown(server),
        reply_to=body.reply_to,
        bcc=tuple(dict.fromkeys(body.bcc)),
        kinds=cast(tuple[AutomaticKind, ...], tuple(dict.fromkeys(body.kinds))),
        notice_recipients=tuple(dict.fromkeys(body.notice_recipients)),
        test_recipient=body.test_recipient,
        most_attachment_megabytes=body.most_attachment_megabytes,
    )
    given = None if server is None else server.password
    password = uow.runtime.secrets.seal(given, _place(uow)) if given is not None else kept
    uow.run("DELETE FROM mail_configuration")
    uow.insert(tables.mail_configuration, [{"content": shown, "password": password, "last_modified_at": uow.ctx.now()}])
    change = {"before": before.content if before else None, "after": shown, "new_password": given is not None}
    uow.audit("mail_configuration", "", change)
    uow.mark(MAILING)
    return shown


def _shown(server: MailServerBody) -> MailServerView:
    return MailServerView(host=server.host.lower(), port=server.port, security=server.security, user_name=server.user_name)


def _is_same_server(before: MailServerView | None, after: MailServerBody | None) -> bool:
    """The password is told to whom it was told before, and as safely."""
    if before is None or after is None:
        return False
    is_safe = after.security != "NONE" or before.security == "NONE"
    return is_safe and (before.host, before.port, before.user_name) == (after.host.lower(), after.port, after.user_name)


def _problems(uow: Uow, body: MailConfigurationBody, *, has_password: bool) -> Iterator[Problem]:
    named: list[tuple[str, str | None]] = [
        ("sender", body.sender),
        ("replyTo", body.reply_to),
        ("testRecipient", body.test_recipient),
        *((f"bcc[{place}]", one) for place, one in enumerate(body.bcc)),
        *((f"noticeRecipients[{place}]", one) for place, one in enumerate(body.notice_recipients)),
    ]
    for name, address in named:
        if address is not None and (why := address_problem(address)) is not None:
            yield Problem("mail_address_invalid", why, name, address)
    if {"ROUTE_PAUSED", "DIGEST"} & set(body.kinds) and not body.notice_recipients:
        yield Problem("field_required", "is needed where ROUTE_PAUSED or DIGEST is sent", "noticeRecipients")
    server = body.server
    if server is None:
        if installation_server(uow.runtime.config) is None:
            yield Problem(
                "field_required", "is needed: this installation has no mail server of its own (CONTOR_SMTP_URL)", "server"
            )
        return
    if why := server_problem(server.host, server.port, server.security, Allowed.of_calls(uow.runtime.config)):
        yield Problem("mail_server_invalid", why, "server.host", server.host)
    for name, value in (("server.userName", server.user_name), ("server.password", server.password)):
        if value is not None and not _READABLE.fullmatch(value):
            yield Problem("credential_invalid", "has letters that SMTP does not transmit: expected is ASCII", name)
    if server.user_name is not None and server.password is None and not has_password:
        message = "is needed with a user name, and said again for another server, port or user"
        yield Problem("field_required", message, "server.password")
    if server.user_name is None and server.password is not None:
        yield Problem("field_required", "is needed with a password", "server.userName")


def _place(uow: Uow) -> str:
    return f"{uow.ctx.tenant_id}/mail-configuration"
