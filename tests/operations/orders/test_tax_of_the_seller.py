"""What bears the tax of the seller's country is booked as its tax, wherever the customer is: only that of the one-stop shop is booked as
such. Its document says the country whose tax it shows."""

from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, S19, Desk, a_deposit, a_line
from tests.factories.offices import D

PRIVATE = {"customerType": "B2C", "firstName": "Eva", "lastName": "Muster"}
AT_BUSINESS = {"customerType": "B2B", "company": "Muster Handel", "vatId": "ATU12345675"}
S20 = [{"taxRate": 20, "taxCategoryCode": "S"}]
GERMAN = {"8400": D("-100.00"), "1776": D("-19.00")}


def buyer(desk: Desk, of: dict[str, Any], country: str) -> None:
    desk.call("PUT", "/v2/customers/muster-handel", {"language": "de", **of})
    address = {"addressType": "INVOICE", "zip": "1010", "city": "Ort", "street": "Weg", "streetNo": "1", "country": country}
    desk.call("PUT", "/v2/customers/muster-handel/addresses/zentrale", address)


def booked(desk: Desk) -> dict[str, D]:
    """What is left on each account of revenue and tax, with the country where it is not ours."""
    found: dict[str, D] = {}
    for entry in desk.call("GET", "/v2/bookingEntries?size=100")["_embedded"]:
        account = str(entry["account"])
        if account.startswith(("8", "17")):
            name = account + (f" {entry['country']}" if entry.get("country") else "")
            amount = D(str(entry["amount"]))
            found[name] = found.get(name, D(0)) + (amount if entry["debitCreditIndicator"] == "DEBIT" else -amount)
    return {name: amount for name, amount in found.items() if amount}


def taxed_in(desk: Desk) -> list[list[str]]:
    """Per document, the countries of its rows."""
    idents = [row.ident for row in desk.tenant.rows("SELECT ident FROM document ORDER BY id")]
    documents = [desk.call("GET", f"/v2/documents/{ident}") for ident in idents]
    return [[row["taxLocation"]["country"] for row in document["items"]] for document in documents]


@pytest.mark.parametrize(
    ("of", "country", "line", "expected"),
    [
        (PRIVATE, "FR", {"category": "SERVICE"}, GERMAN),
        (PRIVATE, "FR", {}, GERMAN),
        (PRIVATE, "FR", {"category": "DIGITAL_PRODUCT"}, GERMAN),
        (PRIVATE, "FR", {"taxInformation": S19}, GERMAN),
        (PRIVATE, "FR", {"taxLocation": {"country": "FR"}}, GERMAN),
        (AT_BUSINESS, "AT", {"taxInformation": S19}, GERMAN),
        (AT_BUSINESS, "CH", {"taxInformation": S19, "category": "SERVICE"}, GERMAN),
        (PRIVATE, "FR", {"taxScheme": "OSS"}, {"8320 FR": D("-100.00"), "1767 FR": D("-20.00")}),
        (PRIVATE, "FR", {"taxScheme": "OSS", "category": "SERVICE"}, {"8339 FR": D("-100.00"), "1768 FR": D("-20.00")}),
        # a rate that only the place has is that of the place
        (PRIVATE, "FR", {"taxInformation": S20, "category": "SERVICE"}, {"8339 FR": D("-100.00"), "1768 FR": D("-20.00")}),
    ],
)
def test_a_line_is_booked_as_it_is_taxed(
    desk: Desk, of: dict[str, Any], country: str, line: dict[str, Any], expected: dict[str, D]
) -> None:
    buyer(desk, of, country)
    desk.order(lineItems=[a_line(**line)])
    desk.bill()
    assert booked(desk) == expected
    assert taxed_in(desk) == [["DE" if expected == GERMAN else country]]
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    desk.bill()
    assert (booked(desk), desk.balances()) == ({}, {})


def test_what_the_seller_taxes_stands_on_one_document_and_what_the_shop_declares_on_another(desk: Desk) -> None:
    buyer(desk, PRIVATE, "FR")
    free = {"taxInformation": [{"taxRate": 0, "taxCategoryCode": "Z"}]}
    desk.order(lineItems=[a_line(), a_line("l-2", "40.00", **free), a_line("l-3", "60.00", taxScheme="OSS")])
    desk.bill()
    assert sorted(taxed_in(desk)) == [["DE", "DE"], ["FR"]]


def test_a_contract_is_booked_as_it_is_taxed(desk: Desk) -> None:
    buyer(desk, PRIVATE, "FR")
    desk.plan("100.00")
    desk.contract(startDate="2026-05-10")
    desk.bill()
    assert booked(desk) == GERMAN
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-09"})
    desk.bill()
    assert (booked(desk), desk.balances()) == ({}, {})


@pytest.mark.parametrize("stated", [{}, {"taxInformation": None}])
def test_a_deposit_and_its_final_invoice_are_booked_as_they_are_taxed(desk: Desk, stated: dict[str, Any]) -> None:
    buyer(desk, PRIVATE, "FR")
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    deposit = {name: value for name, value in {**a_deposit("d-1", "59.50"), **stated}.items() if value is not None}
    desk.order(agreedDeposits=[deposit], billingTime="ON_DEMAND")
    desk.bill()
    desk.pay("59.50", desk.idents("DEPOSIT_INVOICE")[0])
    assert booked(desk) == {"1718": D("-50.00"), "1776": D("-9.50")}
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    assert booked(desk) == GERMAN
