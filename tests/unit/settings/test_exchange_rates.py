"""Exchange rates: what is published is read, and the one of a supply is chosen by section 16 (6) UStG."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from contor.kernel.errors import Refused
from contor.payments.statements.read.unpack import unpacked
from contor.settings.exchange.choose import Known, Missing, Month, Rate, average, crossed, daily
from contor.settings.exchange.files import LARGEST, MOST_LINES, MOST_RATES, read_rates

D = Decimal
DAILY_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<Cube><Cube time='2026-05-08'><Cube currency='USD' rate='1.0850'/><Cube currency='JPY' rate='162.34'/></Cube>
<Cube time='2026-05-07'><Cube currency='USD' rate='1.0799'/></Cube></Cube></gesmes:Envelope>"""
HISTORY = b"Date,USD,JPY,CYP,\n2026-05-08,1.0850,162.34,N/A,\n2026-05-07,1.0799,161.9,N/A,\n"
ONE_DAY = b"Date, USD, JPY, \n08 May 2026, 1.0850, 162.34, \n"
AVERAGES = "Land;W\u00e4hrung;ISO;Januar;Februar;M\u00e4rz\nUSA;1 Euro =;USD;1,0354;1,0413;-\nJapan;1 Euro =;JPY;1.061,92;158,09;\n"
WIDE = b"\n2026-05-08" + b",1.1" * 1_000
LONG = b"currency,month,rate\nUSD,2026-04,1.1214\nCHF,2026-04,0.9372\n"


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return out.getvalue()


def told(content: bytes, year: int | None = None) -> list[tuple[str, str, str, str]]:
    return [(one.kind[0], one.currency, str(one.day), str(one.rate)) for one in read_rates(content, year)]


IN_MAY = [("D", "USD", "2026-05-08", "1.0850"), ("D", "JPY", "2026-05-08", "162.34")]


@pytest.mark.parametrize(
    ("content", "year", "rates"),
    [
        (DAILY_XML, None, [*IN_MAY, ("D", "USD", "2026-05-07", "1.0799")]),
        (HISTORY, None, [*IN_MAY, ("D", "USD", "2026-05-07", "1.0799"), ("D", "JPY", "2026-05-07", "161.9")]),
        (ONE_DAY, None, IN_MAY),
        (zipped("eurofxref.csv", ONE_DAY), None, IN_MAY),
        (zipped("eurofxref-daily.xml", DAILY_XML), None, [*IN_MAY, ("D", "USD", "2026-05-07", "1.0799")]),
        (LONG, None, [("M", "USD", "2026-04-01", "1.1214"), ("M", "CHF", "2026-04-01", "0.9372")]),
        (
            AVERAGES.encode("cp1252"),
            2025,
            [
                ("M", "USD", "2025-01-01", "1.0354"),
                ("M", "USD", "2025-02-01", "1.0413"),
                ("M", "JPY", "2025-01-01", "1061.92"),
                ("M", "JPY", "2025-02-01", "158.09"),
            ],
        ),
    ],
)
def test_what_is_published_is_read(content: bytes, year: int | None, rates: list[Any]) -> None:
    assert told(content, year) == rates


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<a",
        b"<a/>",
        b"PK\x03\x04nothing",
        zipped("readme.txt", b"x"),
        AVERAGES.encode(),
        b"Date,USD\nsoon,1.1\n",
        b"Date,USD\n2026-05-08,-1\n",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
)
def test_what_is_no_table_of_rates_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="invalid"):
        read_rates(content)


