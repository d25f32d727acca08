"""Mail handed over by SMTP (RFC 5321), over a connection to an address that was judged.

The content is sent but for its last line; then who sends writes down that the end is said next; then it is said. What breaks off before
is in no mailbox (RFC 5321, 4.1.1.4). Of what breaks off after it nobody knows: it is never handed over again by itself.
"""

import asyncio
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from contor.runtime.outbound.addresses import Allowed, addresses_of, is_listed
from contor.runtime.outbound.client import Outbound, trusted
from contor.runtime.outbound.urls import target_of

Security = Literal["TLS", "STARTTLS", "NONE"]
Fate = Literal["PASSING", "REFUSED", "UNKNOWN"]
"""PASSING: it may be taken the next time. REFUSED: it never will. UNKNOWN: perhaps it was taken."""
CONNECT_SECONDS, TALK_SECONDS, END_SECONDS = 30, 60, 600
"""For name, connection, TLS and sign-in; for all that is said of a mail up to its last line; for the answer to that (RFC 5321, 4.5.3.2.6:
who waits for less gets mails twice)."""
LONGEST_ANSWER = 500
PORTS: dict[Security, int] = {"TLS": 465, "STARTTLS": 587, "NONE": 25}
_SCHEMES: dict[str, Security] = {"smtps": "TLS", "smtp+starttls": "STARTTLS", "smtp": "NONE"}


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    security: Security
    user_name: str | None = None
    password: str | None = field(default=None, repr=False)


class OwnServer(NamedTuple):
    """The installation's."""

    server: MailServer
    sender: str


class Parcel(NamedTuple):
    """A mail as it is handed over."""

    sender: str
    recipient: str
    copies: Sequence[str]
    """Who gets it as well; whether they do decides nothing, and is said with the answer."""
    content: bytes
    """With CRLF at the end of each line."""
    is_international: bool
    """Addresses with other letters than ASCII (RFC 6531)."""


