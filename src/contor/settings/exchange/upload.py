"""Take over a file of exchange rates that somebody sends."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.runtime.uow import Uow
from contor.settings.exchange.files import read_rates
from contor.settings.exchange.rates import MOST_AT_ONCE, ImportedRates, ImportRates, QuotedRate, import_rates

YEARS: Final = 3
"""So far back rates are imported where nothing else is said: longer than anything is billed afterwards."""


@dataclass(frozen=True, slots=True)
class UploadRates:
    file: FileContent
    year: str = ""
    """Of a table of averages whose columns name months alone."""
    since: str = ""
    """What is older is left out; empty: three years."""


@operation("exchange_rate.upload", permission="settings.write")
def upload_rates(uow: Uow, command: UploadRates) -> ImportedRates:
    """Store the rates of a file: of the ECB (XML, CSV or zip), or monthly averages of the BMF (CSV). What waited for one is billed by the
    next run."""
    problems = []
    year, since = None, earliest(uow.ctx.today())
    if command.year:
        year = int(command.year) if command.year.isascii() and command.year.isdecimal() and len(command.year) == 4 else None
        if year is None:
            problems.append(Problem("parameter_malformed", "is a year, such as 2026", "year", command.year[:100]))
    if command.since:
        try:
            since = dt.date.fromisoformat(command.since)
        except ValueError:
            problems.append(Problem("parameter_malformed", "is a date, such as 2026-05-31", "since", command.since[:100]))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    published = [QuotedRate(**one._asdict()) for one in read_rates(command.file.content, year) if one.day >= since]
    if len(published) > MOST_AT_ONCE:
        message = f"has {len(published)} rates since {since}; {MOST_AT_ONCE} are the most: a later day leaves out what is older"
        raise Refused(Kind.INVALID, Problem("too_many_rates", message, "since", since))
    return import_rates(uow, ImportRates(rates=tuple(published)))


def earliest(today: dt.date) -> dt.date:
    """From which day on rates are imported where nothing else is said."""
    return today - dt.timedelta(days=366 * YEARS)
