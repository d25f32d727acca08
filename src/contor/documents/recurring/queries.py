"""Read recurring documents."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from contor.documents.drafts import shown_numbers
from contor.documents.recurring import tables
from contor.documents.recurring.rhythm import Frequency, day_of
from contor.documents.recurring.types import MadeDocumentView, Output, RecurringDocumentView, ServicePeriod, Status
from contor.documents.types import DocumentType
from contor.kernel.operations import operation
from contor.kernel.partial import Content
from contor.kernel.shapes import shape
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

RECURRING: Final = searchable(
    tables.recurring_document,
    RecurringDocumentView,
    (
        "ident",
        "id",
        "document_type",
        "status",
        "frequency",
        "output",
        "billing_group_ident",
        "customer_ident",
        "currency",
        "start_date",
        "next_on",
        "last_on",
        "created_at",
        "last_modified_at",
    ),
    default_sort="created_at,desc",
    content=("content", None),
    places={"recurring_document_ident": "ident", "recurring_document_id": "id", "type": "document_type"},
)
_SHOWN = "SELECT d.ident FROM draft r JOIN document d ON d.id = r.document_id WHERE r.ident = recurring_document_made.draft_ident"
"""SQL: as `drafts.shown_numbers`."""
MADE: Final = searchable(
    tables.recurring_document_made,
    MadeDocumentView,
    ("number", "due_on", "made_at", "draft_ident"),
    default_sort="number,desc",
    places={"document_ident": worked_out(_SHOWN, str)},
)


class Recurring(NamedTuple):
    """A recurring document as it is stored."""

    ident: str
    id: int
    document_type: str
    version: int
    start_date: dt.date
    frequency: Frequency
    occurrences: int
    output: Output
    mail: bool
    item_service_period: ServicePeriod
    content: Content
    status: Status
    made: int
    place: int
    last_on: dt.date | None
    next_on: dt.date | None
    reasons: Sequence[str]
    created_at: dt.datetime
    last_modified_at: dt.datetime

    @property
    def type(self) -> DocumentType:
        return DocumentType(self.document_type)

    @property
    def planned_on(self) -> dt.date | None:
        """The day of the next one, by what is said; None: as many as wanted were made."""
        if self.occurrences and self.made >= self.occurrences:
            return None
        return day_of(self.start_date, self.frequency, self.place)


class _Made(NamedTuple):
    number: int
    due_on: dt.date
    draft_ident: str
    made_at: dt.datetime


SELECT: Final = f"SELECT {columns(Recurring)} FROM recurring_document"


@shape
class ListRecurringDocuments:
    query: ListQuery


@shape
class ReadRecurringDocument:
    recurring_document_ident: str


@dataclass(frozen=True, slots=True)
class ListMade:
    recurring_document_ident: str
    query: ListQuery


@operation("recurring_document.list", permission="documents.read", reads=True)
def list_recurring(uow: Uow, command: ListRecurringDocuments) -> Page:
    """Recurring documents, the newest first."""
    return listed(uow, tables.recurring_document, command.query, RECURRING, Recurring, shown)


@operation("recurring_document.get", permission="documents.read", reads=True)
def get_recurring(uow: Uow, command: ReadRecurringDocument) -> RecurringDocumentView:
    """One recurring document, with its last and its next day."""
    return shown([recurring_named(uow, command.recurring_document_ident)])[0]


@operation("recurring_document.list_made", permission="documents.read", reads=True)
def list_made(uow: Uow, command: ListMade) -> Page:
    """What was made of it, the latest first."""
    scope = {"recurring_id": recurring_named(uow, command.recurring_document_ident).id}

    def views(rows: Sequence[_Made]) -> list[MadeDocumentView]:
        numbers = shown_numbers(uow, [row.draft_ident for row in rows])
        return [MadeDocumentView(**row._asdict(), document_ident=numbers.get(row.draft_ident)) for row in rows]

    return listed(uow, tables.recurring_document_made, command.query, MADE, _Made, views, scope)


def recurring_named(uow: Uow, ident: str, *, lock: bool = False) -> Recurring:
    """Raises NOT_FOUND."""
    found = uow.first(Recurring, f"{SELECT} WHERE ident = %s{' FOR UPDATE' if lock else ''}", (ident,))
    if found is None:
        raise not_found("recurring_document", ident)
    return found


def shown(rows: Sequence[Recurring]) -> list[dict[str, object]]:
    """The fields of `RecurringDocumentView`."""
    without = {"ident", "id", "document_type", "content", "place"}
    return [
        {
            **row.content,
            **{name: value for name, value in row._asdict().items() if name not in without},
            "recurring_document_ident": row.ident,
            "recurring_document_id": row.id,
            "type": row.document_type,
        }
        for row in rows
    ]


def recurring_numbered(uow: Uow, number: int | None, customer_ident: str | None, limit: int, offset: int) -> list[Recurring]:
    """Those of this number and customer, where they are said, the oldest first."""
    wanted = {"id": number, "customer_ident": customer_ident}
    said = {name: value for name, value in wanted.items() if value is not None}
    where = f" WHERE {' AND '.join(f'{name} = %({name})s' for name in said)}" if said else ""
    sql = f"{SELECT}{where} ORDER BY id LIMIT %(limit)s OFFSET %(offset)s"
    return uow.all(Recurring, sql, {**said, "limit": limit, "offset": offset})
