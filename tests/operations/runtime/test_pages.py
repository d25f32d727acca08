"""Pages of lists: by number and by cursor each thing comes once, in one order; a page reads what it shows, however far it is."""

import datetime as dt
import re
from collections import OrderedDict
from typing import Any, Literal

import pytest
from tests.factories.filled import EACH_SECOND, fill
from tests.factories.tenants import Tenant

from contor.billing.items.read import ITEMS
from contor.billing.tables import billable_item
from contor.documents.after.read import DOCUMENTS
from contor.documents.tables import document
from contor.kernel.errors import Kind, Refused
from contor.openitems.queries import CASES
from contor.openitems.tables import opos_case
from contor.organizations.audit import ENTRIES
from contor.runtime.query import ListQuery, Order, Page, PageRequest, compile_list, listed
from contor.runtime.query.paging import walks
from contor.runtime.query.rsql import parse
from contor.runtime.tables import audit_entry
from contor.runtime.work import tallies
from contor.runtime.work.tallies import AddUp, add_up

BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LISTS: dict[str, tuple[Any, Any, str]] = {
    "cases": (opos_case, CASES, "document_id"),
    "items": (billable_item, ITEMS, "item_id"),
    "trail": (audit_entry, ENTRIES, "id"),
}


def a_case(number: int) -> dict[str, object]:
    """Several are of one second, and in none of the orders do they come as they were made."""
    return {
        "document_id": number * 7919 % 1_000 + 1,
        "ident": f"RE-{number:04}",
        "document_type": "INVOICE",
        "customer_ident": f"c-{number % 3}",
        "currency": "EUR",
        "document_date": BEGAN.date() + dt.timedelta(days=number % 11),
        "due_date": BEGAN.date() + dt.timedelta(days=number % 5),
        "opening": number,
        "balance": 0,
        "ledger_balance": 0,
        "status": "OPEN" if number % 4 else "CLOSED",
        "is_memo": False,
        "created_at": BEGAN + dt.timedelta(milliseconds=number * 250),
        "closed_at": BEGAN + dt.timedelta(days=number % 3) if number % 2 else None,
    }


def an_item(number: int) -> dict[str, object]:
    return {
        "item_id": number * 37 + 1,
        "contract_id": number % 3,
        "holder_ident": f"v-{number % 3}",
        "customer_ident": f"c-{number % 5}",
        "billing_group_ident": "g",
        "origin_type": "OPTION",
        "origin_ident": "o",
        "kind": "RECURRING",
        "period_start": BEGAN.date(),
        "period_end": BEGAN.date(),
        "sequence": number,
        "type": "DEBIT",
        "business_case": "RECURRING",
        "processing_status": "COMPLETED" if number % 3 else "NOT_STARTED",
        "processing_at": BEGAN + dt.timedelta(hours=number % 7) if number % 4 else None,
        "total": 1,
        "currency": "EUR",
        "content": {},
    }


