"""What clients send of the books. Pure."""

from typing import Annotated, Literal

from pydantic import Field

from contor.api.fynn.manners import Day
from contor.kernel.shapes import shape
from contor.reports.datev import DatevConfiguration
from contor.reports.exports import Period

ExportedContent = Literal["posting_batch", "debtor_master_data", "document_transfer"]


@shape
class SettingsSent:
    """What is otherwise; what is left out stays."""

    chart: Literal["SKR03", "SKR04"] | None = None
    """Fixed once anything is booked."""
    deferred_income: Literal["none", "monthly"] | None = None
    datev: DatevConfiguration | None = None


@shape
class ExportSent:
    """Which days of the books are exported for DATEV, and what of them."""

    period: Period | None = None
    """A month; else the first and the last day are said."""
    from_date: Day | None = None
    to_date: Day | None = None
    format_version: Literal[13, 12, 9] = 13
    include_open_data: bool = True
    """false: of closed periods alone."""
    contents: Annotated[tuple[ExportedContent, ...], Field(min_length=1, max_length=3)] = ("posting_batch", "debtor_master_data")