def damaged(method: int) -> bytes:
    """A zip whose packed bytes are others."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        packed.writestr("a.csv", HISTORY * 50)
    whole = bytearray(out.getvalue())
    whole[45:60] = b"\xff" * 15
    return bytes(whole)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_refused_however_it_is_packed(method: int) -> None:
    with pytest.raises(Refused, match="invalid"):
        read_rates(damaged(method))
    with pytest.raises(Refused, match="invalid"):
        unpacked(damaged(method))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (zipped("a.csv", b"," * (LARGEST + 1)), "holds more than 16 MB"),
        (zipped("a.csv", b"Date" + b"," * 3_000), "cannot be read"),
        (zipped("a.xml", b"<a>" + b"<a/>" * 100_000 + b"</a>"), "has no exchange rates"),
        (zipped("a.xml", b"<a>" + b"<a/>" * (2 * MOST_RATES) + b"</a>"), "cannot be read"),
        (zipped("a.csv", b"Jan 2026;Feb 2026\n" * (MOST_LINES + 1)), "cannot be read"),
        (
            zipped("a.csv", b"Date" + b",USD" * 1_000 + b"\n" + (b"2026-05-08" + b",1.1" * 1_000 + b"\n") * 501),
            "has more than 500000 rates",
        ),
    ],
)
def test_what_is_far_larger_than_any_table_of_rates_is_refused_by_what_comes_not_by_what_it_says(content: bytes, why: str) -> None:
    with pytest.raises(Refused) as refused:
        read_rates(content)
    assert why in refused.value.problems[0].message


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("wanted", "today", "stored", "last", "expected"),
    [
        ("05-08", "05-20", "05-08", "05-19", "05-08"),  # a Friday
        ("05-10", "05-20", "05-08", "05-19", "05-08"),  # a Sunday
        ("05-10", "05-10", "05-08", "05-08", "05-08"),
        ("05-11", "05-11", "05-08", "05-08", "05-08"),  # of a Monday, in the morning
        ("05-11", "05-12", "05-08", "05-08", None),  # the Monday is over
        ("05-12", "05-12", "05-08", "05-08", None),
        ("05-01", "05-20", "04-30", "05-19", "04-30"),  # no bank works on 1 May
        ("04-06", "04-20", "04-02", "04-17", "04-02"),  # Easter Monday
        ("05-08", "05-20", "05-02", "05-19", None),  # a hole
        ("05-08", "05-20", None, "05-19", None),
        ("05-08", "05-20", None, None, None),
    ],
)
def test_the_rate_of_a_day(wanted: str, today: str, stored: str | None, last: str | None, expected: str | None) -> None:
    known = Known(None if stored is None else D("1.0850"), stored and day(stored), stored and "ECB", last and day(last))  # type: ignore[arg-type]
    found = daily("USD", day(wanted), day(today), known)
    if expected is None:
        assert isinstance(found, Missing) and "2026-05-" in found.reason
    else:
        assert found == Rate(D("1.0850"), day(expected), "ECB")


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (Month(D("1.1214"), "BMF", D("1.5"), day("05-29")), Rate(D("1.1214"), day("05-31"), "BMF")),
        (Month(None, None, D("1.1234567"), day("05-29")), Rate(D("1.12346"), day("05-31"), "ECB, average of the month")),
        (Month(None, None, D("1.1234567"), day("06-02")), Rate(D("1.12346"), day("05-31"), "ECB, average of the month")),
        (Month(None, None, D("1.1234567"), day("05-28")), None),  # 29 May 2026 is the last working day
        (Month(None, None, None, None), None),
    ],
)
def test_the_average_of_a_month(month: Month, expected: Rate | None) -> None:
    found = average("USD", day("05-10"), month)
    if expected is None:
        assert isinstance(found, Missing) and "2026-05-10" in found.reason and "2026-05" in found.reason
    else:
        assert found == expected


def test_a_ledger_in_another_currency_than_the_euro() -> None:
    dollar, franc = Rate(D("1.0850"), day("05-08"), "ECB"), Rate(D("0.9372"), day("05-07"), "ECB")
    assert crossed("USD", dollar, franc) == Rate(D("1.15770"), day("05-07"), "ECB")
    missing = Missing(day("05-08"), "none")
    assert crossed("USD", missing, franc) == missing == crossed("USD", dollar, missing)
