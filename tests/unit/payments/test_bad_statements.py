"""Files that are none, or hostile, are refused with the reason, whole, and without taking memory or time."""

import datetime as dt
import io
import tracemalloc
import zipfile
from decimal import Decimal

import pytest
from tests.factories.statements import BankLine, BankPaper

from contor.kernel.errors import Refused
from contor.payments.statements.read import TableColumns, TableForm, read_file, read_table

DAY = dt.date(2026, 11, 2)
GOOD = BankPaper(Decimal(0), DAY, [BankLine(Decimal("119.00"), DAY, "Müller RE-1", reference="R1")])
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
CLOSES = b'<Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>'
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return made.getvalue()


def with_document_type(entities: bytes) -> bytes:
    return GOOD.camt().replace(HEAD, HEAD + b"<!DOCTYPE Document [" + entities + b"]>").replace(b"RE-1", b"&x;")


BAD = {
    "nothing": (b"", "statement_empty"),
    "blanks": (b" \r\n\t", "statement_empty"),
    "prose": (b"Dear customer,\nno statement today.\n", "statement_format_unknown"),
    "zero bytes": (b":20:X\x00:61:", "statement_format_unknown"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "statement_format_unknown"),
    "external entity": (with_document_type(b'<!ENTITY x SYSTEM "file:///etc/passwd">'), "document_type_refused"),
    "parameter entity": (with_document_type(b'<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p;'), "document_type_refused"),
    "billion laughs": (with_document_type(b'<!ENTITY l0 "ha">' + LAUGHS + b'<!ENTITY x "&l9;">'), "document_type_refused"),
    "document type alone": (GOOD.camt().replace(HEAD, HEAD + b'<!DOCTYPE Document SYSTEM "x.dtd">'), "document_type_refused"),
    "wrong charset": (GOOD.camt().decode().encode("latin-1"), "statement_unreadable"),
    "truncated": (GOOD.camt()[:-200], "statement_unreadable"),
    "truncated in a tag": (GOOD.camt()[:700], "statement_unreadable"),
    "no statement in it": (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>', "statement_empty"),
    "another message": (
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><Ntry/></Document>',
        "statement_format_unknown",
    ),
    "web page": (b"<!doctype html><html><body>Login</body></html>", "statement_unreadable"),
    "bookings where none stand": (
        GOOD.camt().replace(b"<Ntry>", b"<Other><Ntry>").replace(b"</Ntry>", b"</Ntry></Other>"),
        "entries_lost",
    ),
    "no amount": (GOOD.camt().replace(b'<Ntry><Amt Ccy="EUR">119.00</Amt>', b"<Ntry>"), "statement_unreadable"),
    "amount of words": (GOOD.camt().replace(b'<Ntry><Amt Ccy="EUR">119.00', b'<Ntry><Amt Ccy="EUR">NaN'), "amount_unreadable"),
    "no date": (GOOD.camt().replace(b"<BookgDt>", b"<X>").replace(b"</BookgDt>", b"</X>").replace(b"ValDt", b"Y"), "date_missing"),
    "a day that is none": (GOOD.camt().replace(b"<BookgDt><Dt>2026-11-02", b"<BookgDt><Dt>2026-11-31"), "date_missing"),
    **{
        f"{place} on {day}": (GOOD.camt().replace(before + b"2026-11-02", before + day.encode()), "date_out_of_range")
        for day in ("9999-12-31", "9001-01-01", "0999-12-31", "0001-01-01")
        for place, before in {
            "a booking": b"<BookgDt><Dt>",
            "a value date": b"<ValDt><Dt>",
            "a balance": CLOSES,
        }.items()
    },
    "all of it in the last year": (GOOD.camt().replace(b"2026-11-02", b"9999-12-31"), "date_out_of_range"),
    "all of it in the first year": (GOOD.camt("camt.054.001.08").replace(b"2026-11-02", b"0001-01-01"), "date_out_of_range"),
    "swift without a message": (b":61:2611021102CR100,00N166NONREF\n", "statement_format_unknown"),
    "swift with a broken line": (GOOD.swift().replace(b"CR119,00", b"QQ119,00"), "statement_unreadable"),
    **{
        f"swift with an amount {written}": (GOOD.swift().replace(b"CR119,00", b"C" + written.encode()), "amount_unreadable")
        for written in ("1.50", "1.234,56", "1234567890123,45", "999999999999999999,00", "-5,00", "1,5,0")
    },
    "swift with bookings before it begins": (b":61:2611021102CR1,00N166NONREF\n" + GOOD.swift(), "entries_lost"),
    "broken zip": (b"PK\x03\x04 and no more", "zip_unreadable"),
    "zip of a zip": (zipped(a=zipped(b=GOOD.camt())), "zip_unreadable"),
    "empty zip": (zipped(), "statement_empty"),
    "too many files": (zipped(**{f"f{n}": b"x" for n in range(1_001)}), "file_too_large"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_reason(name: str) -> None:
    content, code = BAD[name]
    with pytest.raises(Refused) as refused:
        read_file(content)
    assert refused.value.problems[0].code == code, refused.value.problems
    assert "passwd" not in str(refused.value.problems)


@pytest.mark.parametrize("day", ["31.12.9999", "01.01.9001", "31.12.0999", "01.01.0001"])
@pytest.mark.parametrize("column", ["Tag", "Wert"])
def test_a_line_of_a_table_at_the_ends_of_the_calendar_is_refused(day: str, column: str) -> None:
    form = TableForm(columns=TableColumns(booking_date="Tag", value_date="Wert", amount="Betrag"))
    cells = {"Tag": "02.11.2026", "Wert": "02.11.2026", column: day}
    table = f"Tag;Wert;Betrag\n{cells['Tag']};{cells['Wert']};1,00\n"
    with pytest.raises(Refused) as refused:
        read_table(table, form, "DE1", "EUR")
    assert "a year from 1000 to 9000 is expected" in refused.value.problems[0].message


TABLE = TableForm(columns=TableColumns(booking_date="Tag", credit="Haben", debit="Soll", text=("Text",)))


def table(*lines: str) -> list[Decimal]:
    (read,) = read_table("\n".join(["Tag;Haben;Soll;Text", *lines]), TABLE, "DE1", "EUR")
    return [entry.amount for entry in read.entries]


@pytest.mark.parametrize(
    ("cells", "amount"),
    [
        ("7,00;;x", "7"),
        (";7,00;x", "-7"),
        (";-7,00;x", "-7"),
        ("-7,00;;x", "-7"),
        ("7,00;0,00;x", "7"),
        ("0;1.234,50;x", "-1234.5"),
    ],
)
def test_what_came_in_and_what_went_out_keep_their_signs(cells: str, amount: str) -> None:
    assert table(f"27.11.2026;{cells}") == [Decimal(amount)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('27.11.2026;9,00;;"unclosed\n27.11.2026;8,00;;x', "quotes that do not close"),
        ("27.11.2026;1.23,45;;x", "is no amount"),
        ("27.11.2026;0,00;0,00;x", "either the credit or the debit"),
    ],
)
def test_a_table_from_which_bookings_or_amounts_would_be_lost_is_refused(line: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        table(line)
    assert why in refused.value.problems[0].message


def test_a_column_that_stands_twice_is_asked_about() -> None:
    with pytest.raises(Refused) as refused:
        read_table("Tag;Haben;Soll;Text;Haben\n27.11.2026;7,00;;x;8,00", TABLE, "DE1", "EUR")
    assert refused.value.problems[0].code == "columns_twice"


def test_a_zip_that_holds_a_gigabyte_is_read_no_further_than_allowed() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("big.xml", "w", force_zip64=True) as member:
        for _ in range(1024):
            member.write(bytes(1024 * 1024))
    assert len(bomb.getvalue()) < 2 * 1024 * 1024
    tracemalloc.start()
    with pytest.raises(Refused) as refused:
        read_file(bomb.getvalue())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.problems[0].code == "file_too_large"
    assert peak < 300 * 1024 * 1024


def test_good_files_are_read_however_they_are_wrapped() -> None:
    """With a byte order mark, in ISO-8859-1, UTF-16, zipped, in blocks of SWIFT: the same bookings."""
    xml = GOOD.camt()
    latin = xml.replace(b"UTF-8", b"ISO-8859-1").decode().encode("latin-1")
    wide = xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    for content in (
        b"\xef\xbb\xbf" + xml,
        b"\n  " + xml.replace(HEAD, b""),
        latin,
        wide,
        zipped(one=xml),
        zipped(**{"__MACOSX/x": b"x", "a": xml}),
    ):
        (statement,) = read_file(content)
        assert statement.booked[0].parts[0].text == "Müller RE-1"
    swift = GOOD.swift()
    blocks = b"{1:F01XXXXDEFFAXXX0000000000}{2:O9400000000000XXXX}{4:\r\n" + swift.rstrip().removesuffix(b"-") + b"-}{5:{CHK:1}}"
    for content in (swift, blocks, swift.decode("latin-1").encode(), swift.replace(b"\r\n", b"\n"), zipped(a=swift)):
        (statement,) = read_file(content)
        assert (statement.booked[0].amount, statement.booked[0].parts[0].text) == (Decimal("119.00"), "Müller RE-1")
