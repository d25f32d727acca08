"""Runs: previewed, approved, resumed; who is left out; once, whatever stops halfway."""

import contextlib
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from tests.checkers.round_trips import counted
from tests.checkers.tenants import everything
from tests.factories.reminding import CONFIGURATION, LETTERS, RUNS, Reminding
from tests.factories.tenants import Tenant

from contor.api.platform.routes import ROUTES
from contor.dunning.runs import OneDunningRun, PreviewDunning, approve_run, dun_tenant, preview_all
from contor.kernel.errors import Refused
from contor.runtime.uow import Uow

TERM = {"paymentTerm": {"periodInDays": 14}}


def overdue(creditor: Reminding, count: int = 1, day: str = "2026-01-20") -> list[str]:
    """Invoices of 119.00 that were due the day before, none of them dunned."""
    creditor.duns()
    numbers = [creditor.document(**TERM) for _ in range(count)]
    creditor.turn(day)
    return numbers


@pytest.mark.parametrize(
    ("amount", "text", "more", "outcome"),
    [
        ("500.00", "{0}", {}, "UNASSIGNED_PAYMENT"),  # more than is owed: a person has to say what for
        ("118.99", "nothing", {"customerSpecificIdent": "muster-handel"}, "DUNNED"),
        ("119.00", "nothing", {"customerSpecificIdent": "muster-handel"}, "UNASSIGNED_PAYMENT"),
        ("119.00", "nothing", {}, "DUNNED"),
        ("119.00", "nothing", {"customerSpecificIdent": "muster-handel", "creditDebitIndicator": "DEBIT"}, "DUNNED"),
    ],
)
def test_who_has_paid_and_nobody_has_said_what_for_is_left_to_a_person(
    creditor: Reminding, amount: str, text: str, more: Any, outcome: str
) -> None:
    creditor.call("DELETE", "/v2/merchant-payment-accounts/bank/assignment-configuration", status=204)
    (number,) = overdue(creditor)
    creditor.paid(amount, text.format(number), **more)
    assert creditor.items(creditor.run()) == {number: outcome}
    creditor.sound()


IBAN = "DE02120300000000202051"
FROM_HIM = {"counterpart": {"name": "Somebody", "iban": IBAN}}


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        (FROM_HIM, "UNASSIGNED_PAYMENT"),
        ({"mandateReference": "M-1"}, "UNASSIGNED_PAYMENT"),
        ({"counterpart": {"name": "Somebody", "iban": "DE75512108001245126199"}}, "DUNNED"),
        ({"mandateReference": "M-2"}, "DUNNED"),
    ],
)
@pytest.mark.parametrize("learned", [True, False])
def test_money_that_waits_is_known_by_its_account_and_its_mandate(
    creditor: Reminding, more: Any, outcome: str, learned: bool
) -> None:
    """From what was assigned before, or from the customer's payment account."""
    (number,) = overdue(creditor)
    if learned:
        earlier = creditor.document(paymentTerm={"periodInDays": 14})
        creditor.paid("119.00", earlier, mandateReference="M-1", **FROM_HIM)
    else:
        accounts = [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}]
        creditor.call("POST", "/v2/merchant-payment-gateways", {"ident": "main", "name": "Main", "accounts": accounts}, 201)
        account = {"ident": "his", "debtorIdent": "muster-handel", "merchantPaymentGatewayIdent": "main", "iban": IBAN}
        mandate = {"reference": "M-1", "signedOn": "2025-05-01", "creditorIdentifier": "DE98ZZZ09999999999"}
        creditor.call("POST", "/v2/customer-payment-accounts", {**account, "mandate": mandate, "accountHolderName": "Muster"}, 201)
    creditor.paid("200.00", "without a word", **more)
    assert creditor.items(creditor.run()) == {number: outcome}
    creditor.sound()


def test_a_run_is_previewed_approved_and_made_once(creditor: Reminding) -> None:
    (number,) = overdue(creditor)
    run = creditor.previewed()
    assert (run["status"], run["outcomes"]) == ("PREVIEWED", [{"outcome": "DUNNED", "documents": 1}])
    assert creditor.case(number)["dunningLevel"] == 0
    assert [letter["status"] for letter in creditor.letters("")] == ["PREVIEWED"]
    creditor.call("POST", RUNS, {}, 409)
    creditor.sound()
    path = f"{RUNS}/{run['runIdent']}/actions"
    creditor.call("POST", f"{path}/approve")
    creditor.call("POST", f"{path}/approve", status=409)
    creditor.call("POST", f"{path}/cancel", status=409)
    creditor.look()
    creditor.look()
    assert [letter["status"] for letter in creditor.letters("")] == ["MADE"]
    assert creditor.call("GET", f"{RUNS}/{run['runIdent']}")["status"] == "COMPLETED"
    creditor.call("POST", RUNS, {"asOf": "2026-01-19"}, 400)
    creditor.call("POST", RUNS, {"asOf": "2026-01-21"}, 400)
    creditor.call("POST", RUNS, {"debtorIdents": ["nobody"]}, 400)
    creditor.sound()


