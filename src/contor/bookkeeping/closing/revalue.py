"""What is open in foreign currency, at the rate of the last day of a month (section 256a HGB, posting table row 28).

The entry is taken back on the next day: personal accounts stay what their open items say, and a payment finds the rate of its document.
Trade receivables fall due within a year, so gains count as losses do (section 256a sentence 2).
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.chart import CREDITORS, DEBTORS, chart_of
from contor.bookkeeping.entries import Posting, entry_lines, post, reversed_entry
from contor.bookkeeping.periods import last_day
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Entry, EntryKind, Line
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, round_amount
from contor.runtime.uow import Uow
from contor.settings.exchange import Missing, daily_rates
from contor.settings.queries import tenant_settings


class _Open(NamedTuple):
    """What stands on a personal account in a foreign currency, and at which value."""

    account: int
    party: str | None
    currency: str
    amount: Decimal
    booked: Decimal


def _open(uow: Uow, day: dt.date) -> list[_Open]:
    return uow.all(
        _Open,
        "SELECT l.account, l.party, l.foreign_currency AS currency,"
        " sum(CASE l.side WHEN 'D' THEN l.foreign_amount ELSE -l.foreign_amount END) AS amount,"
        " sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END) AS booked"
        " FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"
        " WHERE l.foreign_currency IS NOT NULL AND l.account >= %s AND l.account < %s AND e.posting_date <= %s GROUP BY 1, 2, 3"
        " HAVING sum(CASE l.side WHEN 'D' THEN l.foreign_amount ELSE -l.foreign_amount END) <> 0 ORDER BY 1, 2, 3",
        (DEBTORS.start, CREDITORS.stop, day),
    )


def rates_missing(uow: Uow, month: str, ledger: str) -> list[str]:
    """The currencies in which something is open at the end of the month, of which there is no rate of its last day."""
    day = last_day(month)
    rates = daily_rates(uow, {(row.currency, day) for row in _open(uow, day) if row.currency != ledger})
    return sorted(currency for (currency, _), rate in rates.items() if isinstance(rate, Missing))


def revalue(uow: Uow, month: str) -> None:
    """Post what the balances are worth more or less on the last day of the month, and take it back on the day after."""
    day, ledger = last_day(month), tenant_settings(uow).ledger_currency
    found = [row for row in _open(uow, day) if row.currency != ledger]
    rates = daily_rates(uow, {(row.currency, day) for row in found})
    lines: list[Line] = []
    for row in found:
        rate = rates[row.currency, day]
        if isinstance(rate, Missing):
            text = f"There is no exchange rate of {day} for {row.currency}."
            raise Refused(Kind.ILLEGAL_STATE, Problem("exchange_rate_missing", text, rejected_value=row.currency))
        difference = round_amount(row.amount / rate.rate, ledger) - row.booked
        lines.append(Line(row.account, "D", difference, ledger, party=row.party))
    if not any(line.amount for line in lines):
        return
    entry = _entry(uow, lines, month, day, ledger)
    made = Posting(entry, closes=True)
    post(uow, [made])
    back = reversed_entry(entry, day + dt.timedelta(days=1), str(made.id))
    post(uow, [Posting(back, reversal_of=made.id)])


def _entry(uow: Uow, lines: Sequence[Line], month: str, day: dt.date, ledger: str) -> Entry:
    chart = chart_of(uow)
    gain = sum((line.amount for line in lines if line.amount > 0), ZERO)
    loss = -sum((line.amount for line in lines if line.amount < 0), ZERO)
    results = [
        Line(chart[Role.REVALUATION_LOSS].number, "D", loss, ledger),
        Line(chart[Role.REVALUATION_GAIN].number, "C", gain, ledger),
    ]
    turned = [line if line.amount > 0 else line._replace(side="C", amount=-line.amount) for line in lines]
    booked = entry_lines(sorted([*turned, *results], key=lambda line: line.side == "C"))
    return Entry(EntryKind.REVALUATION, f"Stichtagsbewertung {month}", day, day, None, None, booked, f"revaluation:{month}")
