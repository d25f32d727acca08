"""What banks keep of transfers: whichever way a bank states it, the parts less their charges are what is booked."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.payments.statements.judged import transfers_of
from contor.payments.statements.read import read_file

D = Decimal


def amount(name: str, value: str, currency: str = "EUR") -> str:
    money = f'<Amt Ccy="{currency}">{value}</Amt>'
    return {"own": money, "TxAmt": f"<AmtDtls><TxAmt>{money}</TxAmt></AmtDtls>", "InstdAmt": f"<InstdAmt>{money}</InstdAmt>"}[name]


def charges(value: str, included: str | None = "true", mark: str = "DBIT") -> str:
    said = f"<ChrgInclInd>{included}</ChrgInclInd>" if included else ""
    return f'<Rcrd><Amt Ccy="EUR">{value}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{said}</Rcrd>'


def part(
    own: str = "",
    transaction: str = "",
    instructed: str = "",
    records: str = "",
    reason: str = "",
    currency: str = "EUR",
) -> str:
    details = (f"<InstdAmt>{amount('own', instructed, currency)}</InstdAmt>" if instructed else "") + (
        f"<TxAmt>{amount('own', transaction)}</TxAmt>" if transaction else ""
    )
    return (
        f"<TxDtls>{amount('own', own) if own else ''}{f'<AmtDtls>{details}</AmtDtls>' if details else ''}"
        f"{f'<Chrgs>{records}</Chrgs>' if records else ''}"
        f"{f'<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>' if reason else ''}</TxDtls>"
    )


def made(mark: str, booked: str, *parts: str, records: str = "") -> list[tuple[Decimal, Decimal]] | None:
    """(amount, fee) of each transfer of a booking."""
    content = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id><IBAN>'
        "DE36100100100000000001</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f'<Ntry><Amt Ccy="EUR">{booked}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-02</Dt></BookgDt>'
        f"{f'<Chrgs>{records}</Chrgs>' if records else ''}<NtryDtls>{''.join(parts)}</NtryDtls></Ntry>"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    (statement,) = read_file(content.encode())
    (entry,) = statement.entries
    found = transfers_of(entry)
    assert found is None or sum(one.amount - one.fee for one in found) == entry.amount
    return None if found is None else [(one.amount, one.fee) for one in found]


RETURN = [(D("-238.00"), D("3.00"))]
THREE = charges("3.00")


@pytest.mark.parametrize(
    "shape",
    [
        part("241.00", "", "238.00", THREE, "AM04"),
        part("241.00", "241.00", "238.00", THREE, "AM04"),
        part("", "241.00", "238.00", THREE, "AM04"),
        part("", "", "238.00", THREE, "AM04"),
        part("241.00", "", "238.00", charges("3.00", None), "AM04"),
        part("241.00", "", "238.00", charges("3.00", "false"), "AM04"),
        part("", "", "238.00", charges("3.00", "false"), "AM04"),
        part("241.00", "", "238.00", charges("2.50") + charges("0.50"), "AM04"),
        part("241.00", "", "238.00", charges("2.50") + charges("0.50", "false"), "AM04"),
        part("241.00", "", "238.00", charges("2.00"), "AM04"),
        part("241.00", "241.00", "238.00", "", "AM04"),
        part("", "", "238.00", "", "AM04"),
        part("241.00", "238.00", "", "", "AM04"),
        part("241.00", "238.00", "", THREE, "AM04"),
        part("241.00", "", "", THREE, "AM04"),
        part("", "", "", THREE, "AM04"),
        part("238.00", "", "238.00", THREE, "AM04"),
        part("238.00", "", "", THREE, "AM04"),
        part("238.00", "", "", "", "AM04"),
    ],
)
def test_a_return_takes_back_what_was_collected(shape: str) -> None:
    assert made("DBIT", "241.00", shape) == RETURN


def test_charges_of_a_return_at_its_booking() -> None:
    assert made("DBIT", "241.00", part("241.00", "", "238.00", "", "AM04"), records=THREE) == RETURN
    assert made("DBIT", "241.00", part("241.00", "", "", "", "AM04"), records=THREE) == RETURN


@pytest.mark.parametrize(
    "shape",
    [
        part("1164.00", "", "1190.00", charges("26.00")),
        part("", "1164.00", "1190.00", charges("26.00")),
        part("1164.00", "1164.00", "1190.00", charges("26.00", None)),
        part("1164.00", "1164.00", "1190.00", charges("26.00", "false")),
        part("1164.00", "1190.00", "", charges("26.00")),
        part("1164.00", "", "", charges("26.00")),
        part("1190.00", "1190.00", "1190.00", charges("26.00")),
        part("1164.00", "", "1190.00", charges("30.00") + charges("4.00", "true", "CRDT")),
        part("", "", "1190.00", charges("26.00")),
        part("1164.00", "", "1290.00", charges("26.00"), currency="USD"),
    ],
)
def test_a_receipt_is_what_was_ordered_less_the_charges(shape: str) -> None:
    assert made("CRDT", "1164.00", shape) == [(D("1190.00"), D("26.00"))]


@pytest.mark.parametrize(
    ("mark", "booked", "shape", "expected"),
    [
        ("CRDT", "1164.00", part("1164.00", "1164.00", "1164.00"), ("1164.00", "0")),
        ("CRDT", "1164.00", part("1164.00", "1164.00", "1164.00", charges("26.00")), ("1164.00", "0")),  # taken apart
        ("CRDT", "1164.00", part("1164.00", "", "", charges("26.00", "false")), ("1164.00", "0")),
        ("CRDT", "1164.00", part("1164.00", "", "1190.00"), ("1164.00", "0")),  # no charge is stated: somebody judges
        ("CRDT", "1164.00", part("1164.00", "", "1290.00", currency="USD"), ("1164.00", "0")),
        ("DBIT", "241.00", part("241.00", "", "238.00", "", "AM04", currency="USD"), ("-241.00", "0")),
        ("DBIT", "119.00", part("119.00", "", "119.00", "", "AM04"), ("-119.00", "0")),
        ("DBIT", "119.00", part("119.00", "", "116.00", "", "0000"), ("-119.00", "0")),
        ("DBIT", "103.00", part("103.00", "", "100.00", charges("3.00")), ("-100.00", "3.00")),  # a transfer of ours
        ("CRDT", "97.00", part("97.00", "", "100.00", charges("3.00"), "AC01"), ("100.00", "3.00")),  # and one that came back
        ("DBIT", "3.00", part("3.00", "", "", charges("3.00")), ("-3.00", "0")),  # the charge itself
    ],
)
def test_what_is_no_charge_stays_whole(mark: str, booked: str, shape: str, expected: tuple[str, str]) -> None:
    assert made(mark, booked, shape) == [tuple(map(D, expected))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (part("360.00", "", "357.00", THREE, "AM04"), part("42.27", "", "39.27", THREE, "AM04")),
        (part("360.00", "360.00", "357.00", "", "AM04"), part("42.27", "42.27", "39.27", "", "MD01")),
        (part("", "", "357.00", THREE, "AM04"), part("", "", "39.27", THREE, "AM04")),
        (part("357.00", "", "357.00", THREE, "AM04"), part("39.27", "", "39.27", THREE, "AM04")),
        (part("360.00", "", "357.00", charges("3.00", "false"), "AM04"), part("42.27", "", "39.27", THREE, "AM04")),
        (part("360.00", "", "", THREE, "AM04"), part("42.27", "", "39.27", THREE, "AM04")),
        (part("360.00", "", "357.00", THREE, "AM04"), part("", "", "39.27", THREE, "AM04")),
    ],
)
def test_a_batch_of_returns_has_its_fees(first: str, second: str) -> None:
    assert made("DBIT", "402.27", first, second) == [(D("-357.00"), D("3.00")), (D("-39.27"), D("3.00"))]


def test_a_batch_with_a_transfer_that_cost_nothing() -> None:
    found = made("CRDT", "1283.00", part("1164.00", "", "1190.00", charges("26.00")), part("119.00", "", "119.00"))
    assert found == [(D("1190.00"), D("26.00")), (D("119.00"), D("0"))]


@pytest.mark.parametrize("included", ["true", "false", None])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (part("601.00"), part("602.00")),
        (part("", "601.00"), part("", "602.00")),
        (part("", "", "601.00"), part("", "", "602.00")),
        (part("601.00", "601.00", "601.00"), part("602.00", "602.00", "602.00")),
    ],
)
def test_charges_of_several_at_their_booking(first: str, second: str, included: str | None) -> None:
    found = made("CRDT", "1183.00", first, second, records=charges("20.00", included))
    assert found == [(D("601.00"), D("0")), (D("602.00"), D("20.00"))]


def test_charges_at_the_booking_that_the_parts_state_too_count_once() -> None:
    first, second = part("601.00", records=charges("10.00")), part("602.00", records=charges("10.00"))
    found = made("CRDT", "1183.00", first, second, records=charges("20.00"))
    assert found == [(D("601.00"), D("10.00")), (D("602.00"), D("10.00"))]


def test_charges_at_the_booking_of_parts_that_are_less_already() -> None:
    first, second = part("591.00", "", "601.00"), part("592.00", "", "602.00")
    assert made("CRDT", "1183.00", first, second, records=charges("20.00")) == [(D("601.00"), D("0")), (D("602.00"), D("20.00"))]
    assert made("CRDT", "1183.00", part("591.00"), part("592.00"), records=charges("20.00", "false")) == [
        (D("591.00"), D("0")),
        (D("592.00"), D("0")),
    ]


def test_parts_that_do_not_come_to_the_booking_stay_one() -> None:
    assert made("CRDT", "1183.00", part("601.00"), part("602.00"), records=charges("19.00")) is None


CENTS = st.integers(min_value=1, max_value=10**6).map(lambda cents: D(cents) / 100)


@given(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=5))
def test_returns_and_their_fees_are_what_is_booked(lines: list[tuple[Decimal, Decimal]]) -> None:
    shapes = [part(str(taken + fee), "", str(taken), charges(str(fee)), "AM04") for taken, fee in lines]
    assert made("DBIT", str(sum(taken + fee for taken, fee in lines)), *shapes) == [(-taken, fee) for taken, fee in lines]


@pytest.mark.parametrize(
    ("line", "below", "said", "expected"),
    [
        ("DR241,00", "/OCMT/EUR238,00//CHGS/EUR3,00/", "109?00R?20SVWZ+AM04", ("-238.00", "3.00")),
        ("DR241,00", "/OCMT/EUR238,00/", "109?00R?20SVWZ+AM04", ("-238.00", "3.00")),
        ("DR241,00", "", "109?00R?20OAMT+238,00?21COAM+3,00?22SVWZ+AM04", ("-238.00", "3.00")),
        ("DR241,00", "", "109?00R?20OAMT+238,00?22SVWZ+AM04", ("-238.00", "3.00")),
        ("DR241,00", "/OCMT/USD238,00/", "109?00R?20SVWZ+AM04", ("-241.00", "0")),
        ("DR241,00", "/OCMT/EUR238,00/", "109?00R?20SVWZ+0000", ("-241.00", "0")),
        ("CR1164,00", "/OCMT/EUR1190,00//CHGS/EUR26,00/", "166?00G?20SVWZ+RE", ("1190.00", "26.00")),
        ("CR1164,00", "/OCMT/EUR1190,00/", "166?00G?20SVWZ+RE", ("1164.00", "0")),
    ],
)
def test_the_same_in_swift(line: str, below: str, said: str, expected: tuple[str, str]) -> None:
    lines = [":20:S", ":25:DE36100100100000000001", ":28C:1/1", ":60F:C261102EUR0,00", f":61:2611021102{line}NMSCNONREF"]
    lines += [*([below] if below else []), f":86:{said}", ":62F:C261102EUR0,00", "-", ""]
    (statement,) = read_file("\r\n".join(lines).encode("latin-1"))
    (entry,) = statement.entries
    assert [(one.amount, one.fee) for one in transfers_of(entry) or ()] == [tuple(map(D, expected))]
