"""What a person says of a mail that is sent now: to whom it goes, with copies, in own words."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

from pydantic import Field

from contor.customers.emails import Reader
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Language, shape
from contor.notifications.mail.addresses import Address, address_problem
from contor.notifications.mail.configuration import MailConfigurationView, configured
from contor.notifications.mail.log.listed import MailView
from contor.notifications.mail.queue import Own, Wanted
from contor.notifications.mail.tables import SubjectTemplate, TextTemplate
from contor.runtime.uow import Uow

MOST_RECIPIENTS: Final = 20
Addresses = Annotated[tuple[Address, ...], Field(max_length=MOST_RECIPIENTS)]


@shape
class SendBody:
    recipients: Addresses = ()
    """Without any: where the customer gets his documents, of an offer his e-mail."""
    cc: Addresses = ()
    """Who gets a copy of the mail to the first recipient, and is seen."""
    bcc: Addresses = ()
    """... and is not seen."""
    subject: SubjectTemplate | None = None
    """In the place of the template's."""
    message: TextTemplate | None = None
    """The text, as it stands, in the place of the template's."""
    receipt_confirmation: bool = False
    """Whether the recipient is asked to confirm that it was read (RFC 8098): the confirmation goes to who sends."""
    language: Language | None = None
    """Of the template and what it names; default: the document's."""
    again: bool = False
    """Whether who has the document by mail already gets it once more."""

    @property
    def is_own(self) -> bool:
        """Whether it is another mail than the one that everybody gets."""
        own = (self.cc, self.bcc, self.subject, self.message, self.receipt_confirmation, self.language, self.again)
        return any(own)


@shape
class SentMails:
    mails: tuple[MailView, ...] = ()
    """One for each recipient; those that there were already are as they stand."""
    waits: str | None = None
    """Why there are none yet."""


def require_configured(uow: Uow) -> MailConfigurationView:
    """Raises ILLEGAL_STATE where nothing says how mails are sent."""
    found = configured(uow)
    if found is None:
        message = "No mail configuration exists: PUT /v2/mail/configuration says how mails are sent."
        raise Refused(Kind.ILLEGAL_STATE, Problem("mail_notrequire_configured", message))
    return found


def recipients_of(reader: Reader, body: SendBody, standard: Sequence[str]) -> tuple[str, ...]:
    """Those that are named, else the `standard` ones. Raises INVALID with every address that is none."""
    wanted = tuple(dict.fromkeys(body.recipients)) or tuple(standard)
    if not wanted:
        message = f"The customer {reader.customer_ident} has no e-mail: say recipients."
        raise Refused(Kind.INVALID, Problem("mail_recipient_missing", message, "recipients"))
    if problems := list(_wrong(("recipients", wanted), ("cc", body.cc), ("bcc", body.bcc))):
        raise Refused(Kind.INVALID, *problems)
    return wanted


def in_own_words(mails: Sequence[Wanted], about: str, body: SendBody) -> list[Wanted]:
    """The mails as the body has them, under `about`: each time others."""
    return [_in_own_words(mail, about, body, is_first=place == 0) for place, mail in enumerate(mails)]


# helpers in calling order


def _wrong(*named: tuple[str, Sequence[str]]) -> Iterator[Problem]:
    for name, addresses in named:
        for place, one in enumerate(addresses):
            if (why := address_problem(one)) is not None:
                yield Problem("mail_address_invalid", why, f"{name}[{place}]", one)


def _in_own_words(mail: Wanted, about: str, body: SendBody, *, is_first: bool) -> Wanted:
    own = Own(
        subject=body.subject,
        text=body.message,
        cc=body.cc if is_first else (),
        bcc=body.bcc if is_first else (),
        receipt=body.receipt_confirmation,
    )
    return mail._replace(about=about, own=own)
