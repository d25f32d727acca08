"""Lists of many things: a page reads what it shows, and every filter is answered by an index."""

import re
from typing import Any

import pytest
from tests.factories.fastbill import Account
from tests.factories.filled import KINDS, fill

from contor.catalogue.articles import queries as articles
from contor.catalogue.tables import plan_option, plan_option_version
from contor.expenses.tables import expense, revenue
from contor.runtime.query import listed
from contor.runtime.uow import Uow

MANY = 2_000
OPTION = '{"name": "Part", "prices": [], "properties": [], "category": "SERVICE", "quantity_type": "PC"}'


@pytest.fixture
def catalogue(account: Account) -> Account:
    """Many articles, of which the first are made last."""
    said = {"option_ident": "'o-' || g", "type": "'ONETIME'", "status": "'FINAL'"}
    fill(account.tenant, plan_option, MANY, option_id="1000000 - g", **said)
    fill(account.tenant, plan_option_version, MANY, option_ident="'o-' || g", content=f"'{OPTION}'")
    return account


def test_each_article_is_on_one_page(catalogue: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "FAR", 150)
    found: list[str] = []
    for offset in range(0, MANY + 100, 100):
        found += [one["ARTICLE_NUMBER"] for one in catalogue.call("article.get", LIMIT=100, OFFSET=offset)["ARTICLES"]]
    assert found == [f"o-{number}" for number in range(MANY, 0, -1)]


def test_a_page_of_articles_reads_no_more_than_the_page(catalogue: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the server has counted anything. Explained by the server."""
    read, honest = list[str](), Uow.all

    def explained(self: Uow, kind: Any, sql: str, params: Any = ()) -> Any:
        if "AS is_plan" in sql:
            read.append("\n".join(row[0] for row in self.connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)))
        return honest(self, kind, sql, params)

    monkeypatch.setattr(Uow, "all", explained)
    assert len(catalogue.call("article.get", LIMIT=10, OFFSET=20)["ARTICLES"]) == 10
    (plan,) = read
    assert "plan_option_id_key" in plan and "Sort (" not in plan and "Seq Scan" not in plan, plan
    assert not re.search(r"actual time=\S+ rows=2000\b", plan), plan


@pytest.mark.parametrize(
    ("service", "where"),
    [
        *[("expense.get", {name: "1"}) for name in ("INVOICE_ID", "INVOICE_NUMBER", "MONTH")],
        *[("expense.get", {name: "2026-01-01"}) for name in ("START_DATE", "END_DATE", "START_PAID_DATE", "END_PAID_DATE")],
        *[("revenue.get", {name: "1"}) for name in ("INVOICE_ID", "INVOICE_NUMBER", "INVOICE_TITLE", "CUSTOMER_ID", "MONTH")],
        *[("revenue.get", {f"{side}_{of}": "2026-01-01"}) for side in ("START", "END") for of in ("DATE", "DUE_DATE", "PAID_DATE")],
    ],
)
def test_every_filter_of_papers_is_answered_by_an_index(
    account: Account, monkeypatch: pytest.MonkeyPatch, service: str, where: dict[str, str]
) -> None:
    monkeypatch.setattr(listed, "MOST_UNINDEXED", 10)
    monkeypatch.setitem(KINDS, "JSONB", "'[]'")
    paper = {"ident": "'p-' || g", "number": "'N' || g", "date": "'2026-01-01'::date + g"}
    fill(account.tenant, expense, 50, expense_id="g + 1000", **paper)
    fill(account.tenant, revenue, 50, revenue_id="g + 1000", customer_ident="'muster-handel'", **paper)
    assert "ERRORS" not in account.call(service, FILTER=where)
