"""What hands money on and what changes its document meet: the one waits for the other and decides on what it has done."""

import datetime as dt
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.checkers.meeting import Meeting
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


@pytest.fixture
def by_file(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.turn(this_day())
    made.mandate()
    return made


@pytest.fixture
def meeting(by_file: Creditor, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    return Meeting(by_file.tenant, monkeypatch)


def collected(creditor: Creditor) -> str:
    invoice = creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    return invoice


def anew(creditor: Creditor, invoice: str) -> None:
    creditor.call("POST", f"/v2/documents/{invoice}/actions/reissue", {}, 202)


def test_a_file_is_written_and_the_document_issued_anew(by_file: Creditor, meeting: Meeting) -> None:
    """It was handed on: it stands for the new document, which is not collected beside it."""
    invoice = collected(by_file)
    meeting.of("payment_file.write", by_file.write, lambda: anew(by_file, invoice))
    (intent,) = by_file.intents()
    assert (intent["status"], intent["documentIdent"] != invoice) == ("PROCESSING", True)
    assert (by_file.collect().planned, by_file.write().transactions) == (0, 0)
    by_file.sound()


def test_a_file_is_written_and_the_document_credited(by_file: Creditor, meeting: Meeting) -> None:
    invoice = collected(by_file)
    meeting.of("payment_file.write", by_file.write, lambda: by_file.document("credit-memos", relatedDocumentIdent=invoice))
    assert [it["status"] for it in by_file.intents()] == ["PROCESSING"]
    assert (by_file.collect().intents, by_file.write().transactions) == (0, 0)
    by_file.sound()


def test_a_document_is_issued_anew_and_what_failed_tried_again(by_file: Creditor, meeting: Meeting) -> None:
    """It goes on aiming at what is open."""
    invoice = collected(by_file)
    by_file.report(a_report("R-1", by_file.write().files[0], status="RJCT"))
    by_file.turn(this_day() + dt.timedelta(days=3))
    meeting.of("document.reissue", lambda: anew(by_file, invoice), by_file.collect)
    (intent,) = by_file.intents()
    assert (intent["documentIdent"] != invoice, intent["status"], "retryDate" in intent) == (True, "FAILED", True)
    assert by_file.collect().retried == 1
    by_file.sound()
