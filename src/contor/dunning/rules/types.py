"""The values of dunning: how the tenant does it, what is overdue, and what is proposed. Pure."""

import datetime as dt
import enum
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.kernel.money import ZERO
from contor.kernel.shapes import Amount, Ident, Text, shape

MOST_LEVELS = 4
DayCount = Annotated[int, Field(ge=0, le=365)]
LevelKind = Literal["REMINDER", "DUNNING"]


@shape
class Level:
    """One step of dunning."""

    days_after: DayCount
    """Of level 1 from `firstLevelFrom`, of a later one from the date of the letter before."""
    days_to_pay: Annotated[int, Field(ge=1, le=90)] = 7
    """The term that the letter sets; the next level waits until it has passed."""
    fee: Annotated[Amount, Field(ge=0, le=1000)] = ZERO
    """What the letter costs: damages without VAT, in EUR. The letter that starts default carries none (section 286 BGB)."""
    interest: bool = False
    """Whether the letter claims interest on what is in default (section 288 BGB)."""
    text: Annotated[Text, Field(min_length=1, max_length=2000)] | None = None
    """What a German letter says of its own before the table, printed as it stands: nothing in it is filled in, and marks such as `<b>` or
    `{…}` are no more than letters. Default: the text of its level."""
    english_text: Annotated[Text, Field(min_length=1, max_length=2000)] | None = None
    """The same of a letter in English, which never says `text`."""
    kind: LevelKind | None = None
    """What its letter is called: a reminder of a payment, which has no fee, or one that duns. Default: the first level reminds, every
    other one duns."""
    enabled: bool = True
    """false: nobody is dunned at this level; who would be next is dunned at the one behind it."""
    level_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    """By which the level is known whatever comes before it. Given by Contor: left out, it is that of the level in this place before."""
    mail_template_ident: Ident | None = None
    """By which template the mail with its letter is written, in whatever language; default: that of DUNNING_LETTER in the reader's."""
    operating_site_ident: Ident | None = None
    """Whose head its letter has, of the same company; default: the site that issued the newest document."""
    attach_documents: bool = False
    """Whether the mail with its letter brings the documents that it is about once more."""
    by_post: bool = False
    """Whether its letter goes by post, too, whatever the customer wants, where a provider is configured."""


@shape
class DunningConfiguration:
    """How the tenant duns."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=MOST_LEVELS)]
    automated: bool = False
    """Whether every day a run is made and approved by itself."""
    first_level_from: Literal["INVOICE_CREATION", "DUE_DATE"] = "INVOICE_CREATION"
    """From which day the days of level 1 count. Nothing is dunned before it is overdue."""
    combine: bool = True
    """One letter per customer, currency and company with all that is overdue; false: a letter per document."""
    minimum_amount: Annotated[Amount, Field(ge=0)] = ZERO
    """Below this nobody is dunned, counted by what one letter would ask for without its costs."""
    collection_after_level: Annotated[int, Field(ge=1, le=MOST_LEVELS)] | None = None
    """The level after whose term a document is handed over to collection; none: it stays at the last level."""
    book_dunning_claims: bool = False
    """Whether fees and interest are booked when they are claimed; false: when they are paid."""
    flat_charge: bool = False
    """Whether 40 EUR are claimed once per document of who is no consumer (section 288 (5) BGB); fees count towards it."""
    claim_return_costs: bool = False
    """Whether what banks took for a debit that came back is claimed from the customer, where the reason lies with him."""
    partial_payment_wish: Literal["ASK", "ACCEPT", "REFUSE"] | None = None
    """Where claims are booked: what becomes of a payer's wish for another order than costs, interest, principal (section 367 (2) BGB)."""
    due_date_agreed: bool = False
    """Whether due dates are agreed by contract (section 286 (2) no. 1 BGB): then default begins without a letter."""
    consumers_told_of_default: bool = False
    """Whether invoices tell consumers that default begins after 30 days (section 286 (3) BGB)."""
    delivery_days: Annotated[int, Field(ge=0, le=30)] = 3
    """Days after its date on which a letter or an invoice counts as received."""


class Outcome(enum.StrEnum):
    """What a run makes of an open item, and why."""

    DUNNED = "DUNNED"
    HAND_OVER = "HAND_OVER"
    """The term of the last letter has passed: it goes to collection."""
    CREDIT = "CREDIT"
    """It reduces what the letter asks for."""
    NOT_DUE = "NOT_DUE"
    TERM_RUNNING = "TERM_RUNNING"
    """The term of the last letter, or the days before the next level, have not passed. It is shown on a letter that goes out."""
    HANDED_OVER = "HANDED_OVER"
    """It went to collection before."""
    LAST_LEVEL = "LAST_LEVEL"
    """There is no further level, and nothing is handed over."""
    PREBOOKED = "PREBOOKED"
    BLOCKED = "BLOCKED"
    DECIDED = "DECIDED"
    COLLECTION_PENDING = "COLLECTION_PENDING"
    UNASSIGNED_PAYMENT = "UNASSIGNED_PAYMENT"
    """The customer has paid as much, and nobody has said yet what for: a person has to look."""
    FUTURE_DATE = "FUTURE_DATE"
    BELOW_MINIMUM = "BELOW_MINIMUM"
    COVERED_BY_CREDITS = "COVERED_BY_CREDITS"
    NO_RECEIVABLE = "NO_RECEIVABLE"
    """A deposit that is only asked for: it stands on no account before it is paid."""
    CHANGED = "CHANGED"
    """It is another than when the run was previewed, and is left to the next one."""


