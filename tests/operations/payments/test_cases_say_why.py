"""What an open item says of being collected and paid: on which day, and why not, through all that may happen to its intent."""

import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, COLLECTED, Creditor
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.lines import collecting
from contor.openitems.collection.runs import look


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


ENABLE = "/v2/payment-intents/actions/enable"


@pytest.fixture
def by_file(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.turn(this_day())
    made.mandate()
    return made


def says(creditor: Creditor, document: str) -> tuple[str | None, str | None]:
    """(reason, day) of its case, which is found by that day."""
    case = creditor.case(document)
    day = case.get("collectionDate")
    search = f"collectionDate=={day}" if day else "collectionDate=null=true"
    found = creditor.call("GET", f"/v2/opos-cases?size=100&search={search}")["_embedded"]
    assert document in {it["documentIdent"] for it in found}
    return case.get("collectionReason"), day


def item_of(creditor: Creditor, document: str) -> Any:
    """What a run says of it."""
    run = creditor.call("POST", "/v2/collection-runs", None, 201)["runIdent"]
    look(creditor.tenant.runtime, creditor.tenant.id)
    (item,) = creditor.call("GET", f"/v2/collection-runs/{run}/items?search=documentIdent=={document}")["_embedded"]
    creditor.call("POST", f"/v2/collection-runs/{run}/actions/cancel")
    return item


def sent(creditor: Creditor) -> tuple[Any, str]:
    """The last intent, after what waits went out in a file; and that file."""
    (file,) = creditor.write().files
    return creditor.intents()[-1], file


def a_memo(creditor: Creditor, **more: Any) -> str:
    """A credit memo of 50.00 over an invoice that was paid."""
    invoice = creditor.document(paymentTerm={"periodInDays": 0})
    creditor.pay("119.00", invoice)
    return creditor.document("credit-memos", "42.02", relatedDocumentIdent=invoice, **more)


# M7: debits


def test_a_debit_that_came_back_says_its_next_day(by_file: Creditor) -> None:
    invoice = by_file.document(**AT_ONCE)
    by_file.collect()
    intent, _ = sent(by_file)
    first = intent["attempts"][0]["collectedOn"]
    assert says(by_file, invoice)[1] == first
    by_file.turn(dt.date.fromisoformat(first))
    name = intent["attempts"][0]["endToEndIdent"]
    for side in ({}, {"creditDebitIndicator": "DEBIT", "returnInformation": {"reasonCode": "AM04"}}):
        by_file.pay("119.00", "", endToEndIdent=name, bookingDate=first, **side)
    retry = by_file.intents()[-1]["retryDate"]
    why = f"AM04 It was returned. It is tried again on {retry}."
    assert retry > first
    assert says(by_file, invoice) == (why, retry)
    item = item_of(by_file, invoice)
    assert (item["outcome"], item["reason"], item["collectionDate"]) == ("PLANNED", why, retry)
    by_file.turn(dt.date.fromisoformat(retry))
    assert by_file.collect().retried == 1
    assert says(by_file, invoice) == ("It failed before and is tried again: AM04 It was returned.", retry)
    intent, _ = sent(by_file)
    again = intent["attempts"][-1]["collectedOn"]
    reason, day = says(by_file, invoice)
    assert (day, first in str(reason), again in str(reason)) == (again, True, True)
    by_file.sound()


def test_a_debit_that_was_rejected_is_collected_on_no_day(by_file: Creditor) -> None:
    invoice = by_file.document(**AT_ONCE)
    by_file.collect()
    intent, file = sent(by_file)
    group = etree.fromstring(by_file.file(file)).findtext(".//{*}PmtInf/{*}PmtInfId")
    assert group is not None
    by_file.report(a_report("R-1", file, group=group, transactions=[(intent["attempts"][0]["endToEndIdent"], "RJCT", "AC04")]))
    reason, day = says(by_file, invoice)
    assert (str(reason).startswith("AC04"), day) == (True, None)
    by_file.sound()


def test_a_collection_that_a_person_gave_up_does_not_come_again(creditor: Creditor) -> None:
    """Its task is done: it says so, and keeps nobody from being reminded."""
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    creditor.act(creditor.intents()[0]["paymentIntentIdent"], "cancel")
    assert (creditor.collect().planned, creditor.collect().intents) == (0, 0)
    assert says(creditor, invoice) == ("It was cancelled. It is not collected by itself any more.", None)
    creditor.sound()


# M7: transfers


@pytest.mark.parametrize("by_task", [True, False])
def test_a_transfer_that_a_person_gave_up_says_so(by_file: Creditor, by_task: bool) -> None:
    """Held because of the payee's name, and cancelled."""
    memo = a_memo(by_file, **(AT_ONCE if by_task else {}))
    if by_task:
        assert by_file.collect().intents == 1
    else:
        by_file.intend(memo, dueDate=day_here())
    intent, file = sent(by_file)
    group = etree.fromstring(by_file.file(file)).findtext(".//{*}PmtInf/{*}PmtInfId")
    assert group is not None
    by_file.report(a_report("V-1", file, group=group, transactions=[(intent["attempts"][0]["endToEndIdent"], "RVNM", None)]))
    by_file.act(intent["paymentIntentIdent"], "cancel")
    assert by_file.collect().intents == 0
    why = "It was cancelled because of its payee's name. It is not paid again by itself: somebody orders it."
    assert says(by_file, memo) == (why, None)
    item = item_of(by_file, memo)
    assert (item["outcome"], item["reason"]) == ("NOT_COLLECTED", why)
    by_file.sound()


def test_a_transfer_that_was_rejected_says_why(by_file: Creditor) -> None:
    memo = a_memo(by_file, **AT_ONCE)
    assert by_file.collect().intents == 1
    _, file = sent(by_file)
    by_file.report(a_report("R-1", file, status="RJCT"))
    assert by_file.collect().intents == 0
    reason, _ = says(by_file, memo)
    assert str(reason).endswith("It is not paid again by itself: somebody orders it.")
    assert item_of(by_file, memo)["reason"] == reason
    by_file.sound()


# M7, M8: the tenant's switch


def test_what_waits_for_the_switch_says_so(creditor: Creditor) -> None:
    """A task that was made while it was off goes on when it is enabled itself, and says that, also when the switch is on again."""
    off = "Processing of payments is switched off: nothing is moved before somebody enables it."
    made_held = "The task was made while processing of payments was switched off: enable it."
    creditor.account()
    creditor.call("POST", ENABLE, {"enabled": False})
    due, later = creditor.document(**AT_ONCE), creditor.document(**COLLECTED, paymentTerm={"periodInDays": 60})
    by_hand = creditor.document()
    intent = creditor.intend(by_hand)["paymentIntentIdent"]
    assert creditor.collect().planned == 1
    assert says(creditor, due)[0] == f"{off} {made_held}"
    assert [says(creditor, number)[0] for number in (later, by_hand)] == [off, off]
    assert item_of(creditor, by_hand)["reason"] == off
    creditor.call("POST", ENABLE, {"paymentIntentIdents": [intent]})
    assert says(creditor, by_hand)[0] is None
    creditor.call("POST", ENABLE)
    assert creditor.collect().intents == 0
    (task,) = creditor.tasks()
    assert (task["status"], task["reason"], says(creditor, due)[0]) == ("WAITING", made_held, made_held)
    creditor.call("POST", "/v2/payment-intent-tasks/actions/enable")
    assert creditor.collect().intents == 1
    creditor.sound()


def test_the_command_says_what_waits_for_the_switch(creditor: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "opened", lambda: contextlib.nullcontext(creditor.tenant.runtime))

    def told(*more: str) -> str:
        shown = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["collect", "--organization", creditor.tenant.realm, *more])
        assert shown.exit_code == 0, shown.output
        return " ".join(shown.output.split())

    off, held = "Processing of payments is switched off, nothing is handed on", "1 task was made while it was"
    creditor.account()
    creditor.document(**AT_ONCE)
    assert off not in told("--dry-run")
    creditor.call("POST", ENABLE, {"enabled": False})
    for output in (told("--dry-run"), told()):
        assert off in output
        assert held in output
    creditor.call("POST", ENABLE)
    output = told()
    assert (off in output, held in output) == (False, True)
    (run, *_) = creditor.call("GET", "/v2/collection-runs?search=done.held==1")["_embedded"]
    assert run["done"]["intents"] == 0
    creditor.sound()


