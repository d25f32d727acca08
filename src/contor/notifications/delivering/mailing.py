"""A try by mail: a route whose address is `mailto:…` is told by mail what others are told by HTTP, with the same body, tries and log.

The body is attached as it stands, and written out to be read. The Message-ID is the notification's: a mail that comes twice, for whoever
handed it over was killed before he wrote that down, can be told by it.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import msgspec

from contor.notifications.delivering.bodies import Due
from contor.notifications.kinds import TYPES
from contor.notifications.mail.addresses import in_ascii
from contor.notifications.mail.configuration import Posting
from contor.notifications.mail.message import Enclosure, Letter, content_of, is_international, message_id_of
from contor.notifications.types import mail_address
from contor.runtime.outbound import Answer, MailConnection, NotPosted, NotReached, Outbound, Parcel

SAMPLE: Final = "MUSTER"
"""What the subject of a mail from TEST begins with."""
NO_SERVER: Final = "No mail can be sent: PUT /v2/mail/configuration says by which server."
AT_ONCE: Final = 16
"""Mails of a process that are handed over at the same time: a slow server holds up no other than these."""
_THREADS: Final = ThreadPoolExecutor(AT_ONCE, "notification-mail")


class Mailing(NamedTuple):
    """By which server, from whom; None: there is none."""

    posting: Posting | None
    is_test: bool


class _Waited:
    """Whether who waits for a mail still does: else it is not ended, for its next try begins anew."""

    def __init__(self) -> None:
        self.is_over = False


async def mailed(calls: Outbound, url: str, mailing: Mailing, due: Due, seconds: float) -> Answer:
    """The server's answer, with its SMTP code as status. Raises NotReached where it has not taken the mail, and may the next time."""
    if mailing.posting is None:
        raise NotReached("mail_not_configured", NO_SERVER, 0)
    began, waited = time.monotonic(), _Waited()
    done = asyncio.get_running_loop().run_in_executor(_THREADS, _posted, calls, mailing.posting, _parcel(url, mailing, due), waited)
    try:
        code, answer = await asyncio.wait_for(done, seconds)
    except TimeoutError:
        raise NotReached("timed_out", f"The mail server has not answered within {seconds:g} seconds.", _since(began)) from None
    except NotPosted as error:
        if error.fate == "REFUSED" and error.code is not None:
            return Answer(error.code, {}, error.message.encode(), _since(began))
        raise NotReached("mail_not_taken", error.message, _since(began)) from None
    finally:
        waited.is_over = True
    return Answer(code, {}, answer.encode(), _since(began))


# helpers in calling order


def _parcel(url: str, mailing: Mailing, due: Due) -> Parcel:
    posting, recipient = mailing.posting, mail_address(url)
    assert posting is not None and recipient is not None
    said = msgspec.json.decode(due.body, type=dict[str, object])
    event = str(said.get("notification_type") or said.get("notificationType") or said.get("type"))
    shown = msgspec.json.format(due.body, indent=2)
    letter = Letter(
        sender=posting.sender,
        sender_name=posting.sender_name,
        recipient=recipient,
        recipient_name=None,
        reply_to=posting.reply_to,
        subject=f"[{SAMPLE}] {event}" if mailing.is_test else event,
        text=f"{TYPES[due.told.type].description}\n\n{shown}\n",
        html=None,
        message_id=message_id_of(due.told.ident, 0, posting.sender),
        date=due.told.recorded_at,
        enclosures=[Enclosure(f"{event}.json", "application/json", due.body.encode())],
    )
    sender, to = in_ascii(posting.sender), in_ascii(recipient)
    return Parcel(sender, to, [], content_of(letter), is_international(sender, to))


def _posted(calls: Outbound, posting: Posting, parcel: Parcel, waited: _Waited) -> tuple[int, str]:
    called = parcel.sender.rpartition("@")[2]
    with MailConnection(posting.server, calls, is_own=posting.is_own, called=called) as connection:
        return 250, connection.post(parcel, lambda: not waited.is_over)


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
