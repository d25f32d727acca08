"""Reports, their files and bookings of banks that come at the same time: each is taken once."""

from decimal import Decimal

import pytest
from tests.checkers.meeting import Meeting
from tests.factories.companies import BANK, day_here
from tests.factories.settlements import REPORTS, Moved, Settled, stripe_file

from contor.payments.settlements import payouts


@pytest.fixture
def meeting(settled: Settled, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    return Meeting(settled.tenant, monkeypatch)


def test_one_file_that_is_sent_twice_at_once(settled: Settled, meeting: Meeting) -> None:
    statuses: list[int] = []

    def send() -> None:
        file = {"file": ("a.csv", stripe_file(Moved("charge", "10.00", "1.00")), "text/csv")}
        answer = settled.client.post(f"{REPORTS}/actions/upload", files=file, headers=settled.headers)
        statuses.append(answer.status_code)

    meeting.of("settlement_upload.create", send, send)
    assert sorted(statuses) == [202, 409]


def test_one_payout_and_bookings_of_two_banks_at_once(settled: Settled, meeting: Meeting) -> None:
    settled.call("POST", "/v2/merchant-payment-accounts", {**BANK, "ident": "second"}, 201)
    settled.upload(stripe_file(Moved("charge", "10.00", "1.00")))
    statuses: list[str] = []

    def book(account: str) -> None:
        body = {
            "externalIdent": "1",
            "baseAmount": {"amount": "9.00"},
            "bookingDate": day_here(),
            "creditDebitIndicator": "CREDIT",
            "description": "STRIPE",
        }
        made = settled.call("POST", f"/v2/merchant-payment-accounts/{account}/payments", body, 201)
        statuses.append(made["status"])

    meeting.of("payment.create", lambda: book("bank"), lambda: book("second"))
    assert sorted(statuses) == ["IGNORED", "OPEN"]
    assert settled.sums() == {1200: Decimal(18), 4970: Decimal(1), 1792: Decimal(-19)}
    settled.sound()


def test_two_ends_that_did_not_see_each_other_meet_with_the_next_report(settled: Settled, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as blind:
        blind.setattr(payouts, "paired", lambda *_: {})
        settled.upload(stripe_file(Moved("charge", "10.00", "1.00")))
        assert settled.pay("9.00", "STRIPE")["status"] == "OPEN"
    settled.upload(stripe_file(Moved("charge", "20.00", "1.00", "2"), payout="po_2"))
    assert {item["reference"]: item["state"] for item in settled.items("type==PAYOUT")} == {"po_1": "ARRIVED", "po_2": "IN_TRANSIT"}
    settled.sound()
