"""A report: one subject of one month, as a file. Fields: platform API, section 2.15; format, language, status and sums are ours. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal, get_args

from contor.bookkeeping.periods import Month
from contor.kernel.files import XLSX
from contor.kernel.shapes import Ident, shape

ReportType = Literal[
    "OPEN_ITEMS",
    "AGEING",
    "JOURNAL",
    "TRIAL_BALANCE",
    "VAT",
    "EC_SALES",
    "OSS",
    "REVENUE",
    "DEFERRED_INCOME",
    "SETTLEMENT",
    "DUNNING",
    "RUN",
    "MRR",
    "COHORTS",
]
ReportFormat = Literal["CSV", "XLSX"]
ReportLanguage = Literal["de", "en"]
ReportStatus = Literal["WAITING", "DONE", "FAILED"]
TYPES: Final[tuple[ReportType, ...]] = get_args(ReportType)
FORMATS: Final[tuple[ReportFormat, ...]] = get_args(ReportFormat)
MEDIA_TYPES: Final = {"CSV": "text/csv; charset=utf-8", "XLSX": XLSX}


@shape
class ReportBody:
    """What is asked for."""

    type: ReportType
    period: Month
    format: ReportFormat = "CSV"
    language: ReportLanguage = "de"
    """Of the headings and of what accounts are called; in German numbers have a decimal comma and cells are divided by semicolons, as
    spreadsheets of that language open them."""
    report_ident: Ident | None = None


@shape
class ColumnSum:
    """What a column of amounts comes to."""

    column: str
    amount: Decimal


@shape
class ReportView:
    """A report. Its file is there once it is DONE."""

    report_ident: str
    type: ReportType
    period: str
    format: ReportFormat
    language: ReportLanguage
    status: ReportStatus
    reason: str | None = None
    """Why there is no file."""
    period_closed: bool
    """The month was closed when the report was built: nothing can be posted into it any more."""
    rows: int | None = None
    """Without the line of headings."""
    size: int | None = None
    """Bytes."""
    sha256: str | None = None
    sums: tuple[ColumnSum, ...] = ()
    created_by: str
    created_at: dt.datetime
    completed_at: dt.datetime | None = None
