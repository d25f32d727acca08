"""Posting table row 16, section 13b UStG: on the fees of a payment provider in another country the company owes the tax itself."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import entries, last
from tests.factories.settlements import Moved, Settled, stripe_file

D = Decimal
PAYMENT = "PAYMENT: D 1360 238, C 10000 238"
FEE = "PAYMENT_COST: D 4970 3.37, C 1360 3.37"
OWED = "REVERSE_CHARGE: D 1577 0.64, C 1787 0.64"


@pytest.fixture
def abroad(settled: Settled) -> Settled:
    settled.open_provider(ident="abroad", country="IE")
    return settled


def _report(company: Settled, *rows: Moved, **more: Any) -> list[str]:
    since = last(company)
    upload = company.upload(stripe_file(*rows, **more), account="abroad")
    assert (upload["state"], upload["findings"]) == ("READ", [])
    company.sound()
    return sorted(entry for entry in entries(company, since) if not entry.startswith("PAYOUT"))


def test_the_fee_of_a_payment_is_taxed_by_who_pays_it(abroad: Settled) -> None:
    number = abroad.document(net="200.00")
    assert _report(abroad, Moved("charge", "238.00", "3.37", "9", number)) == sorted([PAYMENT, FEE, OWED])
    (line,) = abroad.tenant.rows(
        "SELECT l.tax_base, l.tax_rate, l.country, e.tax_date, e.posting_date FROM journal_line l JOIN journal_entry e"
        " ON e.id = l.entry_id WHERE l.account = 1787"
    )
    assert (line.tax_base, line.tax_rate, line.country) == (D("3.37"), D(19), "IE")
    assert line.tax_date == line.posting_date


def test_a_fee_by_itself_and_one_that_is_given_back(abroad: Settled) -> None:
    assert _report(abroad, Moved("fee", "-11.20", ident="21")) == [
        "PAYMENT_COST: D 4970 11.2, C 1360 11.2",
        "REVERSE_CHARGE: D 1577 2.13, C 1787 2.13",
    ]
    assert _report(abroad, Moved("fee", "11.20", ident="22"), payout="po_2") == [
        "PAYMENT_COST: D 1360 11.2, C 4970 11.2",
        "REVERSE_CHARGE: D 1787 2.13, C 1577 2.13",
    ]
    assert not {1577, 1787, 4970} & abroad.sums().keys()


def test_a_small_business_owes_the_tax_and_deducts_none(abroad: Settled) -> None:
    with abroad.tenant.runtime.transaction(abroad.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET small_business = true")
    booked = _report(abroad, Moved("fee", "-100.00", ident="21"))
    assert booked == ["PAYMENT_COST: D 4970 100, C 1360 100", "REVERSE_CHARGE: D 4970 19, C 1787 19"]


def test_what_a_bank_abroad_takes_and_a_provider_at_home_is_not_taxed(settled: Settled) -> None:
    """The fees of payment transactions are exempt (section 4 no. 8 lit. d UStG)."""
    settled.open_provider(ident="far", country="AT")
    paid = {"externalIdent": "f-1", "bookingDate": "2026-11-02", "creditDebitIndicator": "CREDIT", "description": "x"}
    value = {"amount": "100.00", "currency": "EUR"}
    fees = [{"type": "BANK", "amount": "3.00", "currency": "EUR"}]
    settled.call("POST", "/v2/merchant-payment-accounts/far/payments", {**paid, "baseAmount": value, "fees": fees}, 201)
    settled.upload(stripe_file(Moved("fee", "-5.00", ident="21")))
    assert {kind for kind, _ in settled.booked()} == {"PAYMENT_UNASSIGNED", "PAYMENT_COST", "PAYOUT"}
    assert not {1577, 1787} & settled.sums().keys()
    settled.sound()
