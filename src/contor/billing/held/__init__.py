"""Runs that someone holds: previewed, compared with the last one, approved, billed as previewed."""

from contor.billing.held.release import release_parked
from contor.billing.held.reported import runs_in
from contor.billing.held.runs import (
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

__all__ = [
    "RUNS",
    "RUN_CUSTOMERS",
    "RunCustomer",
    "RunView",
    "approve_run",
    "cancel_run",
    "create_run",
    "get_run",
    "list_run_customers",
    "list_runs",
    "release_parked",
    "runs_in",
]
