"""Reports as files: asked for or built when a month is closed, listed, downloaded, deleted."""

from contor.reports.files.building import Built, build, look
from contor.reports.files.reports import (
    REPORTS,
    ReportRow,
    RequestReport,
    delete_report,
    delete_reports_of_period,
    get_report,
    list_reports,
    list_reports_of_period,
    report_file,
    request_report,
)
from contor.reports.files.types import FORMATS, TYPES, ReportBody, ReportView

__all__ = [
    "FORMATS",
    "REPORTS",
    "TYPES",
    "Built",
    "ReportBody",
    "ReportRow",
    "ReportView",
    "RequestReport",
    "build",
    "delete_report",
    "delete_reports_of_period",
    "get_report",
    "list_reports",
    "list_reports_of_period",
    "look",
    "report_file",
    "request_report",
]
