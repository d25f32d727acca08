"""Clearing runs (platform API 219 to 224; money 7; posting table rows 28 and 32)."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, decide, entries, items_of, last, opposite, revert, said, tax_on_receipt
from tests.factories.companies import Company, day_here

from contor.kernel.errors import Refused
from contor.openitems.clearing import Pair, clear, steps, unclear
from contor.openitems.clearing.steps import look

D = Decimal


def owed(company: Company, net: str, days: int = 30, **more: Any) -> str:
    return company.document(net=net, paymentTerm={"periodInDays": days}, **more)


def in_credit(company: Company, net: str) -> str:
    """A credit memo of an invoice that was paid."""
    number = company.document(net=net)
    company.pay(str((D(net) * D("1.19")).quantize(D("0.01"))), number)
    return company.document("credit-memos", net, relatedDocumentIdent=number)


def balances(company: Company, *numbers: str) -> list[Decimal]:
    return [D(str(company.case(number)["balance"])) for number in numbers]


def test_m25_the_debit_that_is_due_first_is_cleared_first(company: Company) -> None:
    later, first = owed(company, "84.03", 30), owed(company, "42.02", 10)  # 100.00 and 50.00
    memo = in_credit(company, "100.84")  # 120.00
    assert balances(company, later, first, memo) == [100, 50, 120]
    before, since = company.sums(), last(company)
    run = clearing(company, customerIdent="muster-handel", currency="EUR")
    assert run["status"] == "COMPLETED"
    assert entries(company, since) == ["CLEARING: D 10000 50, C 10000 50", "CLEARING: D 10000 70, C 10000 70"]
    assert balances(company, later, first, memo) == [30, 0, 0]
    assert items_of(company, run) == [
        (first, memo, 50, "CLEARED", None),
        (memo, first, 50, "CLEARED", None),
        (later, memo, 70, "CLEARED", None),
        (memo, later, 70, "CLEARED", None),
        (later, None, 30, "LEFT_OUT", "NO_COUNTERPART"),
    ]
    assert company.sums() == before
    company.sound()
    since = last(company)
    undone = company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    assert undone["status"] == "REVERSED"
    assert sorted(entries(company, since)) == sorted(
        opposite(["CLEARING: D 10000 50, C 10000 50", "CLEARING: D 10000 70, C 10000 70"])
    )
    assert balances(company, later, first, memo) == [100, 50, 120]
    assert {it[3] for it in items_of(company, run)} == {"REVERSED", "LEFT_OUT"}
    again = company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse", status=400)
    assert "only what is COMPLETED" in said(again)
    company.sound()
    assert clearing(company)["status"] == "COMPLETED"
    assert balances(company, later, first, memo) == [30, 0, 0]
    company.sound()


def counters(company: Company, number: str) -> list[tuple[str | None, bool]]:
    """With what an open item was cleared; whether it was taken back by that."""
    items = company.case(number)["items"]
    return [(it.get("counterCaseIdent"), "reversalOf" in it) for it in items if it["type"] == "CLEARING"]


def test_each_clearing_and_its_way_back_name_the_other_open_item(company: Company) -> None:
    invoice = owed(company, "100.00", 10)
    memo = in_credit(company, "20.00")
    run = clearing(company)
    company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    assert counters(company, invoice) == [(memo, False), (memo, True)]
    assert counters(company, memo) == [(invoice, False), (invoice, True)]


def test_what_is_cleared_by_a_reissue_names_it(company: Company) -> None:
    invoice = owed(company, "100.00", 10)
    made = company.call("POST", f"/v2/documents/{invoice}/actions/reissue", {}, 202)
    assert counters(company, invoice) == [(made["creditMemoIdent"], False)]
    assert counters(company, made["creditMemoIdent"]) == [(invoice, False)]


def test_what_may_not_be_cleared_is_named_with_its_reason(company: Company) -> None:
    doubtful, prebooked, blocked, free = (owed(company, "10.00") for _ in range(4))
    deposit = company.document("deposit-invoices", "10.00")
    decide(company, doubtful, "DOUBTFUL_RECEIVABLE")
    company.call("PUT", f"/v2/opos-cases/{blocked}/dunning-block", {"blocked": True, "reason": "in dispute"})
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE opos_case SET prebooked = 1 WHERE ident = %s", (prebooked,))
    memo = in_credit(company, "100.00")
    run = clearing(company)
    assert items_of(company, run)[:2] == [
        (free, memo, 11.9, "CLEARED", None),
        (memo, free, 11.9, "CLEARED", None),
    ]
    assert sorted((it[0], it[4]) for it in items_of(company, run)[2:]) == sorted(
        [(doubtful, "DOUBTFUL"), (prebooked, "PREBOOKED"), (blocked, "BLOCKED"), (deposit, "DEPOSIT")]
    )


def test_only_the_cases_that_are_named(company: Company) -> None:
    one, two = owed(company, "10.00"), owed(company, "20.00")
    memo = in_credit(company, "100.00")
    run = clearing(company, cases=[two, memo])
    assert balances(company, one, two, memo) == [D("11.9"), 0, D("95.2")]
    assert run["cases"] == [two, memo]
    assert items_of(company, run)[2:] == [(memo, None, 95.2, "LEFT_OUT", "NO_COUNTERPART")]
    refused = company.call("POST", "/v2/opos-cases/clearing-runs", {"cases": [one, "none"], "customerIdent": "muster-handel"}, 400)
    assert "No open item 'none' exists" in said(refused)
    assert "nobody" in said(company.call("POST", "/v2/opos-cases/clearing-runs", {"customerIdent": "nobody"}, 400))
    company.sound()


def test_row_28_a_difference_of_exchange_is_booked_between_them(company: Company) -> None:
    def dollars(rate: str) -> dict[str, Any]:
        return {"currency": "USD", "exchangeRate": {"rate": rate, "date": day_here()}}

    first = company.document(**dollars("1.25"))
    sent = {"originalAmount": {"amount": "119.00", "currency": "USD"}, "exchangeRate": "1.25"}
    company.pay("95.20", first, **sent)
    memo = company.document("credit-memos", "100.00", relatedDocumentIdent=first, currency="USD")
    debt = company.document(**dollars("1.00"))
    since = last(company)
    run = clearing(company)
    assert entries(company, since) == ["CLEARING: D 10000 95.2, D 2151 23.8, C 10000 119"]
    assert balances(company, memo, debt) == [0, 0]
    company.sound()
    company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    assert company.sums()[10000] == D("23.8")
    company.sound()


def test_under_cash_taxation_what_is_cleared_is_received(company: Company) -> None:
    tax_on_receipt(company)
    debt, memo = owed(company, "50.00"), in_credit(company, "100.00")
    since = last(company)
    run = clearing(company)
    assert entries(company, since) == [
        "CLEARING: D 10000 59.5, C 10000 59.5",
        "TAX_DUE: D 1766 9.5, C 1776 9.5",
        "TAX_DUE: D 1766 -9.5, C 1776 -9.5",
    ]
    assert balances(company, debt, memo) == [0, D("59.5")]
    company.sound()
    company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    assert balances(company, debt, memo) == [D("59.5"), 119]
    company.sound()


def test_under_cash_taxation_an_invoice_and_its_own_memo_leave_no_tax(company: Company) -> None:
    tax_on_receipt(company)
    company.take_parts()
    number = company.document()
    company.pay("19.00", number)
    company.document("credit-memos", "100.00", relatedDocumentIdent=number)
    run = clearing(company)
    assert company.case(number)["balance"] == 0
    company.sound()
    company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    assert company.case(number)["balance"] == 100
    company.sound()


def test_a_reversal_that_breaks_what_came_later_is_refused_by_name(company: Company) -> None:
    debt, memo = owed(company, "100.00"), in_credit(company, "100.00")
    first = clearing(company)
    company.take_parts()
    paid = company.pay("119.00", "twice")
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": paid["paymentIdent"], "targetIdent": debt}, 201)
    assert company.case(debt)["balanceDebitCreditIndicator"] == "CREDIT"
    other = owed(company, "100.00")
    second = clearing(company)
    assert balances(company, debt, memo, other) == [0, 0, 0]
    path = f"/v2/opos-cases/clearing-runs/{first['ident']}/actions/reverse"
    refused = company.call("POST", path, status=400)
    assert f"used by clearing run {second['ident']}" in said(refused)
    company.call("POST", f"/v2/opos-cases/clearing-runs/{second['ident']}/actions/reverse")
    kept = decide(company, debt, "OTHER_REVENUE")
    assert f"used by decision {kept['ident']}" in said(company.call("POST", path, status=400))
    revert(company, kept)
    company.call("POST", path)
    assert balances(company, debt, memo, other) == [0, 119, 119]
    company.sound()


def test_a_large_run_goes_on_step_by_step_and_is_reversed_so(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MOST_PAIRS", 2)
    monkeypatch.setattr("contor.openitems.clearing.runs.AT_ONCE", 2)
    debts = [owed(company, "10.00") for _ in range(5)]
    memo = in_credit(company, "45.00")
    run = clearing(company)
    assert run["status"] == "COMPLETED"
    assert balances(company, *debts, memo) == [0, 0, 0, 0, D("5.95"), 0]
    assert len(items_of(company, run)) == 10
    company.sound()
    undone = company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    assert undone["status"] == "PROCESSING"
    look(company.tenant.runtime, company.tenant.id)
    assert company.call("GET", f"/v2/opos-cases/clearing-runs/{run['ident']}")["status"] == "REVERSED"
    assert balances(company, *debts, memo) == [*[D("11.9")] * 5, D("53.55")]
    company.sound()


def test_a_run_that_cannot_go_on_fails_and_says_why(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    owed(company, "10.00")
    in_credit(company, "10.00")

    def broken(*_: Any) -> Any:
        raise ArithmeticError

    monkeypatch.setattr(steps, "pairs", broken)
    run = clearing(company)
    assert (run["status"], run["reason"]) == ("FAILED", "ArithmeticError")
    monkeypatch.undo()
    assert clearing(company)["status"] == "COMPLETED"
    company.sound()


def test_who_clears_by_himself_is_told_everything_that_does_not_fit(company: Company) -> None:
    """For those who clear an invoice with a credit that one payment names."""
    debt, memo = owed(company, "100.00"), in_credit(company, "50.00")
    deposit = company.document("deposit-invoices", "10.00")
    ids = {row.ident: row.document_id for row in company.tenant.rows("SELECT ident, document_id FROM opos_case")}

    def cleared(*wanted: Pair) -> Any:
        with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
            made = clear(uow, wanted, "clearing:mine")
            uow.finish_now()
            return made

    with pytest.raises(Refused) as refused:
        cleared(
            Pair(ids[debt], ids[memo], D("59.51")),
            Pair(ids[deposit], ids[memo], D("1.00")),
            Pair(-1, ids[memo], D("1.00")),
        )
    assert [it.code for it in refused.value.problems] == [
        "clearing_exceeds_balance",
        "case_not_clearable",
        "clearing_exceeds_balance",
        "opos_case_not_found",
    ]
    (done,) = cleared(Pair(ids[debt], ids[memo], D("59.50")))
    assert (done.debit.movement.amount, done.credit.movement.amount) == (D("-59.50"), D("59.50"))
    assert balances(company, debt, memo) == [D("59.5"), 0]
    company.sound()
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        assert len(unclear(uow, ["clearing:mine"])) == 1
        uow.finish_now()
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        assert unclear(uow, ["clearing:mine"]) == []
    assert balances(company, debt, memo) == [119, D("59.5")]
    company.sound()
