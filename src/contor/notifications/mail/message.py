"""A mail as it is sent: header, text, HTML and attachments (RFC 5322, 2045, 2047, 6532). Pure.

Nothing that somebody is called ends a line of the header: what is no letter there becomes a blank.
"""

import datetime as dt
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

from contor.notifications.mail.addresses import in_ascii

LONGEST_NAME = 200
_ASCII = SMTP.clone(cte_type="7bit")
_INTERNATIONAL = SMTP.clone(utf8=True)


class Enclosure(NamedTuple):
    name: str
    media_type: str
    content: bytes


class Letter(NamedTuple):
    sender: str
    sender_name: str | None
    recipient: str
    recipient_name: str | None
    reply_to: str | None
    subject: str
    text: str
    html: str | None
    message_id: str
    date: dt.datetime
    enclosures: Sequence[Enclosure] = ()
    copied: Sequence[str] = ()
    """Who gets a copy, and is seen."""
    confirmed_to: str | None = None
    """Who is told that it was read (RFC 8098)."""


def is_international(*addresses: str) -> bool:
    """Whether an address has other letters than ASCII before the @, so that the server must know them (RFC 6531)."""
    return not all(in_ascii(address).isascii() for address in addresses)


def content_of(letter: Letter) -> bytes:
    """The bytes, with CRLF at the end of each line."""
    said = (letter.sender, letter.recipient, letter.reply_to, letter.confirmed_to, *letter.copied)
    addresses = [address for address in said if address]
    policy = _INTERNATIONAL if is_international(*addresses) else _ASCII
    message = EmailMessage(policy=policy)
    message["From"] = _named(letter.sender_name, letter.sender)
    message["To"] = _named(letter.recipient_name, letter.recipient)
    if letter.copied:
        message["Cc"] = [_named(None, address) for address in letter.copied]
    if letter.confirmed_to:
        message["Disposition-Notification-To"] = str(_named(None, letter.confirmed_to))
    if letter.reply_to:
        message["Reply-To"] = _named(None, letter.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
    message.set_content(_text(letter.text), charset="utf-8", cte="quoted-printable")
    if letter.html is not None:
        message.add_alternative(_text(letter.html), subtype="html", charset="utf-8", cte="quoted-printable")
    for enclosure in letter.enclosures:
        main, _, sub = enclosure.media_type.partition("/")
        message.add_attachment(
            enclosure.content, maintype=main, subtype=sub or "octet-stream", filename=one_line(enclosure.name), cte="base64"
        )
    return message.as_bytes(policy=policy)


def one_line(text: str) -> str:
    """Without line breaks and what else a header must not hold."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def message_id_of(ident: str, resends: int, sender: str) -> str:
    """The same for every try of a mail, another one where a person sends it anew."""
    return f"<{ident}.{resends}@{in_ascii(sender).rpartition('@')[2]}>"


def _named(name: str | None, address: str) -> Address:
    local, _, domain = in_ascii(address).rpartition("@")
    return Address(one_line(name or "")[:LONGEST_NAME], local, domain)


def _text(text: str) -> str:
    """Halves of characters are in no encoding."""
    return text.encode("utf-8", "replace").decode("utf-8")
