"""What is said of a recurring document: a document request that is made again every interval, and how it stands. Pure."""

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.documents.recurring.rhythm import Frequency
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.errors import Problem
from contor.kernel.partial import Content, Partial, partial
from contor.kernel.shapes import Ident, shape

Output = Literal["DRAFT", "OUTGOING"]
"""DRAFT: a draft for a person to complete. OUTGOING: an issued document."""
ServicePeriod = Literal["AHEAD", "BEHIND", "NONE"]
"""Of rows that say none: the interval that begins on the day, the one that is over by then, or none."""
Status = Literal["ACTIVE", "WAITING", "FINISHED"]
"""WAITING: the next one was refused, and `reasons` say why; it is tried again. FINISHED: as many as wanted were made."""
Occurrences = Annotated[int, Field(ge=0, le=10_000)]
Version = Annotated[int, Field(ge=1)]
OWN: Final = (
    *("recurring_document_ident", "type", "version", "start_date", "frequency", "occurrences", "output", "mail"),
    "item_service_period",
)
"""Fields of a body that are not the request's."""
GIVEN: Final = ("request_id", "ident", "document_date")
"""What each document has of its own."""

RecurringDocumentCreation: Partial = partial(
    DocumentRequest,
    "RecurringDocumentCreation",
    recurring_document_ident=(Ident | None, None),
    type=(DocumentType, DocumentType.INVOICE),
    start_date=(dt.date, ...),
    frequency=(Frequency, ...),
    occurrences=(Occurrences, 0),
    output=(Output, ...),
    mail=(bool, False),
    item_service_period=(ServicePeriod, "AHEAD"),
)
"""`occurrences`: how many are made, 0: no end. `mail`: an issued one is mailed to its customer as soon as its files are there."""
RecurringDocumentUpdate: Partial = partial(
    DocumentRequest,
    "RecurringDocumentUpdate",
    recurring_document_ident=(Ident | None, None),
    type=(DocumentType | None, None),
    version=(Version | None, None),
    start_date=(dt.date | None, None),
    frequency=(Frequency | None, None),
    occurrences=(Occurrences | None, None),
    output=(Output | None, None),
    mail=(bool | None, None),
    item_service_period=(ServicePeriod | None, None),
)
"""The new content. Ident and type may be repeated, not changed; `version` is the one that is changed. Of its own fields those that are not
said stay. Another start or frequency counts from the first of its days that comes after the last document."""
RecurringDocumentView: Partial = partial(
    DocumentRequest,
    "RecurringDocument",
    recurring_document_ident=(Ident, ...),
    recurring_document_id=(int, ...),
    type=(DocumentType, ...),
    start_date=(dt.date, ...),
    frequency=(Frequency, ...),
    occurrences=(int, ...),
    output=(Output, ...),
    mail=(bool, ...),
    item_service_period=(ServicePeriod, ...),
    status=(Status, ...),
    made=(int, ...),
    last_on=(dt.date | None, None),
    next_on=(dt.date | None, None),
    reasons=(tuple[str, ...], ()),
    version=(int, ...),
    created_at=(dt.datetime, ...),
    last_modified_at=(dt.datetime, ...),
)
"""`made`: how many there are by now; `last_on`, `next_on`: the days of the last and the next one; `reasons`: why the next one waits."""


@shape
class MadeDocumentView:
    """One of them."""

    number: int
    """1 of the first."""
    due_on: dt.date
    made_at: dt.datetime
    draft_ident: str
    document_ident: str | None = None
    """Not there while it is a draft."""


def searched(content: Content) -> dict[str, str | None]:
    """What they are found by beside their own fields."""
    detail = content.get("customer_detail")
    return {
        "billing_group_ident": content.get("billing_group_ident"),
        "customer_ident": detail.get("customer_ident") if isinstance(detail, dict) else None,
        "currency": content.get("currency"),
    }


def given_findings(content: Content) -> list[Problem]:
    """What cannot be said once for all of them."""
    message = "is not said of a recurring document: each one has its own"
    return [Problem("field_of_each_document", message, name, content[name]) for name in GIVEN if content.get(name) is not None]


def content_of(content: Content, period: tuple[dt.date, dt.date] | None) -> Content:
    """The request of one of them: rows that say neither period nor date of supply say this one."""
    if period is None:
        return content
    said = {"start": period[0].isoformat(), "end": period[1].isoformat()}
    items = [
        row if row.get("service_period") or row.get("delivery_date") else {**row, "service_period": said}
        for row in content.get("items") or ()
    ]
    return {**content, "items": items} if items else content
