"""Categories of expenses, each with the account of the chart on which they are booked."""

from collections.abc import Collection
from typing import NamedTuple

from contor.expenses import tables
from contor.expenses.booked.suppliers import folded
from contor.expenses.events import ExpenseAccountsNamed
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow


class _OnAccount(NamedTuple):
    known_as: str
    booking_account: int


def accounts_by_category(uow: Uow, names: Collection[str]) -> dict[str, int]:
    """By the category's name as it is written there."""
    sql = "SELECT known_as, booking_account FROM expense_category WHERE known_as = ANY (%s)"
    found = dict(uow.all(_OnAccount, sql, ([folded(name) for name in names],))) if names else {}
    return {name: found[folded(name)] for name in names if folded(name) in found}


def _checked(uow: Uow, row: Fields) -> None:
    row["known_as"] = folded(row["name"])
    sql = "SELECT 1 FROM expense_category WHERE known_as = %s AND ident <> %s"
    if uow.scalar(int, sql, (row["known_as"], row["ident"])):
        raise Refused(Kind.CONFLICT, Problem("expense_category_exists", "has an account already", "name", row["name"]))
    uow.emit(ExpenseAccountsNamed(accounts=(("bookingAccount", row["booking_account"]),)))


CATEGORIES = Resource(
    "expense_category",
    tables.expense_category,
    permission="bookkeeping",
    writable=("name", "booking_account"),
    hidden=("known_as",),
    filterable=("ident", "name", "booking_account", "created_at"),
    before_create=_checked,
    before_update=_checked,
)
