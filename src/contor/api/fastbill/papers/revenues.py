"""revenue.*."""

from dataclasses import dataclass

from contor.api.fastbill.ids import CUSTOMER, ident_of, numbers_of
from contor.api.fastbill.papers.expenses import file_url
from contor.api.fastbill.papers.known import REVENUE, between, customer_meant, customer_named, found, idents, in_month
from contor.api.fastbill.papers.received import CORE, paper_answer, paper_body
from contor.api.fastbill.papers.types import NewRevenue, OneRevenueData, PaidRevenue, RevenueFilter
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, done, identifier, listed, words
from contor.customers.queries import addresses_of_debtors
from contor.expenses.revenues import REVENUES, AttachToRevenue, PayRevenue, attach_to_revenue, pay_revenue
from contor.expenses.types import PaidBody
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.runtime.execute import validated
from contor.runtime.resource import Keyed, Written
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class CreateRevenue:
    data: NewRevenue
    file: FileContent | None


@operation("fastbill.revenue_get", permission="bookkeeping.read", reads=True)
def get(uow: Uow, where: RevenueFilter) -> Fields:
    """The revenues that the filter means, the oldest first."""
    terms = [
        ("revenue_id", "==", where.invoice_id),
        ("number", "==", where.invoice_number),
        ("title", "==", where.invoice_title),
        ("customer_ident", "==", customer_meant(uow, where.customer_id)),
        *between("date", where.start_date, where.end_date),
        *between("due_date", where.start_due_date, where.end_due_date),
        *between("paid_on", where.start_paid_date, where.end_paid_date),
        *in_month("date", where.month, where.year, uow.ctx.today()),
    ]
    rows = found(uow, REVENUES, where, terms, "revenue_id")
    named = idents(rows, "customer_ident")
    customers, people = numbers_of(uow, CUSTOMER, named), addresses_of_debtors(uow, named)
    return listed(
        "revenues",
        [
            {
                **paper_answer(row, row["revenue_id"], file_url(uow, "revenue", row)),
                "type": "outgoing",
                "invoice_title": words(row["title"]),
                "customer_id": identifier(customers[row["customer_ident"]]),
                "customer_number": row["customer_ident"],
                "organization": people[row["customer_ident"]].name,
            }
            for row in rows
        ],
    )


@operation("fastbill.revenue_create", permission="bookkeeping.write")
def create(uow: Uow, command: CreateRevenue) -> Fields:
    """An outgoing invoice that was written elsewhere, with its file where one came along."""
    data = command.data
    with said_as(CORE):
        body = {"customer_ident": customer_named(uow, data.customer_id), "title": data.invoice_title, **paper_body(data)}
        made = REVENUES.create(uow, Written((), validated(REVENUES.creation, body)))
        if command.file is not None:
            attach_to_revenue(uow, AttachToRevenue(made["ident"], command.file))
    return done(invoice_id=made["revenue_id"])


@operation("fastbill.revenue_setpaid", permission="bookkeeping.write")
def set_paid(uow: Uow, data: PaidRevenue) -> Fields:
    """The day on which it was paid, today where none is said."""
    ident = ident_of(uow, REVENUE, data.invoice_id, "INVOICE_ID")
    with said_as(CORE):
        made = pay_revenue(uow, PayRevenue(ident, PaidBody(paid_on=data.paid_date)))
    return done(invoice_number=words(made["number"]))


@operation("fastbill.revenue_delete", permission="bookkeeping.write")
def delete(uow: Uow, data: OneRevenueData) -> Fields:
    """It goes: it is no document of ours."""
    REVENUES.delete(uow, Keyed((ident_of(uow, REVENUE, data.invoice_id, "INVOICE_ID"),)))
    return done()
