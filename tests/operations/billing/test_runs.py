"""Runs that someone holds: previewed, compared, approved, billed as previewed; and customers beyond the tenant's bounds."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.waiting import eventually
from tests.factories.bureaus import RUNS, Bureau
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import RUN
from tests.factories.tenants import Tenant

from contor.billing.held import work as held_run_work
from contor.billing.proposal import due_items
from contor.billing.runs.outcome import CustomerBill

D = Decimal
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_a_run_is_previewed_approved_and_billed_as_it_was_previewed(bureau: Bureau) -> None:
    for number in range(3):
        bureau.sign(number, quantity=number + 1)
    run = bureau.previewed()
    assert (run["status"], run["customers"], run["items"]) == ("PREVIEWED", 3, 3)
    assert run["previewed"] == [{"currency": "EUR", "documents": 3, "net": 60, "tax": 11.4, "gross": 71.4}]
    assert run["previewedTaxes"] == [{"currency": "EUR", "categoryCode": "S", "rate": 19, "net": 60, "tax": 11.4}]
    assert bureau.documents() == [] and bureau.items() == []
    assert bureau.call("POST", RUNS, {}, 409)["status"] == "CONFLICT"
    done = bureau.approved(run["runIdent"])
    assert (done["status"], done["billed"], done["billedTaxes"]) == ("COMPLETED", run["previewed"], run["previewedTaxes"])
    assert bureau.states(done) == {"BILLED": (3, 3)}
    assert bureau.bill()["documents"] == 0
    page = bureau.call("GET", f"{RUNS}/{run['runIdent']}/customers?search=customerIdent==k-1")
    (one,) = page["_embedded"]
    assert (one["status"], one["previewed"], one["billed"][0]["gross"]) == ("BILLED", one["billed"], 23.8)
    assert [entry["runIdent"] for entry in bureau.call("GET", RUNS)["_embedded"]] == [run["runIdent"]]
    bureau.call("POST", f"{RUNS}/{run['runIdent']}/actions/approve", status=409)
    bureau.call("POST", f"{RUNS}/{run['runIdent']}/actions/cancel", status=409)


def test_the_difference_to_the_last_run_is_named_by_cause(bureau: Bureau) -> None:
    for number in range(3):
        bureau.sign(number)
    first = bureau.previewed()
    assert "differences" not in first
    first = bureau.approved(first["runIdent"])
    bureau.clock("2026-05-20T10:00")
    bureau.call("POST", f"{CONTRACTS}/v-0/actions/terminate-extraordinarily", {"terminationDate": "2026-05-31"})
    number = bureau.call("GET", f"{CONTRACTS}/pageable?search=contractIdent==v-1")["_embedded"][0]["contractId"]
    dearer = {"optionPrices": [{"optionIdent": "basic-fee", "prices": [{"price": "12.50"}]}], "effectiveFrom": "2026-06-01"}
    bureau.call("PATCH", f"{CONTRACTS}/{number}", {"planModifiers": [dearer]})
    bureau.sign(3, startDate="2026-06-01", quantity=2)
    bureau.clock("2026-06-01T10:00")
    run = bureau.previewed()
    found = {entry["cause"]: (entry["count"], entry["net"]) for entry in run["differences"]}
    assert found == {"ENDED": (1, -10), "PRICE": (1, 2.5), "NEW": (1, 20)}
    assert run["comparedWith"] == first["runIdent"]
    assert run["previewed"][0]["net"] - first["billed"][0]["net"] == sum(amount for _, amount in found.values())


def test_what_changed_since_the_preview_is_left_out_and_named(bureau: Bureau) -> None:
    for number in range(3):
        bureau.sign(number)
    run = bureau.previewed()
    bureau.sign(1, "v-more")
    bureau.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-2"]}, 204)
    done = bureau.approved(run["runIdent"])
    assert (done["status"], bureau.states(done)) == ("COMPLETED", {"BILLED": (1, 1), "CHANGED": (2, 2)})
    page = bureau.call("GET", f"{RUNS}/{run['runIdent']}/customers?search=status==CHANGED")
    assert [entry["customerIdent"] for entry in page["_embedded"]] == ["k-1", "k-2"]
    assert len(bureau.documents()) == 1
    again = bureau.previewed()
    assert bureau.states(bureau.approved(again["runIdent"])) == {"BILLED": (1, 2)}


def test_a_run_of_some_customers_until_an_instant(bureau: Bureau) -> None:
    for number in range(3):
        bureau.sign(number)
    wrong = {"cutoff": "2026-06-01T00:00:00Z", "debtorIdents": ["k-1", "nobody"]}
    assert bureau.findings("POST", RUNS, wrong) == ["cutoff", "debtorIdents[1]"]
    run = bureau.previewed(debtorIdents=["k-1"], cutoff="2026-05-09T00:00:00Z")
    assert (run["customers"], run["items"]) == (1, 1)
    assert bureau.call("POST", f"{RUNS}/{run['runIdent']}/actions/cancel")["status"] == "CANCELLED"
    bureau.work()
    early = bureau.previewed(cutoff="2026-04-01T00:00:00Z")
    assert bureau.approved(early["runIdent"])["status"] == "COMPLETED"
    assert bureau.documents() == []
    run = bureau.previewed(debtorIdents=["k-1"], cutoff="2026-05-09T00:00:00Z")
    bureau.approved(run["runIdent"])
    rows = bureau.tenant.rows("SELECT customer_ident, document_date FROM document")
    assert [(row.customer_ident, str(row.document_date)) for row in rows] == [("k-1", "2026-05-10")]  # the cut-off selects
    bureau.call("GET", f"{RUNS}/run-1", status=404)


def test_a_worker_that_dies_leaves_nothing_half_done(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        bureau.sign(number)
    monkeypatch.setattr(held_run_work, "BATCH", 1)
    honest, calls = held_run_work.bill_customers, []
    ident = bureau.call("POST", RUNS, {}, 201)["runIdent"]
    keep = held_run_work.keep_preview
    monkeypatch.setattr(held_run_work, "keep_preview", None)  # it dies after the first batch
    with pytest.raises(Exception, match="None"):
        bureau.work()
    monkeypatch.setattr(held_run_work, "keep_preview", keep)
    bureau.work()
    run = bureau.call("GET", f"{RUNS}/{ident}")
    assert bureau.states(run) == {"PREVIEWED": (4, 4)}

    def dying(uow: Any, customers: Any, command: Any, expected: Any) -> Any:
        calls.append(customers)
        done = honest(uow, customers, command, expected)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(held_run_work, "bill_customers", dying)
    bureau.call("POST", f"{RUNS}/{ident}/actions/approve")
    with pytest.raises(KeyboardInterrupt):
        bureau.work()
    assert len(bureau.documents()) == 1
    bureau.work()
    done = bureau.call("GET", f"{RUNS}/{ident}")
    assert (done["status"], bureau.states(done), len(bureau.documents())) == ("COMPLETED", {"BILLED": (4, 4)}, 4)


def test_who_makes_a_preview_fail_is_named_and_the_others_are_previewed(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        bureau.sign(number)
    honest = due_items.items_of

    def items(contract: Any, *given: Any) -> Any:
        if contract.contract_ident == "v-1":
            raise RuntimeError("broken")
        return honest(contract, *given)

    monkeypatch.setattr(due_items, "items_of", items)
    run = bureau.previewed()
    assert bureau.states(run) == {"PARKED": (1, 0), "PREVIEWED": (3, 3)}
    page = bureau.call("GET", f"{RUNS}/{run['runIdent']}/customers?search=status==PARKED")
    assert [(row["customerIdent"], row["reason"]) for row in page["_embedded"]] == [
        ("k-1", "unexpected error, see the server's log")
    ]
    late = held_run_work.KeepPreview(
        run_ident=run["runIdent"], bills=(CustomerBill(customer_ident="k-9", status="BILLED", items=7),)
    )
    bureau.tenant.execute(held_run_work.keep_preview, late)  # of a worker that was slower
    assert bureau.call("GET", f"{RUNS}/{run['runIdent']}") == run
    assert bureau.states(bureau.approved(run["runIdent"])) == {"BILLED": (3, 3), "PARKED": (1, 0)}


def test_two_workers_preview_everyone_once(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        bureau.sign(number)
    monkeypatch.setattr(held_run_work, "BATCH", 1)
    ident = bureau.call("POST", RUNS, {}, 201)["runIdent"]
    workers = [threading.Thread(target=bureau.work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    run = bureau.call("GET", f"{RUNS}/{ident}")
    assert (run["status"], bureau.states(run)) == ("PREVIEWED", {"PREVIEWED": (4, 4)})


def test_a_preview_passes_over_nobody_whom_someone_else_works_at(bureau: Bureau) -> None:
    for number in range(2):
        bureau.sign(number)
    ident = bureau.call("POST", RUNS, {}, 201)["runIdent"]
    worker = threading.Thread(target=bureau.work)
    with bureau.tenant.runtime.transaction(bureau.tenant.caller()) as uow:
        uow.lock("billing", ["k-1"])
        worker.start()
        assert eventually(lambda: bureau.tenant.rows(WAITING) or not worker.is_alive())
    worker.join()
    run = bureau.call("GET", f"{RUNS}/{ident}")
    assert (run["status"], bureau.states(run)) == ("PREVIEWED", {"PREVIEWED": (2, 2)})


def test_two_workers_share_a_run(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        bureau.sign(number)
    run = bureau.previewed()
    bureau.call("POST", f"{RUNS}/{run['runIdent']}/actions/approve")
    workers = [threading.Thread(target=bureau.work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    bureau.work()
    done = bureau.call("GET", f"{RUNS}/{run['runIdent']}")
    assert (done["status"], len(bureau.documents())) == ("COMPLETED", 4)


@pytest.mark.parametrize(
    ("bounds", "change", "reason"),
    [
        ({"mostDocuments": 1}, {}, "2 documents"),
        ({"mostTimesLast": "1.5"}, {"price": "16.00"}, "more than 1.5"),
        ({"refusesZeroAfterPrice": True}, {"price": "0.00"}, "costs nothing"),
    ],
)
def test_who_is_beyond_the_bounds_is_parked_and_the_others_are_billed(
    bureau: Bureau, bounds: dict[str, Any], change: dict[str, str], reason: str
) -> None:
    bureau.sign(0)
    bureau.sign(1)
    assert bureau.bill()["documents"] == 2
    assert bureau.call("PUT", f"{RUNS}/bounds", bounds) == bureau.call("GET", f"{RUNS}/bounds")
    if change:
        number = bureau.call("GET", f"{CONTRACTS}/pageable?search=contractIdent==v-0")["_embedded"][0]["contractId"]
        prices = {"optionPrices": [{"optionIdent": "basic-fee", "prices": [change]}], "effectiveFrom": "2026-06-01"}
        bureau.call("PATCH", f"{CONTRACTS}/{number}", {"planModifiers": [prices]})
    else:
        bureau.sign(0, "v-other", paymentTerm={"periodInDays": 30})
    bureau.clock("2026-06-01T10:00")
    report = bureau.call("POST", RUN, {})
    assert (report["parked"], report["documents"]) == (["k-0"], 1)
    (parked,) = bureau.call("GET", f"{RUNS}/parked-customers")
    assert parked["customerIdent"] == "k-0" and reason in parked["reason"]
    assert bureau.bill()["documents"] == 0
    bureau.call("POST", f"{RUNS}/parked-customers/k-0/actions/release", status=204)
    bureau.call("POST", f"{RUNS}/parked-customers/k-0/actions/release", status=404)
    released = bureau.call("POST", RUN, {"debtorIdent": "k-0"})
    assert released["parked"] == [] and released["billed"] >= 1
    bureau.bill()


def test_nothing_of_a_customer_moves_whose_price_is_not_known(bureau: Bureau) -> None:
    bureau.plan(ident="odd")
    bureau.contract("v-odd", "odd", debtorIdent="k-0", invoiceAddressIdent="a-0")
    bureau.unpriced("odd-fee")
    bureau.sign(1)
    report = bureau.call("POST", RUN, {})
    assert (report["parked"], report["documents"]) == (["k-0"], 1)
    rows = bureau.tenant.rows("SELECT contract_ident, proposed_through FROM contract ORDER BY 1")
    assert [(row.contract_ident, str(row.proposed_through)) for row in rows] == [("v-1", "2026-06-01"), ("v-odd", "2026-05-01")]


def test_a_run_for_nobody_is_refused(bureau: Bureau) -> None:
    assert bureau.findings("POST", RUN, {"debtorIdent": "nobody"}) == ["debtorIdent"]


def test_one_customer_is_found_behind_many_and_parked_ones_hold_nobody_up(bureau: Bureau) -> None:
    for number in range(4):
        bureau.sign(number)
    with bureau.tenant.runtime.transaction(bureau.tenant.caller()) as uow:
        uow.run(
            "INSERT INTO billing_parking (tenant_id, customer_ident, reason, parked_at)"
            " SELECT tenant_id, customer_ident, 'held', now() FROM customer WHERE customer_ident IN ('k-0', 'k-1', 'k-2')"
        )
    from contor.billing.runs import BillNext
    from contor.billing.runs.bill import bill_next

    now = bureau.tenant.runtime.clock()
    done = bureau.tenant.execute(bill_next, BillNext(cutoff=now, limit=1, only=("k-3",)), dry_run=True)
    assert done.last == "k-3"
    assert bureau.tenant.execute(bill_next, BillNext(cutoff=now, limit=1, after=""), dry_run=True).last == "k-3"


def test_another_tenant_sees_no_run(
    bureau: Bureau, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    run = bureau.previewed()
    other = new_tenant()
    stranger = Bureau(other, bureau.client, bearer(other))
    for method, path in (("GET", ""), ("GET", "/customers"), ("POST", "/actions/approve"), ("POST", "/actions/cancel")):
        stranger.call(method, f"{RUNS}/{run['runIdent']}{path}", status=404)
    assert stranger.call("GET", RUNS)["_embedded"] == []
