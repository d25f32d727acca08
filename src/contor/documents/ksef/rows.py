"""The rows of FA(3): what is sold, and of a correction each row before and after it, or the difference. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.documents.ksef.building import Element, child, day, money, price, put, quantity, text
from contor.documents.ksef.rates import country_of, polish_rate
from contor.documents.types import Document, DocumentAllowanceCharge, DocumentItem, RowState
from contor.kernel.money import ZERO


class Row(NamedTuple):
    """A row as it is written: amounts with their sign, in units of the document's currency."""

    number: int
    item: DocumentItem | None
    name: str
    state: RowState | None
    """Where it says quantity and price by itself."""
    net: Decimal
    tax: Decimal
    gross: Decimal
    category: str
    rate: Decimal
    is_before: bool = False


def rows_of(document: Document) -> Iterator[Row]:
    """Each row; of a credit that says so before and after, else what it takes back below zero. Then allowances and charges."""
    laid_out = {} if document.correction is None else {row.position: row for row in document.correction.rows}
    for item in document.items:
        found = laid_out.get(item.position)
        if found is None:
            yield _of_item(item, document.sign)
        else:
            for state, is_before in ((found.before, True), (found.after, False)):
                total = state.total
                yield Row(
                    item.position,
                    item,
                    item.name,
                    state,
                    total.net,
                    total.tax,
                    total.gross,
                    item.category_code,
                    item.rate,
                    is_before,
                )
    for number, part in enumerate(document.allowances_charges, len(document.items) + 1):
        yield _of_allowance(number, part, document.sign)


def _of_item(item: DocumentItem, sign: int) -> Row:
    total = item.total
    return Row(
        item.position, item, item.name, None, total.net * sign, total.tax * sign, total.gross * sign, item.category_code, item.rate
    )


def _of_allowance(number: int, part: DocumentAllowanceCharge, sign: int) -> Row:
    sign *= -1 if part.type == "ALLOWANCE" else 1
    return Row(number, None, part.name, None, part.net * sign, part.tax * sign, part.gross * sign, part.category_code, part.rate)


def write_row(parent: Element, row: Row, document: Document, buyer_country: str, says_day: bool) -> None:
    """FaWiersz. `says_day`: rows were supplied on different days."""
    line = child(parent, "FaWiersz")
    put(line, "NrWierszaFa", str(row.number))
    item = row.item
    if item is not None:
        text(line, "UU_ID", item.ident, 50)
        if says_day and (end := item.service_period.end if item.service_period else item.delivery_date) is not None:
            put(line, "P_6A", day(end))
    text(line, "P_7", row.name or "-", 512)
    gross = item is not None and item.basis == "GROSS"
    if item is not None:
        text(line, "Indeks", item.article_number, 50)
        text(line, "P_8A", item.unit_code)
        _quantity_and_price(line, row, item, document.sign, gross)
    put(line, "P_11A" if gross else "P_11", money(row.gross if gross else row.net))
    if gross:
        put(line, "P_11Vat", money(row.tax))
    _rate(line, row, document, buyer_country, "P_12", "P_12_XII")
    if row.is_before:
        put(line, "StanPrzed", "1")


def _quantity_and_price(line: Element, row: Row, item: DocumentItem, sign: int, gross: bool) -> None:
    count = row.state.quantity if row.state is not None else item.quantity * sign * (-1 if item.is_credit else 1)
    unit = row.state.unit if row.state is not None else item.unit
    put(line, "P_8B", quantity(count))
    put(line, "P_9B" if gross else "P_9A", price((unit.gross if gross else unit.net) / item.price_base_quantity))
    off = sum((it.total.gross if gross else it.total.net for it in item.extras), ZERO)
    if off < 0 and row.state is None:
        put(line, "P_10", price(-off))


def write_order_row(parent: Element, row: Row, document: Document, buyer_country: str) -> None:
    """ZamowienieWiersz: what a deposit is asked for."""
    line = child(parent, "ZamowienieWiersz")
    put(line, "NrWierszaZam", str(row.number))
    item = row.item
    if item is not None:
        text(line, "UU_IDZ", item.ident, 50)
    text(line, "P_7Z", row.name or "-", 512)
    if item is not None:
        text(line, "IndeksZ", item.article_number, 50)
        text(line, "P_8AZ", item.unit_code)
        state = row.state
        put(line, "P_8BZ", quantity(item.quantity * document.sign if state is None else state.quantity))
        put(line, "P_9AZ", price((item.unit.net if state is None else state.unit.net) / item.price_base_quantity))
    put(line, "P_11NettoZ", money(row.net))
    put(line, "P_11VatZ", money(row.tax))
    _rate(line, row, document, buyer_country, "P_12Z", "P_12Z_XII")
    if row.is_before:
        put(line, "StanPrzedZ", "1")


def _rate(line: Element, row: Row, document: Document, buyer_country: str, name: str, of_union: str) -> None:
    found = polish_rate(row.category, row.rate, country_of(document, row.category, row.rate), buyer_country)
    if found is None:
        raise ValueError("a document with a tax that Poland does not have was not refused")
    if found.code is None:
        put(line, of_union, quantity(row.rate))
    else:
        put(line, name, found.code)
