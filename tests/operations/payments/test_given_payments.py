"""A payment that a client gives and the booking of a statement are one, whichever comes first: known as between two formats."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests.checkers.tampering import OURS, superuser, tampered
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader

from contor.kernel.checks import CHECKS

D = Decimal
DAY = dt.date(2026, 11, 2)
PAYMENTS = "/v2/merchant-payment-accounts/bank/payments"
OTHER, ANOTHER = "DE02120300000000202051", "DE02500105170137075030"


def body(ident: str = "C1", amount: str = "20.00", **more: Any) -> dict[str, Any]:
    direction = "DEBIT" if amount.startswith("-") else "CREDIT"
    return {
        "externalIdent": ident,
        "baseAmount": {"amount": amount.lstrip("-")},
        "bookingDate": DAY.isoformat(),
        "creditDebitIndicator": direction,
        **more,
    }


def give(company: Company, ident: str = "C1", amount: str = "20.00", status: int = 201, **more: Any) -> Any:
    return company.call("POST", PAYMENTS, body(ident, amount, **more), status)


def paper(*lines: BankLine, day: dt.date = DAY) -> BankPaper:
    return BankPaper(D(100), day, list(lines))


def line(amount: str = "20.00", **more: Any) -> BankLine:
    return BankLine(D(amount), DAY, **{"name": "", **more})


def at_bank(company: Company) -> Decimal:
    return company.sums().get(1200, D(0))


FORMATS: dict[str, Callable[[BankPaper], bytes]] = {
    "camt.053": lambda it: it.camt(),
    "camt.052": lambda it: it.camt("camt.052.001.08", balances=False),
    "MT940": lambda it: it.swift(),
}
SAME: dict[str, tuple[dict[str, Any], BankLine]] = {
    "all": (
        {"providerReference": "C1", "valueDate": DAY.isoformat(), "endToEndIdent": "E-9", "description": "x"},
        line(reference="C1", end_to_end="E-9"),
    ),
    "its name": ({}, line(reference="C1", end_to_end="E-9")),
    "the bank's name": ({"externalIdent": "own-17", "providerReference": "C1"}, line(reference="C1")),
    "a name, and another EndToEndId": ({"endToEndIdent": "E-1"}, line(reference="C1", end_to_end="E-9")),
    "the day and the amount": ({"externalIdent": "own-17"}, line()),
    "... under another name at the bank": ({"externalIdent": "own-17", "providerReference": "P"}, line(reference="C1")),
    "... and the days": ({"externalIdent": "own-17", "valueDate": DAY.isoformat()}, line()),
    "... and EndToEndId and IBAN": (
        {"externalIdent": "own-17", "endToEndIdent": "E-9", "counterpart": {"iban": OTHER}},
        line(end_to_end="E-9", iban=OTHER),
    ),
    "no EndToEndId": ({"externalIdent": "own-17", "endToEndIdent": "NOTPROVIDED"}, line(end_to_end="E-9")),
    "money that went": ({"amount": "-20.00"}, line("-20.00", reference="C1")),
    "less what was kept of it": (
        {"amount": "22.00", "fees": [{"type": "Bank", "amount": "2.00"}]},
        line(reference="C1", charges=D("2.00")),
    ),
}
OTHERS: dict[str, tuple[dict[str, Any], BankLine]] = {
    "another EndToEndId": ({"externalIdent": "own", "endToEndIdent": "E-1"}, line(end_to_end="E-9", reference="C1")),
    "another IBAN": ({"externalIdent": "own", "counterpart": {"iban": ANOTHER}}, line(iban=OTHER)),
    "another value date": ({"externalIdent": "own", "valueDate": "2026-11-03"}, line()),
    "another amount": ({"amount": "20.01"}, line(reference="C1")),
    "another sign": ({"amount": "-20.00"}, line(reference="C1")),
    "another day": ({"bookingDate": "2026-11-01"}, line(reference="C1")),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("how", SAME)
def test_a_statement_knows_what_was_given(company: Company, reader: Reader, how: str, form: str) -> None:
    said, booking = SAME[how]
    payment = give(company, **said)
    before = at_bank(company)
    for content in (FORMATS[form](paper(booking)), paper(booking).camt()):  # and again at the end of the day
        found = reader.take(content)
        assert (found.state, found.counts.new, found.counts.known, found.counts.payments) == ("READ", 0, 1, 0)
        assert [row.ident for row in reader.payments()] == [payment["paymentIdent"]]
        assert at_bank(company) == before == booking.amount
        company.sound()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("how", SAME)
def test_what_a_statement_brought_is_not_given_again(company: Company, reader: Reader, how: str, form: str) -> None:
    said, booking = SAME[how]
    reader.take(FORMATS[form](paper(booking)))
    (brought,) = reader.payments()
    refused = give(company, status=409, **said)
    (finding,) = refused["errors"]
    assert finding["error"].startswith("A statement brought ") and repr(brought.ident) in finding["error"], finding
    named = said.get("externalIdent", "C1"), said.get("providerReference")
    assert ("of that reference" in finding["error"]) == bool(booking.reference and booking.reference in named), finding
    assert [row.ident for row in reader.payments()] == [brought.ident]
    assert at_bank(company) == booking.amount
    company.sound()


@pytest.mark.parametrize("order", ["given first", "told first"])
@pytest.mark.parametrize("how", OTHERS)
def test_what_is_another_stays_another(company: Company, reader: Reader, how: str, order: str) -> None:
    said, booking = OTHERS[how]
    if order == "given first":
        give(company, **said)
    found = reader.take(paper(booking).camt())
    assert (found.counts.new, found.counts.known) == (1, 0)
    if order == "told first":
        give(company, **said)
    assert len(reader.payments()) == 2
    company.sound()


def test_two_equal_ones_stay_two(company: Company, reader: Reader) -> None:
    """One of them was given."""
    first = give(company, "own-1")
    found = reader.take(paper(line(), line()).camt("camt.052.001.08", balances=False))
    assert (found.counts.new, found.counts.known) == (1, 1)
    assert reader.amounts() == [20, 20]
    (second,) = [row.ident for row in reader.payments() if row.ident != first["paymentIdent"]]
    assert second in give(company, "own-2", status=409)["errors"][0]["error"]
    assert at_bank(company) == 40
    company.sound()


def test_as_many_are_known_as_were_given(company: Company, reader: Reader) -> None:
    """Two are given, the bank tells of the first by noon: the second is no booking yet, and is told at the end of the day."""
    give(company, "own-1")
    noon = reader.take(paper(line()).camt("camt.052.001.08", balances=False))
    give(company, "own-2")
    evening = reader.take(paper(line(), line()).camt())
    assert [(it.counts.new, it.counts.known) for it in (noon, evening)] == [(0, 1), (0, 2)]
    assert reader.amounts() == [20, 20]
    company.sound()


def test_its_own_reference_goes_before_what_is_equal(company: Company, reader: Reader) -> None:
    given = [give(company, name)["paymentIdent"] for name in ("C1", "C2")]
    reader.take(paper(line(reference="C2"), line(reference="C1"), line(reference="C3")).camt())
    linked = {row.reference: row.payment_ident for row in company.tenant.rows("SELECT reference, payment_ident FROM bank_entry")}
    assert linked == {"C1": given[0], "C2": given[1], "C3": None}
    assert len(reader.payments()) == 3
    company.sound()


def test_of_what_the_bank_does_not_know_nothing_is_kept_aside(company: Company, reader: Reader) -> None:
    """A statement proves what the bank has, and says nothing of payments beside it: of the day, and of one that is proved."""
    give(company, "by hand", "7.00")
    assert reader.take(paper(line(reference="C1")).camt()).state == "READ"
    give(company, "later", "8.00")
    again = paper(line(reference="C1"), line("8.00", reference="C2")).camt("camt.054.001.08", balances=False)
    assert reader.take(again).state == "KEPT_ASIDE"  # the bank said before that its day is another
    assert at_bank(company) == 35
    company.sound()


def test_what_knows_more_takes_its_place(company: Company, reader: Reader) -> None:
    """As of two messages of the bank: nothing of it is assigned, and the statement names the invoice."""
    number = company.document()
    given = give(company, amount="119.00")
    found = reader.take(paper(line("119.00", reference="C1", text=f"for {number}", name="Kunde", iban=OTHER)).camt())
    assert (found.counts.new, found.counts.enriched, found.counts.payments) == (0, 1, 1)
    assert company.case(number)["status"] == "CLOSED"
    old = company.call("GET", f"{PAYMENTS}/{given['paymentIdent']}")
    assert (old["status"], old["reason"]) == ("IGNORED", "REPLACED")
    assert (reader.amounts(), at_bank(company)) == ([D(119)], D(119))
    company.sound()
    assert reader.take(paper(line("119.00", reference="C1")).swift()).counts.known == 1
    assert reader.amounts() == [119]
    company.sound()


def test_what_is_assigned_stays_and_is_named(company: Company, reader: Reader) -> None:
    """... so that its return is found by the name that the bank said."""
    company.take_parts()
    number = company.document()
    given = give(company, amount="119.00", description=number)
    reader.take(paper(line("119.00", reference="C1", end_to_end="E-9", text="a text", name="Kunde", iban=OTHER)).camt())
    assert [row.ident for row in reader.payments()] == [given["paymentIdent"]]
    assert company.call("GET", f"{PAYMENTS}/{given['paymentIdent']}")["endToEndIdent"] == "E-9"
    assert company.case(number)["status"] == "CLOSED"
    next_day = DAY + dt.timedelta(days=1)
    back = BankLine(D("-119.00"), next_day, end_to_end="E-9", reason="AC04", name="")
    reader.take(BankPaper(D(219), next_day, [back]).camt())
    assert company.case(number)["balance"] == 119
    company.sound()


@pytest.mark.parametrize(
    "more",
    [
        {"customerSpecificIdent": "K-17"},
        {"properties": [{"key": "k", "value": "v"}]},
        {"batchItems": [{"reference": "x", "amount": "20.00"}]},
        {"originalAmount": {"amount": "22.00", "currency": "USD"}, "exchangeRate": "1.1"},
    ],
)
def test_what_no_statement_says_is_not_given_up(company: Company, reader: Reader, more: dict[str, Any]) -> None:
    account = company.call("GET", "/v2/merchant-payment-accounts/bank")
    company.call("PUT", "/v2/merchant-payment-accounts/bank", {**account, "additionallyAcceptedCurrencies": ["USD"]})
    given = give(company, **more)
    reader.take(paper(line(reference="C1", end_to_end="E-9", text="a text", name="Kunde", iban=OTHER)).camt())
    assert [row.ident for row in reader.payments()] == [given["paymentIdent"]]
    company.sound()


def test_a_collective_booking_becomes_its_parts(company: Company, reader: Reader) -> None:
    give(company, amount="30.00")
    parts = tuple(line("15.00", text=f"part {n}", end_to_end=f"E{n}") for n in range(2))
    reader.take(paper(line("30.00", reference="C1", parts=parts)).camt())
    assert (reader.amounts(), at_bank(company)) == ([D(15), D(15)], D(30))
    company.sound()


@pytest.fixture
def owner(database_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with superuser(database_dsn) as connection:
        yield connection


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("UPDATE bank_entry SET payment_ident = NULL WHERE {} AND amount = 20", "statements.payments_of_each_booking_add_up"),
        (
            "UPDATE bank_entry SET payment_ident = (SELECT payment_ident FROM bank_entry WHERE {0} AND amount = 21)"
            " WHERE {0} AND amount = 20",
            "statements.payments_given_are_one_booking",
        ),
    ],
)
def test_a_check_finds_what_was_unlinked(
    company: Company, reader: Reader, owner: psycopg.Connection[Any], fault: str, check: str
) -> None:
    give(company)
    give(company, "C2", "21.00")
    reader.take(paper(line(reference="C1"), line("21.00", reference="C2")).camt())
    with tampered(owner, company.tenant, fault.format(OURS)) as uow:
        assert list(CHECKS[check](uow))
