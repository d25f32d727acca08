"""What was used behind the rows of a document: for whoever has a link to it, as long as that holds."""

from contor.billing.breakdown.links import PATH, opened, reader, usage_urls
from contor.billing.breakdown.reading import Breakdown, OpenBreakdown, UsedGroup, UsedRow, open_breakdown

__all__ = [
    "PATH",
    "Breakdown",
    "OpenBreakdown",
    "UsedGroup",
    "UsedRow",
    "open_breakdown",
    "opened",
    "reader",
    "usage_urls",
]
