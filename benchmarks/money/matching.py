"""`match`: lines of a bank find their open items, with everything that follows: cases, assignments, reasons, suggestions, books, trail."""

import datetime as dt
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from benchmarks.issuing import floor, new_tenant, store_requests
from benchmarks.measure import Result, rss_mb, timed
from contor.documents.issue import worker
from contor.kernel.context import Caller
from contor.kernel.operations import Operation
from contor.payments.accounts import ACCOUNTS
from contor.payments.receiving import receive
from contor.payments.types import Counterpart, MonetaryValue, PaymentBody
from contor.runtime.execute import Runtime
from contor.runtime.resource import Written
from contor.runtime.uow import Uow

STATEMENT = 1_000
"""Lines that come together."""
ACCOUNT = {
    "ident": "bank",
    "name": "House bank",
    "active": True,
    "country": "DE",
    "currency": "EUR",
    "payment_service_provider_id": 1,
}


@dataclass(frozen=True, slots=True)
class Statement:
    bodies: tuple[PaymentBody, ...]


def _receive(uow: Uow, command: Statement) -> None:
    receive(uow, ACCOUNTS.require(uow, ("bank",)), command.bodies)


RECEIVE: Operation[Statement, None] = Operation("bench.receive", "payments.write", Statement, None, _receive)


class _Open(NamedTuple):
    ident: str
    balance: Decimal


def match(runtime: Runtime, dsn: str, postmaster: int, lines: int, open_items: int) -> Result:
    """Of ten lines eight name their document, one names it in other words than its own, one names nothing; each of its own payer."""
    founded, caller = new_tenant(runtime, "bench-match")
    store_requests(runtime, caller, open_items, rows_each=1)
    worker.drain(runtime, founded.test.tenant_id)
    runtime.execute(ACCOUNTS.create, Written((), ACCOUNT), caller)
    statements = list(_statements(runtime, caller, lines))
    before = floor(dsn, lines, match=lines)
    result = Result("match", lines)
    with timed(result, os.getpid(), postmaster=postmaster):
        for statement in statements:
            runtime.execute(RECEIVE, statement, caller)
    result.rss_mb = rss_mb(os.getpid())
    after = floor(dsn, lines, match=lines)
    if before and after:
        result.floor_per_s = (before + after) / 2
        result.ratio = result.per_s / result.floor_per_s
    with runtime.transaction(caller, reads=True) as uow:
        assigned = uow.column(int, "SELECT count(*)::int FROM payment WHERE status = 'ASSIGNED'")[0]
    assert assigned >= 0.9 * lines - 1, assigned
    result.note = f"{assigned} assigned, against {open_items} open items, {STATEMENT} lines a statement"
    return result


def _statements(runtime: Runtime, caller: Caller, lines: int) -> Iterator[Statement]:
    with runtime.transaction(caller, reads=True) as uow:
        found = uow.all(_Open, "SELECT ident, balance FROM opos_case WHERE status = 'OPEN' ORDER BY document_id")
    chance = random.Random(1)
    chosen = chance.sample(found, lines)
    for start in range(0, lines, STATEMENT):
        yield Statement(tuple(_bodies(chosen[start : start + STATEMENT], start)))


def _bodies(chosen: Sequence[_Open], start: int) -> Iterator[PaymentBody]:
    today = dt.datetime.now(dt.UTC).date()
    for at, it in enumerate(chosen, start):
        text = {0: "Vielen Dank", 1: it.ident.replace("-", " ")}.get(at % 10, it.ident)
        yield PaymentBody(
            external_ident=f"line-{at}",
            base_amount=MonetaryValue(amount=it.balance),
            booking_date=today,
            credit_debit_indicator="CREDIT",
            description=f"Rechnung {text} vom Kunden {at % 997}",
            counterpart=Counterpart(name=f"Kunde {at} GmbH", iban=_iban(at)),
        )


def _iban(number: int) -> str:
    account = f"37040044{number:010d}"
    return f"DE{98 - int(f'{account}131400') % 97:02d}{account}"
