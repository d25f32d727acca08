"""A tenant's exchange rates: imported as data, shown with source and age, found for the day of a supply."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import round_rate
from contor.kernel.operations import operation
from contor.kernel.shapes import Currency, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings import tables
from contor.settings.events import RatesImported
from contor.settings.exchange.choose import EURO, Known, Missing, Month, Rate, RateKind, average, crossed, daily, end_of_month
from contor.settings.queries import tenant_settings

MOST_AT_ONCE = 100_000
"""Rates of one import."""
SOURCES: dict[RateKind, str] = {"DAILY": "ECB", "MONTHLY_AVERAGE": "BMF"}


@shape
class QuotedRate:
    kind: RateKind
    currency: Currency
    day: dt.date
    """Of a monthly average the first of its month."""
    rate: Annotated[Decimal, Field(gt=0, lt=10**10)]
    """Units of the currency for one euro."""


@shape
class ImportRates:
    rates: Annotated[tuple[QuotedRate, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


@shape
class ImportedRates:
    stored: int
    """New ones, and those that have another value now."""
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class ListRates:
    query: ListQuery


@shape
class RateView:
    currency: str
    kind: RateKind
    day: dt.date
    rate: Decimal
    source: str
    imported_at: dt.datetime
    age_in_days: int
    """From its day until today."""


RATES = searchable(
    tables.exchange_rate, RateView, ("currency", "day", "kind", "rate", "source", "imported_at"), default_sort="day,desc"
)


class RateRow(NamedTuple):
    currency: str
    kind: RateKind
    day: dt.date
    rate: Decimal
    source: str
    imported_at: dt.datetime


class _StoredRate(NamedTuple):
    kind: RateKind
    currency: str
    day: dt.date
    rate: Decimal


@operation("exchange_rate.list", permission="settings.read", reads=True)
def list_rates(uow: Uow, command: ListRates) -> Page:
    """What is stored, the latest first."""
    today = uow.ctx.today()

    def views(rows: Iterable[RateRow]) -> Iterable[RateView]:
        return [RateView(**row._asdict(), age_in_days=(today - row.day).days) for row in rows]

    return listed(uow, tables.exchange_rate, command.query, RATES, RateRow, views)


@dataclass(frozen=True, slots=True)
class OwnRates:
    """No input: the caller's tenant."""


@shape
class NewestRates:
    """The newest rate of each currency and kind: how fresh what is stored is."""

    rates: tuple[RateView, ...]


@operation("exchange_rate.newest", permission="settings.read", reads=True)
def show_newest(uow: Uow, command: OwnRates) -> NewestRates:
    """The newest rate of each currency and kind, with its source and age."""
    today = uow.ctx.today()
    rows = uow.all(
        RateRow, f"SELECT DISTINCT ON (currency, kind) {columns(RateRow)} FROM exchange_rate ORDER BY currency, kind, day DESC"
    )
    return NewestRates(rates=tuple(RateView(**row._asdict(), age_in_days=(today - row.day).days) for row in rows))


@operation("exchange_rate.import", permission="settings.write")
def import_rates(uow: Uow, command: ImportRates) -> ImportedRates:
    """Store rates; one that is known with another value takes the new one. Documents that are issued keep theirs, and what waited for a
    rate is billed by the next run. Raises INVALID with all that would never count."""
    if problems := list(_never_asked(command.rates)):
        raise Refused(Kind.INVALID, *problems)
    uow.lock("settings", ["exchange_rates"])  # two imports of one file would both find the same rates missing
    given = {(one.kind, one.currency, one.day): round_rate(one.rate) for one in command.rates}
    kept = {key: rate for key, rate in sorted(given.items()) if rate > 0}
    known = _known(uow, kept)
    added = [(*key, rate, SOURCES[key[0]], uow.ctx.now()) for key, rate in kept.items() if key not in known]
    changed = [(*key, rate, SOURCES[key[0]]) for key, rate in kept.items() if known.get(key, rate) != rate]
    uow.copy(tables.exchange_rate, ("kind", "currency", "day", "rate", "source", "imported_at"), added)
    if changed:
        uow.run(
            "UPDATE exchange_rate AS r SET rate = n.rate, source = n.source, imported_at = %s"
            " FROM unnest(%s::text[], %s::text[], %s::date[], %s::numeric[], %s::text[]) AS n(kind, currency, day, rate, source)"
            " WHERE r.kind = n.kind AND r.currency = n.currency AND r.day = n.day",
            (uow.ctx.now(), *([row[place] for row in changed] for place in range(5))),
        )
    stored = len(added) + len(changed)
    days = [day for _, _, day in kept]
    done = ImportedRates(stored=stored, first=min(days, default=None), last=max(days, default=None))
    if stored:
        uow.audit("exchange_rate", "import", {"stored": stored, "first": done.first, "last": done.last})
        uow.emit(RatesImported(count=stored))
    return done


