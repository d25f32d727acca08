"""The types of report: each is one declaration, and registers itself when it is imported."""

from contor.reports.kinds.columns import KINDS, Cell, Heading, Month, ReportKind, percent, report_kind

__all__ = ["KINDS", "Cell", "Heading", "Month", "ReportKind", "percent", "report_kind"]
