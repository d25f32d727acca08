"""What is to be collected of open items, or paid out. Pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.kernel.shapes import Amount, Currency, Ident, Money, shape, written
from contor.openitems.types import AT_COLLECTION
from contor.payments.providers import IntentType

TaskStatus = Literal["WAITING", "ENABLED", "DONE", "CANCELLED"]
Descriptor = Annotated[
    str,
    written(
        r"^[A-Za-z0-9 .,:+()/?'-]{1,140}$",
        "1 to 140 letters of a to z, digits, blanks and . , : + ( ) / ? ' -",
        examples=["Contor 1"],
    ),
]


@shape
class IntentBody:
    """Money that is to be moved for a document."""

    payment_intent_ident: Ident | None = None
    type: IntentType | None = None
    """CHARGE: collect what is owed to us; REFUND, PAYOUT: pay what we owe. Default: as the balance says, REFUND where a charge is named."""
    target_type: Literal["DOCUMENT", "ORDER"] = "DOCUMENT"
    target_ident: Ident
    customer_payment_account_ident: Ident | None = None
    """Default: the one that the document names, else the customer's latest that works."""
    amount: Annotated[Amount, Field(gt=0)] | None = None
    """Default: all that is open."""
    currency: Currency | None = None
    """The document's; given, it is compared."""
    due_date: dt.date | None = None
    """Not before this day; default: the document's due date, or today."""
    statement_descriptor: Descriptor | None = None
    """What the customer reads on the statement; default: the document's number."""
    refunds_payment_intent_ident: Ident | None = None
    """Of a refund: the charge that it gives back, which payment providers need to know."""


@shape
class TaskView:
    """Money that a due document will move by itself."""

    payment_intent_task_ident: str
    type: IntentType
    status: TaskStatus
    """WAITING: held until it is enabled; ENABLED: carried out when it is due; DONE: it became an intent."""
    document_ident: str
    customer_ident: str
    customer_payment_account_ident: str
    amount: Money
    """What was open when it was planned; what is open then is moved."""
    currency: str
    due_date: dt.date
    reason: str | None = None
    """Why it waits, or is carried out later than the document is due, or was cancelled."""
    payment_intent_ident: str | None = None
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class TaskChange:
    """What may be changed of a task before it is carried out."""

    due_date: dt.date | None = None
    customer_payment_account_ident: Ident | None = None


@shape
class EnableTasks:
    """Which tasks are carried out when they are due; none: all that are held."""

    payment_intent_task_idents: Annotated[tuple[Ident, ...], Field(max_length=1000)] = ()


class Collectable(NamedTuple):
    """An open item, as far as it decides what may be moved for it."""

    document_id: int
    ident: str
    document_type: str
    customer_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    balance: Decimal
    prebooked: Decimal
    customer_account_ident: str | None
    announced_on: dt.date | None
    """The day of collection that the document says."""
    announced_because: str | None
    """Why that is later than when it is due."""
    doubtful: bool
    """Somebody decided that it may not come in: it is on another account, and nothing is collected of it until that is reverted."""
    handed_over: bool
    """It went to collection (or so somebody says who blocks it): others collect it until that is taken back."""
    credited: Decimal
    """What credits take off the balance that are not cleared with it yet, positive."""
    awaited: str | None
    """Deposit invoices that it demands anew while their own debits are under way: that money is for it."""

    @property
    def left(self) -> Decimal:
        """What may still be moved: the balance, less what was credited."""
        return self.balance - self.credited if self.balance > 0 else self.balance + self.credited

    def collected_on(self, days_after_due_date: int) -> dt.date:
        """The day on which it is collected: the one that the customer was told of."""
        return self.announced_on or self.due_date + dt.timedelta(days=days_after_due_date)


HANDED_OVER = f"dunning_block AND dunning_block_until IS NULL AND dunning_block_reason IS NOT DISTINCT FROM '{AT_COLLECTION}'"
"""Condition on `opos_case`. A block with a last day only puts something off."""
STORED = ", ".join(
    (*Collectable._fields[:-3], f"({HANDED_OVER}) AS handed_over", "0::numeric AS credited", "NULL::text AS awaited")
)
"""The columns of an open item as it is stored, of which nothing beside it is known yet (`promise.less_credits`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Money that somebody wants to be moved for a document. What is None follows from the document."""

    document_id: int
    type: IntentType | None = None
    account: str | None = None
    amount: Decimal | None = None
    due_on: dt.date | None = None
    descriptor: str | None = None
    refunds: str | None = None
    ident: str | None = None
    """Of the intent: a new one's, or the failed one's that is tried again."""
    renews: bool = False
