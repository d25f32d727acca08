"""Billable items and the billing run, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.billing import held, items, runs
from contor.settings import exchange

_RUNS, _RUN = "/v2/billing-runs", "/v2/billing-runs/{runIdent}"
_OF_CONTRACT = "/v2/contracts/{contractId}/billableitems"

BILLING_ROUTES: list[Route] = [
    route("POST", "/v2/billingrun", runs.run_now, body="*", may_be_empty=True),
    route(
        "GET",
        "/v2/billableitems",
        items.list_items,
        filterable=items.ITEMS,
        output=items.ItemView,
        array=True,
        deprecated=True,
        id="listBillableItemsArray",
    ),
    route("GET", "/v2/billableitems/pageable", items.list_items, filterable=items.ITEMS, output=items.ItemView),
    route("GET", _OF_CONTRACT, items.list_of_contract, filterable=items.ITEMS, output=items.ItemView, array=True),
    route("GET", f"{_OF_CONTRACT}/{{billableItemId}}", items.get_item, id="getBillableItemOfContract"),
    route(
        "POST", "/v2/contracts/{contractIdent}/actions/retry-failed-billable-items", runs.retry, id="retryBillableItemsOfContract"
    ),
    route("GET", _RUNS, held.list_runs, filterable=held.RUNS, output=held.RunView),
    route("POST", _RUNS, held.create_run, 201, body="body"),
    route("GET", "/v2/billing-runs/bounds", runs.get_bounds),
    route("PUT", "/v2/billing-runs/bounds", runs.replace_bounds, body="*"),
    route("GET", "/v2/billing-runs/parked-customers", runs.parked, id="listParkedCustomers"),
    route(
        "POST",
        "/v2/billing-runs/parked-customers/{customerIdent}/actions/release",
        held.release_parked,
        204,
        id="releaseParkedCustomer",
    ),
    route("GET", "/v2/exchange-rates", exchange.list_rates, filterable=exchange.RATES, output=exchange.RateView),
    route("POST", "/v2/exchange-rates", exchange.import_rates, body="*"),
    route("GET", "/v2/exchange-rates/newest", exchange.show_newest, id="getNewestExchangeRates"),
    route(
        "POST",
        "/v2/exchange-rates/actions/upload",
        exchange.upload_rates,
        upload="file",
        parameters={"year": ("year", ""), "since": ("since", "")},
    ),
    route("GET", _RUN, held.get_run),
    route(
        "GET",
        f"{_RUN}/customers",
        held.list_run_customers,
        filterable=held.RUN_CUSTOMERS,
        output=held.RunCustomer,
        id="listCustomersOfBillingRun",
    ),
    route("POST", f"{_RUN}/actions/approve", held.approve_run),
    route("POST", f"{_RUN}/actions/cancel", held.cancel_run),
]
