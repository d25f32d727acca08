"""When a month is closed its reports are built: of every type, in both formats."""

from contor.bookkeeping.periods import PeriodClosed
from contor.kernel.events import on
from contor.reports.files.reports import store
from contor.reports.files.types import FORMATS, TYPES
from contor.runtime.uow import Uow


@on(PeriodClosed)
def ask_for_all(uow: Uow, fact: PeriodClosed) -> None:
    """With the closing, so that none is forgotten; workers build them afterwards."""
    store(uow, fact.month, [(uow.new_ident(), kind, form, "de") for kind in TYPES for form in FORMATS])
