"""The structured invoice FA(3) of a document: the same document is the same bytes. Pure.

Source: logical structure FA(3), version 1-0E, Ministerstwo Finansów, in force since 2026-02-01 (http://crd.gov.pl/wzor/2025/06/25/13775/).
"""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from lxml import etree

from contor.documents.einvoice import seller_and_buyer
from contor.documents.ksef import parties
from contor.documents.ksef.building import NAMESPACE, Element, child, day, money, put, text
from contor.documents.ksef.notes import annotations, balance, corrected, footer, payment, settled, terms
from contor.documents.ksef.possible import nip_of
from contor.documents.ksef.rates import PolishRate, rate_of_group
from contor.documents.ksef.rows import rows_of, write_order_row, write_row
from contor.documents.types import Document, DocumentType, Period
from contor.kernel.money import ZERO

_ORDER = ("1", "2", "3", "4", "5", "6_1", "6_2", "6_3", "7", "8", "9", "10")


class Fa3Sender(NamedTuple):
    """What is configured of the seller (SAF-T configuration of Poland)."""

    taxpayer_number: str | None = None
    software_certificate: str | None = None


def fa3_of(document: Document, sender: Fa3Sender | None = None) -> bytes:
    """The file (UTF-8). The document must pass `why_no_fa3`."""
    sender = sender or Fa3Sender()
    seller, buyer = seller_and_buyer(document)
    root = etree.Element(f"{{{NAMESPACE}}}Faktura", nsmap={None: NAMESPACE})
    _head(root, document, sender)
    number = sender.taxpayer_number or nip_of(seller.vat_id, seller.tax_number, seller.address.country)
    if number is None:
        raise ValueError("a document of a seller without a NIP was not refused")
    parties.seller(root, seller, number)
    parties.buyer(root, buyer, document.customer_ident)
    _invoice(root, document, buyer.address.country)
    footer(root, document)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _head(root: Element, document: Document, sender: Fa3Sender) -> None:
    head = child(root, "Naglowek")
    form = child(head, "KodFormularza")
    form.text = "FA"
    form.set("kodSystemowy", "FA (3)")
    form.set("wersjaSchemy", "1-0E")
    put(head, "WariantFormularza", "3")
    put(head, "DataWytworzeniaFa", f"{document.created_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}")
    text(head, "SystemInfo", " ".join(part for part in ("Contor", sender.software_certificate) if part))


def _invoice(root: Element, document: Document, buyer_country: str) -> None:
    fa = child(root, "Fa")
    put(fa, "KodWaluty", document.currency)
    put(fa, "P_1", day(document.document_date))
    text(fa, "P_2", document.ident)
    periods = {period for item in document.items if (period := _supplied(item.service_period, item.delivery_date)) is not None}
    if len(periods) == 1 and not document.is_deposit:
        _period(fa, next(iter(periods)), document.document_date)
    _sums(fa, document, buyer_country)
    put(fa, "P_15", money(document.totals.gross * document.sign))
    annotations(fa, document)
    put(fa, "RodzajFaktury", _kind(document))
    if document.sign < 0:
        corrected(fa, document)
    settled(fa, document)
    rows = list(rows_of(document))
    if not document.is_deposit:
        for row in rows:
            write_row(fa, row, document, buyer_country, len(periods) > 1)
    balance(fa, document)
    payment(fa, document)
    terms(fa, document)
    if document.is_deposit:
        order = child(fa, "Zamowienie")
        put(order, "WartoscZamowienia", money(document.totals.gross * document.sign))
        for row in rows:
            write_order_row(order, row, document, buyer_country)


def _supplied(period: Period | None, delivered: dt.date | None) -> Period | None:
    return period or (Period(start=delivered, end=delivered) if delivered else None)


def _period(fa: Element, period: Period, document_date: dt.date) -> None:
    if period.start != period.end:
        of = child(fa, "OkresFa")
        put(of, "P_6_Od", day(period.start))
        put(of, "P_6_Do", day(period.end))
    elif period.start != document_date:
        put(fa, "P_6", day(period.start))


def _sums(fa: Element, document: Document, buyer_country: str) -> None:
    """Base and tax of each rate: of a correction the difference; in another currency the tax in zloty as well, where that is booked."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
    rates: dict[str, PolishRate] = {}
    ledger = document.ledger if document.ledger is not None and document.ledger.currency == "PLN" else None
    booked = ledger.groups if ledger is not None and len(ledger.groups) == len(document.taxes) else ()
    for index, group in enumerate(document.taxes):
        rate = rate_of_group(group, document, buyer_country)
        if rate is None:
            raise ValueError("a document with a tax that Poland does not have was not refused")
        rates[rate.field] = rate
        found = sums[rate.field]
        found[0] += group.base * document.sign
        found[1] += group.amount * document.sign
        found[2] += booked[index].tax * document.sign if booked else ZERO
    for field in _ORDER:
        if field not in sums:
            continue
        base, tax, in_zloty = sums[field]
        put(fa, f"P_13_{field}", money(base))
        if rates[field].has_tax:
            put(fa, f"P_14_{field}", money(tax))
            if booked and field != "5":
                put(fa, f"P_14_{field}W", money(in_zloty))


def _kind(document: Document) -> str:
    if document.correction is not None:
        return document.correction.kind
    if document.is_deposit:
        return "ZAL" if document.sign > 0 else "KOR_ZAL"
    if document.sign < 0:
        return "KOR"
    is_final = document.document_type is DocumentType.INVOICE and document.deposits
    return "ROZ" if is_final else "VAT"
