"""Runs: customers with something due are billed, batch by batch."""

from contor.billing.runs.at_once import bill_at_once
from contor.billing.runs.bill import bill_customers, bill_next
from contor.billing.runs.bounds import get_bounds, replace_bounds
from contor.billing.runs.customers import next_customer
from contor.billing.runs.outcome import (
    BilledBatch,
    BilledLine,
    BillNext,
    CustomerBill,
    CustomerStatus,
    Sum,
    TaxSum,
    added,
    added_taxes,
)
from contor.billing.runs.parking import RetryItems, accept, parked, reason_of, release, retry, retry_items
from contor.billing.runs.run import PreviewRun, RunReport, preview, run_now, run_tenant

__all__ = [
    "BillNext",
    "BilledBatch",
    "BilledLine",
    "CustomerBill",
    "CustomerStatus",
    "PreviewRun",
    "RetryItems",
    "RunReport",
    "Sum",
    "TaxSum",
    "accept",
    "added",
    "added_taxes",
    "bill_at_once",
    "bill_customers",
    "bill_next",
    "get_bounds",
    "next_customer",
    "parked",
    "preview",
    "reason_of",
    "release",
    "replace_bounds",
    "retry",
    "retry_items",
    "run_now",
    "run_tenant",
]
