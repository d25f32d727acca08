"""Files of payment providers as reports: each format by its exact values, and everything that is wrong with a file at once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.settlements import Moved, adyen_file, paypal_file, stripe_file

from contor.payments.settlements.reading import NotRead, lines, read_settlement
from contor.payments.settlements.types import MappedColumns, MappedType, ReadItem, SettlementMapping

D = Decimal
DAY = "2026-11-20"
MAPPING = SettlementMapping(
    provider="KASSE",
    delimiter=";",
    decimal_separator=",",
    date_format="DD.MM.YYYY",
    fee_is_negative=True,
    columns=MappedColumns(
        type="Art",
        net="Netto",
        gross="Brutto",
        fee="Entgelt",
        booking_date="Tag",
        external_ident="Nr",
        reference="Vorgang",
        description="Text",
        balance="Saldo",
        report="Bericht",
    ),
    types=(MappedType(value="Verkauf", type="PAYMENT"), MappedType(value="Auszahlung", type="PAYOUT")),
)
TABLE = """Nr;Bericht;Art;Tag;Brutto;Entgelt;Netto;Saldo;Vorgang;Text
1;R-1;Verkauf;20.11.2026;1.119,00;-1,66;1.117,34;1.127,34;V-1;RE-1
2;R-1;Auszahlung;21.11.2026;-1.117,34;0,00;-1.117,34;10,00;A-1;
3;R-1;Sonstiges;21.11.2026;2,00;0,00;2,00;12,00;;
"""


def said(items: tuple[ReadItem, ...]) -> list[tuple[str, str, str, str]]:
    return [(item.type, str(item.gross), str(item.fee), str(item.net)) for item in items]


def findings(content: bytes, mapping: SettlementMapping | None = None) -> list[tuple[str, int | None]]:
    with pytest.raises(NotRead) as refused:
        read_settlement(content, "EUR", mapping)
    return [(finding.code, finding.row) for finding in refused.value.findings]


def test_stripe_s_payout_is_a_report_that_begins_and_ends_with_nothing() -> None:
    content = stripe_file(
        Moved("charge", "119.00", "1.66", "1", "RE-1"),
        Moved("refund", "-19.00", "0.00", "2"),
        Moved("dispute", "-50.00", "15.00", "3", original="1"),
        Moved("fee", "-2.00", "0", "4"),
        Moved("risk_reserved_funds", "-1.00", "0", "5"),
        day=DAY,
    )
    form, (report,) = read_settlement(content, "EUR")
    assert form == "STRIPE_BALANCE_TRANSACTIONS"
    assert (report.provider, report.external_ident, report.currency) == ("STRIPE", "po_1", "EUR")
    assert (report.opening, report.closing, report.period_start) == (0, 0, dt.date(2026, 11, 20))
    assert said(report.items) == [
        ("PAYMENT", "119.00", "1.66", "117.34"),
        ("REFUND", "-19.00", "0.00", "-19.00"),
        ("CHARGEBACK", "-50.00", "15.00", "-65.00"),
        ("FEE", "-2.00", "0", "-2.00"),
        ("CORRECTION", "-1.00", "0", "-1.00"),
        ("PAYOUT", "-30.34", "0", "-30.34"),
    ]
    assert [item.references[0] for item in report.items] == ["pi_1", "re_2", "pi_1", "pi_4", "pi_5", "po_1"]
    assert [item.reason_code for item in report.items if item.reason_code] == ["MD06"]


def test_what_a_merchant_noted_on_a_payment_is_part_of_its_text() -> None:
    head, *lines = stripe_file(Moved("charge", "10.00", "1.00", "1", "Order"), day=DAY).decode().splitlines()
    content = "\n".join([f"{head},payment_metadata[invoice]", *(f"{line},RE-1" for line in lines)]).encode()
    _, (report,) = read_settlement(content, "EUR")
    assert report.items[0].description == "Order RE-1"


def test_stripe_s_own_row_of_the_payout_counts() -> None:
    content = stripe_file(Moved("charge", "10.00", "1.00", "1"), Moved("payout", "-9.00", "0", "2"), day=DAY)
    _, (report,) = read_settlement(content, "EUR")
    assert said(report.items) == [("PAYMENT", "10.00", "1.00", "9.00"), ("PAYOUT", "-9.00", "0", "-9.00")]


def test_the_export_of_balance_transactions_is_read_by_its_own_names() -> None:
    content = (
        b'id,Type,Source,Amount,Fee,Net,Currency,"Created (UTC)","Available On (UTC)",Description,Transfer,"Transfer Date (UTC)"\n'
        b'txn_1,charge,ch_1,"119.00","1.66","117.34",eur,2026-11-20 10:11,2026-11-22,RE-1,po_7,2026-11-23 00:00\n'
    )
    _, (report,) = read_settlement(content, "EUR")
    assert said(report.items) == [("PAYMENT", "119.00", "1.66", "117.34"), ("PAYOUT", "-117.34", "0", "-117.34")]
    assert report.items[1].booked_on == dt.date(2026, 11, 23)


def test_adyen_s_batch_with_all_that_it_knows() -> None:
    content = adyen_file(
        Moved("Balancetransfer", "7.00"),
        Moved("Settled", "119.00", "1.66", "1", "RE-1"),
        Moved("Refunded", "-19.00", "0.10", "2", original="1"),
        Moved("Chargeback", "-349.99", "7.5", "3", original="1"),
        Moved("ChargebackReversed", "349.99", "0", "4", original="1"),
        Moved("Fee", "-4.00"),
        Moved("DepositCorrection", "-3.00"),
        Moved("MerchantPayout", "-90.74"),
        day=DAY,
    )
    form, (report,) = read_settlement(content, "EUR")
    assert form == "ADYEN_SETTLEMENT_DETAILS"
    assert (report.external_ident, report.opening, report.closing) == ("OurMerchant/4", D("7.00"), 0)
    assert said(report.items) == [
        ("PAYMENT", "119.00", "1.66", "117.34"),
        ("REFUND", "-19.00", "0.10", "-19.10"),
        ("CHARGEBACK", "-349.99", "7.5", "-357.49"),
        ("CHARGEBACK", "349.99", "0", "349.99"),
        ("FEE", "-4.00", "0", "-4.00"),
        ("CORRECTION", "-3.00", "0", "-3.00"),
        ("PAYOUT", "-90.74", "0", "-90.74"),
    ]
    assert report.opening is not None
    assert report.opening + sum(item.net for item in report.items) == report.closing
    assert report.items[2].references == ("PSP0000000000001", "MOD0000000000003")
    assert report.items[-1].description == "ADYEN OurMerchant batch 4"


@pytest.mark.parametrize(
    ("carried", "paid_out", "opening", "closing"),
    [
        ([], True, "0", "0"),
        (["-10.00"], False, "0", "10.00"),
        (["5.00", "-15.00"], False, "5.00", "15.00"),
        (["-5.00"], True, "-5.00", "0"),
    ],
)
def test_what_an_adyen_batch_takes_over_and_leaves(carried: list[str], paid_out: bool, opening: str, closing: str) -> None:
    left = D(10) + sum((D(amount) for amount in carried), D(0))
    rows = [Moved("Balancetransfer", amount) for amount in carried[:1] if len(carried) == 2 or paid_out]
    rows.append(Moved("Settled", "10.00", "0", "1"))
    rows += [Moved("MerchantPayout", str(-left))] if paid_out else [Moved("Balancetransfer", carried[-1])]
    _, (report,) = read_settlement(adyen_file(*rows, day=DAY), "EUR")
    assert (report.opening, report.closing) == (D(opening), D(closing))
    assert report.opening is not None
    assert report.opening + sum(item.net for item in report.items) == report.closing


def test_an_adyen_payment_in_another_currency_moves_the_balance_by_its_net() -> None:
    content = adyen_file(Moved("Settled", "10.00", "0.50", "1", "RE-1"), day=DAY).replace(
        b"EUR,,10.00,1,EUR", b"USD,,11.80,0.8474,EUR"
    )
    _, (report,) = read_settlement(content, "EUR")
    assert said(report.items) == [("PAYMENT", "10.00", "0.50", "9.50")]
    assert report.items[0].description == "RE-1 (11.80 USD)"


def test_paypal_s_amounts_are_whole_cents_with_their_side() -> None:
    content = paypal_file(
        Moved("T0006", "119.00", "1.66", "1", "RE-1"),
        Moved("T1107", "-19.00", "-0.20", "2", original="1"),
        Moved("T1201", "-50.00", "16.00", "3", original="1"),
        Moved("T0106", "-3.00", "0", "4"),
        Moved("T0000", "-4.00", "0", "5"),
        Moved("T0400", "-25.00", "0", "6"),
        opening="5.00",
        day=DAY,
    )
    form, (report,) = read_settlement(content, "EUR")
    assert form == "PAYPAL_SETTLEMENT"
    assert (report.external_ident, report.opening, report.closing) == ("MERCHANT1/2026-11-20/EUR", D("5.00"), D("5.54"))
    assert said(report.items) == [
        ("PAYMENT", "119.00", "1.66", "117.34"),
        ("REFUND", "-19.00", "-0.20", "-18.80"),
        ("CHARGEBACK", "-50.00", "16.00", "-66.00"),
        ("FEE", "-3.00", "0", "-3.00"),
        ("CORRECTION", "-4.00", "0", "-4.00"),
        ("PAYOUT", "-25.00", "0", "-25.00"),
    ]
    assert report.items[2].references == ("TX1", "TX3")


def test_any_table_is_read_as_its_mapping_says() -> None:
    form, (report,) = read_settlement(TABLE.encode("utf-8-sig"), "EUR", MAPPING)
    assert form == "GENERIC_SETTLEMENT"
    assert (report.provider, report.external_ident, report.opening, report.closing) == ("KASSE", "R-1", D("10.00"), D("12.00"))
    assert said(report.items) == [
        ("PAYMENT", "1119.00", "1.66", "1117.34"),
        ("PAYOUT", "-1117.34", "0.00", "-1117.34"),
        ("CORRECTION", "2.00", "0.00", "2.00"),
    ]
    assert report.items[0].booked_on == dt.date(2026, 11, 20)


def wrong_balance() -> bytes:
    return TABLE.replace("1.127,34", "1.127,35").encode()


STRIPE = stripe_file(Moved("charge", "10.00", "1.00", "1"), Moved("charge", "20.00", "1.00", "2"), day=DAY)
ADYEN = adyen_file(Moved("Settled", "10.00", "1.00", "1"), day=DAY)
PAYPAL = paypal_file(Moved("T0006", "10.00", "1.00", "1"), Moved("T0006", "20.00", "1.00", "2"), day=DAY)
UNREADABLE = "settlement_file_unreadable"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [(UNREADABLE, None)]),
        (b"\xef\xbb\xbf \n", [(UNREADABLE, None)]),
        (b"a,b\n1,2\n", [(UNREADABLE, 1)]),
        (STRIPE.replace(b"\n", "ü\n".encode("cp1252"), 1), [(UNREADABLE, 1)]),
        (STRIPE.decode().encode("utf-16"), [(UNREADABLE, 1)]),
        (STRIPE + b"\x00\x01", [(UNREADABLE, 4)]),
        (b"PK\x03\x04" + STRIPE, [(UNREADABLE, 1)]),
        (STRIPE[:-60], [("settlement_row_incomplete", 3)]),
        (STRIPE + b'po_1,"2026', [(UNREADABLE, 4)]),
        (STRIPE.splitlines(keepends=True)[0], [(UNREADABLE, None)]),
        (STRIPE.replace(b"txn_2", b"txn_1"), [("settlement_row_twice", 3)]),
        (
            STRIPE.replace(b"20.00", b"20.001").replace(b"10.00,", b"1e1,"),
            [("settlement_amount_malformed", 2), ("amount_not_in_currency", 3)],
        ),
        (STRIPE.replace(b"eur,20", b"xyz,20"), [("settlement_currency_unknown", 3)]),
        (STRIPE.replace(b"po_1,2026-11-20 10:00:00,txn_2", b",,txn_2"), [("settlement_payout_missing", 3)]),
        (
            STRIPE.replace(b"2026-11-20", b"2026-02-30"),
            [("settlement_day_malformed", 2)] * 2 + [("settlement_day_malformed", 3)] * 2,
        ),
        (STRIPE.replace(b"gross", b"fee", 1), [(UNREADABLE, 1)]),
        (ADYEN.replace(b",4,\n", b",,\n"), [("settlement_batch_missing", 2)]),
        (
            adyen_file(*[Moved("Balancetransfer", "1.00")] * 3, Moved("Settled", "1.00"), day=DAY),
            [("settlement_balance_unclear", None)],
        ),
        (b"\n".join(PAYPAL.splitlines()[:-4]), [(UNREADABLE, None)]),
        (PAYPAL.replace(b'"SC",2', b'"SC",3'), [("settlement_rows_missing", 8)]),
        (PAYPAL.replace(b'"SF","EUR",3000', b'"SF","EUR",3001'), [("settlement_sums_differ", 7)]),
        (PAYPAL.replace(b'"CR",2000', b'"XX",2000'), [("settlement_amount_malformed", 6)]),
        (PAYPAL.replace(b"1000,", b"10.00,", 1), [("settlement_amount_malformed", 5)]),
        (PAYPAL.replace(b'"Invoice ID",', b""), [(UNREADABLE, 4)]),
    ],
)
def test_a_file_that_is_none_is_refused_with_every_finding(content: bytes, expected: list[Any]) -> None:
    assert findings(content) == expected


@pytest.mark.parametrize("day", ["9999-12-31", "9001-01-01", "0999-12-31", "0001-01-01"])
def test_no_day_of_a_report_lies_at_the_ends_of_the_calendar(day: str) -> None:
    row, own = Moved("charge", "119.00"), ".".join(reversed(day.split("-")))
    files = {
        "stripe": (stripe_file(row, day=day), None),
        "adyen": (adyen_file(Moved("Settled", "119.00"), day=day), None),
        "paypal": (paypal_file(Moved("T0006", "119.00"), day=day), None),
        "mapped": (TABLE.replace("20.11.2026", own).encode(), MAPPING),
    }
    for name, (content, mapping) in files.items():
        assert "settlement_day_malformed" in {code for code, _ in findings(content, mapping)}, name


def test_each_row_of_a_table_leads_from_balance_to_balance() -> None:
    assert findings(wrong_balance(), MAPPING) == [("settlement_balance_differs", 3)]


def test_a_table_lacks_what_its_mapping_names() -> None:
    assert findings(TABLE.replace("Saldo", "Rest").encode(), MAPPING) == [("settlement_columns_missing", 1)]


def test_a_file_has_so_many_rows_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_ROWS", 3)
    assert len(read_settlement(STRIPE, "EUR")[1]) == 1
    monkeypatch.setattr(lines, "MOST_ROWS", 2)
    assert findings(STRIPE) == [(UNREADABLE, None)]


def test_a_person_reads_a_hundred_findings() -> None:
    rows = [Moved("charge", "1.001", "0", str(number)) for number in range(150)]
    found = findings(stripe_file(*rows, day=DAY))
    assert len(found) == 101
    assert found[-1] == ("settlement_more_findings", None)


def test_all_of_a_file_is_as_it_was_whatever_a_cell_begins_with() -> None:
    """A formula in a text is a text."""
    _, (report,) = read_settlement(stripe_file(Moved("charge", "1.00", "0", "1", '=HYPERLINK(""x"")'), day=DAY), "EUR")
    assert report.items[0].description == '=HYPERLINK("x")'
