"""Booking accounts: the tenant's chart, keyed by number and currency."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, NamedTuple, get_args

from pydantic import Field

from contor.bookkeeping import tables
from contor.bookkeeping.chart.chart import CREDITORS, DEBTORS
from contor.bookkeeping.chart.money import kept_by
from contor.bookkeeping.types import AccountType
from contor.expenses.queries import categories_on
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Currency, Name255, Text255, replace, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import tenant_settings

AccountNumber = Annotated[int, Field(gt=0, le=999_999_999)]
OwnRole = Literal["EXTERNAL_CLOSED"]
OWN_ROLE: Final = get_args(OwnRole)[0]
"""What a tenant can use an account of its own for; for all else the chart has one."""


@shape
class AccountBody:
    account_number: AccountNumber
    currency: Currency
    account_type: AccountType
    name: Name255
    account_group: Text255 = ""
    description: Text255 | None = None
    opos_account: bool = False
    automatic: bool = False
    tax_key: Text255 | None = None
    role: OwnRole | None = None


ACCOUNTS = searchable(
    tables.booking_account,
    AccountBody,
    ("account_number", "currency", "account_group", "account_type", "name", "opos_account", "created_at"),
    default_sort="account_number",
)


@shape
class AccountChange:
    """Number, currency and type may be repeated, not changed."""

    name: Name255
    account_group: Text255 = ""
    description: Text255 | None = None
    opos_account: bool = False
    automatic: bool = False
    tax_key: Text255 | None = None
    role: OwnRole | None = None
    account_number: AccountNumber | None = None
    currency: Currency | None = None
    account_type: AccountType | None = None


@dataclass(frozen=True, slots=True)
class ListAccounts:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreateAccount:
    body: AccountBody


@dataclass(frozen=True, slots=True)
class OneAccount:
    account_number: str
    account_currency: str


@dataclass(frozen=True, slots=True)
class UpdateAccount:
    account_number: str
    account_currency: str
    body: AccountChange


class _AccountRow(NamedTuple):
    account_number: int
    currency: str
    account_group: str
    account_type: str
    name: str
    description: str | None
    opos_account: bool
    automatic: bool
    tax_key: str | None
    role: str | None


@operation("booking_account.list", permission="bookkeeping.read", reads=True)
def list_accounts(uow: Uow, command: ListAccounts) -> Page:
    """The chart of accounts."""
    return listed(uow, tables.booking_account, command.query, ACCOUNTS, _AccountRow, lambda rows: map(_body, rows))


def whole_chart(uow: Uow) -> list[AccountBody]:
    """Every account, by number."""
    sql = f"SELECT {columns(_AccountRow)} FROM booking_account ORDER BY account_number, currency"
    return [_body(row) for row in uow.all(_AccountRow, sql)]


@operation("booking_account.create", permission="bookkeeping.write")
def create_account(uow: Uow, command: CreateAccount) -> AccountBody:
    """Add an account beside those of the chart."""
    body = command.body
    if _find(uow, str(body.account_number), body.currency) is not None:
        message = f"Account {body.account_number} {body.currency} exists already."
        raise Refused(Kind.CONFLICT, Problem("booking_account_exists", message, "accountNumber", body.account_number))
    if body.account_number in DEBTORS or body.account_number in CREDITORS:
        message = f"{DEBTORS.start} to {CREDITORS.stop - 1} are the accounts of customers and vendors, which they get by themselves"
        raise Refused(Kind.INVALID, Problem("account_number_personal", message, "accountNumber", body.account_number))
    if problems := _role_problems(uow, body):
        raise Refused(Kind.INVALID, *problems)
    values = {name: getattr(body, name) for name in _AccountRow._fields}
    values["account_type"] = body.account_type.value
    now = {"created_at": uow.ctx.now(), "last_modified_at": uow.ctx.now()}
    uow.insert(tables.booking_account, [{**values, **now}])
    uow.audit("booking_account", f"{body.account_number}/{body.currency}", {"created": values})
    return body


@operation("booking_account.get", permission="bookkeeping.read", reads=True)
def get_account(uow: Uow, command: OneAccount) -> AccountBody:
    """One account."""
    return require_account(uow, command.account_number, command.account_currency)


@operation("booking_account.update", permission="bookkeeping.write")
def update_account(uow: Uow, command: UpdateAccount) -> AccountBody:
    """Change what an account is called and how it is handled."""
    before, body = require_account(uow, command.account_number, command.account_currency), command.body
    fixed = ("account_number", "currency", "account_type")
    changed = [name for name in fixed if getattr(body, name) is not None and getattr(body, name) != getattr(before, name)]
    if changed:
        raise Refused(Kind.INVALID, *[Problem("field_immutable", "cannot be changed.", name) for name in changed])
    if problems := _role_problems(uow, replace(before, role=body.role)):
        raise Refused(Kind.INVALID, *problems)
    names = ("name", "account_group", "description", "opos_account", "automatic", "tax_key")
    uow.run(
        f"UPDATE booking_account SET {', '.join(f'{n} = %s' for n in names)}, last_modified_at = %s,"
        " role = CASE WHEN coalesce(role, %s) = %s THEN %s ELSE role END WHERE account_number = %s AND currency = %s",
        (
            *(getattr(body, n) for n in names),
            *(uow.ctx.now(), OWN_ROLE, OWN_ROLE, body.role),
            *(before.account_number, before.currency),
        ),
    )
    after = {n: getattr(body, n) for n in (*names, "role")}
    uow.audit("booking_account", f"{before.account_number}/{before.currency}", {"after": after})
    return require_account(uow, command.account_number, command.account_currency)


@operation("booking_account.delete", permission="bookkeeping.write")
def delete_account(uow: Uow, command: OneAccount) -> None:
    """Remove an account that has no entries and that the posting table does not need."""
    account = require_account(uow, command.account_number, command.account_currency)
    if uow.scalar(int, "SELECT 1 FROM journal_line WHERE account = %s LIMIT 1", (account.account_number,)):
        raise Refused(Kind.CONFLICT, Problem("booking_account_in_use", "The account has entries."))
    key = (account.account_number, account.currency)
    if uow.scalar(str, "SELECT role FROM booking_account WHERE account_number = %s AND currency = %s", key):
        raise Refused(Kind.CONFLICT, Problem("booking_account_in_use", "The posting table needs the account."))
    if holders := kept_by(uow, *key):
        message = f"The money of merchant payment account {holders[0]} stands on it."
        raise Refused(Kind.CONFLICT, Problem("booking_account_in_use", message))
    if categories := categories_on(uow, account.account_number):
        message = f"Expenses of the category {categories[0]} are booked on it."
        raise Refused(Kind.CONFLICT, Problem("booking_account_in_use", message))
    uow.run("DELETE FROM booking_account WHERE account_number = %s AND currency = %s", key)
    uow.audit("booking_account", f"{key[0]}/{key[1]}", {"deleted": True})


def _find(uow: Uow, number: str, currency: str) -> _AccountRow | None:
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        return None
    sql = f"SELECT {columns(_AccountRow)} FROM booking_account WHERE account_number = %s AND currency = %s"
    return uow.first(_AccountRow, sql, (int(number), currency))


def require_account(uow: Uow, number: str, currency: str) -> AccountBody:
    """Raises NOT_FOUND."""
    row = _find(uow, number, currency)
    if row is None:
        raise not_found("booking_account", f"{number}/{currency}")
    return _body(row)


def _body(row: _AccountRow) -> AccountBody:
    role = row.role if row.role == OWN_ROLE else None  # those of the chart are not the tenant's to give
    return AccountBody(**{**row._asdict(), "account_type": AccountType(row.account_type), "role": role})


def _role_problems(uow: Uow, body: AccountBody) -> list[Problem]:
    """Why an account cannot take what another system closed (posting table row 31)."""
    if body.role is None:
        return []
    uow.lock("booking_account", ["role"])  # two at once could each see none
    key, problems = (body.account_number, body.currency), []
    ledger = tenant_settings(uow).ledger_currency
    if body.currency != ledger:
        problems.append(
            Problem("currency_differs", f"the account is in {body.currency}, the ledger in {ledger}", "role", body.role)
        )
    used = uow.scalar(str, "SELECT role FROM booking_account WHERE account_number = %s AND currency = %s", key)
    if used not in (None, OWN_ROLE) or kept_by(uow, *key):
        problems.append(Problem("booking_account_unfit", "the account has another use already", "role", body.role))
    other = uow.scalar(
        int,
        "SELECT account_number FROM booking_account WHERE role = %s AND (account_number, currency) <> (%s, %s)",
        (OWN_ROLE, *key),
    )
    if other is not None:
        problems.append(Problem("role_taken", f"account {other} has it already", "role", body.role))
    return problems
