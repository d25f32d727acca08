"""A reader of DATEV's booking batches, for tests: by the published table of fields, and by what DATEV does with automatic accounts. It
knows nothing of how the rows are written."""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

CENT = Decimal("0.01")
_TOKEN = re.compile(r'("(?:[^"]|"")*"|[^;"\r\n]*)(;|$)')
TAKEN_OUT = {
    **dict.fromkeys((8400, 1718, 8640, 8720, 8736, 2406), (1776, Decimal(19))),
    **dict.fromkeys((8340, 1717, 8723, 8735, 2405), (1775, Decimal(16))),
    **dict.fromkeys((8300, 1711, 8710, 8731, 2401), (1771, Decimal(7))),
    **dict.fromkeys((8305, 8732), (1773, Decimal(5))),
}
"""SKR03: automatic accounts with the account of the tax and its rate."""
OSS = {8320: 1767, 8331: 1728, 8339: 1768}
WITHOUT_TAX = frozenset({8290, 8337, 8336, 8338, 8125, 8120, 8100, 8705, 8724, 8741, 8742, 8743})
OWED = frozenset({3125, 3120})
AUTOMATIC = {*TAKEN_OUT, *OSS, *WITHOUT_TAX, *OWED}
_GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PUBLISHED = {
    **dict.fromkeys((1, 5), r"\d{1,10},\d{2}"),
    2: r'"[SH]"',
    **dict.fromkeys((3, 6), r'"[A-Z]{3}"'),
    4: r"[1-9]\d{0,3},\d{2,6}",
    **dict.fromkeys((7, 8), r"\d{1,9}"),
    9: r'"40"',
    10: r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])",
    11: r'"[A-Za-z0-9$%&*+\-/]{0,36}"',
    14: r'"(?:[^"]|""){0,60}"',
    20: rf'"BEDI ""{_GUID}"""',
    41: r"\d{1,2},\d{2}",
    114: "[01]",
    **dict.fromkeys((115, 116), r"\d{8}"),
    118: r'"1"',
}
"""The forms of the fields that are filled, as the format description has them."""


class Batch(NamedTuple):
    """A file as it was read: texts without their quotation marks."""

    header: list[str]
    labels: list[str]
    rows: list[list[str]]


def tokens(line: str) -> list[str]:
    """The fields of a line as they stand there."""
    found, place = [], 0
    while True:
        match = _TOKEN.match(line, place)
        assert match, line[place : place + 80]
        found.append(match[1])
        place = match.end()
        if match[2] == "":
            assert place == len(line), line[place : place + 80]
            return found


def bare(field: str) -> str:
    return field[1:-1].replace('""', '"') if field.startswith('"') else field


def lines_of(content: bytes) -> list[str]:
    text = content.decode("cp1252")
    assert text.endswith("\r\n")
    lines = text[:-2].split("\r\n")
    assert not any("\r" in line or "\n" in line for line in lines)
    return lines


def read(content: bytes) -> Batch:
    first, second, *rest = lines_of(content)
    return Batch([bare(it) for it in tokens(first)], second.split(";"), [[bare(it) for it in tokens(line)] for line in rest])


def table(shared: Path, record: str) -> list[dict[str, str]]:
    with (shared / "spec" / "datev_extf_fields.csv").open(encoding="utf-8", newline="") as source:
        return [row for row in csv.DictReader(source) if row["record"] == record]


def misfits(shared: Path, content: bytes) -> list[str]:
    """What contradicts the table of fields and the published forms."""
    found = []
    first, second, *rest = [tokens(line) for line in lines_of(content)]
    found += [f"header {it}" for it in _judged(table(shared, "Header"), first)]
    fields = table(shared, "Buchungsstapel")[: len(second)]
    if second != [row["label"] for row in fields]:
        found.append("labels differ")
    for number, line in enumerate(rest, 3):
        found += [f"line {number} {it}" for it in _judged(fields, line)]
        found += [
            f"line {number} field {field}: {line[field - 1]}"
            for field, form in PUBLISHED.items()
            if field <= len(line) and line[field - 1] not in ("", '""') and not re.fullmatch(form, line[field - 1])
        ]
    if len(rest) > 99_999:
        found.append(f"{len(rest)} rows")
    return found


def _judged(fields: Sequence[Mapping[str, str]], values: Sequence[str]) -> list[str]:
    if len(fields) != len(values):
        return [f"has {len(values)} fields, not {len(fields)}"]
    found = []
    for row, value in zip(fields, values, strict=True):
        said = bare(value)
        is_text = row["type"] == "Text"
        if value.startswith('"') != is_text:
            found.append(f"{row['label']}: quotation marks, {value}")
        if row["necessary"] == "1" and not said:
            found.append(f"{row['label']}: empty")
        if said and not re.fullmatch(_form(row), said):
            found.append(f"{row['label']}: {value}")
    return found


def _form(row: Mapping[str, str]) -> str:
    length, decimals = row["length"] or "60", int(row["decimals"] or 0)
    match row["type"]:
        case "Text":
            return rf"(?s).{{0,{length}}}"
        case "Betrag":
            return rf"\d{{1,{length}}},\d{{2}}"
        case "Zahl" if decimals:
            return rf"\d{{1,{length}}}(,\d{{1,{decimals}}})?"
        case _:
            return rf"\d{{1,{length}}}"


def movements(batches: Sequence[Batch], currency: str = "EUR") -> dict[int, Decimal]:
    """Debit less credit of each account after DATEV read the rows: taxes are taken out of automatic accounts."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for batch in batches:
        for row in batch.rows:
            _post(sums, row, currency)
    return {account: it for account, it in sums.items() if it}


def _post(sums: dict[int, Decimal], row: list[str], currency: str) -> None:
    amount = _amount(row[0] if row[2] == currency else row[4])
    assert amount > 0
    account, contra = int(row[6]), int(row[7])
    assert account != contra, row
    assert not {account, contra} <= AUTOMATIC, f"two automatic accounts: {row[:14]}"
    debit = amount if row[1] == "S" else -amount
    for number, moved in ((account, debit), (contra, -debit)):
        if row[8] == "40" or number not in AUTOMATIC or number in WITHOUT_TAX:
            sums[number] += moved
        elif number in OWED:
            tax = _cents(moved * 19 / 100)
            for of, part in ((number, moved), (1577, tax), (1787, -tax)):
                sums[of] += part
        else:
            tax_account, rate = TAKEN_OUT[number] if number in TAKEN_OUT else (OSS[number], _amount(row[40]))
            tax = _cents(moved * rate / (100 + rate))
            sums[number] += moved - tax
            sums[tax_account] += tax


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
