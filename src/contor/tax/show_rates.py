"""Show the table of tax rates: of a country or of all, on a day."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from contor.kernel.days import is_countable
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.countries import alpha_2
from contor.tax.history import KINDS, RATES, Rates
from contor.tax.rates import RateKind


@dataclass(frozen=True, slots=True)
class ListTaxRates:
    country: str = ""
    """ISO 3166-1; empty: all that have rates."""
    day: str = ""
    """On which a supply is completed; empty: today."""


@shape
class TaxRate:
    """One rate of value added tax."""

    country: str
    kind: RateKind | Literal["OTHER"]
    """OTHER: of a part of the country, or a flat rate, that no tax code names."""
    rate: Decimal
    applicable_from: dt.date
    region: str | None = None
    """ISO 3166-2, of a part of the country that has rates of its own."""


@shape
class TaxRates:
    """The rates of a day."""

    day: dt.date
    rates: tuple[TaxRate, ...]
    complete: tuple[str, ...]
    """The countries of which all rates are known: what is none of these is refused."""


@operation("tax_rate.list", permission="tax.read", reads=True)
def list_tax_rates(uow: Uow, command: ListTaxRates) -> TaxRates:
    """The rates of value added tax on a day: of one country, or of all member states and of goods in Northern Ireland (XI)."""
    problems = []
    country, day = alpha_2(command.country.upper()) if command.country else None, uow.ctx.today()
    if command.country and (country is None or country not in RATES):
        message = "has no rates here, expected is a member state of the Union, or XI for goods in Northern Ireland"
        problems.append(Problem("country_without_rates", message, "country", command.country[:100]))
    if command.day:
        try:
            day = dt.date.fromisoformat(command.day)
        except ValueError:
            problems.append(Problem("parameter_malformed", "is a date, such as 2026-05-31", "day", command.day[:100]))
        if not is_countable(day):
            problems.append(Problem("parameter_malformed", "is no day that anything is supplied on", "day", command.day[:100]))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return table_of(day, country)


def table_of(day: dt.date, country: str | None = None) -> TaxRates:
    """What the table says of a day; of a country before its first line nothing."""
    found = {place: entries for place, entries in RATES.items() if country is None or place.partition("-")[0] == country}
    then = {
        place: last
        for place, entries in sorted(found.items())
        if (last := next((entry for entry in reversed(entries) if entry.applicable_from <= day), None)) is not None
    }
    rates = tuple(rate for place, entry in then.items() for rate in _rates(place, entry))
    return TaxRates(day=day, rates=rates, complete=tuple(place for place, entry in then.items() if entry.is_complete))


def _rates(place: str, entry: Rates) -> Iterator[TaxRate]:
    country, _, part = place.partition("-")
    region = place if part else None
    for kind in KINDS:
        if (rate := entry.of(kind)) is not None:
            yield TaxRate(country=country, kind=kind, rate=rate, applicable_from=entry.applicable_from, region=region)
    for rate in sorted(entry.others):
        yield TaxRate(country=country, kind="OTHER", rate=rate, applicable_from=entry.applicable_from, region=region)
