"""Revenues: outgoing invoices that were written elsewhere. They have no number of ours, no document and no entries."""

from dataclasses import dataclass
from decimal import Decimal

from contor.customers.queries import known_customers
from contor.expenses import tables
from contor.expenses.expenses import set_paid
from contor.expenses.papers import PAPER, keep_file, kept_file, paper_problems, refuse, without_file
from contor.expenses.types import PaidBody
from contor.kernel.files import FileContent
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Fields, Money
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class AttachToRevenue:
    revenue_ident: str
    file: FileContent


@dataclass(frozen=True, slots=True)
class OneRevenue:
    revenue_ident: str


@dataclass(frozen=True, slots=True)
class PayRevenue:
    revenue_ident: str
    body: PaidBody


def _checked(uow: Uow, row: Fields) -> None:
    refuse(paper_problems(uow, row))


def _new(uow: Uow, row: Fields) -> None:
    row["revenue_id"] = uow.next_id()
    without_file(row)
    _checked(uow, row)


def _shown(_: Uow, rows: list[Fields]) -> list[Fields]:
    return [{**row, "gross": Decimal(row["net"]) + Decimal(row["tax"])} for row in rows]


REVENUES = Resource(
    "revenue",
    tables.revenue,
    permission="bookkeeping",
    writable=("customer_ident", "title", *PAPER),
    filterable=(
        "ident",
        "revenue_id",
        "title",
        "number",
        "date",
        "paid_on",
        "due_date",
        "customer_ident",
        "currency",
        "created_at",
    ),
    refers=(Reference("customerIdent", "customer_unknown", known_customers),),
    computed={"gross": (Money, ...)},
    found_by={"gross": ("revenue.net + revenue.tax", Decimal)},
    before_create=_new,
    before_update=_checked,
    shown=_shown,
)


@operation("revenue.attach_file", permission="bookkeeping.write")
def attach_to_revenue(uow: Uow, command: AttachToRevenue) -> REVENUES.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """Keep the file of a revenue; another one takes the place of that which was there."""
    return _shown(uow, [keep_file(uow, REVENUES, command.revenue_ident, command.file)])[0]


@operation("revenue.file", permission="bookkeeping.read", reads=True)
def get_revenue_file(uow: Uow, command: OneRevenue) -> FileContent:
    """The file as it came."""
    return kept_file(uow, REVENUES, command.revenue_ident)


@operation("revenue.set_paid", permission="bookkeeping.write")
def pay_revenue(uow: Uow, command: PayRevenue) -> REVENUES.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """Say when a revenue was paid; saying the same day again changes nothing."""
    set_paid(uow, REVENUES, command.revenue_ident, command.body)
    return _shown(uow, [REVENUES.require(uow, (command.revenue_ident,))])[0]
