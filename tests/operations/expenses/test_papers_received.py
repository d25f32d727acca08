"""Expenses and revenues: what the paper says counts to the cent, what contradicts itself is refused, the file is kept as it came."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.projects import a_project
from tests.factories.received import CUSTOMER, EXPENSES, REVENUES, PaperKeeper, a_plain_pdf, a_revenue, a_ubl, an_expense


def test_an_expense_is_kept_as_it_says(keeper: PaperKeeper) -> None:
    a_project(keeper.tenant)
    rows = [
        {"description": "Paper", "net": "60.00", "vatRate": 19, "category": "office"},
        {"description": "Book", "net": "40.00", "vatRate": 7, "quantity": 2, "unitPrice": "20.00"},
    ]
    made = keeper.call(
        "POST",
        EXPENSES,
        an_expense(tax="14.20", rows=rows, projectIdent="p-1", customerIdent=CUSTOMER, number="4711", category="Office"),
        201,
    )
    assert [row["vat"] for row in made["rows"]] == [Decimal("11.40"), Decimal("2.80")]
    assert (made["net"], made["tax"], made["gross"]) == (100, Decimal("14.20"), Decimal("114.20"))
    assert keeper.call("GET", f"{EXPENSES}/e-1") == made
    assert keeper.call("GET", f"{EXPENSES}?search=number==4711")["_embedded"] == [made]
    keeper.sound()


@pytest.mark.parametrize(
    ("said", "tax"),
    [
        ({"tax": None}, Decimal("28.50")),  # of the rates
        ({"tax": "28.51"}, Decimal("28.51")),  # a cent by rounding each row
        ({"tax": "28.49"}, Decimal("28.49")),
    ],
)
def test_what_the_paper_says_of_vat_counts_as_far_as_rounding_explains_it(keeper: PaperKeeper, said: Any, tax: Decimal) -> None:
    rows = [{"description": f"Part {place}", "net": "50.00", "vatRate": 19} for place in range(3)]
    body = {name: value for name, value in an_expense(net="150.00", rows=rows, **said).items() if value is not None}
    made = keeper.call("POST", EXPENSES, body, 201)
    assert made["tax"] == tax == sum(row["vat"] for row in made["rows"])
    keeper.sound()


@pytest.mark.parametrize(
    ("said", "findings"),
    [
        ({"net": "99.00", "rows": [{"description": "x", "net": "100.00", "vatRate": 19}]}, ["net"]),
        ({"tax": "18.00", "rows": [{"description": "x", "net": "100.00", "vatRate": 19}]}, ["tax"]),
        ({"tax": "18.00", "rows": [{"description": "x", "net": "100.00", "vatRate": 19, "vat": "19.00"}]}, ["tax"]),
        ({"tax": "-1.00"}, ["tax"]),
        ({"net": "1.001", "tax": "0.001"}, ["net", "tax"]),
        ({"serviceStart": "2026-03-02", "serviceEnd": "2026-03-01"}, ["serviceEnd"]),
        ({"paidOn": "2999-01-01"}, ["paidOn"]),
        ({"customerIdent": "nobody", "projectIdent": "nothing"}, ["customerIdent", "projectIdent"]),
    ],
)
def test_contradictions_are_refused_all_at_once(keeper: PaperKeeper, said: Any, findings: list[str]) -> None:
    refused = keeper.call("POST", EXPENSES, an_expense(**said), 400)
    assert [entry["fieldName"] for entry in refused["errors"]] == findings
    assert keeper.tenant.rows("SELECT * FROM expense") == []


def test_a_revenue_is_no_document_of_ours(keeper: PaperKeeper) -> None:
    made = keeper.call("POST", REVENUES, a_revenue(number="X-1", dueDate="2026-03-16"), 201)
    assert (made["number"], made["gross"], made.get("paidOn")) == ("X-1", 119, None)
    assert keeper.call("GET", "/v2/documents")["page"]["totalElements"] == 0
    assert keeper.tenant.rows("SELECT * FROM journal_entry") == []
    assert (
        keeper.call("POST", REVENUES, a_revenue(ident="r-2", customerIdent="nobody"), 400)["errors"][0]["fieldName"]
        == "customerIdent"
    )
    keeper.sound()


@pytest.mark.parametrize(("path", "body"), [(EXPENSES, an_expense()), (REVENUES, a_revenue())])
def test_it_is_paid_on_one_day(keeper: PaperKeeper, path: str, body: Any) -> None:
    one = f"{path}/{keeper.call('POST', path, body, 201)['ident']}"
    assert keeper.call("POST", f"{one}/actions/set-paid", {"paidOn": "2026-03-05"})["paidOn"] == "2026-03-05"
    assert keeper.call("POST", f"{one}/actions/set-paid", {"paidOn": "2026-03-05"})["paidOn"] == "2026-03-05"
    refused = keeper.call("POST", f"{one}/actions/set-paid", {"paidOn": "2026-03-06"}, 409)
    assert refused["message"] == "It was paid on 2026-03-05."
    assert keeper.call("POST", f"{one}/actions/set-paid", {"paidOn": "2999-03-06"}, 400)["errors"][0]["fieldName"] == "paidOn"


@pytest.mark.parametrize(("path", "body"), [(EXPENSES, an_expense()), (REVENUES, a_revenue())])
def test_its_file_is_kept_as_it_came(keeper: PaperKeeper, path: str, body: Any) -> None:
    one = f"{path}/{keeper.call('POST', path, body, 201)['ident']}"
    assert keeper.call("GET", f"{one}/file", status=404)["message"]
    content = a_plain_pdf()
    made = keeper.put(f"{one}/file", content, "invoice.pdf")
    assert (made["fileName"], made["mediaType"], made["size"]) == ("invoice.pdf", "application/pdf", len(content))
    assert keeper.file(one) == (content, "application/pdf")
    keeper.put(f"{one}/file", a_ubl(), "invoice.xml", "application/xml")
    assert keeper.file(one)[0] == a_ubl()
    keeper.sound()
    changed = keeper.call("PUT", one, {**{k: v for k, v in body.items() if k != "ident"}, "net": "50.00", "tax": "0.00"})
    assert (changed["fileName"], changed["gross"]) == ("invoice.xml", 50)
    keeper.call("DELETE", one, status=204)


def test_planted_faults_are_found(keeper: PaperKeeper) -> None:
    keeper.call("POST", EXPENSES, an_expense(rows=[{"description": "x", "net": "100.00", "vatRate": 19}]), 201)
    with keeper.tenant.runtime.transaction(keeper.tenant.caller()) as uow:
        uow.run("UPDATE expense SET net = 1, sha256 = %s, size = 7", ("0" * 64,))
        uow.audit("expense", "e-1")
    assert sorted((it.check, it.finding) for it in keeper.tenant.broken()) == [
        ("expenses.amounts_add_up", "the rows of expense e-1 add up to 100.00 and 19.00 of VAT, which it does not say"),
        ("expenses.files_are_kept", "the file of expense e-1, 7 bytes, is not there"),
    ]
