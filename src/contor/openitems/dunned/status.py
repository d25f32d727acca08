"""How far what is open is dunned: by level, currency and site, and the documents behind each cell."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import SITE_OF, site_field
from contor.documents.types import DocumentType
from contor.kernel.shapes import Money, shape
from contor.openitems import tables
from contor.openitems.types import DebitCredit
from contor.runtime.query import ListQuery, Page, searchable, size, when
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow


@shape
class StatusCell:
    """Open documents of one level, currency and operating site; amounts are signed, credits count negative."""

    dunning_level: int
    currency: str
    operating_site_ident: str
    receivable: bool
    documents: int
    open_amount: Money
    ledger_amount: Money


@shape
class StatusDocument:
    """An open document with its dunning level."""

    document_ident: str
    document_type: DocumentType
    customer_ident: str
    operating_site_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    open_amount: Money
    debit_credit_indicator: DebitCredit
    dunning_level: int
    dunning_block: bool
    receivable: bool


class _Cell(NamedTuple):
    dunning_level: int
    currency: str
    operating_site_ident: str
    receivable: bool
    documents: int
    open_amount: Decimal
    ledger_amount: Decimal


class _Document(NamedTuple):
    document_id: int
    ident: str
    document_type: str
    customer_ident: str
    operating_site_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    balance: Decimal
    dunning_level: int
    dunning_block: bool
    is_memo: bool


_CASE = tables.opos_case.c
OPEN_DOCUMENTS = searchable(
    tables.opos_case,
    StatusDocument,
    (
        "ident",
        "document_type",
        "customer_ident",
        "currency",
        "document_date",
        "due_date",
        "dunning_level",
        "dunning_block",
        "created_at",
    ),
    default_sort="created_at",
    places={
        "document_ident": "ident",
        "open_amount": size(_CASE.balance),
        "debit_credit_indicator": when(_CASE.balance < 0, "CREDIT", "DEBIT"),
        "receivable": when(_CASE.is_memo, False, True),
        "operating_site_ident": site_field(_CASE.document_id),
    },
)


def status_cells(uow: Uow) -> list[StatusCell]:
    """All that is open, by level, currency, site, and whether it is a receivable in the books."""
    rows = uow.all(
        _Cell,
        "SELECT dunning_level, currency, operating_site_ident, NOT is_memo AS receivable, count(*) AS documents,"
        " sum(balance) AS open_amount, sum(ledger_balance) AS ledger_amount FROM"
        f" (SELECT c.dunning_level, c.currency, {SITE_OF.format(row='c')} AS operating_site_ident, c.is_memo, c.balance,"
        " c.ledger_balance FROM opos_case c WHERE c.status = 'OPEN') x GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
    )
    return [StatusCell(**row._asdict()) for row in rows]


def open_documents(uow: Uow, query: ListQuery) -> Page:
    """The documents behind the cells."""

    def read(ids: list[int]) -> dict[int, StatusDocument]:
        sql = (
            f"SELECT document_id, ident, document_type, customer_ident, {SITE_OF.format(row='c')} AS operating_site_ident, currency,"
            " document_date, due_date, balance, dunning_level, dunning_block, is_memo FROM opos_case c WHERE document_id = ANY (%s)"
        )
        return {row.document_id: _document(row) for row in uow.all(_Document, sql, (ids,))}

    return listed_by_key(uow, tables.opos_case, query, OPEN_DOCUMENTS, "document_id", read, {"status": "OPEN"})


def _document(row: _Document) -> StatusDocument:
    return StatusDocument(
        document_ident=row.ident,
        document_type=DocumentType(row.document_type),
        customer_ident=row.customer_ident,
        operating_site_ident=row.operating_site_ident,
        currency=row.currency,
        document_date=row.document_date,
        due_date=row.due_date,
        open_amount=abs(row.balance),
        debit_credit_indicator="CREDIT" if row.balance < 0 else "DEBIT",
        dunning_level=row.dunning_level,
        dunning_block=row.dunning_block,
        receivable=not row.is_memo,
    )
