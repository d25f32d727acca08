"""A year of business by the test clock: hundreds of contracts of mixed plans, with changes, ends, late usages, price adaptations,
pauses, coupons, day by day. Then the books and the contracts agree.
"""

import datetime as dt
import os
from collections.abc import Callable

from tests.checkers.books import sound
from tests.factories import year_pauses
from tests.factories.tenants import Tenant
from tests.factories.year_coupons import Redeemers, differences
from tests.factories.years import FIRST, Year

from contor.billing.runs import run_tenant

CONTRACTS = int(os.environ.get("CONTOR_YEAR_CONTRACTS", "400"))
DAYS = 365


def test_a_year_of_many_contracts(new_tenant: Callable[[], Tenant]) -> None:
    """Every period of every contract once; what stands is what the contracts say; documents, credits, entries and numbers agree."""
    tenant = new_tenant()
    year = Year(tenant, CONTRACTS)
    documents, redeemers, pausers = 0, Redeemers(tenant), year_pauses.Pausers(tenant)
    for number in range(DAYS):
        day = FIRST + dt.timedelta(days=number)
        year.live(day)
        redeemers.live(year.running)
        pausers.live(day, year.running)
        report = run_tenant(tenant.runtime, tenant.id)
        assert (report.failed, report.parked) == (0, ()), tenant.rows(
            "SELECT customer_ident, kind, period_start, processing_error FROM billable_item WHERE processing_status = 'ERROR'"
        ) + tenant.rows("SELECT customer_ident, reason FROM billing_parking")
        documents += report.documents
    assert sound(tenant) == []
    assert differences(tenant, redeemers) == []
    assert year_pauses.differences(tenant, year, pausers, day) == []
    assert pausers.paused > 100 and pausers.resumed > 20
    counts = tenant.rows(
        "SELECT (SELECT count(*) FROM contract) AS contracts, (SELECT count(*) FROM document) AS documents,"
        " (SELECT count(*) FROM document WHERE document_type = 'SELF_BILLING_INVOICE') AS commissions,"
        " (SELECT count(*) FROM document WHERE gross <> 0) AS worth, (SELECT count(*) FROM contract_allowance) AS allowances,"
        " (SELECT count(*) FROM document WHERE document_type = 'CREDIT_MEMO') AS credits,"
        " (SELECT count(*) FROM document WHERE tax = 0) AS untaxed,"
        " (SELECT count(*) FROM usage WHERE status = 'BILLED') AS usages,"
        " (SELECT count(*) FROM usage WHERE status = 'CANCELLED' AND item_id IS NOT NULL) AS given_back,"
        " (SELECT count(*) FROM billable_item WHERE business_case LIKE 'CORRECTION%%' AND total <> 0) AS corrections"
    )[0]
    assert counts.contracts == CONTRACTS + 1 and counts.commissions == 11  # its partner's
    assert counts.documents == documents > CONTRACTS
    assert (
        year.changes > 100
        and year.amended > 40
        and counts.credits > 20
        and counts.usages > 500
        and counts.allowances > CONTRACTS / 5
    )
    states = {row.status: row.n for row in tenant.rows("SELECT status, count(*) AS n FROM rated_usage GROUP BY 1")}
    assert states["BILLED"] > 100 and {"OPEN", "CANCELLED", "ERROR"} <= states.keys()
    assert counts.given_back > 50 and counts.corrections > 10
    balance = tenant.rows("SELECT sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS b, count(*) AS n FROM journal_line")[0]
    assert (balance.b, balance.n >= 3 * counts.worth - counts.untaxed) == (0, True)  # corrections of cents bear no tax
