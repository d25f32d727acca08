"""Bookings in a table (CSV), read by a mapping that says which column is what. Pure."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import Field

from contor.kernel.days import FIRST_YEAR, LAST_YEAR, is_countable
from contor.kernel.errors import Kind as Refusal
from contor.kernel.errors import Problem, Refused
from contor.kernel.shapes import Name255, shape
from contor.payments.statements.read.values import bic_of, compact, iban_of, name_of, reference_of, text_of, unreadable
from contor.payments.statements.types import Entry, Kind, Part, Statement

DateForm = Literal["YYYY-MM-DD", "DD.MM.YYYY", "DD.MM.YY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "YYYYMMDD"]
_FORMS: Mapping[str, str] = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD.MM.YY": "%d.%m.%y",
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "DD-MM-YYYY": "%d-%m-%Y",
    "YYYYMMDD": "%Y%m%d",
}
_DELIMITERS: Mapping[str, str] = {"SEMICOLON": ";", "COMMA": ",", "TAB": "\t", "PIPE": "|"}
_PREAMBLE = 50
"""Lines before the one with the columns' names, at most."""
MOST_PROBLEMS = 20
_SIGNS = str.maketrans({"−": "-", " ": "", "\u00a0": "", "\u202f": "", "'": ""})


@shape
class TableColumns:
    """The names of the columns, as the line above the bookings writes them."""

    booking_date: Name255
    amount: Name255 | None = None
    """Signed: negative went out. Else `credit` and `debit` are given."""
    credit: Name255 | None = None
    """What came in; with a minus where it was taken back."""
    debit: Name255 | None = None
    """What went out, with a minus or without."""
    value_date: Name255 | None = None
    currency: Name255 | None = None
    """Default: the account's."""
    account: Name255 | None = None
    """Our own account, where a table has several."""
    counterpart_name: Name255 | None = None
    counterpart_iban: Name255 | None = None
    counterpart_bic: Name255 | None = None
    text: Annotated[tuple[Name255, ...], Field(max_length=10)] = ()
    """Joined by blanks, in this order."""
    reference: Name255 | None = None
    """The bank's own, of a booking."""
    end_to_end_ident: Name255 | None = None
    mandate_reference: Name255 | None = None


@shape
class TableForm:
    """How a table is written."""

    columns: TableColumns
    delimiter: Literal["SEMICOLON", "COMMA", "TAB", "PIPE"] = "SEMICOLON"
    decimal_mark: Literal["COMMA", "POINT"] = "COMMA"
    """The other one, and blanks, part thousands."""
    date_format: DateForm = "DD.MM.YYYY"


def names_of(columns: TableColumns) -> list[str]:
    """Every column that the mapping names."""
    values = (getattr(columns, name) for name in TableColumns.__dataclass_fields__)
    return [name for value in values if value for name in (value if isinstance(value, tuple) else (value,))]


def header_at(text: str, form: TableForm) -> int | None:
    """The line with the names of all columns; None: the table is another one."""
    wanted = set(names_of(form.columns))
    for number, row in enumerate(_rows(text, form)):
        if wanted <= {cell.strip() for cell in row}:
            return number
        if number >= _PREAMBLE:
            return None
    return None


def read_table(text: str, form: TableForm, account: str, currency: str) -> list[Statement]:
    """Its bookings, a statement for each of our accounts. `account`, `currency`: where the table says none. Raises Refused with what is
    wrong with each line."""
    header = header_at(text, form)
    if header is None:
        expected = ", ".join(names_of(form.columns))
        raise unreadable(f"No line of the table has the columns {expected}.", "columns_missing")
    rows = list(_rows(text, form))
    named = [name.strip() for name in rows[header]]
    if twice := sorted(name for name in set(names_of(form.columns)) if named.count(name) > 1):
        raise unreadable(f"The table has several columns {', '.join(twice)}: which is meant?", "columns_twice")
    places = {name.strip(): number for number, name in enumerate(rows[header])}
    found: dict[tuple[str, str], list[Entry]] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows[header + 1 :], header + 2):
        cells = {name: row[place].strip() for name, place in places.items() if place < len(row)}
        if not any(cells.values()):
            continue
        try:
            entry = _entry(cells, form, currency)
        except ValueError as error:
            problems.append(Problem("line_unreadable", f"line {number}: {error}", "file"))
            continue
        own = compact(cells.get(form.columns.account or "", "")) or account
        found.setdefault((own, entry.currency), []).append(entry)
    if problems:
        raise Refused(Refusal.INVALID, *problems[:MOST_PROBLEMS])
    if not found:
        raise unreadable("The table has no line with a booking.", "statement_empty")
    return [
        Statement(form="CSV", kind=Kind.TABLE, accounts=(own,), currency=money, entries=tuple(entries))
        for (own, money), entries in found.items()
    ]