def test_a_cancelled_run_duns_nobody(creditor: Reminding) -> None:
    (number,) = overdue(creditor)
    run = creditor.previewed()
    creditor.call("POST", f"{RUNS}/{run['runIdent']}/actions/cancel")
    creditor.look()
    (letter,) = creditor.letters("")
    assert (letter["status"], creditor.case(number)["dunningLevel"]) == ("CANCELLED", 0)
    creditor.call("GET", f"{LETTERS}/{letter['letterIdent']}/file", status=400)
    creditor.call("POST", f"{LETTERS}/{letter['letterIdent']}/actions/withdraw", status=409)
    assert creditor.items(creditor.run()) == {number: "DUNNED"}
    creditor.sound()


def test_who_pays_between_preview_and_approval_gets_no_letter(creditor: Reminding) -> None:
    number, other = overdue(creditor, 2)
    run = creditor.previewed()
    creditor.paid("20.00", number)
    creditor.call("POST", f"{RUNS}/{run['runIdent']}/actions/approve")
    creditor.look()
    assert creditor.items(run) == {number: "CHANGED", other: "CHANGED"}  # they were on one letter
    assert creditor.letters() == []
    creditor.sound()
    assert creditor.items(creditor.run()) == {number: "DUNNED", other: "DUNNED"}
    (letter,) = creditor.letters()
    assert letter["demand"] == 218
    creditor.sound()


def test_without_combining_each_document_has_its_letter(creditor: Reminding) -> None:
    creditor.duns(combine=False)
    for _ in range(3):
        creditor.document(**TERM)
    creditor.turn("2026-01-20")
    creditor.run()
    assert [letter["demand"] for letter in creditor.letters()] == [119, 119, 119]
    creditor.sound()


