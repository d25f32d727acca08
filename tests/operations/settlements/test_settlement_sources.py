"""Settlement reports that come by themselves: from a provider's server or folder, processed when the account's schedule says."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.factories.bank_servers import BankServer, a_bank_server
from tests.factories.companies import BANK
from tests.factories.settlements import Moved, Settled, adyen_file, stripe_file

from contor.payments.settlements import ReadUpload, process_due, read_upload
from contor.payments.ways import fetch_due

SOURCES = "/v2/payment-providers/9/settlement-sources"
ACCOUNT = {**BANK, "ident": "pp", "name": "Provider", "paymentServiceProviderId": 9}
STRIPE = "STRIPE_BALANCE_TRANSACTIONS"
MORNING = dt.datetime(2026, 11, 3, 4, 50, tzinfo=dt.UTC)
FILE = stripe_file(Moved("charge", "119.00", "1.66"), day="2026-11-02")
NEXT = stripe_file(Moved("charge", "50.00", "1.00", ident="2"), payout="po_2", day="2026-11-02")


@pytest.fixture
def psp(settled: Settled, tmp_path: Path) -> Iterator[BankServer]:
    """The provider's server; the company has one account there."""
    settled.tenant.turn_clock(MORNING)
    settled.call("POST", "/v2/payment-providers", {"id": 9, "name": "PAYPAL"}, 201)
    settled.call("POST", "/v2/merchant-payment-accounts", ACCOUNT, 201)
    with a_bank_server(tmp_path / "psp") as made:
        yield made


def put(psp: BankServer, name: str, content: bytes) -> None:
    (psp.root / name).write_bytes(content)
    os.utime(psp.root / name, (10**9, 10**9))


def ask(settled: Settled) -> Any:
    """Let the source be read now; what it says then."""
    settled.call("POST", f"{SOURCES}/own/actions/fetch")
    fetch_due(settled.tenant.runtime, settled.tenant.id)
    return settled.call("GET", f"{SOURCES}/own")


def uploads(settled: Settled, account: str = "pp") -> list[Any]:
    path = f"/v2/merchant-payment-accounts/{account}/settlement-uploads?sort=fileName"
    return list(settled.call("GET", path)["_embedded"])


def read_what_came(settled: Settled) -> None:
    """As the job does for each file that is read as it comes."""
    for row in settled.tenant.rows("SELECT payload FROM event WHERE name = 'settlement.uploaded'"):
        settled.tenant.execute(read_upload, ReadUpload(upload_ident=row.payload["upload_ident"]))


def plan(settled: Settled, schedule: str | None) -> None:
    settled.call("PUT", "/v2/merchant-payment-accounts/pp", {**ACCOUNT, "settlementsProcessingSchedule": schedule})


def test_reports_are_fetched_once_and_settled(settled: Settled, psp: BankServer) -> None:
    made = settled.call("POST", SOURCES, psp.source(STRIPE, schedule="DAILY"), 201)
    assert "secret" not in str((made, settled.call("GET", SOURCES)))
    put(psp, "1.csv", FILE)
    for _ in range(2):
        assert ask(settled).get("problem") is None
    read_what_came(settled)
    (upload,) = uploads(settled)
    assert (upload["state"], upload["way"], upload["format"], upload["fileName"]) == ("READ", "SFTP", STRIPE, "1.csv")
    assert sorted((item["type"], item["gross"]) for item in settled.items()) == [("PAYMENT", 119), ("PAYOUT", -117.34)]
    settled.sound()


def test_what_is_no_report_of_the_format_stays_and_is_named(settled: Settled, psp: BankServer) -> None:
    settled.call("POST", SOURCES, psp.source("ADYEN_SETTLEMENT_DETAILS"), 201)
    put(psp, "1.csv", FILE)
    said = f"The file '1.csv' is not taken: The file is a {STRIPE}; the provider's settlement source says ADYEN_SETTLEMENT_DETAILS."
    answer = ask(settled)
    assert (answer["problem"], answer["failingSince"]) == (said, "2026-11-03T04:50:00Z")
    assert (uploads(settled), psp.names()) == ([], ["1.csv"])
    settled.call("POST", SOURCES, {"ident": "hand", "type": "UPLOAD", "format": "ADYEN_SETTLEMENT_DETAILS"}, 201)
    assert f"The file is a {STRIPE}" in str(settled.upload(FILE, 400, account="pp"))
    put(psp, "1.csv", adyen_file(Moved("Settled", "119.00", "1.66"), day="2026-11-02"))
    answer = ask(settled)
    assert (answer.get("problem"), answer.get("failingSince")) == (None, None)


