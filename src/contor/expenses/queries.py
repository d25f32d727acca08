"""Papers received as others name them: by ident, and by number; and suppliers, as the books and their exports have them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from contor.expenses import tables
from contor.runtime.query.numbered import Numbered
from contor.runtime.query.reading import streamed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

EXPENSES_NUMBERED: Final = Numbered("expense", tables.expense, "ident", "expense_id")
REVENUES_NUMBERED: Final = Numbered("revenue", tables.revenue, "ident", "revenue_id")
FOLDERS_NUMBERED: Final = Numbered("folder", tables.folder, "ident", "folder_id")
OF_SUPPLIERS: Final = "SELECT s.account FROM supplier s"
"""SQL: the accounts of suppliers, which are no customer's."""


class SupplierRow(NamedTuple):
    """A supplier with his account."""

    supplier_id: int
    ident: str
    name: str
    vat_id: str | None
    account: int
    created_at: dt.datetime


def all_suppliers(uow: Uow, last_number: int | None = None) -> Iterator[SupplierRow]:
    """In the order of their numbers, up to one of them (None: all), in constant memory."""
    sql = f"SELECT {columns(SupplierRow)} FROM supplier WHERE %s::bigint IS NULL OR supplier_id <= %s ORDER BY supplier_id"
    return streamed(uow, SupplierRow, sql, (last_number, last_number), name="suppliers")


def last_supplier_number(uow: Uow) -> int:
    """The number of the youngest supplier; 0: there is none."""
    return uow.scalar(int, "SELECT max(supplier_id) FROM supplier") or 0


def highest_supplier_account(uow: Uow) -> int | None:
    """None: there is no supplier."""
    return uow.scalar(int, "SELECT max(account) FROM supplier")


def categories_on(uow: Uow, account: int) -> list[str]:
    """The categories of expenses that are booked on an account."""
    return uow.column(str, "SELECT name FROM expense_category WHERE booking_account = %s ORDER BY name", (account,))


class Owed(NamedTuple):
    """What of posted expenses is not paid yet."""

    account: int
    currency: str
    gross: Decimal


def owed_to_suppliers(uow: Uow) -> list[Owed]:
    """By account and currency."""
    sql = (
        "SELECT s.account, e.currency, sum(e.net + e.tax) AS gross FROM expense e JOIN supplier s ON s.tenant_id = e.tenant_id"
        " AND s.ident = e.supplier_ident WHERE e.posted AND e.paid_on IS NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return uow.all(Owed, sql)
