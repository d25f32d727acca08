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
_19, _16, _7, _5 = (Decimal(rate) for rate in (19, 16, 7, 5))


class Automatic(NamedTuple):
    """What DATEV does with the accounts of a chart (SKR03, SKR04)."""

    taken_out: Mapping[int, tuple[int, Decimal]]
    """Automatic accounts with the account of the tax and its rate."""
    oss: Mapping[int, int]
    """Those that take out the rate that the row says."""
    without_tax: frozenset[int]
    owed: frozenset[int]
    """The recipient owes the tax."""
    owed_on: tuple[int, int]

    @property
    def all(self) -> set[int]:
        return {*self.taken_out, *self.oss, *self.without_tax, *self.owed}


CHARTS = {
    "03": Automatic(
        {
            **dict.fromkeys((8400, 1718, 8640, 8720, 8736, 2406), (1776, _19)),
            **dict.fromkeys((8340, 1717, 8723, 8735, 2405), (1775, _16)),
            **dict.fromkeys((8300, 1711, 8710, 8731, 2401), (1771, _7)),
            **dict.fromkeys((8305, 8732), (1773, _5)),
        },
        {8320: 1767, 8331: 1728, 8339: 1768},
        frozenset({8290, 8337, 8336, 8338, 8125, 8120, 8100, 8705, 8724, 8741, 8742, 8743}),
        frozenset({3125, 3120}),
        (1577, 1787),
    ),
    "04": Automatic(
        {
            **dict.fromkeys((4400, 3272, 4836, 4720, 4736, 6936), (3806, _19)),
            **dict.fromkeys((4340, 3270, 4723, 4735, 6935), (3805, _16)),
            **dict.fromkeys((4300, 3260, 4710, 4731, 6931), (3801, _7)),
            **dict.fromkeys((4305, 4732), (3803, _5)),
        },
        {4320: 3817, 4331: 3798, 4339: 3818},
        frozenset({4290, 4337, 4336, 4338, 4125, 4120, 4100, 4705, 4724, 4741, 4742, 4743}),
        frozenset({5925, 5920}),
        (1407, 3837),
    ),
}
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
        chart = CHARTS[batch.header[26]]
        for row in batch.rows:
            _post(sums, row, chart, currency)
    return {account: it for account, it in sums.items() if it}


def _post(sums: dict[int, Decimal], row: list[str], chart: Automatic, currency: str) -> None:
    amount = _amount(row[0] if row[2] == currency else row[4])
    assert amount > 0
    rate = _amount(row[40]) if row[40] else None
    post(sums, chart, int(row[6]), int(row[7]), amount if row[1] == "S" else -amount, row[8], rate)


def post(
    sums: dict[int, Decimal], chart: Automatic, account: int, contra: int, debit: Decimal, key: str, rate: Decimal | None
) -> None:
    """What a row moves; `debit` of `account`, credit is negative."""
    assert account != contra
    assert not {account, contra} <= chart.all, f"two automatic accounts: {account}, {contra}"
    for number, moved in ((account, debit), (contra, -debit)):
        parts = {number: moved}
        if key != "40" and number in chart.owed:
            tax, (deducted, owed) = _cents(moved * 19 / 100), chart.owed_on
            parts |= {deducted: tax, owed: -tax}
        elif key != "40" and number in {*chart.taken_out, *chart.oss}:
            tax_account, percent = chart.taken_out.get(number) or (chart.oss[number], rate)
            assert percent is not None
            tax = _cents(moved * percent / (100 + percent))
            parts = {number: moved - tax, tax_account: tax}
        for of, part in parts.items():
            sums[of] = sums.get(of, Decimal(0)) + part


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
