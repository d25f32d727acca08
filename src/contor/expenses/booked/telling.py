"""An expense that is posted, told to the books: whenever it is kept, changed, paid or deleted."""

import datetime as dt
from decimal import Decimal
from typing import Final, NamedTuple

from contor.expenses.booked.categories import accounts_by_category
from contor.expenses.booked.parts import Judged, parts_of, why_not, with_rate
from contor.expenses.booked.suppliers import Supplier, supplier_known, supplier_of
from contor.expenses.events import BookedExpense, ExpenseAccountsNamed, ExpensePart, ExpensesBooked
from contor.expenses.papers import read_row
from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields
from contor.runtime.uow import Uow
from contor.settings.queries import home
from contor.tax.rates import rates_of

_HOME = "DE"
"""Of a company without a site yet."""
_SUPPLIER: Final = ("supplier", "supplier_vat_id")
_BOOKED: Final = (
    *_SUPPLIER,
    *("number", "date", "service_start", "service_end", "currency", "net", "tax", "rows"),
    *("tax_treatment", "booking_account", "category"),
)
"""What decides the entry of an expense, but for its payment."""
_PAYMENT: Final = ("paid_on", "paid_from")


class _Law(NamedTuple):
    """Where it is taxed, and at which rates; none: they are not known."""

    country: str
    rates: frozenset[Decimal]


def name_accounts(uow: Uow, row: Fields) -> None:
    """The books say whether the accounts that an expense names are of the chart. Raises INVALID."""
    named = (("bookingAccount", row.get("booking_account")), ("paidFrom", row.get("paid_from")))
    if said := tuple((field, number) for field, number in named if number is not None):
        uow.emit(ExpenseAccountsNamed(accounts=said))


def posting_problems(uow: Uow, row: Fields) -> list[Problem]:
    """Why an expense cannot be in the books as it is."""
    law = _law(uow, row)
    paper = Judged(row["tax_treatment"], row["currency"], len(row["rows"]))
    problems = why_not(_parts(uow, row, law), paper, law.rates, law.country)
    if row["tax_treatment"] == "REVERSE_CHARGE_EU" and country_of(row.get("supplier_vat_id")) in (None, law.country):
        message = "is that of a supplier in another member state, by which the supply is declared"
        problems.append(Problem("vat_id_missing", message, "supplierVatId", row.get("supplier_vat_id")))
    return problems


def tell_books(uow: Uow, row: Fields, before: Fields | None = None) -> None:
    """The expense as it now is, with its supplier, who gets an account with his first one. `before`: as it was kept; where it was in the
    books and says nothing else of its cost, that stands as it was posted, by the law and on the accounts of then."""
    supplier = _supplier(uow, row, before)
    row["supplier_ident"] = supplier.ident
    stands = before is not None and before["posted"] and all(before[name] == row[name] for name in _BOOKED)
    if stands and before is not None and all(before[name] == row[name] for name in _PAYMENT):
        return
    vat_id = row.get("supplier_vat_id") or supplier.vat_id
    _tell(uow, row, supplier.account, country_of(vat_id), _parts(uow, row, _law(uow, row)), stands=stands)


def withdraw(uow: Uow, row: Fields) -> None:
    """The expense goes: what it posted is taken back."""
    _tell(uow, row, supplier_known(uow, row["supplier_ident"]).account, None, ())


def country_of(vat_id: str | None) -> str | None:
    """The country that a VAT id is of; Greece writes EL there."""
    if not vat_id:
        return None
    return "GR" if vat_id[:2] == "EL" else vat_id[:2]


# helpers in calling order


def _supplier(uow: Uow, row: Fields, before: Fields | None) -> Supplier:
    """He stays who he was, whatever he is called by now, as long as the expense does not name another one."""
    if before is not None and before["supplier_ident"] is not None and all(before[name] == row[name] for name in _SUPPLIER):
        return supplier_known(uow, before["supplier_ident"])
    return supplier_of(uow, row["supplier"], row.get("supplier_vat_id"))


def _law(uow: Uow, row: Fields) -> _Law:
    own = home(uow)
    country = own.country if own is not None else _HOME
    rates = rates_of(country, _supplied_on(row))
    return _Law(country, rates.all if rates is not None else frozenset())


def _supplied_on(row: Fields) -> dt.date:
    day: dt.date = row.get("service_end") or row.get("service_start") or row["date"]
    return day


def _parts(uow: Uow, row: Fields, law: _Law) -> tuple[ExpensePart, ...]:
    """By the account that the expense names, else by that of each row's category, else by that of its own."""
    rows = [read_row(one) for one in row["rows"]]
    names = {name for name in (row.get("category"), *(one.category for one in rows)) if name is not None}
    by_category = accounts_by_category(uow, names)

    def account(category: str | None) -> int | None:
        return row.get("booking_account") or by_category.get(category or "") or by_category.get(row.get("category") or "")

    parts = parts_of(row["net"], row["tax"], rows, account)
    return parts if rows else tuple(with_rate(part, law.rates, row["currency"]) for part in parts)


def _tell(
    uow: Uow, row: Fields, account: int, country: str | None, parts: tuple[ExpensePart, ...], *, stands: bool = False
) -> None:
    booked = BookedExpense(
        expense_id=row["expense_id"],
        name=row.get("number") or row["ident"],
        supplier=row["supplier"],
        account=account,
        country=country,
        treatment=row["tax_treatment"],
        dated=row["date"],
        supplied_on=_supplied_on(row),
        currency=row["currency"],
        parts=parts,
        paid_on=row.get("paid_on"),
        paid_from=row.get("paid_from"),
        stands=stands,
    )
    uow.emit(ExpensesBooked(expense_ids=(booked.expense_id,), expenses=(booked,)))
