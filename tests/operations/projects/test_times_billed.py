"""Times become rows of a draft, once; they are free again when the draft, the row or the document goes."""

import datetime as dt
from typing import Any

import pytest
from tests.factories.drafts import at_once
from tests.factories.projects import CUSTOMER, a_project, a_task, a_time, billed

from contor.documents import drafts
from contor.documents.drafts import ChangeDraft, CompleteDrafts, DraftUpdate, DraftVersion, ReadDraft
from contor.kernel.errors import Kind, Refused
from contor.projects.projects import PROJECTS, TASKS
from contor.projects.times import TIMES
from contor.runtime.execute import validated
from contor.runtime.resource import Keyed, Written

GROUP = "external"


def calculated(tenant: Any, *idents: str) -> list[bool]:
    return [tenant.execute(TIMES.get, Keyed((ident,)))["is_calculated"] for ident in idents]


def draft_of(tenant: Any, ident: str) -> Any:
    return tenant.execute(drafts.get_draft, ReadDraft(draft_ident=ident))


def completed(tenant: Any, ident: str) -> str:
    """The number of the document."""
    done = tenant.execute(drafts.complete_drafts, CompleteDrafts(drafts=(DraftVersion(draft_ident=ident),)))
    return str(done.drafts[0].document_ident)


def credited(tenant: Any, number: str, items: list[Any], **more: Any) -> str:
    """A credit of these rows of a document, by a draft of its own."""
    content = {
        "type": "CREDIT_MEMO",
        "currency": "EUR",
        "billing_group_ident": GROUP,
        "customer_detail": {"customer_ident": CUSTOMER, "invoice_address_ident": "zentrale"},
        "related_document_ident": number,
        "items": [{**item, "reference_ident": item["ident"]} for item in items],
        **more,
    }
    made = tenant.execute(drafts.create_draft, drafts.CreateDraft(body=validated(drafts.DraftCreation, content)))
    return completed(tenant, made["draft_ident"])


@pytest.fixture
def worked(furnished: Any) -> Any:
    """A tenant with three times of a project, of which two belong to a task with a price of its own."""
    a_project(furnished)
    a_task(furnished, "t-1", hour_price="120")
    a_time(furnished, "a", 90, date="2026-03-02", comment="Entwurf", task_ident="t-1")
    a_time(furnished, "b", 31, date="2026-03-03", comment="Korrektur", task_ident="t-1")
    a_time(furnished, "c", 20, date="2026-03-04")
    return furnished


def test_times_become_rows_by_task(worked: Any) -> None:
    made = billed(worked, billing_group_ident=GROUP)
    assert (made.minutes, made.time_idents, made.left_out) == (141, ("a", "b", "c"), ())
    design, rest = draft_of(worked, made.draft_ident)["items"]
    assert (design["name"], design["quantity"], design["quantity_type"], design["price_base_quantity"]) == (
        "Website: Design",
        "121",
        "MINUTE",
        "60",
    )
    assert design["prices"]["total"] == {"net": "242.00"}
    assert design["service_period"] == {"start": "2026-03-02", "end": "2026-03-03"}
    assert design["description"] == "Entwurf\nKorrektur"
    assert (rest["name"], rest["quantity"], rest["prices"]["total"]) == ("Website", "20", {"net": "30.00"})
    preview = worked.execute(drafts.preview_draft, ReadDraft(draft_ident=made.draft_ident))
    assert (preview.findings, str(preview.totals.net), str(preview.totals.gross)) == ((), "272.00", "323.68")
    assert calculated(worked, "a", "b", "c") == [True, True, True]
    assert worked.unsound() == []


def test_times_become_a_row_each(worked: Any) -> None:
    """Whole hours are said in hours."""
    made = billed(worked, billing_group_ident=GROUP, group_by="ENTRY", through=dt.date(2026, 3, 3))
    rows = draft_of(worked, made.draft_ident)["items"]
    assert [(row["quantity"], row["quantity_type"], row["prices"]["total"]["net"]) for row in rows] == [
        ("1.5", "HOUR", "180.00"),
        ("31", "MINUTE", "62.00"),
    ]
    assert calculated(worked, "a", "b", "c") == [True, True, False]


def test_times_are_added_to_a_draft_that_is_being_written(worked: Any) -> None:
    first = billed(worked, billing_group_ident=GROUP, time_idents=("a",))
    second = billed(worked, draft_ident=first.draft_ident, version=first.version)
    assert (second.draft_ident, second.version, second.time_idents) == (first.draft_ident, 2, ("b", "c"))
    assert [row["ident"] for row in draft_of(worked, first.draft_ident)["items"]] == [*first.row_idents, *second.row_idents]
    with pytest.raises(Refused) as outdated:
        a_time(worked, "d", 15)
        billed(worked, draft_ident=first.draft_ident, version=1)
    assert outdated.value.kind is Kind.OUTDATED
    assert calculated(worked, "d") == [False]


