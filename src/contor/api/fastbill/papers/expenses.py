"""expense.*."""

from dataclasses import dataclass
from typing import Literal

from contor.api.fastbill.ids import CUSTOMER, ident_of, numbers_of
from contor.api.fastbill.papers.known import PROJECT, between, customer_named, found, idents, in_month
from contor.api.fastbill.papers.received import CORE, category_of, paper_answer, paper_body
from contor.api.fastbill.papers.types import ExpenseFilter, NewExpense
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, done, identifier, listed, words
from contor.documents.papers import paper_url
from contor.expenses.expenses import EXPENSES, AttachToExpense, attach_to_expense
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields as Row
from contor.runtime.execute import validated
from contor.runtime.resource import Written
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class CreateExpense:
    data: NewExpense
    file: FileContent | None
    posted: bool | None = None
    """Whether it is in the books; None: as the tenant decided."""


@operation("fastbill.expense_get", permission="bookkeeping.read", reads=True)
def get(uow: Uow, where: ExpenseFilter) -> Fields:
    """The expenses that the filter means, the oldest first."""
    terms = [
        ("expense_id", "==", where.invoice_id),
        ("number", "==", where.invoice_number),
        *between("date", where.start_date, where.end_date),
        *between("paid_on", where.start_paid_date, where.end_paid_date),
        *in_month("date", where.month, where.year, uow.ctx.today()),
    ]
    rows = found(uow, EXPENSES, where, terms, "expense_id")
    customers = numbers_of(uow, CUSTOMER, idents(rows, "customer_ident"))
    projects = numbers_of(uow, PROJECT, idents(rows, "project_ident"))
    return listed(
        "expenses",
        [
            {
                **paper_answer(row, row["expense_id"], file_url(uow, "expense", row)),
                "organization": row["supplier"],
                "category": words(row["category"]),
                "customer_id": identifier(customers.get(row["customer_ident"])),
                "project_id": identifier(projects.get(row["project_ident"])),
            }
            for row in rows
        ],
    )


@operation("fastbill.expense_create", permission="bookkeeping.write")
def create(uow: Uow, command: CreateExpense) -> Fields:
    """An expense, with its file where one came along."""
    data = command.data
    with said_as(CORE):
        body = {
            "supplier": data.organization,
            "customer_ident": customer_named(uow, data.customer_id),
            "project_ident": None if data.project_id is None else ident_of(uow, PROJECT, data.project_id, "PROJECT_ID"),
            "category": category_of(data.category),
            "posted": command.posted,
            **paper_body(data),
        }
        made = EXPENSES.create(uow, Written((), validated(EXPENSES.creation, body)))
        if command.file is not None:
            attach_to_expense(uow, AttachToExpense(made["ident"], command.file))
    return done(invoice_id=made["expense_id"])


def file_url(uow: Uow, kind: Literal["expense", "revenue"], row: Row) -> str:
    """Where the file of a paper is, for whoever has the address; empty where there is none."""
    return paper_url(uow, row[f"{kind}_id"], kind) if row["sha256"] is not None else ""
