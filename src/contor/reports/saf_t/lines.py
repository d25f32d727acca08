"""The rows of a document as an audit file tells them: in the ledger's currency, with their share of what was converted. Pure."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from contor.documents.types import Document, DocumentAllowanceCharge, DocumentItem
from contor.kernel.money import ZERO, split


class SaftLine(NamedTuple):
    """A row, allowance or charge. Amounts are in the ledger's currency, with its own sign: below zero where it reduces the document."""

    item: DocumentItem | None
    """None: an allowance or charge of the whole document."""
    product: str
    name: str
    kind: str
    """Category of the row, or ALLOWANCE or CHARGE."""
    unit: str
    quantity: Decimal
    net: Decimal
    tax: Decimal
    category: str
    rate: Decimal

    @property
    def unit_price(self) -> Decimal:
        """What a unit came to, without tax and after all extras; not below zero."""
        return abs(self.net) / self.quantity if self.quantity else ZERO


class LedgerTotals(NamedTuple):
    """Of a document, in the ledger's currency."""

    net: Decimal
    tax: Decimal
    gross: Decimal


def ledger_totals(document: Document) -> LedgerTotals:
    if document.ledger is None:
        return LedgerTotals(document.totals.net, document.totals.tax, document.totals.gross)
    ledger = document.ledger
    return LedgerTotals(ledger.gross - ledger.tax, ledger.tax, ledger.gross)


def ledger_lines(document: Document) -> list[SaftLine]:
    """Rows, then allowances and charges; their nets add up to the document's."""
    lines = [_of_item(item) for item in document.items] + [_of_allowance(part) for part in document.allowances_charges]
    ledger = document.ledger
    if ledger is None:
        return lines
    members: dict[tuple[str, Decimal], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        members[line.category, line.rate].append(place)
    converted = list(lines)
    if len(ledger.groups) == len(document.taxes) == len(members):
        for group, booked in zip(document.taxes, ledger.groups, strict=True):
            _convert(
                lines,
                converted,
                members.get((group.category_code, group.rate), []),
                booked.gross - booked.tax,
                booked.tax,
                ledger.currency,
            )
    else:
        _convert(lines, converted, list(range(len(lines))), ledger.gross - ledger.tax, ledger.tax, ledger.currency)
    return converted


def _convert(
    lines: list[SaftLine], converted: list[SaftLine], places: list[int], net: Decimal, tax: Decimal, currency: str
) -> None:
    nets = split(net, [lines[place].net for place in places], currency)
    taxes = split(tax, [lines[place].net for place in places], currency)
    for place, own_net, own_tax in zip(places, nets, taxes, strict=True):
        converted[place] = lines[place]._replace(net=own_net, tax=own_tax)


def _of_item(item: DocumentItem) -> SaftLine:
    total = item.total
    product = item.article_number or item.category
    return SaftLine(
        item, product, item.name, item.category, item.unit_code, item.quantity, total.net, total.tax, item.category_code, item.rate
    )


def _of_allowance(part: DocumentAllowanceCharge) -> SaftLine:
    sign = -1 if part.type == "ALLOWANCE" else 1
    return SaftLine(
        None, part.type, part.name, part.type, "C62", Decimal(1), part.net * sign, part.tax * sign, part.category_code, part.rate
    )
