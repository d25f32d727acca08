"""What a time says by its start, its end and its minutes; what is left out follows, what contradicts is refused."""

from typing import Any

import pytest
from tests.factories.projects import CUSTOMER, a_project, a_task, a_time

from contor.kernel.errors import Kind, Refused
from contor.projects.projects import PROJECTS
from contor.projects.times import TIMES
from contor.runtime.resource import Keyed, Written

START, END = "2026-03-02T08:00:00Z", "2026-03-02T10:30:00Z"


@pytest.mark.parametrize(
    ("said", "minutes", "billable"),
    [
        ({"minutes": 45}, 45, 45),
        ({"minutes": 45, "billable_minutes": 60}, 45, 60),
        ({"started_at": START, "ended_at": END}, 150, 150),
        ({"started_at": START, "ended_at": END, "minutes": 120}, 120, 120),  # there was a break
        ({"started_at": START, "ended_at": "2026-03-02T08:00:59Z"}, 0, 0),
        ({"started_at": START}, 0, 0),
        ({"started_at": START, "minutes": 30, "billable_minutes": 0}, 30, 0),
    ],
)
def test_minutes_follow_from_start_and_end(furnished: Any, said: Any, minutes: int, billable: int) -> None:
    a_project(furnished)
    made = a_time(furnished, "a", None, **said)
    assert (made["minutes"], made["billable_minutes"], made["customer_ident"]) == (minutes, billable, CUSTOMER)
    assert str(made["date"]) == ("2026-03-02" if "started_at" in said else str(made["created_at"].date()))


@pytest.mark.parametrize(
    ("said", "finding"),
    [
        ({}, ("minutes", "minutes_missing")),
        ({"ended_at": END}, ("startedAt", "start_missing")),
        ({"started_at": END, "ended_at": START}, ("endedAt", "end_before_start")),
        ({"started_at": START, "ended_at": END, "minutes": 151}, ("minutes", "minutes_contradict")),
        ({"started_at": START, "ended_at": "2026-05-02T08:00:00Z"}, ("endedAt", "time_too_long")),
        ({"minutes": 1, "task_ident": "nobody"}, ("taskIdent", "task_unknown")),
    ],
)
def test_contradictions_are_refused(furnished: Any, said: Any, finding: tuple[str, str]) -> None:
    a_project(furnished)
    with pytest.raises(Refused) as refused:
        a_time(furnished, "a", None, **said)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [finding]


def test_everything_wrong_is_said_at_once(furnished: Any) -> None:
    with pytest.raises(Refused) as refused:
        a_time(furnished, "a", None, project="nobody", ended_at=END)
    assert [problem.code for problem in refused.value.problems] == ["project_unknown", "start_missing"]


def test_a_task_of_another_project_is_none(furnished: Any) -> None:
    a_project(furnished, "p-1")
    a_project(furnished, "p-2")
    a_task(furnished, "t-2", "p-2")
    with pytest.raises(Refused) as refused:
        a_time(furnished, "a", 1, task_ident="t-2")
    assert refused.value.problems[0].code == "task_unknown"


def test_a_changed_time_is_judged_like_a_new_one(furnished: Any) -> None:
    a_project(furnished)
    a_time(furnished, "a", 10)
    made = furnished.execute(TIMES.update, Written(("a",), {"started_at": START, "ended_at": END}))
    assert made["minutes"] == 150
    with pytest.raises(Refused):
        furnished.execute(TIMES.update, Written(("a",), {"started_at": END, "ended_at": START}))
    furnished.execute(TIMES.delete, Keyed(("a",)))
    with pytest.raises(Refused) as gone:
        furnished.execute(TIMES.get, Keyed(("a",)))
    assert gone.value.kind is Kind.NOT_FOUND


def test_a_project_with_times_keeps_customer_and_currency(furnished: Any) -> None:
    a_project(furnished)
    a_time(furnished, "a", 10)
    body = {"name": "Website", "customer_ident": CUSTOMER, "currency": "CHF"}
    with pytest.raises(Refused) as refused:
        furnished.execute(PROJECTS.update, Written(("p-1",), body))
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("currency", "project_has_times")]
    renamed = furnished.execute(PROJECTS.update, Written(("p-1",), {**body, "currency": "EUR", "name": "Shop"}))
    assert renamed["name"] == "Shop"


def test_a_project_goes_with_its_tasks_where_nobody_worked(furnished: Any) -> None:
    a_project(furnished)
    a_task(furnished, "t-1")
    furnished.execute(PROJECTS.delete, Keyed(("p-1",)))
    assert furnished.rows("SELECT * FROM project_task") == []
    assert furnished.broken() == []


def test_a_project_of_nobody_is_refused_with_everything_else(furnished: Any) -> None:
    with pytest.raises(Refused) as refused:
        a_project(furnished, customer_ident="nobody", start_date="2026-03-02", end_date="2026-03-01")
    assert [problem.code for problem in refused.value.problems] == ["customer_unknown", "end_before_start"]
