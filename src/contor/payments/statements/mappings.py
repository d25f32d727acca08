"""How the tables (CSV) of an account's bank are written: stored once, found by the names of their columns."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.payments.accounts import ACCOUNTS
from contor.payments.statements import tables
from contor.payments.statements.read import Named, TableForm
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow


def _judged(uow: Uow, row: Fields) -> None:
    """An amount comes from one column, or from two of which each has one side."""
    columns = row["form"]["columns"]
    both = [columns["credit"], columns["debit"]]
    if (columns["amount"] is None) != all(both) or any(both) != all(both):
        message = "The table has a column with signed amounts, or one of credits and one of debits."
        raise Refused(Kind.INVALID, Problem("amount_columns", message, "form.columns.amount", columns["amount"]))


MAPPINGS = Resource(
    "statement_mapping",
    tables.statement_mapping,
    permission="payments",
    keys=("account_ident", "ident"),
    parent=ACCOUNTS,
    writable=("ident", "name", "form"),
    filterable=("ident", "name", "created_at"),
    before_create=_judged,
    before_update=_judged,
)


class _Mapping(NamedTuple):
    form: Fields
    iban: str | None
    other_idents: Sequence[str]
    currency: str
    account_ident: str


def forms_of(uow: Uow, account_ident: str | None) -> list[Named]:
    """The forms of tables of an account, or of all where a file names none; the account as the bank calls it."""
    rows = uow.all(
        _Mapping,
        "SELECT m.form, a.iban, a.other_idents, a.currency, m.account_ident FROM statement_mapping m JOIN merchant_payment_account a"
        " ON a.tenant_id = m.tenant_id AND a.ident = m.account_ident WHERE %(account)s::text IS NULL OR m.account_ident = %(account)s"
        " ORDER BY m.account_ident, m.ident",
        {"account": account_ident},
    )
    return [Named(msgspec.convert(row.form, TableForm, strict=False), _named(row), row.currency) for row in rows]


def _named(row: _Mapping) -> str:
    return row.iban or next(iter(row.other_idents or ()), None) or row.account_ident
