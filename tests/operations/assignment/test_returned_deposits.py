"""The payment of a deposit is returned after its final invoice: not before that invoice is credited in full, and then every account ends
at nothing, whatever the method of deduction."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company, a_row_of

D = Decimal
BANK, INTERIM = 1200, 1792
METHODS = pytest.mark.parametrize("method", ["REMAINDER", "FINAL", "REVERSAL"])


def reverse(company: Company, at: int = 0, status: int = 200) -> Any:
    """The assignment (in the order made)."""
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"]
    return company.call("POST", f"/v2/payment-assignments/{made[at]['paymentAssignmentIdent']}/actions/reverse", status=status)


def books(company: Company) -> dict[int, Decimal]:
    """What is not even, but for the money that waits at the bank."""
    sums = company.sums()
    assert sums.pop(BANK, 0) + sums.pop(INTERIM, 0) == 0
    return sums


def owed(company: Company) -> Decimal:
    return sum((row.balance for row in company.tenant.rows("SELECT balance FROM opos_case")), D(0))


def rows(*amounts: tuple[str, int]) -> list[dict[str, Any]]:
    return [{**a_row_of(net, rate), "ident": f"i-{place}"} for place, (net, rate) in enumerate(amounts, 1)]


def sold(company: Company, method: str, deposit: list[Any], paid: list[str], supply: list[Any], **more: Any) -> str:
    """The number of a final invoice that deducts what was paid of a deposit."""
    company.take_parts()
    number = company.document("deposit-invoices", items=rows(*deposit), **more)
    for part in paid:
        company.pay(part, number, **_in(more, part))
    related: dict[str, Any] = {"relatedDocumentIdents": [number]}
    if method == "REVERSAL":
        corrected = company.document(
            "deposit-invoice-corrections", items=rows(*deposit), relatedDocumentIdent=number, **_credit(more)
        )
        related = {"relatedDocumentIdent": number, "relatedDocumentIdents": [corrected]}
    return company.document(items=rows(*supply), properties=[{"key": "finalInvoiceMethod", "value": method}], **related, **more)


DOLLARS = {"currency": "USD", "exchangeRate": {"rate": "1.0937", "date": "2026-11-02"}}


def _in(more: dict[str, Any], amount: str) -> dict[str, Any]:
    if not more:
        return {}
    euro = str((D(amount) / D("1.0937")).quantize(D("0.01")))
    return {
        "baseAmount": {"amount": euro, "currency": "EUR"},
        "originalAmount": {"amount": amount, "currency": "USD"},
        "exchangeRate": "1.0937",
    }


def _credit(more: dict[str, Any]) -> dict[str, Any]:
    return {"currency": "USD"} if more else {}


STORIES = [
    ([("600.00", 19)], ["714.00"], [("1000.00", 19)], {}),
    ([("600.00", 19)], ["400.01", "313.99"], [("1000.00", 19)], {}),
    ([("333.33", 19)], ["200.00"], [("500.00", 19), ("300.00", 7)], {}),  # its rest is closed
    ([("100.00", 7)], ["107.00"], [("300.00", 19)], {}),
    ([("77.77", 19)], ["92.55"], [("123.45", 19)], DOLLARS),
]


@METHODS
@pytest.mark.parametrize("is_memo", [False, True])
@pytest.mark.parametrize("paid_final", [False, True])
@pytest.mark.parametrize(("deposit", "paid", "supply", "more"), STORIES)
def test_a_deposit_is_returned_once_its_final_invoice_is_credited_in_full(
    company: Company,
    method: str,
    is_memo: bool,
    paid_final: bool,
    deposit: list[Any],
    paid: list[str],
    supply: list[Any],
    more: dict[str, Any],
) -> None:
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    final = sold(company, method, deposit, paid, supply, **more)
    if paid_final:
        open_amount = str(company.case(final)["balance"])
        company.pay(open_amount, final, **_in(more, open_amount))
    before = company.sums()
    refused = str(reverse(company, status=400))
    assert final in refused and "credit" in refused and company.sums() == before
    *first, last = rows(*supply)
    net, rate = D(last["prices"]["total"]["net"]), last["taxDetail"]["taxes"][0]["rate"]
    part, rest = ({**a_row_of(amount, rate), "ident": last["ident"]} for amount in ("17.11", str(net - D("17.11"))))
    company.document("credit-memos", items=[*first, part], relatedDocumentIdent=final, **_credit(more))
    assert f"rows {last['ident']} stand" in str(reverse(company, status=400))
    company.document("credit-memos", items=[rest], relatedDocumentIdent=final, **_credit(more))
    company.sound()
    for at in range(len(paid) + paid_final):
        reverse(company, at)
        company.sound()
    assert (owed(company), books(company)) == (0, {})


@pytest.mark.parametrize(("deposit", "paid", "supply"), [("600.00", "714.00", "1000.00"), ("33.33", "39.66", "77.77")])
def test_a_deposit_that_a_credit_gave_back_is_owed_again_when_its_payment_is_returned(
    company: Company, deposit: str, paid: str, supply: str
) -> None:
    """The credit takes the row back by which it was deducted: then the deposit invoice stands as before, and can be corrected."""
    final = sold(company, "REMAINDER", [(deposit, 19)], [paid], [(supply, 19)])
    _, deducting = company.call("GET", f"/v2/documents/{final}")["items"]
    back = {**a_row_of(deposit), "ident": deducting["ident"], "debitCreditIndicator": "CREDIT"}
    company.document("credit-memos", items=[a_row_of(supply), back], relatedDocumentIdent=final)
    assert owed(company) == 0
    reverse(company)
    company.sound()
    assert (owed(company), books(company)) == (D(paid), {})  # it is no receivable
    (number,) = [row.ident for row in company.tenant.rows("SELECT ident FROM document WHERE document_type = 'DEPOSIT_INVOICE'")]
    company.document("deposit-invoice-corrections", deposit, relatedDocumentIdent=number)
    assert (owed(company), books(company)) == (0, {})
