"""What tax providers say of supplies: asked for by who bills, answered by a worker, found again by the same question."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.db import ENCODER
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.providers import tables
from contor.tax.providers.events import TaxesQuoted
from contor.tax.providers.types import Outside, Quotation, QuotedTax

TAX_PROVIDERS: Final = "tax_providers"
"""The work that asks and records."""
VALID = dt.timedelta(hours=24)
"""For so long an answer holds; a refusal for a part of it."""
REFUSED_FOR = dt.timedelta(hours=1)
KEPT = dt.timedelta(days=7)
FIRST_PAUSE, LONGEST_PAUSE = 30, 3600
"""Seconds after the first try without an answer, doubled each time, and at most."""
QuoteStatus = Literal["ASKED", "ANSWERED", "REFUSED"]


class Quote(NamedTuple):
    """`taxes`: of an answer; none are due where it is empty. `problem`: why there is none."""

    status: QuoteStatus
    taxes: tuple[QuotedTax, ...] = ()
    problem: str | None = None

    def lacking(self, provider: Outside, path: str) -> Problem | None:
        """For who waits for the answer: why there is none; None: there is one."""
        if self.status == "ANSWERED":
            return None
        if self.status == "REFUSED":
            return Problem("tax_provider_refused", f"{self.problem}; mend it, or say which taxes it bears", path)
        why = self.problem or f"{provider} was asked of something else just now"
        return Problem("tax_provider_unavailable", f"{why}; try again, or say which taxes it bears", path)


class _Row(NamedTuple):
    key: str
    status: QuoteStatus
    taxes: Sequence[Fields]
    problem: str | None
    answered_at: dt.datetime | None
    try_at: dt.datetime | None


def key_of(provider: Outside, quotation: Quotation) -> str:
    """Equal for equal questions."""
    return hashlib.sha256(provider.encode() + b"/" + ENCODER.encode(quotation)).hexdigest()


def quotes_for(uow: Uow, asked: Sequence[tuple[Outside, Quotation]]) -> list[Quote]:
    """What is known of each; what is not is asked for after this transaction commits."""
    if not asked:
        return []
    keys = [key_of(provider, quotation) for provider, quotation in asked]
    uow.lock("tax_quote", set(keys))
    sql = f"SELECT {columns(_Row)} FROM tax_quote WHERE key = ANY (%s)"
    known = {row.key: row for row in uow.all(_Row, sql, (sorted(set(keys)),))}
    now = uow.ctx.now()
    missing = {key: one for key, one in zip(keys, asked, strict=True) if key not in known}
    stale = sorted({key for key, row in known.items() if row.try_at is None and not _holds(row, now)})
    _ask(uow, missing, stale)
    return [_quote(known.get(key), key in stale) for key in keys]


def _holds(row: _Row, now: dt.datetime) -> bool:
    return row.answered_at is not None and row.answered_at > now - (VALID if row.status == "ANSWERED" else REFUSED_FOR)


def _ask(uow: Uow, missing: Mapping[str, tuple[Outside, Quotation]], stale: Sequence[str]) -> None:
    now, at = uow.ctx.now(), uow.runtime.clock()
    uow.insert(
        tables.tax_quote,
        [
            {
                "key": key,
                "provider": provider,
                "customer_ident": quotation.customer_ident,
                "quotation": quotation,
                "status": "ASKED",
                "asked_at": now,
                "try_at": at,
            }
            for key, (provider, quotation) in sorted(missing.items())
        ],
    )
    if stale:
        uow.run(
            "UPDATE tax_quote SET status = 'ASKED', tries = 0, try_at = %s, asked_at = %s WHERE key = ANY (%s)", (at, now, stale)
        )
    if missing or stale:
        uow.mark(TAX_PROVIDERS)


def _quote(row: _Row | None, is_stale: bool) -> Quote:
    if row is None or is_stale or row.status == "ASKED":
        return Quote("ASKED", problem=None if row is None else row.problem)
    return Quote(row.status, tuple(msgspec.convert(row.taxes, tuple[QuotedTax, ...], strict=False)), row.problem)


class Asked(NamedTuple):
    """A question that is to be put to a provider."""

    key: str
    provider: Outside
    customer_ident: str
    quotation: Quotation
    tries: int


class _AskedRow(NamedTuple):
    key: str
    provider: Outside
    customer_ident: str
    quotation: str
    tries: int


def due_quotes(uow: Uow, limit: int) -> list[Asked]:
    """What is to be asked now."""
    sql = (
        "SELECT key, provider, customer_ident, quotation::text AS quotation, tries FROM tax_quote WHERE try_at <= %s"
        " ORDER BY try_at, key LIMIT %s"
    )
    rows = uow.all(_AskedRow, sql, (uow.runtime.clock(), limit))
    return [Asked(row.key, row.provider, row.customer_ident, read_quotation(row.quotation), row.tries) for row in rows]


def read_quotation(text: str) -> Quotation:
    """As it was stored."""
    return msgspec.json.decode(text, type=Quotation, strict=False)


@shape
class Answered:
    """What came of a question."""

    key: str
    customer_ident: str
    status: QuoteStatus
    """ASKED: nothing; it is asked again."""
    taxes: tuple[QuotedTax, ...] = ()
    problem: str | None = None


@shape
class KeepQuotes:
    answered: tuple[Answered, ...]


@operation("tax_quote.keep", permission="tax.write")
def keep_quotes(uow: Uow, command: KeepQuotes) -> None:
    """Store what was answered, and let what waits for it look again."""
    uow.lock("tax_quote", [one.key for one in command.answered])  # who waits for one just now hears of this
    for one in command.answered:  # few: a provider is asked for some at a time
        if one.status == "ASKED":
            _put_off(uow, one)
            continue
        uow.run(
            "UPDATE tax_quote SET status = %s, taxes = %s, problem = %s, answered_at = %s, try_at = NULL WHERE key = %s",
            (one.status, ENCODER.encode(one.taxes).decode(), one.problem, uow.ctx.now(), one.key),
        )
    uow.run("DELETE FROM tax_quote WHERE answered_at < %s AND try_at IS NULL", (uow.ctx.now() - KEPT,))
    customers = sorted({one.customer_ident for one in command.answered})
    for customer in customers:
        uow.audit("tax_quote", customer, {"quoted": sum(1 for one in command.answered if one.customer_ident == customer)})
    uow.emit(TaxesQuoted(customer_idents=tuple(customers)))


def _put_off(uow: Uow, one: Answered) -> None:
    sql = (
        "UPDATE tax_quote SET problem = %s, tries = tries + 1,"
        " try_at = %s + make_interval(secs => least(%s * 2 ^ least(tries, 10), %s)) WHERE key = %s"
    )
    uow.run(sql, (one.problem, uow.runtime.clock(), FIRST_PAUSE, LONGEST_PAUSE, one.key))


def next_quote(uow: Uow) -> dt.datetime | None:
    """Real time; None: nothing is asked."""
    return uow.scalar(dt.datetime, "SELECT min(try_at) FROM tax_quote WHERE try_at IS NOT NULL")
