"""A table of a provider whose files are not known, read as a mapping says. Pure."""

import hashlib
from collections.abc import Mapping as Cells
from decimal import Decimal

from contor.kernel.money import ZERO, worded
from contor.payments.settlements.reading.lines import Findings, amount_of, day_of, named_rows, once
from contor.payments.settlements.types import ASKED_BACK, ItemType, ReadItem, ReadReport, SettlementMapping


def is_mapped(head: list[str], mapping: SettlementMapping) -> bool:
    return set(_columns(mapping)) <= set(head)


def lacking(head: list[str], mapping: SettlementMapping) -> list[str]:
    """The columns of the mapping that the file does not have."""
    return [name for name in _columns(mapping) if name not in head]


def delimiter_of(mapping: SettlementMapping) -> str:
    return "\t" if mapping.delimiter == "TAB" else mapping.delimiter


def read_mapped(text: str, mapping: SettlementMapping, currency: str) -> list[ReadReport]:
    """A report for each number of one. `currency`: that of the account. Raises `NotRead` with everything that is wrong."""
    reader = _Reader(mapping, currency)
    whole = hashlib.sha256(text.encode()).hexdigest()[:32]
    for row, cells in named_rows(text, reader.findings, delimiter_of(mapping)):
        reader.take(row, cells, whole)
    reader.findings.refuse()
    return [reader.report(*key) for key in reader.items]


def _columns(mapping: SettlementMapping) -> list[str]:
    named = mapping.columns
    every = (
        named.type,
        named.net,
        named.booking_date,
        named.gross,
        named.fee,
        named.value_date,
        named.external_ident,
        named.reference,
        named.description,
        named.currency,
        named.balance,
        named.report,
    )
    return [name for name in every if name is not None]


class _Reader:
    def __init__(self, mapping: SettlementMapping, currency: str) -> None:
        self.mapping, self.currency = mapping, currency
        self.findings = Findings()
        self.items: dict[tuple[str, str], list[ReadItem]] = {}
        self._types: dict[str, ItemType] = {entry.value: entry.type for entry in mapping.types}
        self._known = set[str]()
        self._lines = dict[tuple[str, ...], int]()
        self._balances: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
        """Of a report: the balance before its first row, and after its last one so far."""

    def take(self, row: int, cells: Cells[str, str], whole: str) -> None:
        named = self.mapping.columns
        currency = cells[named.currency].upper() if named.currency else self.currency
        report = cells[named.report] if named.report else whole
        if not report:
            self.findings.add(row, "settlement_report_missing", f"names no report in {named.report}")
        key = (report[:255], currency)
        item = self._item(row, cells, currency)
        self.items.setdefault(key, []).append(item)
        if named.external_ident and cells[named.external_ident]:
            self._once(row, cells, cells[named.external_ident])
        if named.balance:
            self._follow(key, item, self._amount(cells, named.balance, currency, row))

    def _once(self, row: int, cells: Cells[str, str], number: str) -> None:
        """A number may name a sale and its fee; the same line again is the same item, sent twice."""
        before = self._lines.setdefault(tuple(cells.values()), row)
        if before != row:
            self.findings.add(row, "settlement_item_exists", f"is item {number[:100]!r} again, word for word as in line {before}")

    def report(self, ident: str, currency: str) -> ReadReport:
        items = self.items[ident, currency]
        days = [item.booked_on for item in items]
        opening, closing = self._balances.get((ident, currency), (None, None))
        return ReadReport(self.mapping.provider, ident, currency, min(days), max(days), tuple(items), opening, closing)

    def _follow(self, key: tuple[str, str], item: ReadItem, after: Decimal) -> None:
        """Each row leads from the balance before it to that behind it."""
        known = self._balances.get(key)
        opening, before = known if known is not None else (after - item.net, after - item.net)
        if before + item.net != after:
            said = worded(after, key[1]), worded(before + item.net, key[1])
            self.findings.add(item.row, "settlement_balance_differs", f"has a balance of {said[0]}; the rows lead to {said[1]}")
        self._balances[key] = (opening, after)

    def _item(self, row: int, cells: Cells[str, str], currency: str) -> ReadItem:
        named = self.mapping.columns
        net = self._amount(cells, named.net, currency, row)
        fee = self._amount(cells, named.fee, currency, row) if named.fee else ZERO
        if self.mapping.fee_is_negative:
            fee = -fee
        if not named.fee and named.gross:
            fee = self._amount(cells, named.gross, currency, row) - net
        gross = self._amount(cells, named.gross, currency, row) if named.gross else net + fee
        word = cells[named.type]
        kind = self._types.get(word, "CORRECTION")
        reference = cells[named.reference] if named.reference else ""
        ident = cells[named.external_ident] if named.external_ident else ":".join(part for part in (word, reference) if part)
        value_date = cells[named.value_date] if named.value_date else ""
        return ReadItem(
            row=row,
            external_ident=once(self._known, ident or f"row {row}"),
            type=kind,
            gross=gross,
            fee=fee,
            net=net,
            booked_on=day_of(cells[named.booking_date], row, named.booking_date, self.findings, self.mapping.date_format),
            value_date=day_of(value_date, row, named.value_date or "", self.findings, self.mapping.date_format)
            if value_date
            else None,
            references=(reference,) if reference else (),
            description=cells[named.description] if named.description else "",
            reason_code=ASKED_BACK if kind == "CHARGEBACK" else None,
        )

    def _amount(self, cells: Cells[str, str], name: str, currency: str, row: int) -> Decimal:
        """Thousands are told from decimals by the separator that the mapping names."""
        cell = cells[name].replace(" ", "").replace("\u00a0", "")
        thousands = "." if self.mapping.decimal_separator == "," else ","
        return amount_of(cell.replace(thousands, "").replace(",", "."), currency, row, name, self.findings)