def test_what_had_ended_for_good_is_collected_again_when_a_person_says_so(by_file: Creditor) -> None:
    invoice = by_file.document(**AT_ONCE)
    by_file.collect()
    intent, _ = sent(by_file)
    first = intent["attempts"][0]["collectedOn"]
    by_file.turn(dt.date.fromisoformat(first))
    name = intent["attempts"][0]["endToEndIdent"]
    for side in ({}, {"creditDebitIndicator": "DEBIT", "returnInformation": {"reasonCode": "MD01"}}):
        by_file.pay("119.00", "", endToEndIdent=name, bookingDate=first, **side)
    enable = f"/v2/opos-cases/{invoice}/actions/enable-payment-collection"
    by_file.call("POST", enable)  # by the account whose mandate is revoked it cannot be
    assert by_file.collect().intents == 0
    assert "revoked" in (says(by_file, invoice)[0] or "")
    account = by_file.mandate("M-2")
    by_file.call("POST", enable)
    assert by_file.collect().intents == 1
    again = by_file.intents()[-1]
    assert (again["customerPaymentAccountIdent"], again["amount"], again["status"]) == (account, 119, "CREATED")
    by_file.call("POST", enable)  # what is under way goes on
    assert by_file.collect().intents == 0
    by_file.sound()


def test_enabling_what_only_waits_for_its_day_leaves_it_as_somebody_said_it(creditor: Creditor) -> None:
    """Its account and its day were chosen by a person."""
    chosen, _ = creditor.account(), creditor.account()
    invoice = creditor.document(**COLLECTED, paymentTerm={"periodInDays": 10})
    assert creditor.collect().planned == 1
    (task,) = creditor.tasks()
    day = (dt.date.fromisoformat(task["dueDate"]) - dt.timedelta(days=7)).isoformat()
    path = f"/v2/payment-intent-tasks/{task['paymentIntentTaskIdent']}"
    creditor.call("PATCH", path, {"customerPaymentAccountIdent": chosen, "dueDate": day})
    creditor.call("POST", f"/v2/opos-cases/{invoice}/actions/enable-payment-collection")
    (after,) = creditor.tasks()
    assert (after["customerPaymentAccountIdent"], after["dueDate"], after["status"]) == (chosen, day, task["status"])
    creditor.sound()