@dataclass(frozen=True, slots=True)
class OpenClaims:
    """Claims on a document that are open, by their kinds."""

    fees: Decimal = ZERO
    flat: Decimal = ZERO
    return_costs: Decimal = ZERO
    interest: Decimal = ZERO
    interest_from: dt.date | None = None
    interest_until: dt.date | None = None
    """Of which time that interest is."""

    @property
    def costs(self) -> Decimal:
        return self.fees + self.flat + self.return_costs


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open item of a customer, with what was dunned of it before."""

    document_id: int
    ident: str
    currency: str
    document_date: dt.date
    created_on: dt.date
    due_date: dt.date
    opening: Decimal
    balance: Decimal
    """Signed: positive is owed to us."""
    company: str = ""
    """The legal entity that issued it: two never write one letter."""
    country: str = "DE"
    state: str | None = None
    is_memo: bool = False
    is_doubtful: bool = False
    is_prebooked: bool = False
    is_blocked: bool = False
    is_collected: bool = False
    """Whether it is about to be collected by us."""
    collecting: str | None = None
    """How far that is: what it waits for, or why collecting is over."""
    told_to_wait: bool = False
    """Its document announces that we collect it, and we never tried: no more than a letter ends that."""
    is_handed_over: bool = False
    is_taken_back: bool = False
    """It was handed over after its last letter, and a person took it back: its last level is dunned again."""
    level: int = 0
    letter_date: dt.date | None = None
    """Of its last letter."""
    pay_until: dt.date | None = None
    first_letter: dt.date | None = None
    """Of its first letter that stands, of those that no mail is to bring."""
    first_mailed: dt.date | None = None
    """When the first letter that stands was sent by mail."""
    returned_on: dt.date | None = None
    """When a debit of ours came back first: nobody is in default before."""
    moved: tuple[tuple[dt.date, Decimal], ...] = ()
    """(value day, amount) of what moved the balance, signed as the balance."""
    charged: Decimal = ZERO
    """What its letters cost so far by the levels, whether or not it was claimed beside the flat charge."""
    costs: Decimal = ZERO
    """What was claimed of costs so far: fees and the flat charge, but for what a withdrawal took back."""
    interest: Decimal = ZERO
    """What was claimed of interest so far."""
    claimed_until: dt.date | None = None
    """The last day that interest was claimed for by a letter that stands."""
    open: OpenClaims = OpenClaims()
    """What letters and returned debits before have claimed, and is neither paid nor waived."""


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer whose items are looked at."""

    customer_ident: str
    is_consumer: bool
    items: tuple[OpenItem, ...]
    unassigned: tuple[tuple[str, Decimal], ...] = ()
    """(currency, amount) of payments that are received and not assigned."""
    pays_no_fees: bool = False
    """Neither fees nor the flat charge are claimed of him."""


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """What becomes of one open item; amounts are what its letter shows."""

    item: OpenItem
    outcome: Outcome
    level: int
    """The level that it has afterwards."""
    charged: Decimal = ZERO
    fee: Decimal = ZERO
    flat: Decimal = ZERO
    interest: Decimal = ZERO
    """New claims by the letter."""
    interest_from: dt.date | None = None
    interest_until: dt.date | None = None
    """Of which time `interest` is."""
    interest_deducted: Decimal = ZERO
    """What letters before claimed for days of that time, and this one does not: with it `interest` is all of that time's."""
    note: str | None = None
    """How far it is collected by us; what is missing: the half-year without a base rate."""

    @property
    def earlier(self) -> OpenClaims:
        """What its letter asks for again; with a credit nothing is owed."""
        return self.item.open if self.item.balance > 0 else OpenClaims()


@dataclass(frozen=True, slots=True)
class ProposedLetter:
    """A letter: items that are dunned by it, others that it shows, credits."""

    customer_ident: str
    currency: str
    company: str
    level: int
    letter_date: dt.date
    pay_until: dt.date
    rows: tuple[ProposedRow, ...]
    outstanding: Decimal
    """Of all rows; credits are negative."""
    costs: Decimal
    """Costs that its documents owe with it: new ones and those of letters before."""
    interest: Decimal

    @property
    def demand(self) -> Decimal:
        return self.outstanding + self.costs + self.interest


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a run makes of a customer."""

    customer_ident: str
    letters: tuple[ProposedLetter, ...] = ()
    others: tuple[ProposedRow, ...] = field(default=())
    """Items that are on no letter."""
