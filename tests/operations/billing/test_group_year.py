"""Months of business in a group that rounds to whole euros and lets small documents wait: every check holds on the way, and in the end
each amount is a whole one."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from tests.checkers.books import sound
from tests.factories.tenants import Tenant
from tests.factories.years import FIRST, Year

from contor.billing.runs import run_tenant

TERMS = (
    'UPDATE billing_group SET issue_zero = true, currency_rounding_overrides = \'[{"currency": "EUR", "decimals": 0}]\','
    ' minimum_amounts = \'[{"currency": "EUR", "amount": "90.00", "most_periods": 2}]\''
)


def test_months_of_whole_euros_and_few_documents(new_tenant: Callable[[], Tenant]) -> None:
    tenant = new_tenant()
    year = Year(tenant, 120, seed=3)
    with tenant.runtime.transaction(tenant.caller()) as uow:
        uow.run(TERMS)
    waited = 0
    for number in range(200):
        year.live(FIRST + dt.timedelta(days=number))
        report = run_tenant(tenant.runtime, tenant.id)
        assert (report.failed, report.parked) == (0, ())
        if number % 20 == 19:
            assert sound(tenant) == []
            waited += len(tenant.rows("SELECT 1 FROM billable_item WHERE status_reason = 'BELOW_MINIMUM'"))
    rows = tenant.rows("SELECT kind, total, of_order FROM billable_item WHERE total <> 0")
    assert {row.kind for row in rows} >= {
        "RECURRING",
        "USAGE",
        "USAGE_CORRECTION",
        "RATED_USAGE",
        "ALLOWANCE",
        "COMMISSION",
        "CREDIT",
    }
    assert all(row.total == row.total.to_integral_value() for row in rows)
    assert waited > 20
    taxes = tenant.rows("SELECT tax FROM document")
    assert any(row.tax % 1 != Decimal(0) for row in taxes)  # the tax has its cents
