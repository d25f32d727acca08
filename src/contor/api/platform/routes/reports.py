"""Reports, in `/v2`."""

from contor.api.kit import route
from contor.api.platform.answers import still
from contor.api.route import Route
from contor.reports import files, metrics

_REPORT = "/v2/reports/{reportIdent}"
_PERIOD = "/v2/reports/periods/{period}"

REPORT_ROUTES: list[Route] = [
    route("GET", _PERIOD, files.list_reports_of_period, filterable=files.REPORTS, output=files.ReportView),
    route("DELETE", _PERIOD, files.delete_reports_of_period, 204, id="deleteReportsOfPeriod"),
    route("GET", "/v2/reports", files.list_reports, filterable=files.REPORTS, output=files.ReportView),
    route("POST", "/v2/reports", files.request_report, 202, body="body"),
    route("GET", _REPORT, files.get_report, pending=still("WAITING")),
    route("GET", f"{_REPORT}/file", files.report_file, id="downloadReport", pending=lambda _: False),
    route("DELETE", _REPORT, files.delete_report, 204),
    route(
        "GET",
        "/v2/metrics/mrr",
        metrics.mrr_metrics,
        parameters={"from": ("first", ""), "to": ("last", ""), "groupBy": ("by", "none"), "interval": ("interval", "MONTH")},
        id="getMonthlyRecurringRevenue",
    ),
    route(
        "GET",
        "/v2/metrics/cohorts",
        metrics.cohort_metrics,
        parameters={"from": ("first", ""), "to": ("last", "")},
        id="getCohorts",
    ),
]
