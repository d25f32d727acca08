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

_APART = ("booking_date", "value_date", "amount", "credit", "debit", "currency", "account", "counterpart_iban", "counterpart_bic")
"""What is read of a column in a way of its own: a text may stand in any."""
_SAME_DAY = {"booking_date", "value_date"}


def _judged(uow: Uow, row: Fields) -> None:
    """An amount comes from one column, or from two of which each has one side."""
    columns = row["form"]["columns"]
    both = [columns["credit"], columns["debit"]]
    if (columns["amount"] is None) != all(both) or any(both) != all(both):
        message = "The table has a column with signed amounts, or one of credits and one of debits."
        raise Refused(Kind.INVALID, Problem("amount_columns", message, "form.columns.amount", columns["amount"]))
    of_name: dict[str, list[str]] = {}
    for field in _APART:
        if columns[field] is not None:
            of_name.setdefault(columns[field], []).append(field)
    problems = [
        Problem(
            "column_twice",
            f"The column {name!r} is named for several: each but the two days has its own.",
            f"form.columns.{fields[-1]}",
            name,
        )
        for name, fields in of_name.items()
        if len(fields) > 1 and not set(fields) <= _SAME_DAY
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)


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
