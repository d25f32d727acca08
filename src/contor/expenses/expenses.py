"""Expenses: invoices of suppliers, with what they are for."""

from dataclasses import dataclass
from decimal import Decimal

from contor.customers.queries import known_customers
from contor.expenses import tables
from contor.expenses.booked import name_accounts, posting_problems, tell_books, withdraw
from contor.expenses.papers import PAPER, keep_file, kept_file, paper_problems, refuse, without_file
from contor.expenses.types import ExpensePaidBody, PaidBody
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Fields, Money
from contor.projects.queries import known_projects
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


@dataclass(frozen=True, slots=True)
class AttachToExpense:
    expense_ident: str
    file: FileContent


@dataclass(frozen=True, slots=True)
class OneExpense:
    expense_ident: str


@dataclass(frozen=True, slots=True)
class PayExpense:
    expense_ident: str
    body: ExpensePaidBody


def _checked(uow: Uow, row: Fields, before: Fields | None = None) -> None:
    problems = paper_problems(uow, row)
    if row.get("project_ident") is not None and not known_projects(uow, [row["project_ident"]]):
        problems.append(Problem("project_unknown", "does not exist", "projectIdent", row["project_ident"]))
    if row["posted"] and not problems:
        problems += posting_problems(uow, row)
    refuse(problems)
    name_accounts(uow, row)
    if row["posted"]:
        tell_books(uow, row, before)


def _changed(uow: Uow, row: Fields) -> None:
    _checked(uow, row, EXPENSES.require(uow, (row["ident"],)))


def _new(uow: Uow, row: Fields) -> None:
    row["expense_id"] = uow.next_id()
    without_file(row)
    row["supplier_ident"] = None
    if row.get("posted") is None:
        row["posted"] = tenant_settings(uow).expense_posting == "POSTED"
    _checked(uow, row)


def _not_posted(_: Uow, row: Fields) -> tuple[str, ...]:
    """What is in no book can be put into them; what is stays, and is corrected there."""
    return () if row["posted"] else ("posted",)


def _gone(uow: Uow, row: Fields) -> None:
    """What came by the inbox is kept with its file."""
    if uow.scalar(int, "SELECT 1 FROM inbox_item WHERE expense_ident = %s", (row["ident"],)):
        message = f"The expense {row['ident']} was taken from the inbox: a received invoice is kept (section 14b UStG)."
        raise Refused(Kind.CONFLICT, Problem("expense_in_use", message))
    if row["posted"]:
        withdraw(uow, row)


def _shown(_: Uow, rows: list[Fields]) -> list[Fields]:
    return [{**row, "gross": Decimal(row["net"]) + Decimal(row["tax"])} for row in rows]


EXPENSES = Resource(
    "expense",
    tables.expense,
    permission="bookkeeping",
    writable=(
        *("supplier", "customer_ident", "project_ident", "category"),
        *("supplier_vat_id", "tax_treatment", "booking_account", "posted", "paid_from"),
        *PAPER,
    ),
    immutable=("posted",),
    correctable=_not_posted,
    filterable=(
        "ident",
        "expense_id",
        "supplier",
        "number",
        "date",
        "paid_on",
        "due_date",
        "category",
        "customer_ident",
        "project_ident",
        "supplier_ident",
        "posted",
        "currency",
        "created_at",
    ),
    refers=(
        Reference("customerIdent", "customer_unknown", known_customers),
        Reference("projectIdent", "project_unknown", known_projects),
    ),
    computed={"gross": (Money, ...)},
    found_by={"gross": ("expense.net + expense.tax", Decimal)},
    before_create=_new,
    before_update=_changed,
    before_delete=_gone,
    shown=_shown,
)


@operation("expense.attach_file", permission="bookkeeping.write")
def attach_to_expense(uow: Uow, command: AttachToExpense) -> EXPENSES.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """Keep the file of an expense; another one takes the place of that which was there."""
    return _shown(uow, [keep_file(uow, EXPENSES, command.expense_ident, command.file)])[0]


@operation("expense.file", permission="bookkeeping.read", reads=True)
def get_expense_file(uow: Uow, command: OneExpense) -> FileContent:
    """The file as it came."""
    return kept_file(uow, EXPENSES, command.expense_ident)


@operation("expense.set_paid", permission="bookkeeping.write")
def pay_expense(uow: Uow, command: PayExpense) -> EXPENSES.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """Say when an expense was paid, and from which account of money; saying the same day again changes nothing. Of one in the books that is
    posted."""
    ident, paid_from = command.expense_ident, command.body.paid_from
    before = EXPENSES.require(uow, (ident,), lock=True)
    is_new = before["paid_on"] is None
    set_paid(uow, EXPENSES, ident, command.body)
    if not is_new and paid_from not in (None, before["paid_from"]):
        account = before["paid_from"] or "that of the bank"
        raise Refused(
            Kind.CONFLICT, Problem("paid_already", f"It was paid from another account, {account}.", "paidFrom", paid_from)
        )
    if is_new and paid_from is not None:
        uow.run("UPDATE expense SET paid_from = %s WHERE ident = %s", (paid_from, ident))
        uow.audit("expense", ident, {"paid_from": paid_from})
    row = EXPENSES.require(uow, (ident,))
    name_accounts(uow, row)
    if is_new and row["posted"]:
        tell_books(uow, row, before)
    return _shown(uow, [row])[0]


def set_paid(uow: Uow, stored: Resource, ident: str, body: PaidBody) -> None:
    """The day on which a paper was paid. Raises NOT_FOUND, INVALID, CONFLICT where another day is said already."""
    row, day = stored.require(uow, (ident,), lock=True), body.paid_on or uow.ctx.today()
    if day > uow.ctx.today():
        raise Refused(Kind.INVALID, Problem("paid_in_future", f"is after today ({uow.ctx.today()})", "paidOn", day))
    if row["paid_on"] not in (None, day):
        message = f"It was paid on {row['paid_on']}."
        raise Refused(Kind.CONFLICT, Problem("paid_already", message, "paidOn", day))
    if row["paid_on"] is None:
        uow.run(f"UPDATE {stored.table.name} SET paid_on = %s, last_modified_at = %s WHERE ident = %s", (day, uow.ctx.now(), ident))
        uow.audit(stored.name, ident, {"paid_on": day})