@pytest.mark.parametrize("step", range(7))
def test_a_stop_anywhere_is_resumed_and_nothing_happens_twice(
    creditor: Reminding, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Each transaction of a run in turn ends before its commit, after all that it did; then a worker goes on."""
    numbers = overdue(creditor, 3)
    creditor.duns([{"daysAfter": 14, "fee": "5.00"}], dueDateAgreed=True)
    run = creditor.call("POST", RUNS, {}, 201)["runIdent"]
    honest, seen = Uow.audit, list[str]()

    def dying(uow: Uow, kind: str, ident: str, change: Any = None) -> None:
        honest(uow, kind, ident, change)
        seen.append(kind)
        if kind == "dunning_run" and seen.count(kind) == step + 1:
            raise KeyboardInterrupt

    def survived() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            creditor.look()
        creditor.look()

    with monkeypatch.context() as patched:
        patched.setattr(Uow, "audit", dying)
        survived()
        with contextlib.suppress(KeyboardInterrupt):
            creditor.tenant.execute(approve_run, OneDunningRun(run_ident=run))
        survived()
    with contextlib.suppress(Refused):
        creditor.tenant.execute(approve_run, OneDunningRun(run_ident=run))
    survived()
    assert creditor.call("GET", f"{RUNS}/{run}")["status"] == "COMPLETED"
    assert creditor.items({"runIdent": run}) == dict.fromkeys(numbers, "DUNNED")
    assert [letter["demand"] for letter in creditor.letters()] == [362]
    assert len(creditor.claims()) == 1
    creditor.sound()


def test_a_dry_run_leaves_nothing(creditor: Reminding) -> None:
    (number,) = overdue(creditor)
    who = creditor.tenant.caller()
    shown = creditor.tenant.runtime.execute(preview_all, PreviewDunning(), who, dry_run=True)
    assert [(one.outcome, one.documents) for one in shown.outcomes] == [("DUNNED", 1)]
    assert creditor.tenant.rows("SELECT run_ident FROM dunning_run") == []
    done = dun_tenant(creditor.tenant.runtime, who)
    assert (done.status, [one.letters for one in done.letters]) == ("COMPLETED", [1])
    assert creditor.case(number)["dunningLevel"] == 1
    creditor.sound()


def test_dunning_that_is_automatic_makes_one_run_a_day(creditor: Reminding) -> None:
    (number,) = overdue(creditor)
    creditor.look()
    assert creditor.call("GET", RUNS)["_embedded"] == []
    creditor.duns(automated=True)
    creditor.look()
    creditor.look()
    (run,) = creditor.call("GET", RUNS)["_embedded"]
    assert (run["automatic"], run["status"], creditor.case(number)["dunningLevel"]) == (True, "COMPLETED", 1)
    creditor.turn("2026-01-21")
    creditor.look()
    assert len(creditor.call("GET", RUNS)["_embedded"]) == 2
    creditor.sound()


def test_other_tenants_see_none_of_it(
    creditor: Reminding, new_tenant: Callable[[], Tenant], bearer: Callable[[Tenant], dict[str, str]]
) -> None:
    """Every route that takes an id of dunning."""
    overdue(creditor)
    creditor.duns([{"daysAfter": 14, "fee": "5.00"}], dueDateAgreed=True)
    ids = {"runIdent": creditor.run()["runIdent"]}
    ids["letterIdent"] = creditor.letters()[0]["letterIdent"]
    ids["claimIdent"] = creditor.claims()[0]["claimIdent"]
    creditor.file_all()
    stranger = bearer(new_tenant())
    bodies = {"pay": {"paymentIdent": creditor.paid("5.00", "x")["paymentIdent"]}, "waive": {}}
    before = everything(creditor.tenant)
    routes = [row for row in ROUTES if row.path.startswith("/v2/dunning-") and "{" in row.path]
    assert len(routes) == 12
    for row in routes:
        path = re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], row.path)
        body = bodies.get(path.rpartition("/")[2])
        assert creditor.client.request(row.method, path, json=body, headers=stranger).status_code == 404, path
        if row.method == "GET":
            assert creditor.client.get(path, headers=creditor.headers).status_code == 200, path
    assert everything(creditor.tenant) == before
    assert creditor.client.get(CONFIGURATION, headers=stranger).status_code == 404
    assert creditor.client.get(LETTERS, headers=stranger).json()["_embedded"] == []


PLANTED = {
    "UPDATE opos_case SET dunning_level = 2": "levels_are_those",
    "UPDATE document SET dunning_level = 0": "levels_are_those",
    "UPDATE dunning_letter SET demand = demand + 1": "demands_add_up",
    "UPDATE dunning_letter SET outstanding = outstanding - 1, costs = costs + 1": "demands_add_up",
    "UPDATE dunning_item SET fee = fee + 1": "demands_add_up",
    "UPDATE dunning_item SET earlier_interest = earlier_interest + 1": "demands_add_up",
    "UPDATE dunning_letter SET costs = costs + 1, demand = demand + 1": "demands_add_up",
    "UPDATE dunning_claim SET amount = amount + 1": "demands_add_up",
    "UPDATE dunning_claim SET paid = 1": "claims_add_up",
    "UPDATE dunning_claim SET status = 'PAID'": "claims_add_up",
    "UPDATE dunning_letter SET status = 'PREVIEWED', made_at = NULL": "made_as_their_run",
    "UPDATE dunning_run SET approved_at = NULL": "made_as_their_run",
    "UPDATE opos_case SET dunning_block = true": "blocks_and_collection",
    "UPDATE dunning_letter SET file_sha256 = repeat('0', 64), file_size = 7": "files_are_kept",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_fault_is_found(creditor: Reminding, database_dsn: str, fault: str) -> None:
    overdue(creditor)
    creditor.duns([{"daysAfter": 14, "fee": "5.00"}], dueDateAgreed=True)
    creditor.run()
    creditor.sound()
    with psycopg.connect(database_dsn, autocommit=True) as owner:
        owner.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(creditor.tenant.id),))
        assert owner.execute(fault).rowcount == 1
    assert PLANTED[fault] in str([one.check for one in creditor.tenant.broken()])


def test_a_letter_is_waited_for_until_its_file_is_made(creditor: Reminding) -> None:
    creditor.duns()
    creditor.document()
    creditor.turn("2026-02-20")
    creditor.run()
    (letter,) = creditor.letters()
    path, headers = f"/v2/dunning-letters/{letter['letterIdent']}/file", {**creditor.headers, "Prefer": "wait=1"}
    early = creditor.client.get(path, headers=headers)
    assert (early.status_code, early.headers.get("preference-applied")) == (409, "wait=1")
    creditor.file_all()
    assert creditor.client.get(path, headers=headers).content.startswith(b"%PDF")


def test_who_approves_while_it_is_previewed_is_told_so_at_once(creditor: Reminding) -> None:
    overdue(creditor)
    run = creditor.call("POST", RUNS, {}, 201)["runIdent"]
    with creditor.tenant.runtime.transaction(creditor.tenant.caller()) as previewing:
        previewing.run("SELECT 1 FROM dunning_run WHERE run_ident = %s FOR UPDATE", (run,))
        refused = creditor.call("POST", f"{RUNS}/{run}/actions/approve", status=409)
    assert [error["error"] for error in refused["errors"]] == ["The run is CREATED; one that is PREVIEWED is approved."]


def test_a_page_of_runs_is_read_at_once(creditor: Reminding, monkeypatch: pytest.MonkeyPatch) -> None:
    creditor.duns([{"daysAfter": 14, "daysToPay": 7, "interest": True}])
    creditor.document()
    needed = []
    for day in ("2026-03-02", "2027-03-02"):  # of the second no base rate is stored
        creditor.turn(day)
        for _ in range(2):
            creditor.call("POST", f"{RUNS}/{creditor.previewed()['runIdent']}/actions/cancel")
        with counted(monkeypatch) as said:
            listed = creditor.call("GET", RUNS)["_embedded"]
        needed.append(len(said))
    assert listed == [creditor.call("GET", f"{RUNS}/{run['runIdent']}") for run in listed]
    assert [bool(run.get("baseRateMissing")) for run in listed] == [True, True, False, False]
    assert all(run["outcomes"] for run in listed)
    assert needed[0] == needed[1]
