"""recurring.*: invoices that are made again every interval."""

import datetime as dt
from typing import Annotated, Final

from pydantic import Field

from contor.api.fastbill.account.templates import named
from contor.api.fastbill.ids import unknown
from contor.api.fastbill.invoices.content import content
from contor.api.fastbill.invoices.entity import Beside, invoice
from contor.api.fastbill.invoices.known import basis_of, customer_of
from contor.api.fastbill.invoices.shown import of_draft
from contor.api.fastbill.invoices.types import CORE, InvoiceWords
from contor.api.fastbill.reading import Day, Flag, Get, Id, Whole, one_of
from contor.api.fastbill.refusals import reason_said, said_as
from contor.api.fastbill.writing import NO_DAY, Fields, day, done, flagged, identifier, listed
from contor.customers.billed import numbers_billed
from contor.documents.drafts import judge_drafts
from contor.documents.recurring import (
    ChangeRecurringDocument,
    CreateRecurringDocument,
    Recurring,
    RecurringDocumentCreation,
    RecurringDocumentUpdate,
    RecurringDocumentVersion,
    as_draft,
    create_recurring,
    delete_recurring,
    recurring_named,
    recurring_numbered,
    replace_recurring,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

FREQUENCIES: Final = {
    "weekly": "WEEKLY",
    "2 weeks": "TWO_WEEKS",
    "4 weeks": "FOUR_WEEKS",
    "monthly": "MONTHLY",
    "2 months": "TWO_MONTHS",
    "3 months": "THREE_MONTHS",
    "6 months": "SIX_MONTHS",
    "yearly": "YEARLY",
    "2 years": "TWO_YEARS",
}
Frequency = Annotated[str, one_of(*FREQUENCIES)]
Output = Annotated[str, one_of("draft", "outgoing")]
_NAMES: Final = {**CORE, "start_date": "START_DATE", "frequency": "FREQUENCY", "occurrences": "OCCURENCES", "output": "OUTPUT_TYPE"}


@shape
class RecurringFilter(Get):
    invoice_id: Id | None = None
    customer_id: Id | None = None


@shape
class Rhythm(InvoiceWords):
    start_date: Day | None = None
    frequency: Frequency | None = None
    occurences: Annotated[Whole, Field(ge=0, le=10_000)] | None = None
    output_type: Output | None = None
    email_notify: Flag | None = None


@shape
class RecurringData(Rhythm):
    """DATA of recurring.create."""

    customer_id: Id
    start_date: Day
    frequency: Frequency
    output_type: Output


@shape
class RecurringChange(Rhythm):
    """DATA of recurring.update."""

    invoice_id: Id
    customer_id: Id | None = None
    delete_existing_items: Flag = False


@shape
class OneRecurring:
    invoice_id: Id


@operation("fastbill.recurring_get", permission="documents.read", reads=True)
def get_recurring(uow: Uow, where: RecurringFilter) -> Fields:
    """The recurring invoices that the filter means, the oldest first."""
    customer = customer_of(uow, where.customer_id).customer_ident if where.customer_id is not None else None
    rows = recurring_numbered(uow, where.invoice_id, customer, where.limit, where.offset)
    today = uow.ctx.today()
    drafts = [as_draft(row) for row in rows]
    shown = [
        of_draft(draft, judged, today) for draft, judged in zip(drafts, judge_drafts(uow, drafts) if drafts else [], strict=True)
    ]
    billed = numbers_billed(uow, {(one.customer_ident, one.contact_ident or "") for one in shown})
    found = []
    for row, one in zip(rows, shown, strict=True):
        customer_id, contact_id = billed.get((one.customer_ident, one.contact_ident or ""), (None, None))
        template = named(uow, one.site) if one.site else None
        beside = Beside(customer_id, row.last_modified_at, one.gross, contact_id=contact_id, template=template)
        made_on = row.next_on or row.start_date
        due = made_on + dt.timedelta(days=one.term.period_in_days)
        found.append({**invoice(one._replace(date=made_on, due=due), beside), **_rhythm(row)})
    return listed("invoices", found)


@operation("fastbill.recurring_create", permission="documents.write")
def create(uow: Uow, data: RecurringData) -> Fields:
    """Have an invoice made every interval, as a draft or as a document."""
    if not data.items:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "ITEMS"))
    number = uow.next_id()
    basis = basis_of(uow, data, customer_of(uow, data.customer_id), data.start_date, number)
    with said_as(_NAMES):
        said = {**content(data, basis), **_own(data), "item_service_period": "NONE"}
        body = validated(RecurringDocumentCreation, said)
        made = create_recurring(uow, CreateRecurringDocument(body=body, recurring_id=number))
    return done(invoice_id=made["recurring_document_id"])


@operation("fastbill.recurring_update", permission="documents.write")
def update(uow: Uow, data: RecurringChange) -> Fields:
    """Change what is made from now on; what was made stays. Of two who change it at once the later one counts."""
    row = recurring_named(uow, _named(uow, data.invoice_id).ident, lock=True)
    who = customer_of(uow, data.customer_id, (row.content.get("customer_detail") or {}).get("customer_ident"))
    basis = basis_of(uow, data, who, data.start_date or row.start_date, row.id, row.content)
    with said_as(_NAMES, {row.ident: data.invoice_id}):
        said = {**content(data, basis, row.content, delete_items=data.delete_existing_items), **_own(data)}
        body = validated(RecurringDocumentUpdate, said)
        replace_recurring(uow, ChangeRecurringDocument(recurring_document_ident=row.ident, body=body, version=row.version))
    return done(invoice_id=identifier(data.invoice_id))


@operation("fastbill.recurring_delete", permission="documents.write")
def delete(uow: Uow, data: OneRecurring) -> Fields:
    """Nothing is made of it any more."""
    row = _named(uow, data.invoice_id)
    with said_as(_NAMES, {row.ident: data.invoice_id}):
        delete_recurring(uow, RecurringDocumentVersion(recurring_document_ident=row.ident))
    return done()


# helpers in calling order


def _named(uow: Uow, number: int) -> Recurring:
    rows = recurring_numbered(uow, number, None, 1, 0)
    if not rows:
        raise unknown("INVOICE_ID", number)
    return rows[0]


def _own(data: Rhythm) -> Fields:
    wanted = {
        "start_date": data.start_date.isoformat() if data.start_date is not None else None,
        "frequency": FREQUENCIES.get(data.frequency or ""),
        "occurrences": data.occurences,
        "output": data.output_type.upper() if data.output_type is not None else None,
        "mail": data.email_notify,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _rhythm(row: Recurring) -> Fields:
    words = {core: word for word, core in FREQUENCIES.items()}
    last: dt.date | None = row.last_on
    return {
        "type": row.output.lower(),
        "status": row.status.lower(),
        "state": row.status.lower(),
        "start_date": day(row.start_date),
        "end_date": NO_DAY,
        "frequency": words.get(row.frequency, row.frequency.lower()),
        "occurences": str(row.occurrences or 0),
        "output_type": row.output.lower(),
        "email_notify": flagged(row.mail),
        "last_invoice_date": day(last, NO_DAY),
        "next_invoice_date": day(row.next_on, NO_DAY),
        "waiting_reason": "; ".join(reason_said(reason, _NAMES) for reason in row.reasons),
    }
