"""The values of runs of collecting. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.kernel.shapes import Money, shape

CollectionRunStatus = Literal["CREATED", "PREVIEWED", "APPROVED", "COMPLETED", "CANCELLED"]
CollectionOutcome = Literal["COLLECTED", "PLANNED", "UNDER_WAY", "NOT_COLLECTED"]


@shape
class CollectionReport:
    """What a run did, or would do."""

    planned: int
    """Documents that got their task."""
    intents: int
    """Tasks that became intents."""
    retried: int
    """Failed intents that are tried again."""
    files: int
    """Files for banks."""
    transactions: int
    """... with so many transactions."""
    left_out: int
    """What no file could say: each failed, and says why."""
    waiting: int
    """What waits for its day."""
    held: int = 0
    """Tasks that wait to be enabled: they were made while processing was switched off."""


@shape
class CollectionSum:
    """Open items of one outcome and currency together; credits count as what is paid."""

    outcome: CollectionOutcome
    currency: str
    documents: int
    amount: Money
    """What is open on them."""


@shape
class CollectionRunView:
    run_ident: str
    status: CollectionRunStatus
    """CREATED: it is previewed next. PREVIEWED: it may be approved. APPROVED: it is carried out next. COMPLETED, CANCELLED: over."""
    created_at: dt.datetime
    approved_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    outcomes: tuple[CollectionSum, ...] = ()
    """What becomes of the open items, by the preview; COMPLETED: what became of them."""
    expected: CollectionReport | None = None
    """What it would do, by the preview."""
    done: CollectionReport | None = None
    """What it did."""
    payment_file_idents: tuple[str, ...] = ()
    """The files that it wrote."""


@shape
class CollectionRunItem:
    """An open item in the preview of a run; once it is carried out, what became of it."""

    document_ident: str
    customer_ident: str
    currency: str
    balance: Money
    """What is open on it; credits are negative."""
    due_date: dt.date
    outcome: CollectionOutcome
    """COLLECTED: by this run. PLANNED: later, on `collectionDate`. UNDER_WAY: money is moved for it already. NOT_COLLECTED: see
    `reason`."""
    collection_date: dt.date | None = None
    """The day on which its money is moved, or was to be."""
    reason: str | None = None
    """Why it is not collected, or for what it waits."""


class Foreseen(NamedTuple):
    """What a run makes of an open item."""

    document_id: int
    document_ident: str
    customer_ident: str
    currency: str
    balance: Decimal
    due_date: dt.date
    outcome: CollectionOutcome
    collection_date: dt.date | None
    reason: str | None