def _rows(text: str, form: TableForm) -> Iterator[Sequence[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_DELIMITERS[form.delimiter], strict=True)
    try:
        yield from reader
    except csv.Error as error:  # what stands behind a quote that does not close would be part of its cell
        message = f"The table breaks off at line {reader.line_num}, or has quotes that do not close: {text_of(str(error), 100)}."
        raise unreadable(message) from None


def _entry(cells: Mapping[str, str], form: TableForm, currency: str) -> Entry:
    """A booking. Raises ValueError with what is wrong."""
    columns = form.columns

    def cell(name: str | None) -> str:
        return cells.get(name or "", "")

    booked = _day(cell(columns.booking_date), form)
    amount = _signed(cells, form)
    account = cell(columns.counterpart_iban)
    iban, bic = iban_of(account) if account else None, cell(columns.counterpart_bic)
    money = cell(columns.currency).upper() or currency
    part = Part(
        amount=amount,
        name=name_of(cell(columns.counterpart_name)),
        iban=iban,
        account=compact(account)[:100] if account and iban is None else None,
        bic=bic_of(bic) if bic else None,
        end_to_end=reference_of(cell(columns.end_to_end_ident)),
        mandate=reference_of(cell(columns.mandate_reference)),
        text=text_of(" ".join(found for name in columns.text if (found := cell(name)))),
    )
    return Entry(
        amount=amount,
        currency=money,
        booked_on=booked,
        valued_on=_day(cell(columns.value_date), form) if cell(columns.value_date) else booked,
        reference=reference_of(cell(columns.reference), 255),
        parts=(part,),
    )


def _signed(cells: Mapping[str, str], form: TableForm) -> Decimal:
    columns = form.columns
    if columns.amount is not None:
        return _amount(cells.get(columns.amount, ""), form)
    credit, debit = (_column(cells.get(name or "", ""), form) for name in (columns.credit, columns.debit))
    if bool(credit) == bool(debit):
        raise ValueError("either the credit or the debit has an amount")
    return credit or -abs(debit)  # what was credited and is taken back has a minus; what was debited has one, or none


def _column(written: str, form: TableForm) -> Decimal:
    """A column that has nothing, or a zero, is the one that the amount is not in."""
    return _amount(written, form) if written else Decimal(0)


def _amount(written: str, form: TableForm) -> Decimal:
    thousands, point = (".", ",") if form.decimal_mark == "COMMA" else (",", ".")
    plain = written.translate(_SIGNS)
    if plain.endswith("-"):
        plain = f"-{plain[:-1]}"
    whole, _, decimals = plain.lstrip("+-").partition(point)
    first, *groups = whole.split(thousands)
    digits = "".join((first, *groups, decimals))
    is_parted = not groups or (0 < len(first) <= 3 and all(len(group) == 3 for group in groups))
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19 and is_parted):
        raise ValueError(f"{written[:40]!r} is no amount")
    plain = plain.replace(thousands, "").replace(point, ".")
    try:
        amount = Decimal(plain)
        exact = amount.quantize(Decimal("0.0001"))
    except InvalidOperation:
        raise ValueError(f"{written[:40]!r} is no amount") from None
    if exact != amount:
        raise ValueError(f"{written[:40]!r} has more than 4 decimals")
    return exact


def _day(written: str, form: TableForm) -> dt.date:
    try:
        day = dt.datetime.strptime(written, _FORMS[form.date_format]).replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise ValueError(f"{written[:40]!r} is no date as {form.date_format}") from None
    if not is_countable(day):
        raise ValueError(f"{written[:40]!r} is no day of a booking: a year from {FIRST_YEAR} to {LAST_YEAR} is expected")
    return day
