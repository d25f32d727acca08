"""Rows, allowances and tax groups of an issued document in the terms of EN 16931. Pure.

Amounts of a document are positive for every type; here a reversal (384) turns them: negative quantities, and an allowance of the
original comes back as a charge, so that no price and no allowance is negative (BR-27).
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from contor.documents.einvoice.model import (
    AllowanceOrCharge,
    Classification,
    InvoiceLine,
    InvoicePeriod,
    VatBreakdown,
    identifier_of,
    references_of,
)
from contor.documents.exemptions import WITH_REASON
from contor.documents.long_texts import parts_of
from contor.documents.properties import BUYER_ITEM, CLASSIFICATION, ORIGIN, STANDARD_ITEM
from contor.documents.references import OF_ROW
from contor.documents.types import Document, DocumentAllowanceCharge, DocumentItem, TaxGroup
from contor.kernel.money import HUNDRED, ZERO, round_amount

_ONE = Decimal(1)


def shown_rate(category: str, rate: Decimal) -> Decimal | None:
    """BT-152, BT-96, BT-103: none where the supply is outside the scope of VAT (BR-O-05 to BR-O-07)."""
    return None if category == "O" else rate


def invoice_line(item: DocumentItem, sign: int, with_period: bool) -> InvoiceLine:
    """BG-25. `with_period`: the rows were supplied at different times, so each says its own."""
    quantity = -item.quantity if item.is_credit else item.quantity
    category = item.category_code
    based = item.price_base_quantity != _ONE
    return InvoiceLine(
        ident=str(item.position),
        net=sign * item.total.net,
        name=item.name,
        category=category,
        rate=shown_rate(category, item.rate),
        quantity=sign * quantity,
        unit=item.unit_code,
        price=item.unit.net,
        price_base=item.price_base_quantity if based else None,
        price_base_unit=item.unit_code if based else None,
        period=row_period(item) if with_period else None,
        note=item.related_document_ident,  # of a credit of several invoices
        allowances=tuple(
            [
                AllowanceOrCharge(is_charge=sign * extra.total.net > 0, amount=abs(extra.total.net), reason=extra.name)
                for extra in item.extras
                if extra.total.net
            ]
        ),
        description=item.description,
        seller_item_id=item.article_number,
        **(_item_terms(item) if item.properties else {}),
        **references_of(OF_ROW, item),
    )


def _item_terms(item: DocumentItem) -> dict[str, Any]:
    """BT-156 to BT-159 from the row's properties."""
    said = {entry.key: entry.value for entry in item.properties}
    standard = identifier_of(said[STANDARD_ITEM]) if STANDARD_ITEM in said else None
    codes = [text.partition(":") for text in parts_of(CLASSIFICATION, item.properties)]
    return {
        "buyer_item_id": said.get(BUYER_ITEM),
        "standard_item_id": standard if standard and standard.scheme else None,  # without its scheme it says nothing (BR-64)
        "classifications": tuple(Classification(code=code, list_id=list_id) for list_id, _, code in codes if code),
        "origin_country": said.get(ORIGIN),
    }


def row_period(item: DocumentItem) -> InvoicePeriod | None:
    """When the row was supplied: its service period, else its delivery date as a period of one day (BG-26)."""
    if item.service_period is not None:
        return InvoicePeriod(start=item.service_period.start, end=item.service_period.end)
    return InvoicePeriod(start=item.delivery_date, end=item.delivery_date) if item.delivery_date else None


def supply(document: Document) -> tuple[dt.date | None, InvoicePeriod | None, bool]:
    """BT-72, BG-14 and whether the rows say their own periods (BG-26).

    One day for all rows is the delivery date; anything else is the period around all rows, which must hold those of the rows
    (BR-CO-19, BR-29). Where no row says it, it is the document date; on a deposit invoice nothing was supplied yet. A credit that names
    no invoice says its period in any case: it stands for that (accounting reference 9, "negative group").
    """
    periods = [period for period in (row_period(item) for item in document.items if item.deposit_ident is None) if period]
    starts = [period.start for period in periods if period.start]
    ends = [period.end for period in periods if period.end]
    if document.sign < 0 and not document.related:
        first, last = min(starts, default=document.document_date), max(ends, default=document.document_date)
        return None, InvoicePeriod(start=first, end=last), any(period != periods[0] for period in periods)
    if not starts or not ends:
        return (document.document_date if document.supply_on_document_date else None), None, False
    first, last = min(starts), max(ends)
    if first == last:
        return first, None, False
    same = all(period == periods[0] for period in periods)
    return None, InvoicePeriod(start=first, end=last), not same


def document_allowance(part: DocumentAllowanceCharge, document: Document, sign: int) -> AllowanceOrCharge:
    """BG-20, BG-21: one tax group's part; with what it is a percentage of (BT-93, BT-94) where that gives its amount to the cent."""
    percentage, rows = part.percentage, _rows_of(part, document)
    says_base = percentage is not None and 0 <= part.net == round_amount(rows * percentage / HUNDRED, document.currency)
    is_charge = part.type == "CHARGE"
    amount = part.net
    if amount < 0:  # a percentage of rows that are negative together
        is_charge, amount = not is_charge, -amount
    return AllowanceOrCharge(
        is_charge=is_charge if sign > 0 else not is_charge,
        amount=amount,
        reason=part.name,
        category=part.category_code,
        rate=shown_rate(part.category_code, part.rate),
        percentage=percentage if says_base else None,
        base=rows if says_base else None,
    )


def _rows_of(part: DocumentAllowanceCharge, document: Document) -> Decimal:
    """Net of all rows of the part's tax group."""
    return sum(
        (item.total.net for item in document.items if (item.category_code, item.rate) == (part.category_code, part.rate)), ZERO
    )


def vat_breakdown(group: TaxGroup, sign: int) -> VatBreakdown:
    """BG-23. A reason stands only where no tax is due (BR-S-10, BR-Z-10)."""
    reasoned = group.category_code in WITH_REASON
    return VatBreakdown(
        category=group.category_code,
        rate=group.rate,
        base=sign * group.base,
        amount=sign * group.amount,
        exemption_reason=group.exemption_reason_text if reasoned else None,
        exemption_code=group.exemption_reason_code if reasoned else None,
    )


def sums(parts: tuple[AllowanceOrCharge, ...]) -> tuple[Decimal, Decimal]:
    """BT-107 and BT-108."""
    allowances = sum((part.amount for part in parts if not part.is_charge), ZERO)
    charges = sum((part.amount for part in parts if part.is_charge), ZERO)
    return allowances, charges
