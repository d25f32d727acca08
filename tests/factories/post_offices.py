"""A mail server on this machine: a real one (aiosmtpd), which keeps what it takes and answers what it is told to."""

import asyncio
import email
import email.policy
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass(frozen=True, slots=True)
class Posted:
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    options: tuple[str, ...] = ()
    is_secured: bool = False
    user: str | None = None

    @property
    def message(self) -> EmailMessage:
        found = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def names(self) -> list[str]:
        """Of what is attached."""
        return [str(part.get_filename()) for part in self.message.iter_attachments()]


@dataclass(slots=True)
class PostOffice:
    port: int = 0
    taken: list[Posted] = field(default_factory=list)
    sessions: list[Any] = field(default_factory=list)
    at_recipient: Callable[[str], str] = lambda address: "250 OK"
    at_end: Callable[[Posted], str] = lambda posted: "250 Message accepted for delivery"
    is_tls_at_once: bool = False
    ended: int = 0
    """Connections that were closed: nothing comes of them any more."""

    def to(self, recipient: str) -> list[Posted]:
        return [one for one in self.taken if recipient in one.recipients]

    def server(self, **more: Any) -> dict[str, Any]:
        """As it is configured."""
        return {"host": "127.0.0.1", "port": self.port, "security": "NONE", **more}


class _Handler:
    def __init__(self, office: PostOffice) -> None:
        self.office = office

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        session.host_name = hostname
        self.office.sessions.append(session)
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        answer = self.office.at_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        user = session.auth_data.login.decode() if session.auth_data is not None else None
        posted = Posted(
            envelope.mail_from,
            tuple(envelope.rcpt_tos),
            envelope.original_content,
            tuple(envelope.mail_options),
            self.office.is_tls_at_once or session.ssl is not None,
            user,
        )
        answer = await asyncio.get_running_loop().run_in_executor(None, self.office.at_end, posted)
        if answer.startswith("250"):
            self.office.taken.append(posted)
        return answer


class _Line(SMTP):
    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.office.ended += 1


@contextmanager
def a_post_office(
    *,
    context: ssl.SSLContext | None = None,
    is_tls_at_once: bool = False,
    credentials: tuple[str, str] | None = None,
    knows_utf8: bool = True,
) -> Iterator[PostOffice]:
    """`context`: of its certificate, for STARTTLS, or (`is_tls_at_once`) for TLS from the beginning. `credentials`: who alone may send."""
    office = PostOffice(is_tls_at_once=is_tls_at_once)

    def authenticated(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        is_right = credentials is not None and (data.login, data.password) == tuple(one.encode() for one in credentials)
        return AuthResult(success=is_right, handled=False, auth_data=data if is_right else None)

    def protocol() -> SMTP:
        return _Line(
            _Handler(office),
            hostname="localhost",
            loop=loop,
            data_size_limit=60 * 1024 * 1024,
            enable_SMTPUTF8=knows_utf8,
            tls_context=None if is_tls_at_once else context,
            require_starttls=context is not None and not is_tls_at_once,
            authenticator=authenticated if credentials else None,
            auth_required=credentials is not None,
            auth_require_tls=False,
        )

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=context if is_tls_at_once else None))
    office.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield office
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
