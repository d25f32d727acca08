"""What a correction took off a received deposit and the customer no longer has to his credit: no final invoice takes it over."""

from decimal import Decimal

import pytest
from tests.factories.companies import Company

D = Decimal
REVERSAL = [{"key": "finalInvoiceMethod", "value": "REVERSAL"}]


def paid_back(company: Company, amount: str, number: str) -> None:
    company.pay(amount, "Refund", creditDebitIndicator="DEBIT")
    made = company.call("GET", "/v2/merchant-payment-accounts/bank/payments?sort=createdAt,desc")["_embedded"][0]
    body = {"paymentIdent": made["paymentIdent"], "targetIdent": number}
    company.call("POST", "/v2/payment-assignments", body, 201)


@pytest.mark.parametrize("is_memo", [False, True])
@pytest.mark.parametrize(("back", "moved"), [("2380.00", "0.00"), ("1000.00", "1380.00"), ("0.01", "2379.99")])
def test_what_was_paid_back_does_not_move_to_the_final_invoice(company: Company, back: str, moved: str, is_memo: bool) -> None:
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    deposit = company.document("deposit-invoices", "2000.00")
    company.pay("2380.00", deposit)
    correction = company.document("deposit-invoice-corrections", "2000.00", relatedDocumentIdent=deposit)
    paid_back(company, back, deposit)
    assert D(str(company.case(deposit)["balance"])) == D(moved)
    company.sound()
    final = company.document("invoices", "10000.00", relatedDocumentIdents=[deposit, correction], properties=REVERSAL)
    totals = company.call("GET", f"/v2/documents/{final}")["totals"]
    rest = D(11900) - D(moved)
    assert (D(str(totals["prepaid"])), D(str(totals["payable"]))) == (D(moved), rest)
    assert (company.case(deposit)["status"], company.case(deposit)["balance"]) == ("CLOSED", 0)
    sums = company.sums()
    assert sums.pop(1792, 0) + sums.pop(1200, 0) == D(moved)
    assert sums == {10000: rest, 8400: D(-10000), 1776: D(-1900)}
    company.sound()