def _never_asked(rates: Iterable[QuotedRate]) -> Iterable[Problem]:
    """Rates that nothing is converted at: a month's is looked for by its first day, and the euro has none."""
    for place, one in enumerate(rates):
        if one.currency == EURO:
            message = "is the euro itself: expected is the currency of which there are so many for one euro"
            yield Problem("rate_of_the_euro", message, f"rates[{place}].currency", one.currency)
        if one.kind == "MONTHLY_AVERAGE" and one.day.day != 1:
            message = f"is not the first of its month, by which an average is kept: expected is {one.day.replace(day=1)}"
            yield Problem("day_of_average", message, f"rates[{place}].day", one.day)


def _known(uow: Uow, keys: Collection[tuple[RateKind, str, dt.date]]) -> dict[tuple[RateKind, str, dt.date], Decimal]:
    rows = uow.all(
        _StoredRate,
        "SELECT r.kind, r.currency, r.day, r.rate FROM exchange_rate r"
        " JOIN unnest(%s::text[], %s::text[], %s::date[]) AS n(kind, currency, day)"
        " ON r.kind = n.kind AND r.currency = n.currency AND r.day = n.day",
        tuple([key[place] for key in keys] for place in range(3)),
    )
    return {(row.kind, row.currency, row.day): row.rate for row in rows}


def source_findings(uow: Uow, currency: str, path: str) -> list[Problem]:
    """Why nothing may be agreed in a currency: it is not the ledger's, and there is no rate of it at all."""
    ledger = tenant_settings(uow).ledger_currency
    wanted = {currency, ledger} - {EURO} if currency != ledger else set()
    sql = "SELECT c FROM unnest(%s::text[]) c WHERE NOT EXISTS (SELECT 1 FROM exchange_rate r WHERE r.currency = c)"
    missing = uow.column(str, sql, (sorted(wanted),)) if wanted else []
    return [
        Problem(
            "exchange_rates_missing",
            f"there are no exchange rates of {name}, and the ledger is in {ledger}; import them first (contor exchange-rates import)",
            path,
            currency,
        )
        for name in missing
    ]


def rates_of(uow: Uow, wanted: Collection[tuple[str, dt.date]]) -> dict[tuple[str, dt.date], Rate | Missing]:
    """The rate of each currency and day of supply by the tenant's rule, or why there is none."""
    if not wanted:
        return {}
    settings = tenant_settings(uow)
    asked = set(wanted)
    others = {(settings.ledger_currency, day) for _, day in asked} if settings.ledger_currency != EURO else set()
    pairs = sorted((currency, day) for currency, day in asked | others if currency != EURO)
    found = _averages(uow, pairs) if settings.exchange_rate_rule == "MONTHLY_AVERAGE" else _dailies(uow, pairs)
    euro = {(EURO, day): Rate(Decimal(1), day, "") for _, day in asked}
    to_euro = {**euro, **found}
    if settings.ledger_currency == EURO:
        return {key: to_euro[key] for key in asked}
    return {key: crossed(key[0], to_euro[key], to_euro[settings.ledger_currency, key[1]]) for key in asked}


