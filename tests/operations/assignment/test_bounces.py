"""A payment bounces after a correction or a credit took something back: nothing is taken back twice, and no account keeps a cent."""

from decimal import Decimal

import pytest
from tests.factories.companies import TODAY, Company

D = Decimal
INTERIM = 1792
BANK = 1200


def bounce(company: Company, at: int = 0) -> None:
    """The payment's assignment (in the order made) is reversed."""
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"]
    company.call("POST", f"/v2/payment-assignments/{made[at]['paymentAssignmentIdent']}/actions/reverse")
    company.sound()


def books(company: Company) -> dict[int, Decimal]:
    """What is not even, but for the money that waits at the bank."""
    sums = company.sums()
    assert sums.pop(BANK, 0) + sums.pop(INTERIM, 0) == 0
    return sums


@pytest.mark.parametrize("is_memo", [False, True])
@pytest.mark.parametrize(
    ("net", "paid", "currency"),
    [
        ("500.00", ["595.00"], "EUR"),
        ("333.33", ["100.01", "296.65"], "EUR"),
        ("2000.00", ["700.00"], "EUR"),
        ("77.77", ["92.55"], "USD"),
    ],
)
def test_a_corrected_deposit_whose_payment_bounces_leaves_nothing(
    company: Company, net: str, paid: list[str], currency: str, is_memo: bool
) -> None:
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    company.take_parts()
    more = {"currency": "USD", "exchangeRate": {"rate": "1.0937", "date": TODAY}} if currency == "USD" else {}
    deposit = company.document("deposit-invoices", net, **more)
    for part in paid:
        euro = str((D(part) / D("1.0937")).quantize(D("0.01"))) if more else part
        dollars = {"originalAmount": {"amount": part, "currency": "USD"}, "exchangeRate": "1.0937"} if more else {}
        assert company.pay(euro, deposit, **dollars)["status"] == "ASSIGNED"
    company.document("deposit-invoice-corrections", net, relatedDocumentIdent=deposit, **({"currency": "USD"} if more else {}))
    for at in range(len(paid)):
        bounce(company, at)
    assert (company.case(deposit)["status"], company.case(deposit)["balance"]) == ("CLOSED", 0)
    assert books(company) == {}


@pytest.mark.parametrize("is_memo", [False, True])
@pytest.mark.parametrize(
    ("net", "corrected", "paid", "left"),
    [("500.00", "100.00", ["595.00"], "476.00"), ("333.33", "11.11", ["200.00", "196.66"], "383.44")],
)
def test_of_a_deposit_corrected_in_part_the_rest_is_owed_again(
    company: Company, net: str, corrected: str, paid: list[str], left: str, is_memo: bool
) -> None:
    """Paid again, its tax is that of the rest."""
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    company.take_parts()
    deposit = company.document("deposit-invoices", net)
    for part in paid:
        company.pay(part, deposit)
    company.document("deposit-invoice-corrections", corrected, relatedDocumentIdent=deposit)
    for at in range(len(paid)):
        bounce(company, at)
    assert company.case(deposit)["balance"] == float(left)
    found = books(company)
    assert (found.get(10000, 0), found.get(1718, 0), found.get(1776, 0)) == (0 if is_memo else D(left), 0, 0)
    company.pay(left, deposit)
    net_left = D(net) - D(corrected)
    sums = company.sums()
    assert (sums.get(10000, 0), sums[1718], sums[1776]) == (0, -net_left, net_left - D(left))
    company.sound()
