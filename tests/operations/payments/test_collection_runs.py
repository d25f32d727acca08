"""Runs of collecting over the API: previewed, approved, carried out; what is not collected says why."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.meeting import Meeting
from tests.checkers.round_trips import counted
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, COLLECTED, Creditor
from tests.factories.tenants import Tenant

from contor.commands.collecting import Told, collect_now
from contor.kernel.work import Elsewhere
from contor.openitems.collection import worker
from contor.openitems.collection.planning import plan_tasks
from contor.openitems.collection.runs import look
from contor.openitems.collection.runs.previewing import preview_collection
from contor.payments.files.worker import look as files_look

RUNS = "/v2/collection-runs"


@pytest.fixture
def debited(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    """It collects by files for its bank."""
    return Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")


def begin(creditor: Creditor) -> str:
    """A run that is previewed."""
    run = creditor.call("POST", RUNS, None, 201)
    assert run["status"] == "CREATED"
    return go_on(creditor, str(run["runIdent"]), "PREVIEWED")


def go_on(creditor: Creditor, ident: str, status: str) -> str:
    look(creditor.tenant.runtime, creditor.tenant.id)
    assert creditor.call("GET", f"{RUNS}/{ident}")["status"] == status
    return ident


def items(creditor: Creditor, ident: str, search: str = "") -> dict[str, Any]:
    found = creditor.call("GET", f"{RUNS}/{ident}/items?size=100{f'&search={search}' if search else ''}")
    return {item["documentIdent"]: item for item in found["_embedded"]}


def day(days: int) -> str:
    return (dt.date.fromisoformat(day_here()) + dt.timedelta(days=days)).isoformat()


def test_a_run_is_previewed_approved_and_writes_the_files_now(debited: Creditor) -> None:
    debited.mandate()
    numbers = [debited.document(**AT_ONCE) for _ in range(2)]
    ident = begin(debited)
    run = debited.call("GET", f"{RUNS}/{ident}")
    assert (run["expected"]["intents"], run["expected"]["files"], run["expected"]["transactions"]) == (2, 1, 2)
    assert run["outcomes"] == [{"outcome": "COLLECTED", "currency": "EUR", "documents": 2, "amount": 238}]
    assert (debited.tasks(), debited.intents(), debited.call("GET", "/v2/payment-files")["_embedded"]) == ([], [], [])
    foreseen = {number: item["collectionDate"] for number, item in items(debited, ident).items()}
    debited.call("POST", f"{RUNS}/{ident}/actions/approve")
    go_on(debited, ident, "COMPLETED")
    run = debited.call("GET", f"{RUNS}/{ident}")
    assert run["done"] == run["expected"]
    (file,) = debited.call("GET", "/v2/payment-files")["_embedded"]
    assert run["paymentFileIdents"] == [file["paymentFileIdent"]]
    assert {it["documentIdent"]: it["attempts"][0]["collectedOn"] for it in debited.intents()} == foreseen
    assert sorted(foreseen) == sorted(numbers)
    again = begin(debited)
    assert {item["outcome"] for item in items(debited, again).values()} == {"UNDER_WAY"}
    debited.sound()


def test_neither_a_preview_nor_a_dry_run_leaves_a_file_on_the_disk(debited: Creditor) -> None:
    """A file for the bank names accounts in clear: of a run that is not approved there is none."""
    debited.mandate()
    debited.document(**AT_ONCE)
    runtime, tenant = debited.tenant.runtime, debited.tenant
    folder = runtime.config.home / "blobs" / str(tenant.id)
    before = set(folder.rglob("*"))
    assert collect_now(runtime, tenant.realm, dry_run=True).report.files == 1
    ident = begin(debited)
    assert set(folder.rglob("*")) == before
    debited.call("POST", f"{RUNS}/{ident}/actions/approve")
    go_on(debited, ident, "COMPLETED")
    written = [path.read_bytes() for path in set(folder.rglob("*")) - before if path.is_file()]
    assert written
    assert not any(b"IBAN" in content for content in written), "what is written is sealed"
    (file,) = debited.call("GET", "/v2/payment-files")["_embedded"]
    where = f"/v2/payment-files/{file['paymentFileIdent']}/content"
    assert b"<IBAN>" in debited.client.get(where, headers=debited.headers).content


def test_what_is_not_collected_says_why(creditor: Creditor) -> None:
    ident = creditor.account()
    path = f"/v2/customer-payment-accounts/{ident}/actions/change-health-status"
    now, soon = creditor.document(**AT_ONCE), creditor.document(**COLLECTED, paymentTerm={"periodInDays": 10})
    late, never = creditor.document(**COLLECTED, paymentTerm={"periodInDays": 60}), creditor.document()
    doubtful = creditor.document(**AT_ONCE)
    creditor.call("POST", f"/v2/opos-cases/{doubtful}/decisions", {"type": "DOUBTFUL_RECEIVABLE"}, 201)
    paid = creditor.document()
    creditor.pay("119.00", paid)
    credit = creditor.document("credit-memos", relatedDocumentIdent=paid, **AT_ONCE)
    found = items(creditor, begin(creditor))
    said = {number: (item["outcome"], item.get("collectionDate"), item.get("reason")) for number, item in found.items()}
    assert said == {
        now: ("COLLECTED", day_here(), said[now][2]),
        soon: ("PLANNED", day(10), None),
        late: ("PLANNED", day(60), "It gets its task 14 days before it is due."),
        never: ("NOT_COLLECTED", None, said[never][2]),
        doubtful: ("NOT_COLLECTED", None, "The receivable is doubtful: nothing is collected of it."),
        credit: ("NOT_COLLECTED", None, said[credit][2]),
    }
    assert "paymentCollection.collect" in str(said[never][2])
    assert "owes something in EUR: that is cleared with it before" in str(said[credit][2])
    (open_run,) = creditor.call("GET", f"{RUNS}?search=status==PREVIEWED;expected.intents==1")["_embedded"]
    creditor.call("POST", f"{RUNS}/{open_run['runIdent']}/actions/cancel")
    creditor.call("POST", path, {"healthStatus": "UNHEALTHY", "reason": "closed"})
    unhealthy = items(creditor, begin(creditor), f"outcome==NOT_COLLECTED;documentIdent=={now}")
    assert unhealthy[now]["reason"] == "The customer's payment account 'account-1' does not work: closed."
    creditor.sound()


def test_one_run_is_open_at_a_time(creditor: Creditor) -> None:
    ident = begin(creditor)
    assert f"The run {ident} is open" in str(creditor.call("POST", RUNS, None, 409))
    creditor.call("POST", f"{RUNS}/{ident}/actions/cancel")
    creditor.call("POST", f"{RUNS}/{ident}/actions/approve", status=409)
    other = creditor.call("POST", RUNS, None, 201)["runIdent"]
    creditor.call("POST", f"{RUNS}/{other}/actions/approve", status=409)  # nobody has seen it yet
    creditor.call("GET", f"{RUNS}/col-0", status=404)
    creditor.call("GET", f"{RUNS}/col-0/items", status=404)


def test_held_processing_holds_a_run(creditor: Creditor) -> None:
    creditor.account()
    creditor.call("POST", "/v2/payment-intents/actions/enable", {"enabled": False})
    number = creditor.document(**AT_ONCE)
    ident = begin(creditor)
    item = items(creditor, ident)[number]
    assert (item["outcome"], item["reason"]) == (
        "PLANNED",
        "The task was made while processing of payments was switched off: enable it.",
    )
    creditor.call("POST", f"{RUNS}/{ident}/actions/approve")
    go_on(creditor, ident, "COMPLETED")
    assert creditor.intents() == []
    creditor.sound()


def test_nobody_else_collects_beside_a_run(debited: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker beside the command, while it previews and while it carries out, would do a share of it that no run counts."""
    debited.mandate()
    numbers = [debited.document(**AT_ONCE) for _ in range(2)]
    runtime, tenant = debited.tenant.runtime, debited.tenant.id
    execute, beside = runtime.execute, list[object]()

    def watched(operation: Any, *given: Any, **more: Any) -> Any:
        if operation in (preview_collection, plan_tasks):
            beside.extend(one(runtime, tenant) for one in (look, worker.look, files_look))
        return execute(operation, *given, **more)

    monkeypatch.setattr(runtime, "execute", watched)
    told = collect_now(runtime, debited.tenant.realm, dry_run=False)
    assert beside == [Elsewhere.BUSY] * 6
    complete(debited, told, 2)
    assert sorted(it["documentIdent"] for it in debited.intents()) == sorted(numbers)
    debited.sound()


