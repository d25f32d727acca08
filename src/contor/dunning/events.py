"""Facts about dunning. Pure."""

import datetime as dt
from decimal import Decimal

from contor.kernel.events import event, transient
from contor.kernel.shapes import shape
from contor.payments.types import Waiting


@shape
class Claimed:
    """What the books need of a claim, or of what was paid, waived or taken back of it (negative)."""

    claim_ident: str
    customer_ident: str
    document_id: int
    document_ident: str
    is_interest: bool
    amount: Decimal
    booked_on: dt.date
    booked: bool
    """Whether it was booked when it was claimed."""
    payment_ident: str | None = None


@event("dunning.configured")
class DunningConfigured:
    """A tenant duns otherwise from now on: by mails that these templates write."""

    mail_template_idents: tuple[str, ...]
    """Of each level, empty where it is the usual one."""


@event("dunning.letters_made")
class LettersMade:
    """Customers are reminded: their letters are to be made as files and sent."""

    letter_ids: tuple[int, ...]


@event("dunning.letters_filed")
class LettersFiled:
    """The files of letters can be fetched."""

    letter_ids: tuple[int, ...]


@event("dunning.letters_withdrawn")
class LettersWithdrawn:
    """Letters were taken back: who has not sent them yet does not."""

    letter_idents: tuple[str, ...]


@event("dunning.letters_paid")
class LettersPaid:
    """Nothing is open any more of what letters asked for."""

    letter_ids: tuple[int, ...]


@event("dunning.claims_made")
class ClaimsMade:
    """Letters claimed damages of default that are booked at once."""

    claim_idents: tuple[str, ...]
    claims: tuple[Claimed, ...] = transient()


@event("dunning.claims_settled")
class ClaimsSettled:
    """Claims were paid by payments that had waited, were waived, or that was taken back."""

    claim_idents: tuple[str, ...]
    settled: tuple[Claimed, ...] = transient()


@event("dunning.money_waits")
class MoneyWaits:
    """A run has looked at payments that nobody has assigned: who knows whose they are says so (`runs.name_payers`)."""

    run_ident: str
    payment_idents: tuple[str, ...]
    waiting: tuple[Waiting, ...] = transient()
    """`Waiting` of each."""


@event("dunning.handed_over")
class HandedOver:
    """Documents go to collection: nobody duns them any more."""

    run_ident: str
    document_ids: tuple[int, ...]


@event("dunning.taken_back")
class TakenBack:
    """A person took documents back from collection: they are dunned again."""

    document_ids: tuple[int, ...]
