"""Contracts say whether what they are billed is collected."""

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import Office


def collected(office: Office) -> list[bool]:
    """Of all documents in their order."""
    listed = office.call("GET", "/v2/documents?sort=createdAt,asc")["_embedded"]
    return [it["paymentCollection"]["collect"] for it in listed]


@pytest.mark.parametrize(
    ("said", "is_collected"), [({"paymentControl": "CHARGE"}, True), ({"paymentControl": "NOCHARGE"}, False), ({}, False)]
)
def test_what_is_billed_is_collected_where_the_contract_says_so(office: Office, said: dict[str, str], is_collected: bool) -> None:
    office.plan()
    number = office.contract(paymentInformation={"paymentType": "DIRECT_DEBIT", **said})
    shown = office.call("GET", f"{CONTRACTS}/{number}")["paymentInformation"]
    assert shown["paymentControl"] == said.get("paymentControl", "NOCHARGE")
    office.bill()
    assert collected(office) == [is_collected]
    assert office.call("GET", "/v2/opos-cases")["_embedded"][0]["paymentCollectionEnabled"] is is_collected
    (document,) = office.call("GET", "/v2/documents")["_embedded"]
    # no account of its customer works: it asks for a transfer, as what is asked for by hand does
    assert document.get("paidBy") == ("TRANSFER" if is_collected else None)


def test_the_next_bill_goes_by_what_the_contract_says_then(office: Office) -> None:
    office.plan()
    number = office.contract()
    office.bill()
    office.call("PATCH", f"{CONTRACTS}/{number}", {"paymentInformation": {"paymentControl": "CHARGE"}})
    office.clock("2026-06-02T10:00")
    office.bill()
    assert collected(office) == [False, True]
