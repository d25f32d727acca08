"""A page of personal accounts is read from a few rows of each, by indexes, however much was posted; it is what was posted."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests.checkers.plans import nodes_of
from tests.factories.databases import TEMPLATE, a_database
from tests.factories.filled import fill
from tests.factories.tenants import Tenant, a_tenant

from contor.app import make_runtime
from contor.bookkeeping.balances import FoldLedger, PersonalBalance, fold, list_personal_balances
from contor.bookkeeping.balances.personal import ListPersonalBalances
from contor.bookkeeping.tables import journal_counter, journal_entry, journal_line
from contor.runtime.config import Config
from contor.runtime.db import application_dsn
from contor.runtime.query import ListQuery, Order, Page, PageRequest
from contor.runtime.query.rsql import parse
from contor.runtime.uow import Uow

D = Decimal
ENTRIES, SINCE, CUSTOMERS = 12_000, 1_000, 4_000
"""Entries, each on a customer's account and against it; those that are not added up yet, half of them on accounts that are new."""
SIZE = 100
MONTHS = ("2026-01", "2026-02", "2026-03")


def post(tenant: Tenant, first: int, count: int, customers: str) -> None:
    number = f"g + {first}"
    day = f"'2026-01-01'::date + ((({number}) * 7919) % 3) * 31"
    entry = {"id": number, "fiscal_year": "2026", "posting_date": day, "kind": "'INVOICE'", "journal_number": number}
    fill(tenant, journal_entry, count, **entry)
    own = {"position": "1", "account": f"10000 + ({customers})", "side": "'D'", "party": f"'c-' || ({customers})"}
    for line in (own, {"position": "2", "account": "8400", "side": "'C'"}):
        fill(tenant, journal_line, count, entry_id=number, amount="g % 100 + 0.01", currency="'EUR'", **line)


@pytest.fixture(scope="module", params=["not counted", "counted"])
def filled(request: pytest.FixtureRequest, server_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with a_database(server_dsn, TEMPLATE) as dsn, psycopg.connect(dsn, autocommit=True) as owner:
        for name in ("journal_entry", "journal_line", "personal_account", "personal_month"):  # nobody else counts them meanwhile
            owner.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = off)".encode())
        runtime = make_runtime(Config(home=tmp_path_factory.mktemp("home")), application_dsn(dsn))
        runtime.database.open()
        tenant = a_tenant(runtime)
        with runtime.transaction(tenant.caller("*")) as uow:
            uow.draw(journal_counter, (2026,), low=1, count=ENTRIES + SINCE)
        post(tenant, 0, ENTRIES, f"g * 31 % {CUSTOMERS}")
        assert tenant.execute(fold, FoldLedger(at_least=1)) == ENTRIES
        post(tenant, ENTRIES, SINCE, f"g % 2 * {CUSTOMERS} + g")
        if request.param == "counted":
            owner.execute("ANALYZE")
        yield tenant
        runtime.database.close()


def listed(tenant: Tenant, month: str, query: ListQuery) -> Page:
    with tenant.runtime.transaction(tenant.caller("*"), reads=True) as uow:
        return list_personal_balances(uow, ListPersonalBalances(month, query))


def by_hand(tenant: Tenant, month: str) -> dict[int, tuple[D, D, D, D]]:
    """From the postings alone."""
    rows = tenant.rows(
        "SELECT account, sum(amount) FILTER (WHERE of < %(month)s) AS opening, sum(amount) FILTER (WHERE of = %(month)s) AS debit,"
        " sum(amount) AS closing FROM (SELECT l.account, l.amount, to_char(e.posting_date, 'YYYY-MM') AS of FROM journal_line l"
        " JOIN journal_entry e ON e.id = l.entry_id WHERE l.account >= 10000) x WHERE of <= %(month)s GROUP BY 1",
        {"month": month},
    )
    return {row.account: (row.opening or D(0), row.debit or D(0), D(0), row.closing) for row in rows}


PLACES = {
    "first": PageRequest(SIZE),
    "far": PageRequest(SIZE, offset=3_000),
    "new": PageRequest(SIZE, offset=4_300),
}


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("place", PLACES)
def test_a_page_is_what_was_posted(filled: Tenant, month: str, place: str) -> None:
    expected = by_hand(filled, month)
    numbers = sorted(expected)[PLACES[place].offset :][:SIZE]
    page = listed(filled, month, ListQuery(page=PLACES[place]))
    found: dict[int, Any] = {it.account_number: (it.opening, it.debit, it.credit, it.closing) for it in page.items}
    assert found == {number: expected[number] for number in numbers}
    assert page.total == len(expected) or page.at_least


@pytest.mark.parametrize("place", ["first", "next"])
def test_a_page_reads_its_rows_and_what_came_since(filled: Tenant, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the one behind it, by its cursor."""
    query = ListQuery(page=PLACES["first"])
    if place == "next":
        query = ListQuery(page=PLACES["first"], cursor=listed(filled, MONTHS[-1], query).next_cursor)
    plans: list[Any] = []
    honest = Uow.records

    def measured(self: Uow, sql: str, params: Any = ()) -> Any:
        ((plan,),) = self.connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params).fetchall()
        plans.append(plan[0]["Plan"])
        return honest(self, sql, params)

    monkeypatch.setattr(Uow, "records", measured)
    assert len(listed(filled, MONTHS[-1], query).items) == SIZE
    (plan,) = plans
    nodes = list(nodes_of(plan))
    months = [node for node in nodes if node.get("Relation Name") == "personal_month"]
    assert {node.get("Index Name") for node in months} == {"personal_month_pkey"}, plan
    # each sum once for each row of the page, and one more
    assert max(node["Actual Loops"] for node in months) <= SIZE + 1, plan
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"].startswith("journal_")], plan
    since = [node for node in nodes if node.get("Relation Name", "").startswith("journal_entry")]
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in since) <= SINCE, plan


def test_an_account_is_found_by_itself_and_by_its_customer(filled: Tenant) -> None:
    expected = by_hand(filled, MONTHS[-1])
    for search, number in (("customerIdent==c-77", 10077), ("accountNumber==10077", 10077), ("customerIdent==c-4999", 14999)):
        (found,) = listed(filled, MONTHS[-1], ListQuery(where=parse(search))).items
        assert isinstance(found, PersonalBalance)
        assert (found.account_number, found.closing) == (number, expected[number][3])
    top = listed(filled, MONTHS[-1], ListQuery(order=(Order("closing", "desc"),), page=PageRequest(5))).items
    assert [it.closing for it in top if isinstance(it, PersonalBalance)] == sorted(
        (row[3] for row in expected.values()), reverse=True
    )[:5]
