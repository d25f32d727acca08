"""What is written waits for what it goes with: no statement that may see it comes before it, what is drawn or locked comes behind."""

import threading

import pytest
from tests.checkers.round_trips import counted
from tests.factories.tenants import Tenant
from tests.factories.things import THING, an_operation

from contor.kernel.errors import Kind, Problem, Refused
from contor.notifications.tables import notification_counter
from contor.runtime.copying import Left
from contor.runtime.uow import FEW_ROWS, MOST_LEFT, Uow

pytestmark = pytest.mark.usefixtures("thing_table")
TAKEN = Refused(Kind.CONFLICT, Problem("thing_exists", "exists already"))
COUNT = "SELECT count(*)::int FROM a_thing"


def leave(uow: Uow, *ids: int, refused: Refused | None = None) -> None:
    uow.leave(THING, [{"id": number, "name": f"n-{number}"} for number in ids], refused)


def test_it_is_written_with_the_first_statement_that_may_see_it(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow, counted(monkeypatch) as said:
        leave(uow, 1)
        leave(uow, 2, 3)
        assert uow.scalar(int, "SELECT 1") == 1
        assert len(said) == 1
        assert uow.scalar(int, COUNT) == 3
        assert len(said) == 3


def test_it_is_written_before_whatever_changes_or_locks_something(tenant: Tenant) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        for number, act in enumerate(
            (
                lambda uow: uow.run("UPDATE tenant_setting SET trial_notice_days = trial_notice_days"),
                lambda uow: uow.scalar(int, "SELECT trial_notice_days FROM tenant_setting FOR SHARE"),
                lambda uow: uow.lock("things", ["one"]),
                lambda uow: uow.draw(notification_counter, (), low=1, count=1),
                lambda uow: uow.records("SELECT 1 AS one"),
                lambda uow: uow.copy(THING, ("id", "name"), [(1_000 + n, "many") for n in range(FEW_ROWS)]),
            )
        ):
            leave(uow, number)
            act(uow)
            assert not uow.left


def test_at_the_latest_it_is_written_when_the_transaction_ends(tenant: Tenant) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        leave(uow, 1)
    assert len(tenant.rows("SELECT id FROM a_thing")) == 1
    tenant.execute(an_operation(lambda uow, _: leave(uow, 2), input=None), None)
    assert len(tenant.rows("SELECT id FROM a_thing")) == 2


def test_what_is_drawn_is_drawn_behind_it(tenant: Tenant) -> None:
    """In one statement: the row of a counter, which holds all others up, is not locked before what waits for others is written."""
    with tenant.runtime.transaction(tenant.caller()) as uow:
        sql = "INSERT INTO a_thing (tenant_id, id) SELECT %s, nextval('contor_id') FROM generate_series(1, 3)"
        uow.leave_change(Left("a_thing", sql, [tenant.id]))
        uow.leave_change(Left("a_thing", sql, [tenant.id]))
        drawn = uow.flush("SELECT nextval('contor_id')")
        ids = uow.column(int, "SELECT id FROM a_thing ORDER BY id")
    assert len(ids) == 6
    assert ids[-1] < drawn


def test_a_number_is_drawn_once_whether_something_waits_or_not(tenant: Tenant) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        first = uow.draw(notification_counter, (), low=1, count=2)
        leave(uow, 1)
        assert uow.draw(notification_counter, (), low=1, count=3) == first + 2
        assert uow.draw(notification_counter, (), low=1, count=1) == first + 5


@pytest.mark.parametrize("by", ["reading", "drawing", "ending"])
def test_a_key_that_is_there_is_refused_by_what_was_left_with_it(tenant: Tenant, by: str) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        leave(uow, 1)

    def again(uow: Uow, _: None) -> None:
        leave(uow, 2)
        leave(uow, 1, refused=TAKEN)
        if by == "reading":
            uow.scalar(int, COUNT)
        elif by == "drawing":
            uow.draw(notification_counter, (), low=1, count=1)

    with pytest.raises(Refused) as refused:
        tenant.execute(an_operation(again, input=None), None)
    assert refused.value.problems[0].code == "thing_exists"
    assert len(tenant.rows("SELECT id FROM a_thing")) == 1


def test_of_two_who_leave_one_key_the_second_waits_and_is_refused(tenant: Tenant) -> None:
    begun, ended = threading.Event(), []

    def second() -> None:
        begun.wait(60)
        try:
            tenant.execute(an_operation(lambda uow, _: leave(uow, 1, refused=TAKEN), input=None), None)
        except Refused as refused:
            ended.append(refused.problems[0].code)

    thread = threading.Thread(target=second)
    thread.start()
    with tenant.runtime.transaction(tenant.caller()) as uow:
        leave(uow, 1)
        uow.flush()
        begun.set()
        thread.join(0.2)
        assert not ended
    thread.join(60)
    assert ended == ["thing_exists"]


def test_a_change_sees_the_rows_that_were_left_before_it(tenant: Tenant) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        leave(uow, 1)
        uow.leave_change(Left("a_thing", "UPDATE a_thing SET name = %s WHERE id = %s", ["changed", 1]))
        assert uow.column(str, "SELECT name FROM a_thing") == ["changed"]


def test_however_much_waits_a_statement_has_few_parts(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow, counted(monkeypatch) as said:
        for number in range(2 * MOST_LEFT + 1):
            leave(uow, number)
        assert uow.scalar(int, COUNT) == 2 * MOST_LEFT + 1
    assert max(one.count("INSERT INTO") for one in said) == MOST_LEFT


@pytest.mark.parametrize(("few", "mode"), [(True, "force_generic_plan"), (False, "auto")])
def test_plans_are_kept_where_a_few_things_are_meant(tenant: Tenant, few: bool, mode: str) -> None:
    asked = an_operation(lambda uow, _: uow.scalar(str, "SELECT current_setting('plan_cache_mode')"), input=None, few=few)
    assert tenant.execute(asked, None) == mode
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        assert uow.scalar(str, "SELECT current_setting('plan_cache_mode')") == "auto"
