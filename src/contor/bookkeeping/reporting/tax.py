"""Tax as the journal has it: by account, rate, country and what happened, in the VAT period of each line."""

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.types import EntryKind
from contor.runtime.query.reading import streamed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class TaxSum(NamedTuple):
    """Lines that a return treats alike. Amounts are credit less debit; `base` is that of lines of tax."""

    period: str
    """YYYY-MM in which the tax falls."""
    account: int
    tax_key: str | None
    rate: Decimal | None
    country: str | None
    kind: str
    amount: Decimal
    base: Decimal | None


class TaxTurn(NamedTuple):
    """As a sum, with the document behind it."""

    document_id: int | None
    period: str
    account: int
    tax_key: str | None
    rate: Decimal | None
    country: str | None
    kind: str
    amount: Decimal
    base: Decimal | None


class _OnAccount(NamedTuple):
    account: int
    amount: Decimal


_TAX_DAY = "coalesce(l.tax_date, e.tax_date, e.posting_date)"
_CREDIT = "CASE l.side WHEN 'C' THEN l.amount ELSE -l.amount END"
_BASE = "CASE l.side WHEN 'C' THEN l.tax_base ELSE -l.tax_base END"
_TO = "FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id WHERE l.account = ANY (%(accounts)s)"
_IN = f"AND {_TAX_DAY} BETWEEN %(first)s AND %(last)s"
_LATE = f"AND e.posting_date BETWEEN %(first)s AND %(last)s AND {_TAX_DAY} < %(first)s"
_COLUMNS = (
    f"to_char({_TAX_DAY}, 'YYYY-MM') AS period, l.account, l.tax_key, trim_scale(l.tax_rate) AS rate, l.country, e.kind,"
    f" sum({_CREDIT}) AS amount, sum({_BASE}) AS base"
)


def tax_sums(uow: Uow, accounts: Collection[int], first: dt.date, last: dt.date, *, late: bool = False) -> list[TaxSum]:
    """What fell into these days; `late`: what was posted on them and fell into days before, so that the return of those is to be
    corrected (section 153 AO)."""
    sql = f"SELECT {_COLUMNS} {_TO} {_LATE if late else _IN} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
    return uow.all(TaxSum, sql, {"accounts": sorted(accounts), "first": first, "last": last})


def tax_turns(
    uow: Uow,
    accounts: Collection[int],
    keys: Collection[str] | None,
    first: dt.date,
    last: dt.date,
    *,
    late: bool = False,
    posted_until: dt.date | None = None,
) -> Iterator[TaxTurn]:
    """As `tax_sums`, document by document; of lines with one of the tax keys (None: whatever they have). `posted_until`: as it stood at the
    end of that day."""
    sql = (
        f"SELECT {columns(TaxTurn)} FROM (SELECT e.document_id, {_COLUMNS} {_TO} {_LATE if late else _IN}"
        " AND (%(until)s::date IS NULL OR e.posting_date <= %(until)s::date)"
        " AND (%(keys)s::text[] IS NULL OR l.tax_key = ANY (%(keys)s::text[]))"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7) x ORDER BY document_id, period, account, rate, country, kind"
    )
    wanted = None if keys is None else sorted(keys)
    asked = {"accounts": sorted(accounts), "keys": wanted, "first": first, "last": last, "until": posted_until}
    return streamed(uow, TaxTurn, sql, asked)


def taxed_by_account(uow: Uow, accounts: Collection[int], first: dt.date, last: dt.date) -> dict[int, Decimal]:
    """What fell into these days on each account, credit less debit."""
    sql = f"SELECT l.account, sum({_CREDIT}) AS amount {_TO} {_IN} GROUP BY l.account"
    return dict(uow.all(_OnAccount, sql, {"accounts": sorted(accounts), "first": first, "last": last}))


WITH_BASE: Final = tuple(
    kind.value
    for kind in (
        EntryKind.INVOICE,
        EntryKind.REVERSING_CREDIT,
        EntryKind.PRICE_REDUCTION,
        EntryKind.SELF_BILLING,
        EntryKind.SELF_BILLING_CORRECTION,
        EntryKind.DEPOSIT_RECEIVED,
        EntryKind.DEPOSIT_RETURNED,
        EntryKind.DEPOSIT_APPLIED,
        EntryKind.CASH_DISCOUNT,
        EntryKind.DISCOUNT,
        EntryKind.OTHER_REVENUE,
        EntryKind.EXPENSE,
    )
)
"""Kinds of entries in which what is taxed stands beside its tax."""


class Undeclared(NamedTuple):
    """Of an entry, what is taxed at a rate and the base that its lines of tax say. Both are credit less debit."""

    entry_id: int
    rate: Decimal
    net: Decimal
    base: Decimal


def bases_that_differ(uow: Uow, first: dt.date, last: dt.date) -> list[Undeclared]:
    """Entries posted on these days of which more or less is declared than is taxed."""
    net, base = f"coalesce(sum({_CREDIT}) FILTER (WHERE l.tax_base IS NULL), 0)", f"coalesce(sum({_BASE}), 0)"
    sql = (
        f"SELECT l.entry_id, trim_scale(l.tax_rate) AS rate, {net} AS net, {base} AS base FROM journal_entry e JOIN journal_line l"
        " ON l.tenant_id = e.tenant_id AND l.entry_id = e.id WHERE e.posting_date BETWEEN %s AND %s AND e.kind = ANY (%s)"
        f" AND l.tax_rate <> 0 GROUP BY 1, 2 HAVING {net} <> {base} ORDER BY 1, 2 LIMIT 100"
    )
    return uow.all(Undeclared, sql, (first, last, list(WITH_BASE)))


class Baseless(NamedTuple):
    """A line of tax that does not say of what."""

    entry_id: int
    account: int
    amount: Decimal


def tax_lines_without_base(uow: Uow, accounts: Collection[int], first: dt.date, last: dt.date) -> list[Baseless]:
    """Those that fell into these days."""
    sql = f"SELECT l.entry_id, l.account, l.amount {_TO} {_IN} AND l.tax_base IS NULL ORDER BY l.entry_id, l.position LIMIT 100"
    return uow.all(Baseless, sql, {"accounts": sorted(accounts), "first": first, "last": last})
