"""What is asked for when times are billed, and what becomes of it. Pure."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from contor.kernel.shapes import Ident, shape
from contor.projects.rows import Grouping

MOST_TIMES = 5000


@shape
class BillTimesBody:
    draft_ident: Ident | None = None
    """An open draft of an invoice to the same customer, to which the rows are added; without it a new one is begun."""
    version: Annotated[int, Field(ge=1)] | None = None
    """Of that draft, where only the one that was seen is meant."""
    billing_group_ident: Ident | None = None
    """Of a new draft; without it the tenant's only one, where there is but one."""
    group_by: Grouping = "TASK"
    """TASK: a row for each task and article number. ENTRY: a row for each time."""
    through: dt.date | None = None
    """Times up to this day; without it, all."""
    time_idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=MOST_TIMES)] | None = None
    """Only these times."""


@shape
class BilledTimes:
    """The draft that has the rows now."""

    draft_ident: str
    draft_id: int
    version: int
    row_idents: tuple[str, ...]
    time_idents: tuple[str, ...]
    """Which are calculated now."""
    minutes: int
    """Their billable minutes together."""
    left_out: tuple[str, ...] = ()
    """Times with no billable minutes: there is nothing to calculate."""
