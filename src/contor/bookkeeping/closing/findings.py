"""What stands in the way of closing a month. Pure.

Some findings are to be mended first; others somebody may acknowledge by their codes, and the month is closed as it is.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.bookkeeping.periods import first_day, last_day, month_after
from contor.kernel.errors import Problem
from contor.kernel.money import counted, worded
from contor.kernel.shapes import shape

EXAMPLES = 20
"""Things that a finding names; all are counted."""
Acknowledgement = Literal[
    "BILLING_RUN_OPEN",
    "CUSTOMERS_PARKED",
    "DOCUMENT_REQUESTS_FAILING",
    "DOCUMENT_REQUESTS_HELD",
    "ITEMS_FAILED",
    "ITEMS_UNBILLED",
    "PAYMENTS_UNASSIGNED",
]
"""Findings with which a month may be closed."""
FindingCode = Literal[
    "BOOKS_EMPTY",
    "PERIOD_CLOSED",
    "PERIOD_BEFORE_OPEN",
    "PERIOD_BEFORE_CLOSING",
    "PERIOD_NOT_OVER",
    "TRIAL_BALANCE_UNEVEN",
    "DOCUMENT_REQUESTS_WAITING",
    "EXCHANGE_RATE_MISSING",
    "BILLING_RUN_OPEN",
    "CUSTOMERS_PARKED",
    "DOCUMENT_REQUESTS_FAILING",
    "DOCUMENT_REQUESTS_HELD",
    "ITEMS_FAILED",
    "ITEMS_UNBILLED",
    "PAYMENTS_UNASSIGNED",
]


@shape
class ClosingFinding:
    """Why a month is not closed as it is."""

    code: FindingCode
    message: str
    acknowledgeable: bool
    """Whether the month may be closed all the same, by naming the code."""
    count: int
    examples: tuple[str, ...] = ()
    """The first of what is counted, by their idents."""


class Left(NamedTuple):
    """Payments that are not assigned in full, in one currency."""

    currency: str
    payments: int
    amount: Decimal
    examples: Sequence[str]


class State(NamedTuple):
    """What the books and those who post into them say about a month."""

    month: str
    today: dt.date
    next_month: str | None
    """The month that comes next to be closed; None: nothing is posted yet."""
    difference: Decimal
    """By how much more was debited than credited up to its end."""
    currency: str
    waiting: Sequence[str] = ()
    """Requests whose documents would be dated in it."""
    waiting_more: int = 0
    failing: Sequence[str] = ()
    """Those of them that are tried again after a fault."""
    held: Sequence[str] = ()
    """Those of them whose VAT ids wait to be confirmed."""
    runs: Sequence[str] = ()
    """Held billing runs that are neither done nor cancelled."""
    due: int = 0
    """Billable items that the next run bills."""
    failed: int = 0
    """... and that no run can bill."""
    parked: Sequence[str] = ()
    """Customers whom runs leave out."""
    unassigned: Sequence[Left] = ()
    rates_missing: Collection[str] = ()
    """Currencies in which something is open, without a rate of the last day."""
    unclosed: str | None = None
    """A month before, whose closing entries are still on their way."""


def closing_findings(state: State) -> list[ClosingFinding]:
    """Everything that there is to say, what is to be mended first."""
    return [*_order(state), *_blocking(state), *_to_be_acknowledged(state)]


def why_not_closed(findings: Sequence[ClosingFinding], acknowledged: Collection[str]) -> list[Problem]:
    """The findings that nobody acknowledged."""
    left = [it for it in findings if not (it.acknowledgeable and it.code in acknowledged)]
    return [Problem(it.code.lower(), f"{it.message}{_may_be(it)}", rejected_value=it.count) for it in left]


def _may_be(finding: ClosingFinding) -> str:
    return f" Acknowledge {finding.code} to close all the same." if finding.acknowledgeable else ""


def _order(state: State) -> Iterator[ClosingFinding]:
    month, wanted = state.month, state.next_month
    if wanted is None:
        yield _finding("BOOKS_EMPTY", f"Nothing is posted up to {last_day(month)}: there is nothing to close.", 1)
    elif month < wanted:
        yield _finding("PERIOD_CLOSED", f"{month} is closed already, or before the books begin; the next one is {wanted}.", 1)
    elif month > wanted:
        before = f"{wanted}" if month_after(wanted) == month else f"{wanted} and those after it"
        yield _finding("PERIOD_BEFORE_OPEN", f"Months are closed in their order: {before} before {month}.", 1, (wanted,))
    if state.unclosed is not None and state.unclosed < month:
        text = f"The closing entries of {state.unclosed} are still on their way."
        yield _finding("PERIOD_BEFORE_CLOSING", text, 1, (state.unclosed,))
    if state.today <= last_day(month):
        yield _finding("PERIOD_NOT_OVER", f"{month} is over on {first_day(month_after(month))}; today is {state.today}.", 1)


def _blocking(state: State) -> Iterator[ClosingFinding]:
    if state.difference:
        side = "debited" if state.difference > 0 else "credited"
        text = f"The trial balance is not even: {worded(abs(state.difference), state.currency)} too much is {side}."
        yield _finding("TRIAL_BALANCE_UNEVEN", text, 1)
    if count := len(state.waiting) + state.waiting_more:
        text = f"{counted(count, 'document request waits', 'document requests wait')} to be issued and would be dated in the month."
        yield _finding("DOCUMENT_REQUESTS_WAITING", text, count, state.waiting)
    if state.rates_missing:
        names = tuple(sorted(state.rates_missing))
        text = (
            f"Open items are revalued, and there is no exchange rate of {last_day(state.month)} for {', '.join(names)}; import it."
        )
        yield _finding("EXCHANGE_RATE_MISSING", text, len(names), names)


def _to_be_acknowledged(state: State) -> Iterator[ClosingFinding]:
    runs, parked, failing = state.runs, state.parked, state.failing
    if runs:
        text = f"{counted(len(runs), 'billing run is', 'billing runs are')} neither done nor cancelled."
        yield _finding("BILLING_RUN_OPEN", text, len(runs), runs, acknowledgeable=True)
    if state.due:
        text = f"{counted(state.due, 'billable item was', 'billable items were')} due in the month and not billed yet."
        yield _finding("ITEMS_UNBILLED", text, state.due, acknowledgeable=True)
    if state.failed:
        text = f"{counted(state.failed, 'billable item', 'billable items')} of the month could not be billed."
        yield _finding("ITEMS_FAILED", text, state.failed, acknowledgeable=True)
    if parked:
        text = f"{counted(len(parked), 'customer is', 'customers are')} left out by billing runs until they are released."
        yield _finding("CUSTOMERS_PARKED", text, len(parked), parked, acknowledgeable=True)
    if failing:
        text = f"{counted(len(failing), 'document request fails', 'document requests fail')} for a fault that is tried again."
        yield _finding("DOCUMENT_REQUESTS_FAILING", text, len(failing), failing, acknowledgeable=True)
    if held := state.held:
        waits = counted(len(held), "document request waits", "document requests wait")
        text = f"{waits} for the customer's VAT id to be confirmed; what names a date of the month cannot be issued any more."
        yield _finding("DOCUMENT_REQUESTS_HELD", text, len(held), held, acknowledgeable=True)
    if state.unassigned:
        count = sum(it.payments for it in state.unassigned)
        left = ", ".join(worded(it.amount, it.currency) for it in state.unassigned)
        text = f"{counted(count, 'payment is', 'payments are')} not assigned in full; what is left of them is {left}."
        examples = [ident for it in state.unassigned for ident in it.examples]
        yield _finding("PAYMENTS_UNASSIGNED", text, count, examples, acknowledgeable=True)


def _finding(
    code: FindingCode, message: str, count: int, examples: Sequence[str] = (), *, acknowledgeable: bool = False
) -> ClosingFinding:
    return ClosingFinding(
        code=code, message=message, acknowledgeable=acknowledgeable, count=count, examples=tuple(examples[:EXAMPLES])
    )
