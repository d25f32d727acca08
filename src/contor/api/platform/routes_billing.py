"""Billable items and the billing run, in `/v2`."""

from contor.api.kit import Route, route
from contor.billing import read, run
from contor.billing.types import ItemView

_OF_CONTRACT = "/v2/contracts/{contractId}/billableitems"

BILLING_ROUTES: list[Route] = [
    route("POST", "/v2/billingrun", run.run_now, body="*"),
    route("GET", "/v2/billableitems", read.list_items, filterable=read.ITEMS, output=ItemView, array=True, deprecated=True),
    route("GET", "/v2/billableitems/pageable", read.list_items, filterable=read.ITEMS, output=ItemView),
    route("GET", _OF_CONTRACT, read.list_of_contract, filterable=read.ITEMS, output=ItemView, array=True),
    route("GET", f"{_OF_CONTRACT}/{{billableItemId}}", read.get_item),
    route("POST", "/v2/contracts/{contractIdent}/actions/retry-failed-billable-items", read.retry),
]
