"""Billable items and the billing run, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.billing import bounds, held_runs, parking, read, run
from contor.billing.types import ItemView

_RUNS, _RUN = "/v2/billing-runs", "/v2/billing-runs/{runIdent}"
_OF_CONTRACT = "/v2/contracts/{contractId}/billableitems"

BILLING_ROUTES: list[Route] = [
    route("POST", "/v2/billingrun", run.run_now, body="*"),
    route("GET", "/v2/billableitems", read.list_items, filterable=read.ITEMS, output=ItemView, array=True, deprecated=True),
    route("GET", "/v2/billableitems/pageable", read.list_items, filterable=read.ITEMS, output=ItemView),
    route("GET", _OF_CONTRACT, read.list_of_contract, filterable=read.ITEMS, output=ItemView, array=True),
    route("GET", f"{_OF_CONTRACT}/{{billableItemId}}", read.get_item),
    route("POST", "/v2/contracts/{contractIdent}/actions/retry-failed-billable-items", read.retry),
    route("GET", _RUNS, held_runs.list_runs, filterable=held_runs.RUNS, output=held_runs.RunView),
    route("POST", _RUNS, held_runs.create_run, 201, body="body"),
    route("GET", "/v2/billing-runs/bounds", bounds.get_bounds),
    route("PUT", "/v2/billing-runs/bounds", bounds.replace_bounds, body="*"),
    route("GET", "/v2/billing-runs/parked-customers", parking.parked),
    route("POST", "/v2/billing-runs/parked-customers/{customerIdent}/actions/release", parking.release_parked, 204),
    route("GET", _RUN, held_runs.get_run),
    route(
        "GET", f"{_RUN}/customers", held_runs.list_run_customers, filterable=held_runs.RUN_CUSTOMERS, output=held_runs.RunCustomer
    ),
    route("POST", f"{_RUN}/actions/approve", held_runs.approve_run),
    route("POST", f"{_RUN}/actions/cancel", held_runs.cancel_run),
]
