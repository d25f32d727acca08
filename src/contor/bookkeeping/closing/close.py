"""Close a month: from then on nothing is posted into it, whoever is about to (GoBD, Festschreibung).

Who posts holds the tenant's settings shared until the commit; who closes holds them alone. So an entry of the month is committed before its
closing, or is posted into the month after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.billing.queries import unbilled_until
from contor.bookkeeping import tables
from contor.bookkeeping.balances import difference
from contor.bookkeeping.closing.findings import (
    EXAMPLES,
    Acknowledgement,
    ClosingFinding,
    Left,
    State,
    closing_findings,
    why_not_closed,
)
from contor.bookkeeping.closing.revalue import rates_missing
from contor.bookkeeping.periods import (
    ClosingBegan,
    Month,
    OnePeriod,
    PeriodView,
    first_posted,
    get_period,
    last_day,
    month_after,
    month_of,
    period_status,
    periods,
    require_month,
)
from contor.documents.issue import unfinished_until
from contor.kernel.errors import Kind, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.receiving import unassigned_until
from contor.runtime.uow import Uow
from contor.settings.queries import TenantSettings, tenant_settings
from contor.settings.tenant_settings import close_books_through


@shape
class ClosingPreview:
    """What closing a month now would say."""

    period: str
    status: Literal["OPEN", "CLOSING", "CLOSED"]
    closable: bool
    """Whether it may be closed, with `acknowledgements` of the findings that want one."""
    findings: tuple[ClosingFinding, ...]
    deferred_income: bool
    """Whether income of later months would be deferred."""
    revaluation: bool
    """Whether what is open in foreign currency would be revalued."""


@shape
class CloseBody:
    acknowledgements: Annotated[tuple[Acknowledgement, ...], Field(max_length=20)] = ()
    """Findings with which the month is closed all the same."""


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    period: Month
    body: CloseBody


@operation("posting_period.preview_closing", permission="bookkeeping.read", reads=True)
def preview_closing(uow: Uow, command: OnePeriod) -> ClosingPreview:
    """Everything that stands in the way of closing a month, and what somebody has to acknowledge."""
    settings, month = tenant_settings(uow), require_month(command.period)
    findings = _findings(uow, settings, _books(uow, month, settings))
    return ClosingPreview(
        period=month,
        status=period_status(uow, month),
        closable=all(it.acknowledgeable for it in findings),
        findings=tuple(findings),
        deferred_income=_defers(settings),
        revaluation=_revalues(settings, month),
    )


@operation("posting_period.close", permission="bookkeeping.write")
def close_period(uow: Uow, command: ClosePeriod) -> PeriodView:
    """Close a month for good. Nothing else is posted into it from now on; its closing entries follow, and then it is CLOSED. Of a month
    that is CLOSING the entries are tried again."""
    month, acknowledged = require_month(command.period), set(command.body.acknowledgements)
    books = _books(uow, month, tenant_settings(uow))
    # from here on nobody posts: what takes long is known by now
    settings = tenant_settings(uow, lock=True)
    if period_status(uow, month) == "CLOSING":
        uow.audit("posting_period", month, {"closing": True})
        uow.emit(ClosingBegan(month=month))
        return get_period(uow, OnePeriod(month))
    findings = _findings(uow, settings, books)
    if problems := why_not_closed(findings, acknowledged):
        raise Refused(Kind.ILLEGAL_STATE, *problems)
    taken = sorted(it.code for it in findings)
    row = {
        "month": month,
        "status": "CLOSING",
        "closing_at": uow.ctx.now(),
        # of two: the id that was drawn when the transaction began may be lower than those of who posted until the lock was free
        "closing_mark": uow.next_ids(2)[-1],
        "closing_by": uow.ctx.actor,
        "acknowledged": taken,
        "deferring": _defers(settings),
        "revaluing": _revalues(settings, month),
    }
    uow.insert(tables.posting_period, [row])
    close_books_through(uow, last_day(month))
    uow.audit("posting_period", month, {"closing": True, "acknowledged": taken})
    uow.emit(ClosingBegan(month=month))
    return get_period(uow, OnePeriod(month))


def _defers(settings: TenantSettings) -> bool:
    return settings.deferred_income == "MONTHLY"


def _revalues(settings: TenantSettings, month: str) -> bool:
    return settings.revaluation == "MONTHLY" or (settings.revaluation == "YEAR_END" and month.endswith("-12"))


class _Books(NamedTuple):
    """What the books themselves say of a month; whoever posts meanwhile adds what is even."""

    month: str
    difference: Decimal
    rates_missing: Sequence[str]


def _books(uow: Uow, month: str, settings: TenantSettings) -> _Books:
    missing = rates_missing(uow, month, settings.ledger_currency) if _revalues(settings, month) else ()
    return _Books(month, difference(uow, month), missing)


def _findings(uow: Uow, settings: TenantSettings, books: _Books) -> list[ClosingFinding]:
    day = last_day(books.month)
    unfinished, unbilled = unfinished_until(uow, day), unbilled_until(uow, day)
    state = State(
        month=books.month,
        today=uow.ctx.today(),
        next_month=_next(uow, settings),
        difference=books.difference,
        currency=settings.ledger_currency,
        waiting=unfinished.waiting,
        waiting_more=unfinished.more,
        failing=unfinished.failing,
        held=unfinished.held,
        runs=unbilled.runs,
        due=unbilled.due,
        failed=unbilled.failed,
        parked=unbilled.parked,
        unassigned=[Left(*it) for it in unassigned_until(uow, day, EXAMPLES)],
        rates_missing=books.rates_missing,
        unclosed=next((row.month for row in periods(uow) if row.status == "CLOSING"), None),
    )
    return closing_findings(state)


def _next(uow: Uow, settings: TenantSettings) -> str | None:
    """The month that comes next to be closed."""
    if settings.closed_through is not None:
        return month_after(month_of(settings.closed_through))
    return first_posted(uow)
