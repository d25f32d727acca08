"""What goes to a collection agency: listed, and as a CSV file of a run."""

import csv
import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.customers.queries import addresses_of_debtors
from contor.dunning import tables
from contor.dunning.events import TakenBack
from contor.dunning.runs.runs import require_run
from contor.kernel.events import on
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.openitems.dunned import not_at_collection
from contor.openitems.events import DunningBlockChanged
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text must not begin with that a spreadsheet opens: it would be calculated."""


@dataclass(frozen=True, slots=True)
class ListHandovers:
    query: ListQuery


@shape
class OneHandoverList:
    run_ident: str


@shape
class Handover:
    """A document that went to collection, with what was owed by then."""

    document_ident: str
    customer_ident: str
    run_ident: str
    currency: str
    outstanding: Money
    costs: Money
    interest: Money
    handed_over_on: dt.date
    taken_back_on: dt.date | None = None
    """When a person took it back: it is dunned again."""


class _Row(NamedTuple):
    document_ident: str
    customer_ident: str
    run_ident: str
    currency: str
    outstanding: Decimal
    costs: Decimal
    interest: Decimal
    handed_over_on: dt.date
    taken_back_on: dt.date | None


class _TakenBack(NamedTuple):
    document_id: int
    document_ident: str


HANDOVERS = searchable(
    tables.dunning_handover,
    Handover,
    ("document_ident", "customer_ident", "run_ident", "currency", "handed_over_on", "taken_back_on", "document_id"),
    default_sort="document_id",
)


@operation("dunning_handover.list", permission="bookkeeping.read", reads=True)
def list_handovers(uow: Uow, command: ListHandovers) -> Page:
    """Everything that went to collection."""
    return listed(
        uow, tables.dunning_handover, command.query, HANDOVERS, _Row, lambda rows: [Handover(**row._asdict()) for row in rows]
    )


@operation("dunning_handover.file", permission="bookkeeping.read", reads=True)
def handover_csv(uow: Uow, command: OneHandoverList) -> FileContent:
    """What a run handed over, as a CSV file: UTF-8, semicolons, amounts with a point; a row per document with the debtor's address."""
    require_run(uow, command.run_ident)
    sql = f"SELECT {columns(_Row)} FROM dunning_handover WHERE run_ident = %s ORDER BY document_id"
    rows = uow.all(_Row, sql, (command.run_ident,))
    debtors = addresses_of_debtors(uow, {row.customer_ident for row in rows})
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    told = _Row._fields[:-1]
    writer.writerow([*told, "demand", "name", "street", "zip", "city", "country", "email", "phone", "taken_back_on"])
    for row in rows:
        debtor = debtors.get(row.customer_ident)
        demand = row.outstanding + row.costs + row.interest
        address = debtor[1:] if debtor else ("",) * 7
        writer.writerow([_safe(value) for value in (*row[: len(told)], demand, *address, row.taken_back_on)])
    return FileContent(out.getvalue().encode(), "text/csv; charset=utf-8", f"collection-{command.run_ident}.csv")


@on(DunningBlockChanged)
def take_back(uow: Uow, fact: DunningBlockChanged) -> None:
    """Whose block of the hand-over a person has lifted, or put another one in its place, is at collection no more."""
    free = not_at_collection(uow, fact.document_ids)
    sql = (
        "UPDATE dunning_handover SET taken_back_on = %s WHERE document_id = ANY (%s) AND taken_back_on IS NULL"
        " RETURNING document_id, document_ident"
    )
    taken = uow.all(_TakenBack, sql, (uow.ctx.today(), [it.document_id for it in free])) if free else []
    for row in taken:
        uow.audit("dunning_handover", row.document_ident, {"taken_back_on": uow.ctx.today()})
    if taken:
        uow.emit(TakenBack(document_ids=tuple(row.document_id for row in taken)))


def _safe(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
