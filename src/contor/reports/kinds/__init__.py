"""The types of report: each is one declaration, and registers itself when it is imported."""

from contor.reports.kinds.columns import KINDS, Cell, Heading, Month, ReportKind, percent, report_kind
from contor.reports.kinds.open_items import open_on
from contor.reports.kinds.revenue import earned_sums

__all__ = ["KINDS", "Cell", "Heading", "Month", "ReportKind", "earned_sums", "open_on", "percent", "report_kind"]
