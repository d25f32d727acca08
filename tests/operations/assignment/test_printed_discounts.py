"""The Skonto on the paper, in the terms of the e-invoice and on payment is one amount, whatever was paid before."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company, a_row_of, day_here

from contor.documents.einvoice import einvoice_of
from contor.documents.queries import documents_by_id
from contor.documents.render.payment import cash_discounts
from contor.documents.render.voice import voice
from contor.documents.types import Document

D = Decimal
SKONTO = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 3}]}
PREPAID = {"prepaid": [{"reference": "before", "date": "2026-11-02", "amount": "500.00"}]}
VOUCHER = {"postTaxItems": [{"ident": "v", "name": "Voucher", "amount": "-190.00"}]}


def read(company: Company, number: str) -> Document:
    ids = [row.id for row in company.tenant.rows("SELECT id, ident FROM document") if row.ident == number]
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        return documents_by_id(uow, ids)[ids[0]]


def printed(document: Document) -> tuple[Decimal, Decimal]:
    """What is to be paid in time, and the deduction, as the paper says them."""
    (line,) = cash_discounts(document, voice("de")).values()
    found = [D(it.replace(".", "").replace(",", ".")) for it in re.findall(r"[0-9.]+,[0-9]{2}", line)]
    return found[-2], found[-1]


@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize(
    ("before", "to_pay", "deduction"),
    [
        ({}, "2308.60", "71.40"),
        (PREPAID, "1823.60", "56.40"),
        (VOUCHER, "2124.30", "65.70"),
        ({**PREPAID, **VOUCHER}, "1639.30", "50.70"),
        ("FINAL", "1731.45", "53.55"),
        ("REMAINDER", "1731.45", "53.55"),
        ("REVERSAL", "1731.45", "53.55"),
    ],
)
def test_who_pays_what_is_printed_has_paid(
    company: Company, before: dict[str, Any] | str, to_pay: str, deduction: str, cash: bool, by_hand: bool
) -> None:
    if cash:
        with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    more = before if isinstance(before, dict) else {}
    if isinstance(before, str):
        deposit = company.document("deposit-invoices", "500.00")
        company.pay("595.00", deposit)
        if before == "REVERSAL":
            deposit = company.document("deposit-invoice-corrections", "500.00", relatedDocumentIdent=deposit)
        properties = [{"key": "finalInvoiceMethod", "value": before}]
        more = {"relatedDocumentIdent": deposit, "properties": properties}
    number = company.document(net="2000.00", paymentTerm=SKONTO, **more)
    document = read(company, number)
    assert printed(document) == (D(to_pay), D(deduction))
    said = einvoice_of(document)  # by BR-DE-18 the percentage is of BT-115
    assert said.payment_terms == "#SKONTO#TAGE=10#PROZENT=3.00#\n"
    assert said.totals.payable * D("0.03") == D(deduction) == said.totals.payable - D(to_pay)
    if by_hand:
        payment = company.pay(to_pay, "thanks")["paymentIdent"]
        company.call("POST", "/v2/payment-assignments", {"paymentIdent": payment, "targetIdent": number}, 201)
    else:
        assert company.pay(to_pay, number)["status"] == "ASSIGNED"
    assert company.case(number)["status"] == "CLOSED"
    granted = company.case(number)["items"][-1]
    assert (granted["decision"], D(str(granted["amount"]))) == ("CASH_DISCOUNT", D(deduction))
    company.document("credit-memos", "2000.00", relatedDocumentIdent=number)
    company.sound()


def test_who_deducts_less_than_was_agreed_has_paid(company: Company) -> None:
    number = company.document(net="200.00", paymentTerm={"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]})
    assert company.pay("235.00", number)["status"] == "ASSIGNED"
    assert (company.case(number)["status"], company.sums()[8736], company.sums()[1776]) == ("CLOSED", D("2.52"), D("-37.52"))
    company.sound()


def test_a_last_day_on_a_saturday_is_the_monday_after(company: Company) -> None:
    """Whatever today is: the document is of the last Wednesday from which on that Monday is past."""
    saturday = dt.date.fromisoformat(day_here()) - dt.timedelta(days=3)
    saturday -= dt.timedelta(days=(saturday.weekday() - 5) % 7)
    number = company.document(paymentTerm=SKONTO, documentDate=(saturday - dt.timedelta(days=10)).isoformat())
    company.pay("115.43", number, valueDate=(saturday + dt.timedelta(days=2)).isoformat())
    assert company.case(number)["status"] == "CLOSED"
    company.sound()


def test_no_skonto_stands_on_a_deposit_invoice(company: Company) -> None:
    refused = company.ask("deposit-invoices", 400, items=[a_row_of("500.00")], paymentTerm=SKONTO)
    assert [it["fieldName"] for it in refused["errors"]] == ["paymentTerm.cashDiscount"]
