"""Close months of the books from the command line, with the entries that follow."""

from collections.abc import Sequence

from contor.bookkeeping.closing import close_period, complete_closing, preview_closing
from contor.bookkeeping.closing.close import CloseBody, ClosePeriod, ClosingPreview
from contor.bookkeeping.closing.complete import CompleteClosing
from contor.bookkeeping.periods import ListPeriods, OnePeriod, PeriodView, get_period, list_periods
from contor.commands.billing import caller_of
from contor.runtime.execute import Runtime, validated


def months(runtime: Runtime, realm: str | None) -> Sequence[PeriodView]:
    """Every month of the tenant of `realm` (default: the demo's), the latest first."""
    return runtime.execute(list_periods, ListPeriods(), caller_of(runtime, realm))


def looked_into(runtime: Runtime, realm: str | None, month: str) -> ClosingPreview:
    """What stands in the way of closing a month."""
    return runtime.execute(preview_closing, OnePeriod(month), caller_of(runtime, realm))


def close(runtime: Runtime, realm: str | None, month: str, acknowledgements: Sequence[str]) -> PeriodView:
    """Close a month and write its closing entries, which a worker would do otherwise."""
    caller = caller_of(runtime, realm)
    body = validated(CloseBody, {"acknowledgements": tuple(acknowledgements)})
    runtime.execute(close_period, ClosePeriod(month, body), caller)
    runtime.execute(complete_closing, CompleteClosing(month=month), caller)
    return runtime.execute(get_period, OnePeriod(month), caller)