def test_a_report_that_cannot_be_settled_says_why_where_it_lies(settled: Settled, psp: BankServer) -> None:
    """It was taken: nothing is wrong with its source."""
    settled.call("POST", SOURCES, psp.source(STRIPE), 201)
    put(psp, "1.csv", FILE.replace(b"119.00", b"120.00"))
    assert ask(settled).get("problem") is None
    read_what_came(settled)
    (upload,) = uploads(settled)
    assert (upload["state"], len(upload["findings"]) > 0, settled.items()) == ("KEPT_ASIDE", True, [])
    settled.sound()


def test_of_several_accounts_the_source_says_whose_reports_they_are(settled: Settled, psp: BankServer) -> None:
    second = {**ACCOUNT, "ident": "psp-2", "name": "Second"}
    settled.call("POST", "/v2/merchant-payment-accounts", second, 201)
    settled.call("POST", SOURCES, psp.source(STRIPE), 201)
    put(psp, "1.csv", FILE)
    assert "several accounts (pp, psp-2): merchantPaymentAccountIdent" in ask(settled)["problem"]
    settled.call("PUT", f"{SOURCES}/own", {**psp.source(STRIPE), "merchantPaymentAccountIdent": "psp-2"})
    assert ask(settled).get("problem") is None
    assert [len(uploads(settled, account)) for account in ("pp", "psp-2")] == [0, 1]


def test_what_was_fetched_is_processed_when_the_schedule_says(settled: Settled, psp: BankServer) -> None:
    """By the tenant's clock: 6 o'clock in Berlin."""
    plan(settled, "0 6 * * *")
    settled.call("POST", SOURCES, psp.source(STRIPE), 201)
    put(psp, "1.csv", FILE)
    ask(settled)
    (waiting,) = uploads(settled)
    assert (waiting["state"], waiting["dueAt"]) == ("RECEIVED", "2026-11-03T05:00:00Z")
    read_what_came(settled)
    process_due(settled.tenant.runtime, settled.tenant.id)
    assert settled.items() == []
    settled.tenant.turn_clock(MORNING + dt.timedelta(minutes=10))
    process_due(settled.tenant.runtime, settled.tenant.id)
    assert [upload["state"] for upload in uploads(settled)] == ["READ"]
    assert settled.upload(NEXT, account="pp")["state"] == "READ"  # who sends it does not wait
    settled.sound()


@pytest.mark.parametrize(("schedule", "due"), [("30 6 * * *", "2026-11-03T05:30:00Z"), (None, "2026-11-03T04:50:00Z")])
def test_a_new_schedule_counts_for_what_waits(settled: Settled, psp: BankServer, schedule: str | None, due: str) -> None:
    plan(settled, "0 6 1 1 *")
    settled.call("POST", SOURCES, psp.source(STRIPE), 201)
    put(psp, "1.csv", FILE)
    ask(settled)
    assert uploads(settled)[0]["dueAt"] == "2027-01-01T05:00:00Z"
    plan(settled, schedule)
    assert uploads(settled)[0]["dueAt"] == due
    process_due(settled.tenant.runtime, settled.tenant.id)
    assert uploads(settled)[0]["state"] == ("RECEIVED" if schedule else "READ")


def test_who_sends_what_waits_does_not_wait(settled: Settled, psp: BankServer) -> None:
    plan(settled, "0 6 1 1 *")
    settled.call("POST", SOURCES, psp.source(STRIPE), 201)
    put(psp, "1.csv", FILE)
    ask(settled)
    assert settled.upload(FILE, account="pp", name="1.csv")["state"] == "READ"
    settled.upload(FILE, 409, account="pp")
    assert len(uploads(settled)) == 1
