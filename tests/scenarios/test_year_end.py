"""A company over the end of its year: months are closed by the API, a worker writes their entries, and every account ends where the law
says."""

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.waiting import until
from tests.factories.closers import PERIODS, Closer
from tests.factories.companies import a_row_of
from tests.factories.tenants import Tenant

from contor.bookkeeping.periods import ClosingBegan
from contor.commands.billing import store
from contor.kernel.events import FOLLOWERS
from contor.runtime.execute import Runtime
from contor.runtime.work import jobs

D = Decimal
DEFERRED, REVENUE, DEBTOR, GAIN = 990, 8400, 10000, 2660
YEAR = [f"2026-{month:02}" for month in range(10, 13)] + [f"2027-{month:02}" for month in range(1, 10)]


@contextmanager
def a_worker(runtime: Runtime) -> Iterator[None]:
    """What follows a closing, in a thread of its own."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(jobs.work(runtime, FOLLOWERS[ClosingBegan], stop)))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Iterator[Closer]:
    made = Closer(furnished, client, bearer(furnished))
    made.clock("2026-10-01")
    made.open_bank()
    with a_worker(furnished.runtime):
        yield made


def close(company: Closer, month: str, *acknowledged: str) -> None:
    company.begin_to_close(month, *acknowledged)
    until(lambda: company.call("GET", f"{PERIODS}/{month}")["status"] == "CLOSED", f"{month} is closed")


def closing_of(company: Closer, month: str) -> dict[int, Decimal]:
    answer: Any = company.call("GET", f"/v2/trial-balances/{month}")
    assert answer["status"] == "CLOSED"
    return {row["accountNumber"]: D(str(row["closing"])) for row in answer["rows"] if row["closing"]}


def test_a_year_is_closed_and_the_next_one_releases_what_it_deferred(company: Closer) -> None:
    company.call("PATCH", "/v2/tenant-settings", {"deferredIncome": "MONTHLY", "revaluation": "YEAR_END"})
    yearly = company.sell("1200.00", ("2026-10-01", "2027-09-30"))
    company.pay("1428.00", yearly, bookingDate="2026-10-01")
    quarterly = company.sell("300.00", ("2026-12-01", "2027-02-28"))
    row = {**a_row_of("100.00"), "servicePeriod": {"start": "2026-10-01", "end": "2026-10-31"}}
    own = {"rate": "1.0850", "source": "ECB", "date": "2026-09-30"}
    company.document(currency="USD", items=[row], exchangeRate=own)
    store(company.tenant.runtime, company.tenant.realm, b"Date,USD\n2026-12-31,1.0500\n", dt.date(2020, 1, 1))

    company.clock("2027-01-05")
    close(company, "2026-10")
    close(company, "2026-11")
    # a payment of December comes late, but before it is closed
    company.pay("357.00", quarterly, bookingDate="2026-12-30")
    close(company, "2026-12")

    december = closing_of(company, "2026-12")
    # of 1,200.00 the nine months of 2027, 273 of 365 days; of 300.00 59 of 90 days
    assert december[DEFERRED] == -(D("897.53") + D("196.67"))
    assert december[REVENUE] == -(D("1200.00") + D("300.00") + D("92.17") - D("897.53") - D("196.67"))
    assert december[1400] == D("113.33")  # 119.00 USD at 1.0500
    assert december[GAIN] == D("-3.65")
    company.even()

    company.clock("2027-01-20")
    company.pay("1.00", "late", bookingDate="2026-12-31")  # the year is closed: January takes it
    company.credit(yearly, "600.00")
    refused = company.ask("invoices", 400, documentDate="2026-12-31")
    assert "the books are closed through 2026-12-31" in str(refused)

    company.clock("2027-10-01")
    for month in YEAR[3:]:
        close(company, month, "PAYMENTS_UNASSIGNED")
    last = closing_of(company, "2027-09")
    assert DEFERRED not in last
    assert last[GAIN] == D("3.65")  # taken back on the first of January, of the result of 2027
    # 2027's own revenue: what 2026 deferred, less what was taken back
    assert last[REVENUE] == -(D("897.53") + D("196.67") - D("600.00"))
    assert last[9000] == december[REVENUE] + december[GAIN]  # the result of 2026
    assert company.moved(DEFERRED).keys() == set(YEAR)
    company.even()
