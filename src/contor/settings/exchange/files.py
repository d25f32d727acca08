"""Exchange rates as they are published: XML, CSV and zip of the European Central Bank, monthly averages of the BMF as CSV. Pure.

Source: https://www.ecb.europa.eu/stats/eurofxref (eurofxref-daily.xml, eurofxref-hist.xml, eurofxref.csv, eurofxref-hist.csv and the zips
of both); the table of rates for VAT of the BMF, one row for each currency with its ISO code and a column for each month.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from lxml import etree

from contor.kernel.days import is_countable
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.foreign import ZIP_FAULTS
from contor.kernel.money import CURRENCIES
from contor.settings.exchange.choose import RateKind

LARGEST = 16 * 1024 * 1024
"""Bytes of a file, and of what a zip holds: all that the ECB ever published has half of them, as XML."""
MOST_RATES = 500_000
"""Of a file; the ECB's has 300,000 since 1999."""
MOST_LINES = 100_000
"""Of a table; the ECB's has 7,000."""
WIDEST = 2_000
"""Cells of a line: there are less currencies, and less months."""
_HIGHEST = Decimal(10) ** 10
_RATE = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?")
_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_WRITTEN = {"mrz": 3, "maerz": 3, "mar": 3, "may": 5, "oct": 10, "dec": 12} | {name: n for n, name in enumerate(_MONTHS, 1)}


class Published(NamedTuple):
    """Units of the currency for one euro; `day` is the first of the month for an average."""

    kind: RateKind
    currency: str
    day: dt.date
    rate: Decimal


def read_rates(content: bytes, year: int | None = None) -> list[Published]:
    """Every rate of a file. `year`: of a table of averages whose columns name months alone. Raises Refused for what is no such file."""
    if len(content) > LARGEST:
        raise _refused(f"is larger than {LARGEST >> 20} MB")
    if content[:2] == b"PK":
        content = _unzipped(content)
    try:
        read = _of_xml(content) if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" else _of_csv(content, year)
        found = list(islice(read, MOST_RATES + 1))
    except (etree.XMLSyntaxError, UnicodeDecodeError, csv.Error, ValueError):
        raise _refused("cannot be read") from None
    if len(found) > MOST_RATES:
        raise _refused(f"has more than {MOST_RATES} rates")
    if not found:
        raise _refused("has no exchange rates")
    return found


def _refused(why: str) -> Refused:
    message = f"The file {why}; expected are rates of the ECB (XML, CSV or zip), or monthly averages of the BMF (CSV)."
    return Refused(Kind.INVALID, Problem("exchange_rates_unreadable", message, "file"))


def _unzipped(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = [info for info in packed.infolist() if info.filename.lower().endswith((".csv", ".xml"))]
            if len(members) != 1:
                raise _refused("is a zip without exactly one table")
            with packed.open(members[0]) as member:
                found = member.read(LARGEST + 1)  # what it says of its size is not believed
    except ZIP_FAULTS:
        raise _refused("cannot be unpacked") from None
    if len(found) > LARGEST:
        raise _refused(f"holds more than {LARGEST >> 20} MB")
    return found


def _of_xml(content: bytes) -> Iterator[Published]:
    """Cube elements with `time`, in each those with `currency` and `rate`."""
    opened = etree.iterparse(io.BytesIO(content.strip()), resolve_entities=False, no_network=True, load_dtd=False)
    for number, (_, found) in enumerate(opened, 1):  # each as it ends, a day after its rates
        if number > 2 * MOST_RATES:
            raise ValueError("there are more elements than rates may be")
        if (written := found.get("time")) is not None and etree.QName(found).localname == "Cube":
            for entry in found:
                yield from _published("DAILY", entry.get("currency") or "", dt.date.fromisoformat(written), entry.get("rate") or "")
        if found.get("currency") is None:  # what was read is not kept
            found.clear()


def _of_csv(content: bytes, year: int | None) -> Iterator[Published]:
    text = _text(content)
    rows = list(_cells(csv.reader(io.StringIO(text), delimiter=";" if text.count(";") > text.count(",") else ",")))
    head = [cell.lower() for cell in rows[0]] if rows else []
    if head[:1] == ["date"]:
        yield from _by_day(rows)
    elif {"currency", "month", "rate"} <= set(head):
        places = [head.index(name) for name in ("currency", "month", "rate")]
        for row in rows[1:]:
            currency, month, rate = (row[place] for place in places if place < len(row))
            yield from _published("MONTHLY_AVERAGE", currency, dt.date.fromisoformat(f"{month[:7]}-01"), rate)
    else:
        yield from _by_month(rows, year)


def _cells(read: Iterator[list[str]]) -> Iterator[list[str]]:
    """The lines that say something. Raises ValueError for what is wider or longer than any table."""
    for number, row in enumerate(read, 1):
        if len(row) > WIDEST or number > MOST_LINES:
            raise ValueError("the table is too large")
        if any(cells := [cell.strip() for cell in row]):
            yield cells


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _by_day(rows: list[list[str]]) -> Iterator[Published]:
    """Of the ECB: a column for each currency, a row for each day."""
    for row in rows[1:]:
        try:
            day = dt.date.fromisoformat(row[0])
        except ValueError:  # eurofxref.csv, of one day
            day = dt.datetime.strptime(f"{row[0]} +0000", "%d %B %Y %z").date()
        for currency, rate in zip(rows[0][1:], row[1:], strict=False):
            yield from _published("DAILY", currency, day, rate)


def _by_month(rows: list[list[str]], year: int | None) -> Iterator[Published]:
    """Of the BMF: below a line that names months, each row with an ISO code and the averages of one currency."""
    columns: dict[int, dt.date] = {}
    for row in rows:
        named = {place: month for place, cell in enumerate(row) if (month := _month(cell, year)) is not None}
        if len(named) > 1 or (named and not columns):
            columns = named
            continue
        currency = next((cell for cell in row if cell in CURRENCIES), None)  # USA is none
        if currency is not None:
            for place, month in columns.items():
                yield from _published("MONTHLY_AVERAGE", currency, month, row[place] if place < len(row) else "")


def _month(cell: str, year: int | None) -> dt.date | None:
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})", cell):
        return dt.date(int(found[1]), int(found[2]), 1)
    if found := re.fullmatch(r"([A-Za-zäÄ]{3,9})\.?\s*([0-9]{4})?", cell):
        name, of = found[1].lower(), int(found[2]) if found[2] else year
        number = _WRITTEN.get(name, _WRITTEN.get(name[:3]))
        return dt.date(of, number, 1) if number is not None and of is not None else None
    return None


def _published(kind: RateKind, currency: str, day: dt.date, written: str) -> Iterator[Published]:
    """Nothing where the table has no rate: N/A, a dash, an empty cell. A German decimal comma is read."""
    plain = written.replace(".", "").replace(",", ".") if "," in written else written
    if not _RATE.fullmatch(plain):
        return
    rate = Decimal(plain)
    if not is_countable(day):
        raise ValueError(f"{day} is no day of a rate")
    if currency in CURRENCIES and 0 < rate < _HIGHEST:
        yield Published(kind, currency, day, rate)