def daily_rates(uow: Uow, wanted: Collection[tuple[str, dt.date]]) -> dict[tuple[str, dt.date], Rate | Missing]:
    """The rate published for each currency and day, whatever the tenant converts supplies at: what a bank has booked has its day."""
    if not wanted:
        return {}
    ledger = tenant_settings(uow).ledger_currency
    asked = {(currency, day) for currency, day in wanted} | {(ledger, day) for _, day in wanted}
    found: dict[tuple[str, dt.date], Rate | Missing] = {(EURO, day): Rate(Decimal(1), day, "") for _, day in asked}
    found |= _dailies(uow, sorted((currency, day) for currency, day in asked if currency != EURO))
    return {(currency, day): crossed(currency, found[currency, day], found[ledger, day]) for currency, day in wanted}


class _NewestRow(NamedTuple):
    currency: str
    kind: RateKind
    day: dt.date
    rate: Decimal
    source: str


def newest_rates(uow: Uow, currencies: Collection[str]) -> dict[str, Rate]:
    """The newest that is known of each currency, of whatever kind: for what is foreseen of days that have no rate yet."""
    ledger = tenant_settings(uow).ledger_currency
    sql = f"SELECT DISTINCT ON (currency) {columns(_NewestRow)} FROM exchange_rate WHERE currency = ANY (%s) ORDER BY currency, day DESC"
    rows = uow.all(_NewestRow, sql, (sorted({*currencies, ledger}),))
    found: dict[str, Rate | Missing] = {
        row.currency: Rate(row.rate, row.day if row.kind == "DAILY" else end_of_month(row.day), row.source) for row in rows
    }
    found[EURO] = Rate(Decimal(1), uow.ctx.today(), "")
    if ledger not in found:
        return {}
    of_ledger = {currency: crossed(currency, found[currency], found[ledger]) for currency in currencies if currency in found}
    return {currency: rate for currency, rate in of_ledger.items() if isinstance(rate, Rate)}


class _KnownRow(NamedTuple):
    currency: str
    wanted: dt.date
    rate: Decimal | None
    day: dt.date | None
    source: str | None
    last: dt.date | None


_LAST = "(SELECT max(l.day) FROM exchange_rate l WHERE l.kind = 'DAILY' AND l.currency = w.currency) AS last"


def _dailies(uow: Uow, pairs: Collection[tuple[str, dt.date]]) -> dict[tuple[str, dt.date], Rate | Missing]:
    rows = uow.all(
        _KnownRow,
        f"SELECT w.currency, w.day AS wanted, r.rate, r.day, r.source, {_LAST} FROM unnest(%s::text[], %s::date[]) AS w(currency, day)"
        " LEFT JOIN LATERAL (SELECT rate, day, source FROM exchange_rate r WHERE r.kind = 'DAILY' AND r.currency = w.currency"
        " AND r.day <= w.day ORDER BY r.day DESC LIMIT 1) r ON true",
        ([currency for currency, _ in pairs], [day for _, day in pairs]),
    )
    today = uow.ctx.today()
    return {(row.currency, row.wanted): daily(row.currency, row.wanted, today, Known(*row[2:])) for row in rows}


class _MonthRow(NamedTuple):
    currency: str
    wanted: dt.date
    published: Decimal | None
    source: str | None
    average: Decimal | None
    last: dt.date | None


def _averages(uow: Uow, pairs: Collection[tuple[str, dt.date]]) -> dict[tuple[str, dt.date], Rate | Missing]:
    rows = uow.all(
        _MonthRow,
        f"SELECT w.currency, w.day AS wanted, p.rate AS published, p.source, a.rate AS average, {_LAST}"
        " FROM unnest(%s::text[], %s::date[]) AS w(currency, day)"
        " LEFT JOIN exchange_rate p ON p.kind = 'MONTHLY_AVERAGE' AND p.currency = w.currency AND p.day = date_trunc('month', w.day)::date"
        " LEFT JOIN LATERAL (SELECT avg(r.rate) AS rate FROM exchange_rate r WHERE p.rate IS NULL AND r.kind = 'DAILY'"
        " AND r.currency = w.currency AND r.day >= date_trunc('month', w.day)::date"
        " AND r.day < (date_trunc('month', w.day) + interval '1 month')::date) a ON true",
        ([currency for currency, _ in pairs], [day for _, day in pairs]),
    )
    return {(row.currency, row.wanted): average(row.currency, row.wanted, Month(*row[2:])) for row in rows}
