"""The worked cases of statements: what a bank's file makes of the account, the payments and the books."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader, sample

from contor.payments.sent import Sent
from contor.payments.statements.kept import resolve

D = Decimal
DAY = dt.date(2026, 11, 2)


def money(company: Company) -> Decimal:
    """What the books say of the bank."""
    return company.sums().get(1200, D(0))


def test_m9_a_return_with_charges_is_the_debit_and_a_fee(reader: Reader, company: Company, shared: Path) -> None:
    for name in ("a5-return.xml", "a9-return.sta"):
        found = reader.take(sample(shared, f"bank-own/{name}"), name)
        assert (found.state, found.reasons) == ("READ", ()), name
    assert (found.counts.known, found.counts.new) == (1, 0)  # the same booking in the other format
    (paid,) = reader.payments()
    assert (paid.signed, paid.end_to_end_ident, paid.mandate_reference) == (D(-119), "E3", "M3")
    assert paid.return_reason == "AC04"
    assert paid.content["fees"] == [{"type": "Bank charges", "amount": 3, "currency": "EUR"}]
    assert company.sums() == {1200: D(-122), 4970: D(3), 1792: D(119)}
    company.sound()


@pytest.mark.parametrize(
    "details",
    [
        '<Amt Ccy="EUR">122.00</Amt><AmtDtls><InstdAmt><Amt Ccy="EUR">119.00</Amt></InstdAmt></AmtDtls>',
        '<AmtDtls><InstdAmt><Amt Ccy="EUR">119.00</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">122.00</Amt></TxAmt></AmtDtls>',
        '<Amt Ccy="EUR">122.00</Amt>',
    ],
)
def test_m9_a_return_that_carries_what_is_booked(reader: Reader, company: Company, shared: Path, details: str) -> None:
    content = sample(shared, "bank-own/a5-return.xml")
    stated = b'<AmtDtls><InstdAmt><Amt Ccy="EUR">119.00</Amt></InstdAmt></AmtDtls>'
    assert stated in content
    assert reader.take(content.replace(stated, details.encode())).state == "READ"
    (paid,) = reader.payments()
    assert (paid.signed, paid.return_reason, paid.content["returned"]["original_amount"]) == (D(-119), "AC04", 119)
    assert paid.content["fees"] == [{"type": "Bank charges", "amount": 3, "currency": "EUR"}]
    assert company.sums() == {1200: D(-122), 4970: D(3), 1792: D(119)}
    company.sound()


def test_m9_two_returns_in_one_booking(reader: Reader, company: Company) -> None:
    parts = [
        BankLine(D(amount), DAY, end_to_end=name, reason="AM04", charges=D(3))
        for amount, name in (("-360.00", "E1"), ("-42.27", "E2"))
    ]
    content = BankPaper(D(500), DAY, [BankLine(D("-402.27"), DAY, parts=parts, reference="R")]).camt()
    for own, ordered in (("360.00", "357.00"), ("42.27", "39.27")):
        told = f'<Amt Ccy="EUR">{ordered}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        more = f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{ordered}</Amt></InstdAmt></AmtDtls>'
        assert told.encode() in content
        content = content.replace(told.encode(), f'<Amt Ccy="EUR">{own}</Amt><CdtDbtInd>DBIT</CdtDbtInd>{more}'.encode())
    found = reader.take(content)
    assert (found.state, found.counts.payments, found.counts.unresolved) == ("READ", 2, 0)
    assert reader.amounts() == [D("-357.00"), D("-39.27")]
    assert company.sums() == {1200: D("-402.27"), 4970: D(6), 1792: D("396.27")}
    company.sound()


@pytest.mark.parametrize("form", ["camt.053.001.08", "camt.053.001.02", "MT940"])
@pytest.mark.parametrize("amount", ["-119.00", "119.00"])
def test_m10_a_reason_of_success_is_ignored(reader: Reader, company: Company, form: str, amount: str) -> None:
    paper = BankPaper(D(500), DAY, [BankLine(D(amount), DAY, reason="0000", end_to_end="E1", reference="X")])
    assert reader.take(paper.swift() if form == "MT940" else paper.camt(form)).state == "READ"
    (paid,) = reader.payments()
    assert (paid.signed, paid.return_reason) == (D(amount), "0000")
    assert (paid.status, paid.reason, paid.assigned) == ("IGNORED", "RETURN_OF_SUCCESS", 0)
    assert company.tenant.rows("SELECT ident FROM payment_assignment") == []
    assert company.sums() == {1200: D(amount), 1792: -D(amount)}
    company.sound()


def test_m10_a_success_takes_nothing_back(reader: Reader, company: Company) -> None:
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", {}, 201)
    number = company.document()
    lines = [BankLine(D(119), DAY, number, end_to_end="E1"), BankLine(D(-119), DAY, number, end_to_end="E1", reason="0000")]
    reader.take(BankPaper(D(0), DAY, lines).camt())
    assert company.case(number)["balance"] == 0
    assert [row.status for row in reader.payments()] == ["ASSIGNED", "IGNORED"]
    company.sound()


def sent(document: str, number: int, group: str = "P-1") -> Sent:
    return Sent(
        end_to_end_ident=f"E{number}",
        amount=D("119.00"),
        currency="EUR",
        mandate_reference=f"M{number}",
        counterpart_name="Muster",
        document_ident=document,
        message_ident="MSG",
        group_ident=group,
    )


def test_m11_a_batch_without_details_is_the_file_that_we_sent(
    reader: Reader, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [company.document() for _ in range(5)]
    monkeypatch.setattr(resolve, "transactions_sent", lambda uow, references: [sent(one, n) for n, one in enumerate(numbers)])
    found = reader.take(BankPaper(D(0), DAY, [BankLine(D("595.00"), DAY, group="P-1", reference="B1")]).camt())
    assert (found.counts.payments, found.counts.unresolved) == (5, 0)
    assert reader.amounts() == [D("119.00")] * 5
    assert [row.end_to_end_ident for row in reader.payments()] == [f"E{n}" for n in range(5)]
    assert [company.case(number)["balance"] for number in numbers] == [0] * 5
    assert money(company) == D("595.00")
    company.sound()


def test_a_batch_that_is_not_what_we_sent_stays_one_and_is_listed(
    reader: Reader, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolve, "transactions_sent", lambda uow, references: [sent(f"RE-{n}", n) for n in range(5)])
    found = reader.take(BankPaper(D(0), DAY, [BankLine(D("476.00"), DAY, group="P-1", reference="B1")]).camt())
    assert (found.counts.payments, found.counts.unresolved) == (1, 1)
    assert reader.amounts() == [D("476.00")]
    company.sound()


def test_m13_noon_and_evening_tell_of_each_booking_once(reader: Reader, company: Company, shared: Path) -> None:
    noon = reader.take(sample(shared, "bank-own/a7-intraday.xml"))
    assert (noon.counts.new, noon.counts.information) == (1, 1)  # what is not booked yet is none
    evening = reader.take(sample(shared, "bank-own/a7-endofday.xml"))
    assert (evening.state, evening.counts.new, evening.counts.known) == ("READ", 1, 1)
    told = reader.take(sample(shared, "bank-own/a7-notification.xml"))
    assert (told.counts.new, told.counts.known) == (0, 1)
    assert reader.amounts() == [D(119), D(30)]
    assert money(company) == 149
    company.sound()


def test_m14_two_equal_bookings_of_a_day_stay_two(reader: Reader, company: Company) -> None:
    for forms in ("camt", "swift"):
        paper = BankPaper(D(0), DAY, [BankLine(D(10), DAY, "Beitrag"), BankLine(D(10), DAY, "Beitrag")])
        reader.take(getattr(paper, forms)())
        reader.take(getattr(paper, forms)())
        assert reader.amounts() == [D(10), D(10)]
    company.sound()


def test_m15_a_cent_that_is_missing_keeps_the_statement_aside(reader: Reader, company: Company, shared: Path) -> None:
    found = reader.take(sample(shared, "bank-own/a8-minus-cent.xml"))
    assert found.state == "KEPT_ASIDE"
    (reason,) = found.reasons
    assert reason.code == "balance_differs"
    assert "-0.01 EUR are missing" in reason.message
    assert reader.payments() == []
    assert company.tenant.rows("SELECT ident FROM bank_entry") == []
    company.sound()


def test_m27_a_batch_is_its_parts(reader: Reader, company: Company) -> None:
    parts = (BankLine(D("329.56"), DAY, "RE 1", end_to_end="E1"), BankLine(D("100.00"), DAY, "RE 2", end_to_end="E2"))
    assert reader.take(BankPaper(D(0), DAY, [BankLine(D("429.56"), DAY, parts=parts, reference="B")]).camt()).counts.payments == 2
    paid = reader.payments()
    assert [row.signed for row in paid] == [D("329.56"), D("100.00")]
    assert len({row.parent_ident for row in paid}) == 1
    assert paid[0].parent_ident is not None
    assert [row.end_to_end_ident for row in paid] == ["E1", "E2"]
    assert money(company) == D("429.56")
    company.sound()


def test_m28_the_signs_of_swift(reader: Reader, company: Company, shared: Path) -> None:
    found = reader.take(sample(shared, "bank-own/a10-marks.sta"))
    assert found.state == "READ"
    assert reader.amounts() == [D(100), D(-100), D(-5), D(5)]
    (proof,) = company.tenant.rows("SELECT from_amount, to_amount FROM bank_statement")
    assert (proof.from_amount, proof.to_amount) == (D(-10), D(-10))
    company.sound()


def test_m29_a_reversal_is_only_marked(reader: Reader, company: Company, shared: Path) -> None:
    reader.take(sample(shared, "bank-own/a6-reversal.xml"))
    assert reader.amounts() == [D(25), D(-25)]
    assert money(company) == 0
    company.sound()


def test_m30_a_charge_that_the_bank_states_is_a_fee(reader: Reader, company: Company, shared: Path) -> None:
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", {}, 201)
    number = company.document(net="1260.50")
    assert company.case(number)["balance"] == D("1500.00")
    content = sample(shared, "bank-own/a4-batch-charge.xml").replace(b"RE-2026-000300", number.encode())
    reader.take(content)
    assert company.case(number)["balance"] == 0
    sums = company.sums()
    assert (sums[1200], sums[4970]) == (D("1474.00"), D("26.00"))
    company.sound()


@pytest.mark.parametrize("place", ["Amt", "TxAmt"])
def test_m30_a_transfer_that_carries_what_is_booked(reader: Reader, company: Company, place: str) -> None:
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", {}, 201)
    number = company.document(net="1000.00")
    content = BankPaper(D(0), DAY, [BankLine(D("1164.00"), DAY, number, charges=D(26), reference="B2")]).camt()
    told, mark = b'<Amt Ccy="EUR">1190.00</Amt>', b"<CdtDbtInd>CRDT</CdtDbtInd>"
    own = b'<Amt Ccy="EUR">1164.00</Amt>'
    ordered = b"<InstdAmt>" + told + b"</InstdAmt>"
    details = ordered + (b"<TxAmt>" + own + b"</TxAmt>" if place == "TxAmt" else b"")
    assert content.count(told + mark) == 1
    made = (own if place == "Amt" else b"") + mark + b"<AmtDtls>" + details + b"</AmtDtls>"
    assert reader.take(content.replace(told + mark, made)).state == "READ"
    assert reader.amounts() == [D("1190.00")]
    assert company.case(number)["balance"] == 0
    sums = company.sums()
    assert (sums[1200], sums[4970]) == (D("1164.00"), D("26.00"))
    company.sound()


def test_m30_a_charge_of_two_transfers_at_their_booking(reader: Reader, company: Company) -> None:
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", {}, 201)
    parts = [BankLine(D(601), DAY, "a", end_to_end="E1"), BankLine(D(602), DAY, "b", end_to_end="E2")]
    content = BankPaper(D(0), DAY, [BankLine(D(1183), DAY, parts=parts, reference="B")]).camt()
    charge = b'<Chrgs><Rcrd><Amt Ccy="EUR">20.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs><NtryDtls>'
    found = reader.take(content.replace(b"<NtryDtls>", charge))
    assert (found.counts.payments, found.counts.unresolved) == (2, 0)
    assert reader.amounts() == [D(601), D(602)]
    assert company.sums() == {1200: D(1183), 4970: D(20), 1792: D(-1203)}
    company.sound()


def test_m31_reports_without_a_closing_balance_are_taken(reader: Reader, company: Company) -> None:
    paper = BankPaper(D(100), DAY, [BankLine(D(60), DAY, "a"), BankLine(D(-10), DAY, "b")])
    first = paper.camt("camt.052.001.08").replace(b"OPBD", b"PRCD")
    first = first.replace(first[first.rindex(b"<Bal>") : first.index(b"<Ntry>")], b"")
    second = BankPaper(D(150), DAY, [BankLine(D(-50), DAY, "c")]).camt("camt.052.001.08").replace(b"OPBD", b"ITBD")
    second = second.replace(second[second.rindex(b"<Bal>") : second.index(b"<Ntry>")], b"")
    for content in (first, second):
        assert reader.take(content).state == "READ"
    assert reader.amounts() == [D(60), D(-10), D(-50)]
    closed = BankPaper(D(100), DAY, [BankLine(D(60), DAY, "a"), BankLine(D(-10), DAY, "b"), BankLine(D(-50), DAY, "c")])
    assert reader.take(closed.camt()).counts.known == 3
    assert money(company) == 0
    company.sound()


def test_m32_the_evening_knows_the_parts(reader: Reader, company: Company) -> None:
    whole = BankLine(D(100), DAY, name="", reference="N1")
    reader.take(BankPaper(D(0), DAY, [whole]).camt("camt.052.001.08", balances=False))
    assert reader.amounts() == [D(100)]
    parts = (BankLine(D(30), DAY, "RE 1", end_to_end="E1"), BankLine(D(70), DAY, "RE 2", end_to_end="E2"))
    evening = reader.take(BankPaper(D(0), DAY, [BankLine(D(100), DAY, parts=parts, reference="N1")]).camt())
    assert (evening.state, evening.counts.new, evening.counts.enriched) == ("READ", 0, 1)
    assert reader.amounts() == [D(30), D(70)]
    assert company.sums() == {1200: D(100), 1792: D(-100)}
    again = reader.take(BankPaper(D(0), DAY, [BankLine(D(100), DAY, parts=parts, reference="N1")]).camt())
    assert (again.counts.enriched, again.counts.payments) == (0, 0)
    company.sound()


def test_m33_parts_that_carry_the_reference_of_the_whole(reader: Reader, company: Company) -> None:
    parts = tuple(BankLine(D(10), DAY, f"RE {n}", end_to_end="B7", reference="B7") for n in range(3))
    content = BankPaper(D(0), DAY, [BankLine(D(30), DAY, parts=parts, reference="B7")]).camt()
    reader.take(content)
    reader.take(content)
    assert reader.amounts() == [D(10), D(10), D(10)]
    company.sound()
