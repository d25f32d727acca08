"""The one door: permission, validation, transaction, idempotency, dry run, audit, events. Each is seen to refuse and to undo."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from tests.checkers.traces import Traces, traces
from tests.checkers.waiting import MINUTES
from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant
from tests.factories.things import THING, Made, MakeThings, ThingsMade, an_operation, make_things, someone, things

from contor.documents.issue.issuing import IssueWaiting, issue_waiting
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import Follower
from contor.runtime import execute
from contor.runtime.uow import Uow

pytestmark = pytest.mark.usefixtures("thing_table")


def refusal(action: Callable[[], Any]) -> tuple[Kind, list[tuple[str, str | None]]]:
    """Kind, and code with field of every finding."""
    with pytest.raises(Refused) as refused:
        action()
    return refused.value.kind, [(problem.code, problem.field) for problem in refused.value.problems]


# --- permission and validation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [(), ("things.read",), ("documents.write", "thing.write")])
def test_without_the_permission_nothing_runs(tenant: Tenant, held: tuple[str, ...]) -> None:
    ran: list[int] = []
    operation = an_operation(lambda uow, command: ran.append(1))
    caller = someone(tenant, *held)
    found = refusal(lambda: tenant.runtime.execute(operation, things(1), caller, key="k"))
    assert found == (Kind.FORBIDDEN, [("permission_missing", None)])
    assert ran == []
    assert traces(tenant) == Traces()


def test_the_permission_itself_is_enough(tenant: Tenant) -> None:
    assert tenant.runtime.execute(an_operation(), things(1), someone(tenant, "things.write")).ids == (1,)


def test_an_input_is_judged_as_a_whole_before_anything_runs(tenant: Tenant) -> None:
    wrong = {
        "rows": [
            {"id": 1, "name": "fine"},
            {"id": "x", "name": "not fine!", "quantity": "-1"},
            {"id": 3, "name": "a", "colour": "red"},
        ],
        "extra": 1,
    }
    kind, found = refusal(lambda: tenant.execute(an_operation(), wrong, key="k"))
    assert kind is Kind.INVALID
    assert sorted(str(field) for _, field in found) == ["extra", "rows[1].id", "rows[1].name", "rows[1].quantity", "rows[2].colour"]
    assert traces(tenant) == Traces()


# --- one transaction -----------------------------------------------------------------------------------------------------------


def _refuses(uow: Uow) -> None:
    raise Refused(Kind.CONFLICT, Problem("no", "No."))


def _crashes(uow: Uow) -> None:
    raise RuntimeError("a bug")


def _fails_in_the_database(uow: Uow) -> None:
    uow.insert(THING, [{"id": 1, "name": "twice"}])


def _fails_at_the_last_step(uow: Uow) -> None:
    uow.finish(lambda: _crashes(uow))


def _fails_at_the_commit(uow: Uow) -> None:
    uow.run("UPDATE a_thing SET parent_id = 404 WHERE id = 1")


@pytest.mark.parametrize("failure", [_refuses, _crashes, _fails_in_the_database, _fails_at_the_last_step, _fails_at_the_commit])
@pytest.mark.parametrize("count", [2, 60], ids=["few", "many"])
def test_whatever_fails_leaves_nothing(tenant: Tenant, followers: list[Any], failure: Callable[[Uow], None], count: int) -> None:
    followers.append(Follower(an_operation(name="thing.follow")))

    def make_and_fail(uow: Uow, command: MakeThings) -> Made:
        made = make_things(uow, command)
        failure(uow)
        return made

    with pytest.raises((Refused, RuntimeError)):
        tenant.execute(an_operation(make_and_fail), things(*range(1, count + 1)), key="k")
    assert traces(tenant) == Traces()
    tenant.execute(an_operation(), things(*range(1, count + 1)), key="k")
    assert traces(tenant) == Traces(things=count, audit=count, events=1, keys=1, jobs=1)


def test_reading_operations_cannot_write(tenant: Tenant) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        tenant.execute(an_operation(reads=True), things(1))
    assert traces(tenant) == Traces()


def _a_duplicate(uow: Uow) -> None:
    uow.insert(THING, [{"id": 5, "name": "a"}])
    uow.insert(THING, [{"id": 5, "name": "b"}])


def _an_orphan(uow: Uow) -> None:
    uow.insert(THING, [{"id": 6, "name": "a", "parent_id": 404}])
    uow.run("SET CONSTRAINTS ALL IMMEDIATE")


def _too_many_digits(uow: Uow) -> None:
    uow.run("INSERT INTO a_thing (tenant_id, id, quantity) VALUES (%s, 7, 1e15)", (uow.ctx.tenant_id,))


@pytest.mark.parametrize(
    ("function", "name", "expected"),
    [
        (_a_duplicate, "thing.make", (Kind.CONFLICT, "thing_exists")),
        (_an_orphan, "thing.make", (Kind.INVALID, "reference_unknown")),
        (_an_orphan, "thing.delete", (Kind.CONFLICT, "thing_in_use")),
        (_too_many_digits, "thing.make", (Kind.INVALID, "value_out_of_range")),
    ],
)
def test_what_the_database_refuses_is_refused_by_name(
    tenant: Tenant, function: Callable[[Uow], None], name: str, expected: tuple[Kind, str]
) -> None:
    kind, ((code, _),) = refusal(lambda: tenant.execute(an_operation(lambda uow, _: function(uow), name), things(1)))
    assert (kind, code) == expected
    assert traces(tenant) == Traces()


def test_a_lock_that_is_held_too_long_is_a_refusal_to_try_again(tenant: Tenant) -> None:
    tenant.execute(an_operation(), things(1))

    def wait_briefly(uow: Uow, _: Any) -> None:
        uow.run("SET LOCAL lock_timeout = '50ms'")
        uow.scalar(int, "SELECT 1 FROM a_thing WHERE id = 1 FOR UPDATE")

    with tenant.runtime.transaction(tenant.caller()) as holder:
        holder.run("SELECT 1 FROM a_thing WHERE id = 1 FOR UPDATE")
        found = refusal(lambda: tenant.execute(an_operation(wait_briefly), things(1)))
    assert found == (Kind.UNAVAILABLE, [("try_again", None)])


# --- deadlocks -----------------------------------------------------------------------------------------------------------------


def test_the_victim_of_a_deadlock_is_run_again(tenant: Tenant) -> None:
    """Two transactions cross on two rows: one is thrown out by the database, and both are done in the end."""
    tenant.execute(an_operation(), things(1, 2))
    both_hold_one = threading.Barrier(2, timeout=MINUTES)
    tries: list[int] = []

    def crossing(uow: Uow, command: MakeThings) -> None:
        first, second = (row.id for row in command.rows)
        tries.append(first)
        uow.run("UPDATE a_thing SET stars = stars + 1 WHERE id = %s", (first,))
        if len(tries) <= 2:
            both_hold_one.wait()
        uow.run("UPDATE a_thing SET stars = stars + 1 WHERE id = %s", (second,))

    operation = an_operation(crossing)
    other = threading.Thread(target=lambda: tenant.execute(operation, things(2, 1)))
    other.start()
    tenant.execute(operation, things(1, 2))
    other.join(MINUTES)
    assert len(tries) == 3
    assert [row.stars for row in tenant.rows("SELECT stars FROM a_thing ORDER BY id")] == [9, 9]


@pytest.mark.parametrize(("failures", "calls"), [(1, 2), (3, 4)])
def test_a_serialization_failure_is_run_again(tenant: Tenant, failures: int, calls: int) -> None:
    seen: list[int] = []

    def flaky(uow: Uow, command: MakeThings) -> Made:
        made = make_things(uow, command)
        seen.append(1)
        if len(seen) <= failures:
            raise psycopg.errors.SerializationFailure
        return made

    tenant.execute(an_operation(flaky), things(1))
    assert len(seen) == calls
    assert traces(tenant) == Traces(things=1, audit=1, events=1)


def test_who_was_a_moment_late_is_told_by_the_operation_itself(tenant: Tenant) -> None:
    """Another transaction had the name first: begun again, the operation sees it and refuses in its own words."""
    seen: list[int] = []

    def late(uow: Uow, command: MakeThings) -> Made:
        make_things(uow, command)
        seen.append(1)
        if len(seen) == 1:
            raise psycopg.errors.UniqueViolation
        raise Refused(Kind.CONFLICT, Problem("name_taken", "is that of another", "name"))

    assert refusal(lambda: tenant.execute(an_operation(late), things(1))) == (Kind.CONFLICT, [("name_taken", "name")])
    assert traces(tenant) == Traces(things=0, audit=0, events=0)


def test_a_name_that_no_rule_judges_is_tried_twice(tenant: Tenant) -> None:
    seen: list[int] = []

    def blind(uow: Uow, command: MakeThings) -> None:
        seen.append(1)
        raise psycopg.errors.UniqueViolation

    assert refusal(lambda: tenant.execute(an_operation(blind), things(1))) == (Kind.CONFLICT, [("thing_exists", None)])
    assert len(seen) == 2


def test_validators_are_built_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """First requests come at once: Python's parser, which Pydantic has read shapes, fails where two threads are in it."""
    inside, most = 0, 0

    def building(kind: Any) -> Any:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1
        return kind

    monkeypatch.setattr(execute, "TypeAdapter", building)
    kinds = [type(f"Shape{number}", (), {}) for number in range(8)]
    with ThreadPoolExecutor(len(kinds)) as threads:
        assert list(threads.map(execute.adapter, kinds)) == kinds
    assert most == 1


