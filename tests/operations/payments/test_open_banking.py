"""Banks are asked, twice a day: what they say is taken in as any file of a bank, each booking once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company
from tests.factories.statements import Reader

from contor.kernel.work import WORK, Elsewhere
from contor.payments.open_banking import SYNC, sync, sync_due
from contor.payments.statements import ReadFile, read_statement
from contor.runtime.work.schedule import SCHEDULES
from contor.runtime.work.tenants import look, marked

D = Decimal
LINKS = "/v2/open-banking-accounts"
BOOKINGS = "/v2/merchant-payment-accounts/bank/simulated-bookings"
NOON = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)


def connect(company: Company, status: int = 201, **more: Any) -> Any:
    body = {"ident": "own", "merchantPaymentAccountIdent": "bank", "provider": "SIMULATED", **more}
    return company.call("POST", LINKS, body, status)


def link(company: Company) -> Any:
    return company.call("GET", f"{LINKS}/own")


def ask(company: Company, at: dt.datetime = NOON) -> Any:
    """The bank is asked at this instant."""
    company.tenant.turn_clock(at)
    sync_due(company.tenant.runtime, company.tenant.id)
    return link(company)


def becomes(company: Company, user_name: str) -> None:
    """The bank behaves otherwise from now on."""
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE open_banking_account SET user_name = %s", (user_name,))


def test_what_the_bank_tells_is_taken_in_once(company: Company, reader: Reader) -> None:
    made = connect(company, alias="Our bank")
    assert made["status"] == "LINKED"
    assert made["bankName"] == "Simulated Bank"
    assert (made["iban"], made["alias"]) == ("DE3610010*********0001", "Our bank")
    assert made["validUntil"] == "2027-02-01T12:00:00Z"
    company.call("POST", BOOKINGS, {"ident": "b-1", "amount": 119, "text": "RE-1", "counterpartName": "Muster"}, 201)
    company.call("POST", BOOKINGS, {"ident": "b-2", "amount": -5, "bookedOn": "2026-11-02"}, 201)
    assert ask(company)["lastAccessedAt"] == "2026-11-03T12:00:00Z"
    assert sorted(reader.amounts()) == [D(-5), D(119)]
    company.call("POST", BOOKINGS, {"ident": "b-3", "amount": 20}, 201)
    ask(company, NOON + dt.timedelta(hours=11))
    assert len(reader.amounts()) == 2, "it is asked twice a day"
    ask(company, NOON + dt.timedelta(hours=12))
    assert sorted(reader.amounts()) == [D(-5), D(20), D(119)]
    company.sound()


@pytest.mark.parametrize("where", ["receive_statement", "read_statement", "mark_synced"])
def test_who_is_killed_in_between_leaves_nothing_twice(
    company: Company, reader: Reader, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Before the file is kept, between that and its booking, and before it is written down that the bank answered."""
    connect(company)
    company.call("POST", BOOKINGS, {"ident": "b-1", "amount": 119, "text": "RE-1"}, 201)
    runtime, execute = company.tenant.runtime, company.tenant.runtime.execute
    about = getattr(sync, where)

    def killed(operation: Any, *rest: Any, **more: Any) -> Any:
        if operation is about:
            raise KeyboardInterrupt
        return execute(operation, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(runtime, "execute", killed)
        with pytest.raises(KeyboardInterrupt):
            sync_due(runtime, company.tenant.id)
    if where == "read_statement":
        (kept,) = company.tenant.rows("SELECT ident FROM statement_file")
        company.tenant.execute(read_statement, ReadFile(statement_ident=kept.ident))  # as the job does that follows
    assert link(company).get("lastAccessedAt") is None
    assert len(reader.amounts()) == (0 if where == "receive_statement" else 1)
    assert ask(company)["lastAccessedAt"] == "2026-11-03T12:00:00Z"
    assert reader.amounts() == [D(119)]
    company.sound()


def test_a_tan_is_asked_for_and_said(company: Company) -> None:
    made = connect(company, userName="tan", pin="geheim")
    assert (made["status"], made["challenge"]["text"]) == ("PENDING", "Please enter the TAN of your simulated list.")
    (wrong,) = company.call("POST", f"{LINKS}/own/actions/confirm", {}, 400)["errors"]
    assert (wrong["fieldName"], wrong["error"]) == ("tan", "is required: the bank asks for a TAN")
    company.call("POST", f"{LINKS}/own/actions/sync", status=400)
    said = company.call("POST", f"{LINKS}/own/actions/confirm", {"tan": "1"})
    assert (said["status"], said["problem"]) == ("FAILED", "The bank refused the confirmation: the TAN is wrong.")
    company.call("POST", f"{LINKS}/own/actions/confirm", {"tan": "123456"}, 400)
    connect(company, userName="tan", pin="geheim")
    assert company.call("POST", f"{LINKS}/own/actions/confirm", {"tan": "123456"})["status"] == "LINKED"
    assert "geheim" not in str(company.tenant.rows("SELECT secrets, challenge FROM open_banking_account"))
    company.sound()


def test_what_is_confirmed_elsewhere_is_asked_for_again(company: Company) -> None:
    assert connect(company, userName="app")["challenge"]["decoupled"]
    assert company.call("POST", f"{LINKS}/own/actions/confirm")["status"] == "PENDING"
    assert company.call("POST", f"{LINKS}/own/actions/confirm")["status"] == "LINKED"
    company.sound()


def test_the_consent_ends_and_is_told_before(company: Company) -> None:
    route = {"ident": "hook", "type": "*", "url": "https://hook.example/x"}
    company.call("POST", "/v2/notifications/configuration/routes", route, 201)
    connect(company)
    assert link(company).get("lastInformedAt") is None
    ask(company)
    end = NOON + dt.timedelta(days=90)
    assert ask(company, end - dt.timedelta(days=8)).get("lastInformedAt") is None
    assert ask(company, end - dt.timedelta(days=6))["lastInformedAt"] == "2027-01-26T12:00:00Z"
    assert ask(company, end - dt.timedelta(days=5))["lastInformedAt"] == "2027-01-26T12:00:00Z"
    heard = company.tenant.rows("SELECT type FROM notification WHERE type = 'openBankingAccount.consentEnds'")
    assert len(heard) == 1, "once"
    said = ask(company, end)
    assert said["status"] == "EXPIRED"
    assert "90 days" in said["problem"]
    company.call("POST", f"{LINKS}/own/actions/sync", status=400)
    assert connect(company)["status"] == "LINKED"
    company.sound()


def test_a_link_is_disabled_and_connected_again(company: Company, reader: Reader) -> None:
    connect(company)
    assert company.call("POST", f"{LINKS}/own/actions/disable")["status"] == "DISABLED"
    company.call("POST", BOOKINGS, {"amount": 119}, 201)
    ask(company)
    assert reader.amounts() == []
    connect(company)
    ask(company)
    assert reader.amounts() == [D(119)]
    assert [one["ident"] for one in company.call("GET", f"{LINKS}?search=status==LINKED")["_embedded"]] == ["own"]
    company.sound()


def test_a_bank_that_refuses_or_is_away(company: Company) -> None:
    connect(company, 400, userName="wrong-pin")
    connect(company, 503, userName="away")
    assert company.call("GET", LINKS)["_embedded"] == []
    connect(company)
    becomes(company, "away")
    said = ask(company)
    assert (said["status"], said["problem"], said["failingSince"]) == (
        "LINKED",
        "The bank's server gives no answer.",
        "2026-11-03T12:00:00Z",
    )
    assert ask(company, NOON + dt.timedelta(hours=1))["failingSince"] == "2026-11-03T12:00:00Z"
    becomes(company, "wrong-pin")
    said = ask(company, NOON + dt.timedelta(hours=3))
    assert (said["status"], said["problem"]) == ("FAILED", "The bank does not accept user name and PIN: the PIN is wrong.")
    assert company.tenant.rows("SELECT secrets FROM open_banking_account")[0].secrets is None
    company.sound()


def test_all_that_is_wrong_is_said_at_once(company: Company) -> None:
    said = connect(company, 400, provider="FINTS", url="http://10.1.1.1")
    assert [one["fieldName"] for one in said["errors"]] == ["userName", "pin", "url"]
    connect(company, 400, merchantPaymentAccountIdent="none")
    company.call("POST", BOOKINGS, {"amount": 0, "currency": "CHF"}, 400)
    company.call("POST", BOOKINGS, {"ident": "b-1", "amount": 1}, 201)
    company.call("POST", BOOKINGS, {"ident": "b-1", "amount": 1}, 409)
    company.call("GET", f"{LINKS}/none", status=404)
    connect(company)
    connect(company, 409, ident="other")


def test_files_are_a_bank_that_is_not_asked(company: Company) -> None:
    """The settlement sources of its provider are read instead."""
    made = connect(company, provider="FILES")
    assert (made["status"], made["bankName"], made.get("validUntil")) == ("LINKED", "Postbank Ndl der Deutsche Bank", None)
    assert "settlement source" in ask(company)["problem"]
    company.call("POST", "/v2/payment-providers", {"id": 1, "name": "COMMERZBANK"}, 201)
    source = {"ident": "files", "type": "DIRECTORY", "format": "CAMT", "directory": "own"}
    company.call("POST", "/v2/payment-providers/1/settlement-sources", source, 201)
    said = ask(company, NOON + dt.timedelta(hours=2))
    assert (said.get("problem"), said["lastAccessedAt"]) == (None, "2026-11-03T14:00:00Z")
    assert company.call("GET", "/v2/payment-providers/1/settlement-sources/files")["askedAt"] == "2026-11-03T14:00:00Z"


def test_one_worker_at_a_time_asks(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(company)
    runtime, second, before = company.tenant.runtime, [], sync.bank_of

    def asked(*rest: Any) -> Any:
        second.append(sync_due(runtime, company.tenant.id))
        return before(*rest)

    monkeypatch.setattr(sync, "bank_of", asked)
    sync_due(runtime, company.tenant.id)
    assert second == [Elsewhere.BUSY]


def test_the_schedule_calls_for_banks_and_whoever_asks_does(company: Company) -> None:
    runtime = company.tenant.runtime
    connect(company)
    assert company.tenant.id in {found.tenant_id for found in marked(runtime, WORK[SYNC])}
    (own,) = [found for found in marked(runtime, WORK[SYNC]) if found.tenant_id == company.tenant.id]
    assert look(runtime, WORK[SYNC], own)
    company.call("POST", f"{LINKS}/own/actions/sync")
    assert company.tenant.id in {found.tenant_id for found in marked(runtime, WORK[SYNC])}
    assert SYNC in SCHEDULES
