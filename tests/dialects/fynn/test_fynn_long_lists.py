"""Lists of many invoices: a page reads what it shows, and every filter is answered by an index. Explained by the server."""

import os
import time
from typing import Any

import pytest
from tests.factories.filled import fill
from tests.factories.fynn import Fynn

from contor.documents.drafts.tables import draft
from contor.documents.papers import PaperOrder, Sought, papers_ordered
from contor.documents.tables import document
from contor.openitems.standing import in_state
from contor.openitems.tables import opos_case
from contor.runtime.uow import Uow

MANY = int(os.environ.get("CONTOR_MANY_INVOICES", "3000"))
"""With 200,000 it takes minutes."""


@pytest.fixture
def many(fynn: Fynn) -> Fynn:
    """Many invoices, of which one in a thousand is open, and some drafts."""
    dates = dict.fromkeys(("document_date", "due_date", "tax_date"), "'2026-01-01'::date + g % 300")
    amounts = dict.fromkeys(("net", "tax", "gross", "payable"), "100")
    said = {"document_type": "'INVOICE'", "status": "'COMPLETED'", "customer_ident": "'c-' || g % 1000", "currency": "'EUR'"}
    settled = "CASE WHEN g % 1000 = 0 THEN 0 ELSE 100 END"
    named = {"ident": "'RE-' || lpad(g::text, 9, '0')", "request_id": "NULL", "counter_ident": "NULL"}
    at = {"created_at": "'2026-01-01'::timestamptz + g * interval '1 second'"}
    fill(
        fynn.tenant, document, MANY, id="1000000 + g", **named, **said, **dates, **amounts, **at, settled=settled, dunning_level="0"
    )
    case = {"ident": "'RE-' || lpad(g::text, 9, '0')", "status": "CASE WHEN g % 1000 = 0 THEN 'OPEN' ELSE 'CLOSED' END"}
    fill(fynn.tenant, opos_case, MANY, document_id="1000000 + g", **case)
    fill(
        fynn.tenant,
        draft,
        50,
        ident="'d-' || g",
        id="500000 + g",
        content="'{}'",
        document_id="NULL",
        external_ident="NULL",
        customer_ident="'c-1'",
    )
    return fynn


@pytest.mark.parametrize(
    ("sought", "order", "descending"),
    [
        (Sought(), "NUMBER_OF_PAPER", True),
        (Sought(), "NUMBER_OF_PAPER", False),
        (Sought(), "NUMBER", True),
        (Sought(), "ISSUED", False),
        (Sought(), "DUE", True),
        (Sought(customer_ident="c-7"), "NUMBER_OF_PAPER", True),
        (Sought(customer_ident="c-7"), "DUE", False),
        (Sought(of_documents=(in_state("unpaid"),), also_drafts=False, kinds=("outgoing",)), "NUMBER_OF_PAPER", True),
        (Sought(of_documents=(in_state("paid"),), kinds=("outgoing", "credit")), "NUMBER_OF_PAPER", True),
        (Sought(of_documents=("c.ident = ANY (%(numbers)s)",), values={"numbers": ["RE-000000007"]}), "NUMBER_OF_PAPER", True),
    ],
)
def test_a_page_is_found_by_an_index(
    many: Fynn, monkeypatch: pytest.MonkeyPatch, sought: Sought, order: PaperOrder, descending: bool
) -> None:
    plans, honest = list[str](), Uow.all

    def explained(self: Uow, kind: Any, sql: str, params: Any = ()) -> Any:
        if "AS draft_id" in sql:
            plans.append("\n".join(row[0] for row in self.connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)))
        return honest(self, kind, sql, params)

    monkeypatch.setattr(Uow, "all", explained)
    with many.tenant.runtime.transaction(many.tenant.caller(), reads=True) as uow:
        begun = time.monotonic()
        found = papers_ordered(uow, sought, order, descending=descending, limit=30, offset=0)
        took = time.monotonic() - begun
    assert found.papers
    (plan,) = plans
    if MANY > 10_000:
        print(order, descending, sought.of_documents, found.total, f"{took:.3f}", plan if took > 0.3 else "")
    assert "Seq Scan on document" not in plan, plan


def test_the_order_goes_both_ways_and_ends(many: Fynn) -> None:
    first = many.tenant.runtime
    with first.transaction(many.tenant.caller(), reads=True) as uow:
        newest = papers_ordered(uow, Sought(), "NUMBER_OF_PAPER", descending=True, limit=30, offset=0).papers
        oldest = papers_ordered(uow, Sought(), "NUMBER_OF_PAPER", descending=False, limit=30, offset=MANY + 20)
    assert [paper.id for paper in newest] == list(range(1_000_000 + MANY, 1_000_000 + MANY - 30, -1))
    assert [paper.id for paper in oldest.papers] == [paper.id for paper in reversed(newest)]