def test_it_is_not_run_again_for_ever(tenant: Tenant) -> None:
    seen: list[int] = []

    def hopeless(uow: Uow, command: MakeThings) -> None:
        seen.append(1)
        raise psycopg.errors.DeadlockDetected

    with pytest.raises(Refused, match="try_again"):
        tenant.execute(an_operation(hopeless), things(1))
    assert len(seen) == 4


# --- idempotency ---------------------------------------------------------------------------------------------------------------


def answered(made: Made) -> dict[str, Any]:
    """What a dialect shows of it."""
    return {"ids": list(made.ids), "instant": made.instant}


def test_a_key_with_the_same_input_gives_the_first_answer(tenant: Tenant) -> None:
    first = tenant.execute(an_operation(), things(1), key="k", render=answered)
    assert tenant.execute(an_operation(), things(1), key="k", render=answered) == first
    assert traces(tenant) == Traces(things=1, audit=1, events=1, keys=1)


@pytest.mark.parametrize(("name", "ids"), [("thing.make", (2,)), ("thing.build", (1,))], ids=["other input", "other operation"])
def test_a_key_with_anything_else_is_refused(tenant: Tenant, name: str, ids: tuple[int, ...]) -> None:
    tenant.execute(an_operation(), things(1), key="k")
    found = refusal(lambda: tenant.execute(an_operation(name=name), things(*ids), key="k"))
    assert found == (Kind.CONFLICT, [("idempotency_key_reused", "Idempotency-Key")])
    assert traces(tenant) == Traces(things=1, audit=1, events=1, keys=1)


