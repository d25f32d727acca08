"""Usages and rated usages, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.rated_usage import aggregate as rated_aggregate
from contor.rated_usage import read as rated_read
from contor.rated_usage import record as rated_record
from contor.rated_usage.types import AggregationView, RatedUsageView
from contor.usage import read, record, values
from contor.usage.types import UsageView

_RATED = "/v2/rated-usages"
_AGGREGATIONS = "/v2/rated-usage-aggregations"

USAGE_ROUTES: list[Route] = [
    route(
        "GET",
        "/v2/usages",
        read.list_usages,
        filterable=read.USAGES,
        output=UsageView,
        array=True,
        deprecated=True,
        id="listUsagesArray",
    ),
    route("POST", "/v2/usages", record.record_usage, 201, body="body"),
    route("DELETE", "/v2/usages", read.delete_usages, 204, body="body", id="deleteUsages"),
    route("POST", "/v2/usages/actions/batch", record.record_usages, 201, body="body"),
    route("POST", "/v2/usages/actions/record-value", values.record_value, 204, body="body", id="recordValue"),
    route("POST", "/v2/usages/actions/record-values", values.record_values, 202, body="body", id="recordValues"),
    route("POST", "/v2/usages/actions/cancel", read.cancel_usages, 202, body="body", id="cancelUsages"),
    route("GET", "/v2/usages/pageable", read.list_usages, filterable=read.USAGES, output=UsageView),
    route("GET", "/v2/usages/{usageId}", read.get_usage),
    route("GET", _RATED, rated_read.list_rated_usages, filterable=rated_read.RATED_USAGES, output=RatedUsageView),
    route("POST", _RATED, rated_record.record_rated_usage, 201, body="body"),
    route("GET", f"{_RATED}/{{ratedUsageIdent}}", rated_read.get_rated_usage),
    route("POST", f"{_RATED}/{{ratedUsageIdent}}/actions/cancel", rated_record.cancel_rated_usage),
    route("POST", f"{_RATED}/{{ratedUsageIdent}}/actions/retry", rated_record.retry_rated_usage),
    route("GET", _AGGREGATIONS, rated_read.list_aggregations, filterable=rated_read.AGGREGATIONS, output=AggregationView),
    route("GET", f"{_AGGREGATIONS}/{{aggregationIdent}}", rated_read.get_aggregation),
    route("POST", f"{_AGGREGATIONS}/{{aggregationIdent}}/actions/close", rated_aggregate.close_aggregation),
]
