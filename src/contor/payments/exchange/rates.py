"""What money on accounts in other currencies is worth in the ledger: by the rate of the day on which the bank booked it."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Problem
from contor.runtime.uow import Uow
from contor.settings.exchange import Missing, daily_rates
from contor.settings.queries import tenant_settings


class Rates(NamedTuple):
    """Units of an account's currency for one unit of the ledger's, by day. Empty: the account is kept in the ledger's currency."""

    ledger: str
    by_day: Mapping[dt.date, Decimal]
    missing: tuple[Missing, ...] = ()


def ledger_rates(uow: Uow, currency: str, days: Collection[dt.date]) -> Rates:
    """The daily rate of each day: at weekends and on holidays the one before."""
    ledger = tenant_settings(uow).ledger_currency
    if currency == ledger:
        return Rates(ledger, {})
    found = daily_rates(uow, [(currency, day) for day in sorted(days)])
    known = {day: rate.rate for (_, day), rate in found.items() if not isinstance(rate, Missing)}
    return Rates(ledger, known, tuple(rate for rate in found.values() if isinstance(rate, Missing)))


def missing_rates(rates: Rates) -> list[Problem]:
    """A finding for each day without a rate."""
    return [
        Problem(
            "exchange_rate_missing",
            f"{missing.reason.partition(';')[0]}; import the rates first (contor exchange-rates import)",
            "bookingDate",
            missing.day,
        )
        for missing in rates.missing
    ]