def test_a_key_belongs_to_its_tenant(new_tenant: Callable[[], Tenant]) -> None:
    one, two = new_tenant(), new_tenant()
    for tenant in (one, two):
        assert tenant.execute(an_operation(), things(tenant.id), key="k").ids == (tenant.id,)
        assert traces(tenant) == Traces(things=1, audit=1, events=1, keys=1)


def test_a_refused_command_leaves_its_key_free(tenant: Tenant) -> None:
    refusal(lambda: tenant.execute(an_operation(lambda uow, _: _refuses(uow)), things(1), key="k"))
    assert tenant.execute(an_operation(), things(2), key="k").ids == (2,)


@pytest.mark.parametrize("first_fails", [False, True])
def test_a_second_caller_waits_for_the_first(tenant: Tenant, first_fails: bool) -> None:
    """While the first runs, the second neither runs nor is refused; then it gets the first's answer, or its turn."""
    inside, go_on = threading.Event(), threading.Event()
    runs: list[int] = []
    answers: list[Any] = []

    def slow(uow: Uow, command: MakeThings) -> Made:
        runs.append(1)
        made = make_things(uow, command)
        if len(runs) == 1:
            inside.set()
            assert go_on.wait(MINUTES)
            if first_fails:
                _refuses(uow)
        return made

    def call() -> None:
        try:
            answers.append(tenant.execute(an_operation(slow), things(1), key="k", render=answered))
        except Refused as refused:
            answers.append(refused.kind)

    threads = [threading.Thread(target=call) for _ in range(2)]
    threads[0].start()
    assert inside.wait(MINUTES)
    threads[1].start()
    threads[1].join(0.3)
    assert threads[1].is_alive()
    assert (len(runs), answers) == (1, [])
    go_on.set()
    for thread in threads:
        thread.join(MINUTES)
    assert len(answers) == 2
    if first_fails:
        assert Kind.CONFLICT in answers
        assert len(runs) == 2
    else:
        assert answers[0] == answers[1]
        assert len(runs) == 1
    assert traces(tenant) == Traces(things=1, audit=1, events=1, keys=1)


