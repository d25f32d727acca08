"""Runs: customers with something due are billed, batch by batch."""

from contor.billing.runs.bounds import get_bounds, replace_bounds
from contor.billing.runs.held_runs import (
    RUN_CUSTOMERS,
    RUNS,
    RunCustomer,
    RunView,
    approve_run,
    cancel_run,
    create_run,
    get_run,
    list_run_customers,
    list_runs,
)
from contor.billing.runs.outcome import BillNext
from contor.billing.runs.parking import parked, release_parked, retry, retry_items
from contor.billing.runs.run import PreviewRun, RunReport, preview, run_every_minute, run_now, run_tenant

__all__ = [
    "RUNS",
    "RUN_CUSTOMERS",
    "BillNext",
    "PreviewRun",
    "RunCustomer",
    "RunReport",
    "RunView",
    "approve_run",
    "cancel_run",
    "create_run",
    "get_bounds",
    "get_run",
    "list_run_customers",
    "list_runs",
    "parked",
    "preview",
    "release_parked",
    "replace_bounds",
    "retry",
    "retry_items",
    "run_every_minute",
    "run_now",
    "run_tenant",
]