def test_a_run_begins_after_the_worker_that_collects(debited: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sees what that one did, and writes it into its file."""
    debited.mandate()
    numbers = [debited.document(**AT_ONCE) for _ in range(2)]
    runtime, tenant, told = debited.tenant.runtime, debited.tenant, list[Told]()
    Meeting(tenant, monkeypatch).of(
        "payment_intent_task.carry_out",
        lambda: worker.look(runtime, tenant.id),
        lambda: told.append(collect_now(runtime, tenant.realm, dry_run=False)),
    )
    run = complete(debited, told[0], 0)
    assert {number: item["outcome"] for number, item in items(debited, run).items()} == dict.fromkeys(numbers, "UNDER_WAY")
    debited.sound()


def complete(creditor: Creditor, told: Told, intents: int) -> str:
    """The run did what it foresaw, and its file has the two debits; its ident."""
    (run,) = creditor.call("GET", RUNS)["_embedded"]
    (file,) = creditor.call("GET", "/v2/payment-files")["_embedded"]
    assert (run["status"], run["done"], run["paymentFileIdents"]) == ("COMPLETED", run["expected"], [file["paymentFileIdent"]])
    assert (told.report.intents, told.report.transactions, told.files) == (intents, 2, (file["paymentFileIdent"],))
    return str(run["runIdent"])


def test_a_case_says_the_day_of_what_is_under_way(debited: Creditor) -> None:
    """Not of the debit that came back."""
    debited.mandate()
    number = debited.document(**AT_ONCE)
    first = debited.case(number)["collectionReason"]
    assert f"collected on {debited.case(number)['collectionDate']}" in first
    debited.collect()
    debited.write()
    (intent,) = debited.intents()
    assert debited.case(number)["collectionReason"] == first
    debited.turn(dt.date.fromisoformat(day_here()) + dt.timedelta(days=10))
    name = intent["attempts"][0]["endToEndIdent"]
    debited.pay("119.00", "", endToEndIdent=name)
    debited.pay("119.00", "", creditDebitIndicator="DEBIT", endToEndIdent=name, returnInformation={"reasonCode": "AM04"})
    failed, retry = debited.case(number), debited.intents()[0]["retryDate"]
    assert failed["collectionReason"] == f"AM04 It was returned. It is tried again on {retry}."
    assert failed["collectionDate"] == retry
    debited.call("POST", f"/v2/payment-intents/{intent['paymentIntentIdent']}/actions/retry")
    debited.write()
    (intent,) = debited.intents()
    assert intent["attempts"][-1]["collectedOn"] in (again := debited.case(number)["collectionReason"])
    assert again != first
    debited.sound()


def test_what_changed_before_it_was_carried_out_is_told_anew(debited: Creditor) -> None:
    """Of three that the preview collects one is paid and one is handed over; one comes."""
    debited.mandate()
    kept, paid, handed_over = (debited.document(**AT_ONCE) for _ in range(3))
    ident = begin(debited)
    assert {item["outcome"] for item in items(debited, ident).values()} == {"COLLECTED"}
    debited.pay("119.00", paid)
    debited.call("PUT", f"/v2/opos-cases/{handed_over}/dunning-block", {"blocked": True, "reason": "COLLECTION"})
    come = debited.document(**AT_ONCE)
    debited.call("POST", f"{RUNS}/{ident}/actions/approve")
    go_on(debited, ident, "COMPLETED")
    found = items(debited, ident)
    assert {number: (item["outcome"], item["balance"]) for number, item in found.items()} == {
        kept: ("COLLECTED", 119),
        come: ("COLLECTED", 119),
        paid: ("NOT_COLLECTED", 0),
        handed_over: (found[handed_over]["outcome"], 119),
    }
    assert found[handed_over]["outcome"] != "COLLECTED"
    assert "handed over to collection" in found[handed_over]["reason"]
    assert found[paid]["reason"] == "Nothing of it is open any more: it was paid, credited or decided before it was collected."
    run = debited.call("GET", f"{RUNS}/{ident}")
    (collected,) = [one for one in run["outcomes"] if one["outcome"] == "COLLECTED"]
    assert (run["done"]["intents"], run["done"]["transactions"], collected["documents"]) == (2, 2, 2)
    debited.sound()


def test_a_page_of_runs_is_read_at_once(debited: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    debited.mandate()
    debited.document(**AT_ONCE)
    needed = []
    for _ in range(2):
        for _ in range(2):
            debited.call("POST", f"{RUNS}/{begin(debited)}/actions/cancel")
        with counted(monkeypatch) as said:
            listed = debited.call("GET", RUNS)["_embedded"]
        needed.append(len(said))
    assert listed == [debited.call("GET", f"{RUNS}/{run['runIdent']}") for run in listed]
    assert [run["outcomes"][0]["documents"] for run in listed] == [1] * 4
    assert needed[0] == needed[1]