def an_invoice(request_id: str, name: str = "Hosting") -> dict[str, Any]:
    """The body of a request, as a client of the platform API writes it."""
    item = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": name,
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": {"net": 10}, "originalTotal": {"net": 10}, "total": {"net": 10}},
        "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
    }
    customer = {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"}
    return {
        "requestId": request_id,
        "billingGroupIdent": "external",
        "currency": "EUR",
        "language": "de",
        "customerDetail": customer,
        "items": [item],
        "paymentCollection": {"collect": False},
    }


REQUESTS = "SELECT request_id FROM document_request ORDER BY id"


def test_a_header_carries_the_key(furnished: Tenant, client: Any, bearer: Any) -> None:
    headers = {**bearer(furnished), "Idempotency-Key": "order-1"}

    def send(body: dict[str, Any]) -> Any:
        return client.post("/v2/documents/invoices", json=body, headers=headers)

    first, second, other = send(an_invoice("r-1")), send(an_invoice("r-1")), send(an_invoice("r-1", "Domain"))
    assert (first.status_code, second.status_code, other.status_code) == (202, 202, 409)
    assert first.json() == second.json() == {"requestId": "r-1", "status": "RECEIVED"}
    assert "The idempotency key was used with another request." in other.text
    assert client.post("/v2/documents/invoices", json=an_invoice("r-1"), headers=bearer(furnished)).status_code == 409
    assert [row.request_id for row in furnished.rows(REQUESTS)] == ["r-1"]


# --- dry run -------------------------------------------------------------------------------------------------------------------


def test_a_dry_run_answers_and_leaves_nothing(tenant: Tenant, followers: list[Any]) -> None:
    followers.append(Follower(an_operation(name="thing.follow")))
    assert tenant.execute(an_operation(), things(*range(60)), key="k", dry_run=True).ids == tuple(range(60))
    assert traces(tenant) == Traces()
    assert tenant.execute(an_operation(), things(*range(60)), key="k").ids == tuple(range(60))


def test_a_header_asks_for_a_dry_run(furnished: Tenant, client: Any, bearer: Any) -> None:
    headers = bearer(furnished)
    tried = client.post("/v2/documents/invoices", json=an_invoice("r-1"), headers={**headers, "X-Dry-Run": "true"})
    assert (tried.status_code, tried.json()) == (202, {"requestId": "r-1", "status": "RECEIVED"})
    assert furnished.rows(REQUESTS) == []
    assert client.post("/v2/documents/invoices", json=an_invoice("r-1"), headers=headers).status_code == 202
    assert [row.request_id for row in furnished.rows(REQUESTS)] == ["r-1"]


def test_a_dry_run_refuses_what_the_real_one_would(tenant: Tenant) -> None:
    kind, _ = refusal(lambda: tenant.execute(an_operation(lambda uow, _: _refuses(uow)), things(1), dry_run=True))
    assert kind is Kind.CONFLICT


def test_a_dry_run_draws_no_number(furnished: Tenant) -> None:
    post(furnished, a_request(1))
    series = "SELECT counter_ident, year, next_value FROM number_series"
    assert furnished.execute(issue_waiting, IssueWaiting(limit=10), dry_run=True).completed == ("r-1",)
    assert furnished.rows(series) == []
    assert furnished.rows("SELECT 1 FROM document") == furnished.rows("SELECT 1 FROM journal_entry") == []
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    assert [row.number_value for row in furnished.rows("SELECT number_value FROM document")] == [1]
    assert furnished.broken() == []


# --- audit and events ----------------------------------------------------------------------------------------------------------


def test_each_change_is_in_the_audit_trail(tenant: Tenant) -> None:
    caller = someone(tenant, "things.write")
    tenant.runtime.execute(an_operation(), things(1, 2), caller)
    found = tenant.rows(
        "SELECT actor, operation, request_id, subject_kind, subject_ident, change FROM audit_entry WHERE operation = 'thing.make'"
        " ORDER BY id"
    )
    common = ("user:somebody", "thing.make", caller.request_id, "a_thing")
    assert [tuple(row) for row in found] == [(*common, "1", {"name": "n-1"}), (*common, "2", {"name": "n-2"})]


def test_what_touched_nothing_leaves_no_trail(tenant: Tenant) -> None:
    caller = someone(tenant, "things.write")
    for directory in (False, True):
        tenant.runtime.execute(an_operation(lambda uow, _: None, "thing.touch", directory=directory), things(1), caller)
    assert traces(tenant) == Traces()
    assert tenant.rows("SELECT 1 FROM directory.audit_entry WHERE request_id = %s", (caller.request_id,)) == []
    assert tenant.rows("SELECT kind FROM directory.work_mark WHERE tenant_id = %s", (tenant.id,)) == []


def test_reading_leaves_no_audit(tenant: Tenant) -> None:
    tenant.execute(an_operation(lambda uow, _: uow.scalar(int, "SELECT 1"), "thing.read", reads=True), things(1))
    assert traces(tenant) == Traces()


def test_the_audit_trail_cannot_be_changed(tenant: Tenant) -> None:
    tenant.execute(an_operation(), things(1))
    for statement in ("UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry", "DELETE FROM event"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), tenant.runtime.transaction(tenant.caller()) as uow:
            uow.run(statement)


def test_an_operation_of_the_directory_is_audited_there(tenant: Tenant) -> None:
    caller = someone(tenant, "things.write")
    operation = an_operation(lambda uow, _: uow.audit("user", "u-1", {"x": 1}), "thing.direct", directory=True)
    tenant.runtime.execute(operation, things(1), caller)
    sql = "SELECT organization_id, actor, operation, subject_kind, subject_ident FROM directory.audit_entry WHERE request_id = %s"
    assert [tuple(row) for row in tenant.rows(sql, (caller.request_id,))] == [
        (tenant.organization_id, "user:somebody", "thing.direct", "user", "u-1")
    ]
    assert traces(tenant) == Traces()


def test_an_event_is_stored_without_what_is_transient(tenant: Tenant) -> None:
    caller = someone(tenant, "things.write")
    tenant.runtime.execute(an_operation(), things(1, 2), caller)
    found = tenant.rows("SELECT name, version, request_id, payload FROM event WHERE name = 'test.things_made'")
    assert [tuple(row) for row in found] == [("test.things_made", 1, caller.request_id, {"ids": [1, 2]})]


def test_what_must_agree_runs_inside_the_transaction_in_order(tenant: Tenant, handlers: list[Any]) -> None:
    def rename(uow: Uow, fact: ThingsMade) -> None:
        assert fact.hidden == ("secret",)
        uow.run("UPDATE a_thing SET name = 'renamed' WHERE id = ANY (%s)", (list(fact.ids),))

    def count(uow: Uow, fact: ThingsMade) -> None:
        uow.run("UPDATE a_thing SET name = name || ' and counted'")

    handlers += [rename, count]
    tenant.execute(an_operation(), things(1))
    assert [row.name for row in tenant.rows("SELECT name FROM a_thing")] == ["renamed and counted"]


def test_its_failure_undoes_all(tenant: Tenant, handlers: list[Any], followers: list[Any]) -> None:
    followers.append(Follower(an_operation(name="thing.follow")))
    handlers.append(lambda uow, fact: _refuses(uow))
    refusal(lambda: tenant.execute(an_operation(), things(1), key="k"))
    assert traces(tenant) == Traces()


def test_what_is_read_in_several_statements_is_read_at_one_moment(tenant: Tenant) -> None:
    tenant.execute(an_operation(make_things), things(1))
    count = "SELECT count(*) FROM a_thing"

    def look(uow: Uow, _: MakeThings) -> list[int]:
        before = uow.scalar(int, count)
        tenant.execute(an_operation(make_things), things(2))  # somebody else, meanwhile
        return [before or 0, uow.scalar(int, count) or 0]

    assert tenant.execute(an_operation(look, reads=True), things(1)) == [1, 1]
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        assert uow.scalar(int, count) == 2