class NotPosted(Exception):
    """`code`: of the server's answer, where there was one."""

    def __init__(self, fate: Fate, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.fate, self.message, self.code = fate, message, code


def own_server(url: str) -> OwnServer:
    """`smtp+starttls://user:password@mail.example.com:587?from=billing@example.com`. Raises ValueError."""
    parts = urlsplit(url)
    security = _SCHEMES.get(parts.scheme)
    sender = dict(parse_qsl(parts.query)).get("from", "")
    if security is None or not parts.hostname or not sender:
        raise ValueError("must be such as smtp+starttls://user:password@mail.example.com:587?from=billing@example.com")
    name, password = parts.username, parts.password
    server = MailServer(
        parts.hostname,
        parts.port or PORTS[security],
        security,
        unquote(name) if name else None,
        unquote(password) if password else None,
    )
    return OwnServer(server, sender)


def server_problem(host: str, port: int, security: Security, allowed: Allowed) -> str | None:
    """What is already known against a server, as the end of a sentence about its host; None: nothing."""
    shown = f"[{host}]" if ":" in host else host
    try:
        target = target_of(f"https://{shown}:{port}/")
    except ValueError:
        return "is no host's name or address"
    if target.path != "/" or "/" in host:
        return "is no host's name or address"
    if security == "NONE" and not (is_listed(target.host, allowed) if target.is_literal else allowed.networks):
        return "is not spoken to without TLS: expected is STARTTLS or TLS, but in networks that the operator lists"
    return None


class MailConnection:
    """One conversation with a server, for several mails. Use it with `with`."""

    def __init__(
        self,
        server: MailServer,
        calls: Outbound,
        *,
        is_own: bool,
        called: str = "localhost",
        context: ssl.SSLContext | None = None,
        end_seconds: float = END_SECONDS,
    ) -> None:
        """`is_own`: the operator named it, so it may be anywhere. `called`: who we are (EHLO). Raises NotPosted."""
        self._server, self._context, self._end_seconds = server, context or trusted(), end_seconds
        address = self._judged(calls, is_own)
        self._smtp = (_Tls if server.security == "TLS" else _Plain)(address, server.host, called, self._context)
        self._is_late = False
        try:
            with self._within(CONNECT_SECONDS):
                self._begin()
        except NotPosted:
            self.close()
            raise
        except Exception as error:
            self.close()
            raise self._told(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with suppress(Exception), self._within(5):
            if self._smtp.sock is not None and not self._is_late:
                self._smtp.quit()
        self._smtp.close()

    def post(self, parcel: Parcel, before_end: Callable[[], bool]) -> str:
        """The server's answer, once it has taken the mail. `before_end`: whether its end may be said. Raises NotPosted."""
        try:
            with self._within(TALK_SECONDS):
                missed = self._envelope(parcel)
                self._smtp.send(_dotted(parcel.content))
        except NotPosted:
            raise
        except Exception as error:
            raise self._told(error) from None
        if not before_end():
            self._smtp.close()
            raise NotPosted("PASSING", "Another process sends it.")
        try:
            with self._within(self._end_seconds):
                self._smtp.send(b".\r\n")
                code, answer = self._smtp.getreply()
        except Exception as error:
            self._smtp.close()
            raise NotPosted("UNKNOWN", f"The server did not say whether it took the mail. {self._told(error).message}") from None
        if code != 250:
            raise _answered("the mail", code, answer)
        return "; ".join((f"{code} {_readable(answer)}", *missed))

    def _judged(self, calls: Outbound, is_own: bool) -> str:
        server = self._server
        allowed = Allowed(local=True, private=True) if is_own else calls.allowed
        try:
            looked_up = asyncio.wait_for(addresses_of(server.host, server.port, allowed), CONNECT_SECONDS)
            addresses = calls.run(looked_up)
        except PermissionError:
            message = "The mail server is at an address that is not spoken to (CONTOR_OUTBOUND_NETWORKS)."
            raise NotPosted("PASSING", message) from None
        except (OSError, UnicodeError, TimeoutError):
            raise NotPosted("PASSING", "The mail server's name is not known.") from None
        if server.security == "NONE" and not is_own and not all(is_listed(one, allowed) for one in addresses):
            raise NotPosted("PASSING", "Nothing is mailed over public networks without TLS.")
        if not addresses:
            raise NotPosted("PASSING", "The mail server has no address.")
        return addresses[0]

    def _begin(self) -> None:
        smtp, server = self._smtp, self._server
        code, answer = smtp.connect(server.host, server.port)
        if code != 220:
            raise NotPosted("PASSING", f"The mail server does not serve: {code} {_readable(answer)}", code)
        smtp.ehlo()
        if server.security == "STARTTLS":
            if not smtp.has_extn("starttls"):
                raise NotPosted("PASSING", "The mail server offers no STARTTLS.")
            smtp.starttls(context=self._context)
            smtp.ehlo()
        if server.user_name is not None:
            try:
                smtp.login(server.user_name, server.password or "")
            except smtplib.SMTPAuthenticationError as error:  # without its words: it could say again what it was told
                message = f"The mail server refuses the user name or the password ({error.smtp_code})."
                raise NotPosted("PASSING", message, error.smtp_code) from None
            except smtplib.SMTPNotSupportedError:
                raise NotPosted("PASSING", "The mail server takes no user name and password in this way.") from None

    def _envelope(self, parcel: Parcel) -> list[str]:
        """The copies that the server does not take."""
        smtp = self._smtp
        smtp.rset()
        options = []
        if parcel.is_international:
            if not smtp.has_extn("smtputf8"):
                raise NotPosted("REFUSED", "The mail server takes no address with such letters (SMTPUTF8).")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
            smtp.command_encoding = "utf-8"
        code, answer = smtp.mail(parcel.sender, options)
        if code != 250:
            raise _answered(f"the sender {parcel.sender}", code, answer)
        code, answer = smtp.rcpt(parcel.recipient)
        if code not in (250, 251):
            raise _answered(f"the recipient {parcel.recipient}", code, answer)
        missed = []
        for copy in parcel.copies:
            code, answer = smtp.rcpt(copy)
            if code not in (250, 251):
                missed.append(f"the copy to {copy} is not taken: {code} {_readable(answer)}")
        code, answer = smtp.docmd("DATA")
        if code != 354:
            raise _answered("the mail", code, answer)
        return missed

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Whoever answers a letter every few seconds is not waited for any longer either."""
        timer = threading.Timer(seconds, self._break_off)
        timer.daemon = True
        self._smtp.timeout = seconds
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _break_off(self) -> None:
        self._is_late = True
        if (sock := self._smtp.sock) is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _told(self, error: Exception) -> NotPosted:
        """What goes wrong between two machines; anything else is a fault of ours, and raised."""
        self._smtp.close()
        if self._is_late or isinstance(error, TimeoutError):
            return NotPosted("PASSING", "The mail server did not answer in time.")
        if isinstance(error, ssl.SSLError):
            said = getattr(error, "verify_message", "")
            return NotPosted("PASSING", f"The connection could not be secured{f': {said}' if said else ''}.")
        if isinstance(error, smtplib.SMTPResponseException):
            return NotPosted("PASSING", "What the mail server says is no answer.", error.smtp_code)
        if isinstance(error, (smtplib.SMTPException, OSError)):
            return NotPosted("PASSING", "The connection was broken off, or could not be made.")
        raise error


class _Plain(smtplib.SMTP):
    """Speaks to the address that was judged, whatever the name says by now."""

    def __init__(self, address: str, host: str, called: str, context: ssl.SSLContext) -> None:
        super().__init__(local_hostname=called)
        self._address, self._host, self._judged_context = address, host, context

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self._address, port), timeout)


class _Tls(_Plain):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = super()._get_socket(host, port, timeout)
        return self._judged_context.wrap_socket(made, server_hostname=self._host)


def _dotted(content: bytes) -> bytes:
    """With a further dot before each line that begins with one (RFC 5321, 4.5.2)."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended)


def _answered(what: str, code: int, answer: bytes) -> NotPosted:
    fate: Fate = "REFUSED" if 500 <= code < 600 else "PASSING"
    return NotPosted(fate, f"The mail server does not take {what}: {code} {_readable(answer)}", code)


def _readable(answer: bytes) -> str:
    text = answer[:LONGEST_ANSWER].decode("utf-8", "replace")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
