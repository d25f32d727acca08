"""Contracts that live at random: whatever is done to them in whatever order, every check holds, and all that was billed is what their
periods cost; a run that dies between leaves nothing half done."""

import datetime as dt
import random
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.contracts import CONTRACTS
from tests.factories.lives import act, billed, days
from tests.factories.offices import RUN, Office, group
from tests.factories.tenants import Tenant

from contor.billing.runs import bill
from contor.contracts.queries import contracts_by_ident_unlocked

D = Decimal
YEAR = {"value": 1, "unit": "YEAR"}
FORTNIGHT = {"value": 14, "unit": "DAY"}


@pytest.fixture
def office(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Office:
    made = Office(furnished, client, bearer(furnished))
    made.clock("2027-01-01T10:00")
    return made


def step(office: Office, ident: str, luck: random.Random, today: dt.date) -> int:
    """One thing that somebody tries, whether it is refused or not; the status that was answered."""
    later = today + dt.timedelta(days=luck.randint(-20, 50))
    action, body = luck.choice(
        [
            ("pause", {"usages": luck.choice(["BILLED", "WITHHELD"])}),
            ("pause", {"fromDate": str(later), "missedPeriods": luck.choice(["BILL_MISSED", "IGNORE"])}),
            ("pause", {"fromDate": str(today), "resumeDate": str(today + dt.timedelta(days=luck.randint(1, 60)))}),
            ("resume", {"missedPeriods": luck.choice(["BILL_MISSED", "IGNORE"])}),
            ("resume", {"missedPeriods": luck.choice(["BILL_MISSED", "IGNORE"])}),
            ("resume", {"resumeDate": str(later)}),
            ("extend-trial", {"lastDay": str(later)}),
            ("end-trial", None),
            ("terminate", {}),
            ("terminate-extraordinarily", {"terminationDate": str(later)}),
            ("withdraw-termination", None),
            ("withdraw-termination", None),
            ("reactivate", {}),
            ("reactivate", {"restartDate": str(later)}),
            ("renew", None),
            ("postpone", {"month": luck.randint(1, 12)}),
            ("postpone", {"toDate": str(later)}),
        ]
    )
    answer = office.client.post(f"{CONTRACTS}/{ident}/actions/{action}", json=body, headers=office.headers)
    assert answer.status_code in (200, 400), answer.text
    return answer.status_code


@pytest.mark.parametrize("seed", [1, 6, 7, 9, 14, 15, 18])
def test_whatever_happens_in_a_life_the_books_agree(office: Office, seed: int) -> None:
    luck = random.Random(seed)
    group(office, documentCorrectionMode=luck.choice(["ITEM_BASED", "DOCUMENT_BASED"]))
    office.plan("31.00", timing=luck.choice(["INTERVAL_START", "INTERVAL_END"]))
    office.plan("77.77", ident="weekly", billingInterval={"value": 2, "unit": "WEEK"})
    office.plan("365.00", ident="yearly", billingInterval=YEAR, phase={"termDuration": YEAR})
    for number, plan in enumerate(("basic", "weekly", "yearly", "basic")):
        trial = {"trial": {"duration": FORTNIGHT, "anchor": luck.choice(["END", "START"])}} if number % 2 else {}
        office.contract(f"v-{number}", plan, quantity=number + 1, startDate=f"2027-01-{number * 9 + 1:02}", **trial)
    allowance = {"ident": "a-1", "optionIdent": "basic-fee", "name": "Loyal", "amount": "3.33"}
    office.call("POST", f"{CONTRACTS}/v-3/allowances", allowance, 201)
    today, done = dt.date(2027, 1, 1), 0
    for _ in range(40):
        today += dt.timedelta(days=luck.randint(1, 12))
        office.clock(f"{today}T10:00")
        for ident in luck.sample(["v-0", "v-1", "v-2", "v-3"], luck.randint(0, 3)):
            done += step(office, ident, luck, today) == 200
        if luck.random() < 0.7:
            office.bill()
    office.bill()
    office.clock(f"{today}T11:00")
    office.bill()
    assert done > 10


def test_what_happens_while_the_customer_is_billed_comes_before_or_after(office: Office) -> None:
    """The billing lock is had first by all of them: nobody deadlocks, and what is left out was not billed."""
    office.plan("31.00")
    for number in range(6):
        office.contract(f"v-{number}", startDate="2027-01-01")
    days(office, "2027-01-01")
    office.clock("2027-02-01T10:00")
    answers: list[int] = []

    def call(path: str, body: Any) -> None:
        answers.append(office.client.post(path, json=body, headers=office.headers).status_code)

    calls = [(f"{CONTRACTS}/v-{number}/actions/pause", {"fromDate": "2027-01-15"}) for number in range(6)]
    threads = [threading.Thread(target=call, args=one) for one in (*calls[:3], (RUN, {}), *calls[3:])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 7
    days(office, "2027-02-02")
    pauses = {ident: one.life.pauses[0] for ident in (f"v-{n}" for n in range(6)) for one in [_contract(office, ident)] if one.life}
    february = {
        row.holder_ident
        for row in office.tenant.rows(
            "SELECT holder_ident FROM billable_item WHERE period_start = '2027-02-01' AND document_id > 0"
        )
    }
    assert february == {ident for ident, pause in pauses.items() if pause.counts_from > dt.date(2027, 2, 1)}


def _contract(office: Office, ident: str) -> Any:
    with office.tenant.runtime.transaction(office.tenant.caller(), reads=True) as uow:
        return contracts_by_ident_unlocked(uow, [ident])[ident]


def test_a_run_that_dies_behind_a_resumption_bills_it_when_it_comes_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.plan("31.00")
    office.contract(startDate="2027-01-01")
    days(office, "2027-01-01", "2027-01-15")
    act(office, "pause", {})
    days(office, "2027-02-01", "2027-03-01")
    act(office, "resume", {"missedPeriods": "BILL_MISSED"})

    def dies(*_: Any) -> None:
        raise RuntimeError("killed")

    kept = bill.advance
    monkeypatch.setattr(bill, "advance", dies)
    office.call("POST", RUN, {}, 500)
    monkeypatch.setattr(bill, "advance", kept)
    assert len(billed(office)) == 1
    days(office, "2027-03-02", "2027-03-03")
    assert [start for _, start, _, _ in billed(office)] == ["2027-01-01", "2027-02-01", "2027-03-01"]
