"""Postings of an account cleared with each other (platform API 342 to 345)."""

from typing import Any

import pytest
from tests.checkers.tampering import sentences
from tests.factories.cases import said
from tests.factories.companies import Company

INTERIM = "/v2/bookingAccounts/1792/EUR/clearings"


def postings(company: Company, account: int) -> list[str]:
    """The ids of what was booked on an account, in order."""
    found = company.call("GET", f"/v2/bookingEntries?search=account=={account}&sort=entryId")["_embedded"]
    return [it["id"] for it in found]


def waited(company: Company) -> tuple[str, str, str]:
    """What a payment that waited put on the interim account, what its assignment took off, and what another one put there."""
    number = company.document()
    paid = company.pay("119.00", "unknown")
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": paid["paymentIdent"], "targetIdent": number}, 201)
    company.pay("5.00", "unknown as well")
    came, went, other = postings(company, 1792)
    return came, went, other


def body(debits: list[str], credits: list[str]) -> dict[str, Any]:
    return {"debitBookingEntryIds": debits, "creditBookingEntryIds": credits}


def test_what_is_even_is_cleared_once_and_undone(company: Company) -> None:
    came, went, _ = waited(company)
    made = company.call("POST", INTERIM, body([went], [came]))
    assert (made["amount"], made["automatic"]) == (119, False)
    assert (made["debitBookingEntryIds"], made["creditBookingEntryIds"]) == ([went], [came])
    assert company.call("GET", f"{INTERIM}/{made['clearingId']}") == made
    assert company.call("GET", INTERIM)["_embedded"] == [made]
    for search, count in (("automatic==false;accountNumber==1792;oposCaseIdent=null=true", 1), ("automatic==true", 0)):
        assert len(company.call("GET", f"{INTERIM}?search={search}&sort=automatic&sort=accountNumber")["_embedded"]) == count
    assert "has it already" in said(company.call("POST", INTERIM, body([went], [came]), 400))
    company.sound()
    company.call("DELETE", f"{INTERIM}/{made['clearingId']}", status=204)
    company.call("GET", f"{INTERIM}/{made['clearingId']}", status=404)
    company.call("DELETE", f"{INTERIM}/{made['clearingId']}", status=404)
    company.call("POST", INTERIM, body([went], [came]))
    company.sound()


def test_a_reversal_is_cleared_with_what_it_reverses(company: Company) -> None:
    number = company.document()
    paid = company.pay("119.00", "unknown")
    assigned = company.call("POST", "/v2/payment-assignments", {"paymentIdent": paid["paymentIdent"], "targetIdent": number}, 201)
    company.call("POST", f"/v2/payment-assignments/{assigned['paymentAssignmentIdent']}/actions/reverse")
    _, went, back = postings(company, 1792)
    assert company.call("POST", INTERIM, body([went], [back]))["amount"] == 119
    company.sound()


def test_everything_that_does_not_fit_is_said_at_once(company: Company) -> None:
    came, went, other = waited(company)
    (bank, *_) = postings(company, 1200)
    refused = company.call("POST", INTERIM, body([came, "1-1", bank], [went]), 400)
    assert {it["fieldName"] for it in refused["errors"]} == {
        "debitBookingEntryIds[0]",
        "debitBookingEntryIds[1]",
        "debitBookingEntryIds[2]",
        "creditBookingEntryIds[0]",
    }
    assert "counts as a credit" in said(refused)
    assert "is on account 1200" in said(refused)
    assert "No booking entry" in said(refused)
    uneven = company.call("POST", INTERIM, body([went], [came, other]), 400)
    assert "Debits are 119.00" in said(uneven)
    assert "named twice" in said(company.call("POST", INTERIM, body([went, went], [came]), 400))
    company.call("POST", INTERIM, body([], [came]), 400)
    company.call("POST", INTERIM, body(["x"], [came]), 400)
    assert "no OPOS account" in said(company.call("POST", "/v2/bookingAccounts/1200/EUR/clearings", body([bank], [came]), 400))
    company.call("POST", "/v2/bookingAccounts/1792/USD/clearings", body([went], [came]), 404)
    assert company.call("GET", INTERIM)["_embedded"] == []


def test_a_customers_account_is_cleared_by_itself(company: Company) -> None:
    closed = company.document()
    company.document(net="7.00")
    company.pay("119.00", closed)
    path = "/v2/bookingAccounts/10000/EUR/clearings"
    (found,) = company.call("GET", path)["_embedded"]
    assert (found["oposCaseIdent"], found["amount"], found["automatic"]) == (closed, 119, True)
    assert company.call("GET", f"{path}/{found['clearingId']}") == found
    company.call("GET", f"{path}/1", status=404)
    searches = {
        f"oposCaseIdent=={closed};automatic==true;accountNumber==10000;currency==EUR": 1,
        "oposCaseIdent==other": 0,
        "automatic==false": 0,
        "accountNumber!=10000": 0,
        "currency==USD": 0,
    }
    for search, count in searches.items():
        assert len(company.call("GET", f"{path}?search={search}&sort=accountNumber&sort=automatic")["_embedded"]) == count, search
    ids = postings(company, 10000)
    assert "cleared by itself" in said(company.call("POST", path, body(ids[:1], ids[2:]), 400))
    assert "cleared by itself" in said(company.call("DELETE", f"{path}/{found['clearingId']}", status=400))
    company.call("GET", "/v2/bookingAccounts/10999/EUR/clearings", status=404)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_clearing SET amount = 1 WHERE {mine}",
        "UPDATE ledger_clearing SET account = 1200 WHERE {mine}",
        "DELETE FROM ledger_clearing_line WHERE {mine} AND side = 'D'",
        "UPDATE ledger_clearing_line SET entry_id = 1 WHERE {mine} AND side = 'D'",
    ],
)
def test_a_planted_fault_is_found(company: Company, database_dsn: str, statement: str) -> None:
    came, went, _ = waited(company)
    company.call("POST", INTERIM, body([went], [came]))
    found = sentences(
        database_dsn,
        company.tenant,
        "bookkeeping.what_is_cleared_is_even",
        statement.format(mine=f"tenant_id = {company.tenant.id}"),
    )
    assert found
