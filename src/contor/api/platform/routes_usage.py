"""Usages, in `/v2`."""

from contor.api.kit import Route, route
from contor.usage import read, record
from contor.usage.types import UsageView

USAGE_ROUTES: list[Route] = [
    route("GET", "/v2/usages", read.list_usages, filterable=read.USAGES, output=UsageView, array=True, deprecated=True),
    route("POST", "/v2/usages", record.record_usage, 201, body="body"),
    route("DELETE", "/v2/usages", read.delete_usages, 204, body="body"),
    route("POST", "/v2/usages/actions/batch", record.record_usages, 201, body="body"),
    route("POST", "/v2/usages/actions/cancel", read.cancel_usages, 202, body="body"),
    route("GET", "/v2/usages/pageable", read.list_usages, filterable=read.USAGES, output=UsageView),
    route("GET", "/v2/usages/{usageId}", read.get_usage),
]