@pytest.fixture
def filled(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """Few rows, of which no more than few are read one by one."""
    monkeypatch.setattr(listed, "MOST_COUNTED", 40)
    monkeypatch.setattr(listed, "FAR", 5)
    monkeypatch.setattr(tallies, "STRETCH", 10)
    for part in range(4):
        with tenant.runtime.transaction(tenant.caller("*")) as uow:
            uow.insert(opos_case, [a_case(number) for number in range(part, 120, 4)])
            uow.insert(billable_item, [an_item(number) for number in range(part, 120, 4)])
            for number in range(30):
                uow.insert(audit_entry, [entry_of(number)])
    return tenant


def entry_of(number: int) -> dict[str, object]:
    actor = f"key:{number % 3}"
    return {"at": BEGAN, "actor": actor, "operation": "x", "request_id": "r", "subject_kind": "k", "subject_ident": str(number % 9)}


def page(tenant: Tenant, name: str, query: ListQuery) -> Page:
    table, fields, key = LISTS[name]
    with tenant.runtime.transaction(tenant.caller("*"), reads=True) as uow:
        return listed.listed_by_key(uow, table, query, fields, key, lambda keys: keys)


def by_number(tenant: Tenant, name: str, query: ListQuery, size: int = 7) -> list[object]:
    found, pages = list[object](), 1
    number = 0
    while number < pages:
        made = page(tenant, name, ListQuery(query.where, query.order, PageRequest(size, number * size)))
        found += made.items
        number, pages = number + 1, made.pages
        assert made.number == number - 1
    return found


def by_cursor(tenant: Tenant, name: str, query: ListQuery, size: int = 7) -> list[object]:
    made = page(tenant, name, ListQuery(query.where, query.order, PageRequest(size)))
    found = list(made.items)
    while made.next_cursor is not None:
        made = page(tenant, name, ListQuery(query.where, query.order, PageRequest(size), made.next_cursor))
        assert made.number == len(found) // size
        found += made.items
    return found


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize(
    ("name", "search", "order"),
    [
        *[(name, None, ()) for name in LISTS],
        *[(name, None, (Order("", way),)) for name in LISTS for way in ("asc", "desc")],  # type: ignore[arg-type]
        *[("cases", None, (Order(by, way),)) for by in ("status", "dueDate", "closedAt", "ident") for way in ("asc", "desc")],  # type: ignore[arg-type]
        *[("items", None, (Order("processingDate", way),)) for way in ("asc", "desc")],  # type: ignore[arg-type]
        *[("trail", None, (Order(by, way),)) for by in ("subjectIdent", "subjectKind") for way in ("asc", "desc")],  # type: ignore[arg-type]
        ("cases", None, (Order("customerIdent"), Order("opening", "desc"))),
        ("cases", None, (Order("balanceDebitCreditIndicator"),)),
        ("cases", "status==OPEN", ()),
        ("cases", "customerIdent==c-1", (Order("closedAt", "desc"),)),
        ("items", "processingStatus==COMPLETED", ()),
        ("items", "contractIdent==v-1", (Order("processingDate"),)),
        ("trail", "actor==key:1", ()),
    ],
)
def test_each_thing_comes_once_and_in_one_order(
    filled: Tenant, name: str, search: str | None, order: tuple[Order, ...], counted: bool
) -> None:
    if counted:
        filled.execute(add_up, AddUp(anew=True))
    where = parse(search) if search else None
    whole = page(filled, name, ListQuery(where, order, PageRequest(1_000)))
    assert len(set(whole.items)) == len(whole.items) > 7
    assert by_number(filled, name, ListQuery(where, order)) == list(whole.items)
    assert by_cursor(filled, name, ListQuery(where, order)) == list(whole.items)


def test_who_goes_on_page_by_page_sees_nothing_twice(filled: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def numbered(number: int) -> Page:
        return page(filled, "cases", ListQuery(None, (Order("ident"),), PageRequest(10, number * 10)))

    for counted in (False, True):
        if counted:
            filled.execute(add_up, AddUp(anew=True))
        seen = [number for at in range(3) for number in numbered(at).items]
        with filled.runtime.transaction(filled.caller("*")) as uow:
            new = {"document_id": 5_000 + counted, "ident": "RE-!"}
            uow.insert(opos_case, [{**a_case(0), **new}])
        goes_on = numbered(3)
        assert goes_on.number == 3 and not set(goes_on.items) & set(seen)
        monkeypatch.setattr(walks, "_ENDS", OrderedDict())  # as another process has it, or a minute later
        assert numbered(3).items[0] == seen[-1]


def test_a_total_is_exact_or_said_to_be_at_least(filled: Tenant) -> None:
    def total(name: str, search: str | None = None, offset: int = 0) -> tuple[int, bool]:
        made = page(filled, name, ListQuery(parse(search) if search else None, (), PageRequest(20, offset)))
        return made.total, made.at_least

    assert [total("cases", offset=offset) for offset in (0, 40, 80, 100)] == [(41, True), (61, True), (101, True), (120, True)]
    assert total("cases", "customerIdent==c-1") == (40, False)
    assert total("cases", "status==OPEN") == (41, True)
    filled.execute(add_up, AddUp(anew=True))
    assert [total("cases", offset=offset) for offset in (0, 60, 100)] == [(120, False)] * 3


def test_a_tally_says_how_many_there_are(filled: Tenant) -> None:
    def tallied() -> dict[str, int]:
        return {row.name: row.rows for row in filled.rows("SELECT name, sum(rows)::bigint AS rows FROM row_tally GROUP BY name")}

    filled.execute(add_up, AddUp(anew=True))
    before = tallied()
    for first in (1_000, 2_000):
        with filled.runtime.transaction(filled.caller("*")) as uow:
            uow.insert(opos_case, [{**a_case(number), "document_id": first + number} for number in range(60)])
        assert tallied()["opos_case"] == before["opos_case"] + 60 * first // 1_000
    filled.execute(add_up, AddUp())
    assert tallied()["opos_case"] == before["opos_case"] + 120 == page(filled, "cases", ListQuery()).total
    assert len(by_number(filled, "cases", ListQuery())) == 240
    with pytest.raises(ZeroDivisionError), filled.runtime.transaction(filled.caller("*")) as uow:
        uow.insert(opos_case, [{**a_case(1), "document_id": 9_999}])
        raise ZeroDivisionError
    assert tallied()["opos_case"] == 240


def test_what_no_index_answers_is_refused_where_there_are_many(filled: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page(filled, "cases", ListQuery(parse("currency==EUR"), (Order("opening"),))).total == 41
    monkeypatch.setattr(listed, "MOST_UNINDEXED", 100)
    for counted in (False, True):
        if counted:
            filled.execute(add_up, AddUp(anew=True))
        with pytest.raises(Refused) as refused:
            page(filled, "cases", ListQuery(order=(Order("opening"),)))
        assert (refused.value.kind, refused.value.problems[0].code) == (Kind.INVALID, "sort_unindexed")
        assert "createdAt, customerIdent" in refused.value.problems[0].message
        for search in ("currency==EUR", "ident!=x", "ident==x,currency==EUR", "ident=='*x'"):
            with pytest.raises(Refused) as refused:
                page(filled, "cases", ListQuery(parse(search)))
            assert refused.value.problems[0].code == "search_unindexed"
            assert "customerIdent" in refused.value.problems[0].message
    assert page(filled, "cases", ListQuery(parse("currency==EUR;customerIdent==c-1"), (Order("opening"),))).total == 40
    assert page(filled, "cases", ListQuery(parse("ident==RE-000*"), (Order("opening"),))).total == 10


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA", "WzFd", "\u20ac", "W10" * 3_000, "eyJhIjoxfQ", "WyJ4IiwxLFsiYSJdXQ", "eyI"])
def test_a_cursor_is_one_that_was_answered(filled: Tenant, cursor: str) -> None:
    with pytest.raises(Refused) as refused:
        page(filled, "cases", ListQuery(cursor=cursor))
    assert refused.value.problems[0].code == "cursor_invalid"


def test_a_cursor_is_of_one_search_and_order(filled: Tenant) -> None:
    cursor = page(filled, "cases", ListQuery()).next_cursor
    for name, search, order in (("items", None, ()), ("cases", "status==OPEN", ()), ("cases", None, (Order("ident"),))):
        with pytest.raises(Refused):
            page(filled, name, ListQuery(parse(search) if search else None, order, PageRequest(), cursor))


# --- at size, and before PostgreSQL has looked at what is there


MANY = 30_000


def filled_with(tenant: Tenant, table: Any, **said: str) -> Tenant:
    fill(tenant, table, MANY, **said)
    tenant.execute(add_up, AddUp(anew=True))
    return tenant


@pytest.fixture
def large(tenant: Tenant) -> Tenant:
    return filled_with(tenant, document, id="g", ident="'RE-' || g", created_at=EACH_SECOND)


@pytest.fixture
def large_items(tenant: Tenant) -> Tenant:
    """Half of them were not processed yet."""
    processed = f"CASE WHEN g % 2 = 0 THEN {EACH_SECOND} END"
    return filled_with(tenant, billable_item, item_id="g", sequence="g", processing_at=processed)


def pages_read(tenant: Tenant, statement: str, query: ListQuery, name: str = "documents") -> int:
    """8-kB pages of the database."""
    table, fields, key = LISTS.get(name, (document, DOCUMENTS, "id"))
    made = getattr(compile_list(table, query, fields, columns=(key,)), statement)
    with tenant.runtime.transaction(tenant.caller("*"), reads=True) as uow:
        uow.connection.execute("SET LOCAL enable_seqscan = off")  # it is large enough for an index, not for the planner
        sql = f"EXPLAIN (ANALYZE, BUFFERS) {made.sql}".replace(' COLLATE "C"', "")
        plan = "\n".join(row[0] for row in uow.connection.execute(sql, {**made.params, "tally": table.name, "row_cap": 10_001}))
    hits = re.search(r"Buffers: shared ([^\n]*)", plan)
    assert hits is not None
    return sum(int(number) for number in re.findall(r"=(\d+)", hits[1]))


@pytest.mark.parametrize("offset", [2_000, MANY // 2, MANY - 20])
def test_a_far_page_reads_no_more_than_its_stretch(large: Tenant, offset: int) -> None:
    # an index of 10,000 rows has some 60 pages, and the rows of the tenant are not known to be visible yet
    assert pages_read(large, "placed", ListQuery(page=PageRequest(20, offset))) < 600


def test_the_last_page_of_another_order_is_read_from_its_end(large: Tenant) -> None:
    # twenty rows, each by its key
    assert pages_read(large, "back", ListQuery(order=(Order("ident"),), page=PageRequest(20, MANY - 20))) < 120


def test_a_search_finds_before_it_sorts(large: Tenant) -> None:
    for search in (
        "ident==RE-777",
        "ident==RE-77*",
        "customerIdent==none",
        "relatedDocumentIdents==RE-1",
        "originReferences.ident==o",
    ):
        for statement in ("few", "count"):
            assert pages_read(large, statement, ListQuery(parse(search))) < 150, (search, statement)


def test_a_page_behind_a_cursor_reads_what_it_shows(large: Tenant) -> None:
    with large.runtime.transaction(large.caller("*"), reads=True) as uow:
        far = ListQuery(page=PageRequest(20, MANY // 2))
        cursor = listed.listed_by_key(uow, document, far, DOCUMENTS, "id", lambda keys: keys).next_cursor
    assert pages_read(large, "walk", ListQuery(cursor=cursor)) < 40


@pytest.mark.parametrize("way", ["asc", "desc"])
@pytest.mark.parametrize("offset", [MANY // 4, MANY // 2 - 10, MANY * 3 // 4])
def test_a_page_behind_a_cursor_begins_in_the_index_where_values_may_be_missing(
    large_items: Tenant, way: Literal["asc", "desc"], offset: int
) -> None:
    order = (Order("processingDate", way),)
    both = page(large_items, "items", ListQuery(None, order, PageRequest(40, offset)))
    cursor = page(large_items, "items", ListQuery(None, order, PageRequest(20, offset))).next_cursor
    assert page(large_items, "items", ListQuery(None, order, PageRequest(20), cursor)).items == both.items[20:]
    assert pages_read(large_items, "walk", ListQuery(None, order, PageRequest(20), cursor), "items") < 100
