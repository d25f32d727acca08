"""A payment from abroad whose bank charges were decided with it comes back: with it goes what was decided (money 4.4, 5)."""

from decimal import Decimal

import pytest
from tests.factories.cases import entries, last, tax_on_receipt
from tests.factories.companies import Company

D = Decimal
FOREIGN = {"name": "Foreign", "iban": "FR1420041010050500013M02606"}


@pytest.mark.parametrize("cash", [False, True])
def test_the_charges_that_were_decided_with_it_fall(company: Company, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", {"bankChargesBound": 10}, 201)
    number = company.document()
    before = company.sums()
    paid = company.pay("112.00", number, counterpart=FOREIGN, endToEndIdent="E-1")
    path = f"/v2/payments/{paid['paymentIdent']}/suggestions"
    (one,) = company.call("GET", path)["suggestions"]
    assert (one["reason"], one["amount"], one["bankFee"]) == ("BANK_FEE", 112, 7)
    company.call("POST", f"{path}/actions/accept", {"suggestionIdents": [one["suggestionIdent"]]})
    assert company.case(number)["balance"] == 0
    assert company.sums()[4970] == D(7)
    company.sound()
    since = last(company)
    information = {"reasonCode": "FOCR"}
    back = company.pay("112.00", "", creditDebitIndicator="DEBIT", endToEndIdent="E-1", returnInformation=information)
    assert back["status"] == "ASSIGNED"
    assert company.case(number)["balance"] == 119
    assert company.sums() == before
    if not cash:
        assert sorted(entries(company, since)) == [
            "BANK_FEE: D 4970 -7, C 10000 -7",
            "PAYMENT_OUT: D 10000 112, C 1200 112",
        ]
    company.sound()
    # the return was a mistake: the money is there again, what the banks took is for a person
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,asc")["_embedded"]
    for one, left in ((made[1], 7), (made[0], 119)):
        company.call("POST", f"/v2/payment-assignments/{one['paymentAssignmentIdent']}/actions/reverse")
        assert company.case(number)["balance"] == left
        company.sound()
