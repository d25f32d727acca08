"""A claimed mail becomes a letter: its template written out, its files read, its header made."""

import uuid
from collections.abc import Iterator
from email.errors import MessageError

from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Refused
from contor.notifications.mail.addresses import in_ascii
from contor.notifications.mail.message import Enclosure, Letter, content_of, is_international, one_line
from contor.notifications.mail.sending.claiming import Claimed
from contor.notifications.mail.templates import Said, TemplateFailed, Values, said
from contor.notifications.mail.wording import instant
from contor.organizations.access import LINK_PATH, MakeLink, make_link
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.execute import Runtime, is_passing
from contor.runtime.outbound import Parcel

SAMPLE = "MUSTER"
"""What the subject of a mail from TEST begins with."""


class Unfit(Exception):
    """The mail cannot be sent as it is."""


def composed(runtime: Runtime, tenant_id: int, mail: Claimed) -> tuple[str, Parcel]:
    """Its subject, and what is handed over. Raises Unfit."""
    try:
        words = said(mail.wording, _facts(runtime, mail))
    except TemplateFailed as error:
        raise Unfit(f"Its template cannot be written: {error}") from None
    except Refused as error:
        if is_passing(error):
            raise
        raise Unfit("; ".join(problem.message for problem in error.problems)) from None
    own = mail.own
    if own.text is not None:
        words = Said(words.subject, own.text, None)
    if own.subject is not None:
        words = words._replace(subject=own.subject)
    subject = one_line(f"[{SAMPLE}] {words.subject}" if mail.is_test else words.subject)
    posting = mail.posting
    try:
        content = content_of(_letter(mail, subject, words, list(_enclosures(runtime, tenant_id, mail))))
        sender, recipient, *copies = (in_ascii(one) for one in (posting.sender, mail.recipient, *own.cc, *posting.bcc, *own.bcc))
    except (ValueError, MessageError) as error:
        raise Unfit(f"It cannot be written as a mail: {error}") from None
    return subject, Parcel(sender, recipient, copies, content, is_international(sender, recipient, *copies))


def _letter(mail: Claimed, subject: str, words: Said, enclosures: list[Enclosure]) -> Letter:
    return Letter(
        sender=mail.posting.sender,
        sender_name=mail.posting.sender_name,
        recipient=mail.recipient,
        recipient_name=mail.recipient_name,
        reply_to=mail.posting.reply_to,
        subject=subject,
        text=words.text,
        html=words.html,
        message_id=mail.message_id,
        date=mail.date,
        enclosures=enclosures,
        copied=mail.own.cc,
        confirmed_to=(mail.posting.reply_to or mail.posting.sender) if mail.own.receipt else None,
    )


def _enclosures(runtime: Runtime, tenant_id: int, mail: Claimed) -> Iterator[Enclosure]:
    size = sum(file.size for file in mail.files)
    if size > mail.most_bytes:
        raise Unfit(f"Its files have {size} bytes, and {mail.most_bytes} are allowed (mostAttachmentMegabytes).")
    for file in mail.files:
        try:
            yield Enclosure(file.name, file.media_type, runtime.blobs.get(tenant_id, file.sha256))
        except (BlobMissing, BlobDamaged):
            raise Unfit(f"The file {file.name} is not what was kept: make it again, or bring it back from a backup.") from None


def _facts(runtime: Runtime, mail: Claimed) -> Values:
    """An invitation's link is made for each try: it is nowhere but in the mail."""
    if mail.kind != "USER_INVITATION":
        return mail.facts
    invitation = mail.facts["invitation"]
    assert isinstance(invitation, dict)
    organization = uuid.UUID(str(invitation["organizationId"]))
    caller = Caller("job:mail", "worker", None, organization, permissions=frozenset({EVERYTHING}))
    made = runtime.execute(make_link, MakeLink(organization_id=organization, email=mail.recipient), caller)
    link = f"{runtime.config.base_url}{LINK_PATH}?token={made.token}"
    return {**mail.facts, "invitation": {"link": link, "until": instant(made.expires_at)}}