def test_nothing_is_billed_twice(worked: Any) -> None:
    billed(worked, billing_group_ident=GROUP)
    with pytest.raises(Refused) as refused:
        billed(worked, billing_group_ident=GROUP)
    assert [problem.code for problem in refused.value.problems] == ["times_missing"]


def test_at_the_same_moment_one_bills_them(worked: Any) -> None:
    def bill() -> Any:
        try:
            return billed(worked, billing_group_ident=GROUP).minutes
        except Refused as refused:
            return refused.problems[0].code

    assert sorted(map(str, at_once([bill] * 4))) == ["141", "times_missing", "times_missing", "times_missing"]
    assert worked.unsound() == []


def test_what_is_calculated_stays_as_it_is(worked: Any) -> None:
    billed(worked, billing_group_ident=GROUP)
    for operation, command in (
        (TIMES.update, Written(("a",), {"minutes": 1})),
        (TIMES.delete, Keyed(("a",))),
        (TASKS.delete, Keyed(("p-1", "t-1"))),
        (PROJECTS.delete, Keyed(("p-1",))),
    ):
        with pytest.raises(Refused) as refused:
            worked.execute(operation, command)
        assert refused.value.kind is Kind.CONFLICT


def test_a_deleted_draft_frees_its_times(worked: Any) -> None:
    made = billed(worked, billing_group_ident=GROUP)
    worked.execute(drafts.delete_draft, DraftVersion(draft_ident=made.draft_ident))
    assert calculated(worked, "a", "b", "c") == [False, False, False]
    assert billed(worked, billing_group_ident=GROUP).minutes == 141
    assert worked.unsound() == []


def test_a_row_that_is_taken_out_frees_its_times(worked: Any) -> None:
    made = billed(worked, billing_group_ident=GROUP)
    kept = draft_of(worked, made.draft_ident)["items"][1:]
    body = validated(DraftUpdate, {"version": 1, "items": kept})
    worked.execute(drafts.change_draft, ChangeDraft(draft_ident=made.draft_ident, body=body))
    assert calculated(worked, "a", "b", "c") == [False, False, True]
    assert worked.unsound() == []


def test_a_cancelled_document_frees_its_times(worked: Any) -> None:
    made = billed(worked, billing_group_ident=GROUP)
    number = completed(worked, made.draft_ident)
    assert worked.execute(TIMES.get, Keyed(("a",)))["document_ident"] == number
    assert worked.unsound() == []
    design, rest = draft_of(worked, made.draft_ident)["items"]
    credited(worked, number, [design])
    assert calculated(worked, "a", "b", "c") == [False, False, True]
    credited(worked, number, [rest])
    assert calculated(worked, "a", "b", "c") == [False, False, False]
    assert worked.unsound() == []


def test_a_price_reduction_frees_nothing(worked: Any) -> None:
    made = billed(worked, billing_group_ident=GROUP)
    number = completed(worked, made.draft_ident)
    rest = draft_of(worked, made.draft_ident)["items"][1]
    credited(worked, number, [rest], properties=[{"key": "reason", "value": "GOODWILL"}])
    assert calculated(worked, "a", "b", "c") == [True, True, True]


def test_without_a_price_nothing_is_billed(furnished: Any) -> None:
    a_project(furnished, hour_price=None)
    a_task(furnished, "t-1")
    a_time(furnished, "a", 60)
    a_time(furnished, "b", 60, task_ident="t-1")
    with pytest.raises(Refused) as refused:
        billed(furnished, billing_group_ident=GROUP)
    assert [(problem.code, problem.message) for problem in refused.value.problems] == [
        ("hour_price_missing", "Website has no hour price, nor has the project p-1"),
        ("hour_price_missing", "Website: Design has no hour price, nor has the project p-1"),
    ]


def test_without_a_rate_the_tax_is_determined(furnished: Any) -> None:
    a_project(furnished, vat_rate=None)
    a_time(furnished, "a", 60, date="2026-03-02")
    made = billed(furnished, billing_group_ident=GROUP)
    preview = furnished.execute(drafts.preview_draft, ReadDraft(draft_ident=made.draft_ident))
    assert (preview.findings, str(preview.totals.gross)) == ((), "107.10")


def test_times_without_billable_minutes_are_left_out(furnished: Any) -> None:
    a_project(furnished)
    a_time(furnished, "a", 60)
    a_time(furnished, "b", 60, billable_minutes=0)
    made = billed(furnished, billing_group_ident=GROUP)
    assert (made.time_idents, made.left_out) == (("a",), ("b",))
    assert calculated(furnished, "b") == [False]


def test_a_planted_fault_is_found(worked: Any) -> None:
    made = billed(worked, billing_group_ident=GROUP)
    with worked.runtime.transaction(worked.caller()) as uow:
        uow.run("UPDATE project_time SET row_ident = 'other' WHERE ident = 'a'")
        uow.audit("project", "p-1")
    sentence = f"time a is calculated in a row other that draft {made.draft_ident} does not have"
    assert [(it.check, it.finding) for it in worked.broken()] == [("projects.calculated_times_are_in_a_row", sentence)]
