"""A month of the books is closed once, in order, with everything said that stands in its way; then nothing is posted into it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from starlette.testclient import TestClient
from tests.checkers.tampering import OURS, sentences
from tests.factories.closers import PERIODS, Closer
from tests.factories.companies import a_row_of

from contor.bookkeeping.closing import complete
from contor.bookkeeping.closing.close import CloseBody, ClosePeriod, close_period, preview_closing
from contor.bookkeeping.periods import OnePeriod
from contor.kernel.errors import Kind, Refused
from contor.runtime.execute import Runtime

D = Decimal


def dates(closer: Closer, document: str) -> list[tuple[str, str, str | None]]:
    """Posting date, document date and tax date of each entry of a document, in order."""
    found = closer.call("GET", f"/v2/journal-entries?search=documentIdent=={document}")["_embedded"]
    return [(it["bookingDate"], it["documentDate"], it.get("taxDate")) for it in found]


SAID = {
    "PERIOD_CLOSED": "is closed already",
    "PERIOD_NOT_OVER": "is over on",
    "PERIOD_BEFORE_OPEN": "in their order",
    "PERIOD_BEFORE_CLOSING": "are still on their way",
    "BOOKS_EMPTY": "there is nothing to close",
    "DOCUMENT_REQUESTS_WAITING": "and would be dated in the month",
    "PAYMENTS_UNASSIGNED": "Acknowledge PAYMENTS_UNASSIGNED to close all the same",
}


def codes(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    """Which findings an answer says, by their words."""
    return [code for it in answer["errors"] for code, words in SAID.items() if words in it["error"]]


def test_a_closed_month_takes_nothing_and_the_late_event_keeps_its_own_days(closer: Closer) -> None:
    number = closer.sell("100.00")
    closer.clock("2026-04-02")
    made = closer.close("2026-03")
    assert (made["closingBy"], made["lastJournalNumber"]) == (closer.tenant.actor, 1)
    assert made["closedAt"].startswith("2026-04-02T10:00:00")
    # a payment that the bank booked in March comes in April
    closer.pay("119.00", number, bookingDate="2026-03-30")
    assert dates(closer, number) == [("2026-03-15", "2026-03-15", "2026-03-15"), ("2026-04-01", "2026-03-30", None)]
    assert closer.case(number)["status"] == "CLOSED"
    closer.even()


def test_a_document_is_not_dated_in_a_closed_month(closer: Closer) -> None:
    closer.sell()
    closer.clock("2026-04-02")
    closer.close("2026-03")
    refused = closer.ask("invoices", 400, documentDate="2026-03-31")
    assert "the books are closed through 2026-03-31" in str(refused)
    # what was supplied in March is billed today, in the VAT period of its supply
    row = {**a_row_of("50.00"), "servicePeriod": {"start": "2026-03-01", "end": "2026-03-31"}}
    assert dates(closer, closer.document(items=[row])) == [("2026-04-02", "2026-04-02", "2026-03-31")]


def test_a_month_is_closed_once_and_never_open_again(closer: Closer) -> None:
    closer.sell()
    closer.clock("2026-04-02")
    closer.begin_to_close("2026-03")
    assert closer.call("GET", f"{PERIODS}/2026-03/closing")["status"] == "CLOSING"
    assert closer.complete("2026-03")
    assert not closer.complete("2026-03")
    assert codes(closer.begin_to_close("2026-03", status=400)) == ["PERIOD_CLOSED"]
    listed = closer.call("GET", PERIODS)
    assert [(it["period"], it["status"]) for it in listed] == [("2026-04", "OPEN"), ("2026-03", "CLOSED")]
    assert closer.call("GET", f"{PERIODS}/2026-02")["status"] == "CLOSED"
    closer.even()


def test_closing_entries_that_failed_are_tried_again_and_nothing_is_booked_twice(
    closer: Closer, monkeypatch: pytest.MonkeyPatch
) -> None:
    closer.defer_income()
    closer.sell("300.00", ("2026-04-01", "2026-06-30"))
    closer.clock("2026-04-02")
    closer.begin_to_close("2026-03")

    def failing(*_: object) -> None:
        raise OSError("the machine went off")

    with monkeypatch.context() as patched:
        patched.setattr(complete, "_close", failing)
        with pytest.raises(OSError, match="went off"):
            closer.complete("2026-03")
    waiting = closer.client.get(f"{PERIODS}/2026-03", headers={**closer.headers, "Prefer": "wait=0"})
    assert (waiting.json()["status"], waiting.headers["retry-after"]) == ("CLOSING", "1")
    assert (closer.moved(990), closer.call("GET", "/v2/deferred-income")["_embedded"]) == ({}, [])
    assert closer.begin_to_close("2026-03")["status"] == "CLOSING"
    sql = "SELECT count(*) AS n FROM event WHERE name = 'posting_period.closing'"
    assert closer.tenant.rows(sql)[0].n == 2  # of each a job follows
    assert [closer.complete("2026-03"), closer.complete("2026-03")] == [True, False]
    assert closer.moved(990) == {"2026-03": D("-300.00")}
    closer.even()


def test_months_are_closed_in_their_order_and_when_they_are_over(closer: Closer) -> None:
    assert codes(closer.begin_to_close("2026-02", status=400)) == ["BOOKS_EMPTY"]
    closer.sell()
    assert codes(closer.begin_to_close("2026-03", status=400)) == ["PERIOD_NOT_OVER"]
    assert codes(closer.begin_to_close("2026-05", status=400)) == ["PERIOD_BEFORE_OPEN", "PERIOD_NOT_OVER"]
    closer.clock("2026-05-01")
    assert closer.findings("2026-04") == ["PERIOD_BEFORE_OPEN"]
    assert codes(closer.begin_to_close("2026-02", status=400)) == ["PERIOD_CLOSED"]
    closer.begin_to_close("2026-03")
    assert codes(closer.begin_to_close("2026-04", status=400)) == ["PERIOD_BEFORE_CLOSING"]
    closer.complete("2026-03")
    closer.close("2026-04")
    closer.even()


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "march", "0026-01", "2026-03-01"])
def test_what_is_no_month_is_refused(closer: Closer, month: str) -> None:
    closer.begin_to_close(month, status=400)
    closer.call("GET", f"{PERIODS}/{month}", status=400)
    closer.call("GET", f"/v2/trial-balances/{month}", status=400)


def test_every_finding_is_said_at_once_and_only_some_may_be_acknowledged(closer: Closer) -> None:
    closer.sell()
    closer.pay("5.00", "unknown", bookingDate="2026-03-15")
    closer.pay("7.00", "unknown as well", bookingDate="2026-03-14", creditDebitIndicator="DEBIT")
    closer.ask("invoices", 202)
    closer.clock("2026-04-02")
    preview = closer.call("GET", f"{PERIODS}/2026-03/closing")
    assert [(it["code"], it["acknowledgeable"], it["count"]) for it in preview["findings"]] == [
        ("DOCUMENT_REQUESTS_WAITING", False, 1),
        ("PAYMENTS_UNASSIGNED", True, 2),
    ]
    assert not preview["closable"]
    assert preview["findings"][0]["examples"] == [f"r-{closer.requests}"]
    assert preview["findings"][1]["message"].endswith("what is left of them is -2.00 EUR.")
    assert codes(closer.begin_to_close("2026-03", status=400)) == ["DOCUMENT_REQUESTS_WAITING", "PAYMENTS_UNASSIGNED"]
    assert codes(closer.begin_to_close("2026-03", "PAYMENTS_UNASSIGNED", status=400)) == ["DOCUMENT_REQUESTS_WAITING"]
    never = closer.begin_to_close("2026-03", "DOCUMENT_REQUESTS_WAITING", status=400)
    assert [it["fieldName"] for it in never["errors"]] == ["acknowledgements[0]"]
    closer.work()
    assert closer.findings("2026-03") == ["PAYMENTS_UNASSIGNED"]
    assert codes(closer.begin_to_close("2026-03", status=400)) == ["PAYMENTS_UNASSIGNED"]
    made = closer.close("2026-03", "PAYMENTS_UNASSIGNED")
    assert made["acknowledgements"] == ["PAYMENTS_UNASSIGNED"]
    closer.even()


def test_a_request_of_a_later_month_does_not_hold_up_the_closing(closer: Closer) -> None:
    closer.sell()
    closer.clock("2026-04-02")
    closer.ask("invoices", 202)
    closer.ask("invoices", 202, documentDate="2026-03-31")
    assert closer.call("GET", f"{PERIODS}/2026-03/closing")["findings"][0]["count"] == 1
    closer.work()
    assert closer.findings("2026-03") == []


def test_nobody_closes_the_books_of_others_nor_without_the_permission(
    closer: Closer, runtime: Runtime, client: TestClient, bearer: Callable[..., dict[str, str]]
) -> None:
    from tests.factories.tenants import a_tenant

    closer.sell()
    closer.clock("2026-04-02")
    other = a_tenant(runtime)
    stranger = Closer(other, client, bearer(other))
    stranger.clock("2026-04-02")
    assert codes(stranger.begin_to_close("2026-03", status=400)) == ["BOOKS_EMPTY"]
    assert stranger.call("GET", "/v2/trial-balances/2026-03")["rows"] == []
    assert stranger.call("GET", "/v2/journal-entries")["_embedded"] == []
    reader = closer.tenant.caller("bookkeeping.read")
    assert runtime.execute(preview_closing, OnePeriod("2026-03"), reader).closable
    with pytest.raises(Refused) as refused:
        runtime.execute(close_period, ClosePeriod("2026-03", CloseBody()), reader)
    assert refused.value.kind is Kind.FORBIDDEN
    assert closer.call("GET", f"{PERIODS}/2026-03")["status"] == "OPEN"


def test_what_was_planted_into_a_closed_month_is_found(closer: Closer, database_dsn: str) -> None:
    closer.sell()
    closer.clock("2026-04-02")
    closer.sell("10.00")
    closer.close("2026-03")
    closer.sell("20.00")
    closer.even()
    late = f"UPDATE journal_entry SET posting_date = '2026-03-31' WHERE journal_number = 3 AND {OURS}"
    (said,) = sentences(database_dsn, closer.tenant, "bookkeeping.closed_months_take_nothing", late)
    assert "of 2026-03-31, and was posted after 2026-03 was closed" in said
    early = f"UPDATE journal_entry SET posting_date = '2026-01-31' WHERE journal_number = 3 AND {OURS}"
    assert sentences(database_dsn, closer.tenant, "bookkeeping.closed_months_take_nothing", early)
    gone = f"DELETE FROM posting_period WHERE {OURS}"
    assert sentences(database_dsn, closer.tenant, "bookkeeping.months_are_closed_in_order", gone)


OPENED = (f"DELETE FROM posting_period WHERE {OURS}", f"UPDATE tenant_setting SET closed_through = NULL WHERE {OURS}")
AGAIN = f"UPDATE posting_period SET status = 'CLOSING', closed_at = NULL, last_journal_number = NULL WHERE {OURS}"
WIDENED = f"UPDATE posting_period SET last_journal_number = last_journal_number + 1 WHERE {OURS}"
BACKDATED = f"UPDATE posting_period SET closed_at = closed_at - interval '1 day' WHERE {OURS}"
UNTOLD = f"DELETE FROM audit_entry WHERE subject_kind = 'posting_period' AND change->>'closed' IS NOT NULL AND {OURS}"


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (OPENED, "and is not closed any more"),
        ((AGAIN,), "and is not closed any more"),
        ((WIDENED,), "2026-03 was closed behind journal number 1, and says 2"),
        ((BACKDATED,), "and says 2026-04-01"),
        ((UNTOLD,), "the trail tells of no closing"),
    ],
    ids=["opened", "to-be-closed-again", "widened", "backdated", "untold"],
)
def test_a_closing_that_was_undone_or_widened_past_the_application_is_found(
    closer: Closer, database_dsn: str, statements: tuple[str, ...], words: str
) -> None:
    closer.sell()
    closer.clock("2026-04-02")
    closer.close("2026-03")
    closer.even()
    (said,) = sentences(database_dsn, closer.tenant, "bookkeeping.closed_months_are_as_the_trail_says", *statements)
    assert words in said
