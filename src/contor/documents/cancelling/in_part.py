"""The credit that takes back a part, or what is left, of an issued document, by its gross amount. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from contor.documents.amounts import Left, Part, left_in_gross, netted_in_words, part_of
from contor.documents.judge import REASON, customer_again, row_again
from contor.documents.long_texts import in_parts
from contor.documents.properties import NOTE
from contor.documents.types import Document, DocumentRequest, Prices, Property, RequestedItem, Sides, UnitSides
from contor.kernel.errors import Problem
from contor.kernel.money import is_amount, too_fine, worded
from contor.kernel.shapes import replace

CANCELLED = Property(key=REASON, value="CANCELLATION")
CreditKind = Literal["CANCELLATION", "CREDIT", "REFUND"]
KIND: Final = "creditKind"
"""Property of a credit: what it is to the customer, where it is not simply a cancellation."""


class Asked(NamedTuple):
    """What somebody wants taken back."""

    request_id: str
    date: dt.date
    amount: Decimal | None
    """In gross; None: all that is left."""
    description: str
    ident: str | None
    """The number of the credit, where callers give numbers."""
    kind: CreditKind = "CANCELLATION"


def part_findings(left: Left, asked: Asked) -> list[Problem]:
    """Everything that is against taking back this amount."""
    document, amount, problems = left.document, asked.amount, list[Problem]()
    rest = left_in_gross(left)
    if amount is not None and not is_amount(amount, document.currency):
        problems.append(Problem("too_many_decimals", too_fine(document.currency), "amount", amount))
    elif amount is not None and amount > rest:
        message = f"is more than is left of {document.ident}: {worded(rest, document.currency)}"
        message += netted_in_words(left.rows.values(), document.currency)
        problems.append(Problem("credit_exceeds_rest", message, "amount", amount))
    if amount is not None and not asked.description.strip():
        problems.append(Problem("description_missing", "is required: why a part is taken back", "description"))
    if left.several_taxes:
        message = f"{document.ident} bears several taxes in a row: which of them goes back is said by the rows of a credit memo"
        problems.append(Problem("document_with_several_taxes", message, "amount"))
    if any(part.type == "CHARGE" for part in document.allowances_charges):
        message = f"{document.ident} has a charge on the whole document, which is no row: it goes back with all of it"
        problems.append(Problem("document_with_charges", message, "amount"))
    if document.final_invoice_method is not None or document.deposits:
        message = f"{document.ident} deducts deposits: what goes back of it is said by the rows of a credit memo"
        problems.append(Problem("deposits_were_deducted", message, "amount"))
    return problems


def part_credit(left: Left, asked: Asked) -> tuple[DocumentRequest, Part]:
    """The credit memo over so much of what is left, and what it takes. What uses the document up takes back too what paid it on issuing."""
    document = left.document
    rest = left_in_gross(left)
    amount = rest if asked.amount is None else asked.amount
    part = part_of(left, amount)
    items = tuple(_row(item_of(left, ident), left, agreed, asked.description) for ident, agreed in part.rows.items())
    uses_up = amount == rest
    return DocumentRequest(
        request_id=asked.request_id,
        billing_group_ident=document.billing_group_ident,
        currency=document.currency,
        language=document.language,
        customer_detail=customer_again(document, document.invoice_address_ident or ""),
        items=items,
        ident=asked.ident,
        document_date=asked.date,
        order_date=document.order_date,
        operating_site_ident=document.operating_site_ident,
        related_document_ident=document.ident,
        post_tax_items=document.post_tax_items if uses_up else (),
        rounding=document.totals.rounding if uses_up else document.totals.rounding * 0,
        prepaid=document.paid_here if uses_up else (),
        exchange_rate=document.ledger.exchange_rate if document.ledger else None,
        properties=said(asked.description, asked.kind),
    ), part


def said(description: str, kind: CreditKind) -> tuple[Property, ...]:
    """That it takes something back, as what, and why."""
    other = () if kind == "CANCELLATION" else (Property(key=KIND, value=kind),)
    return (CANCELLED, *other, *in_parts(NOTE, description.strip()))


def credit_kind(document: Document) -> CreditKind | None:
    """What a credit is to the customer; None: it says no reason, and corrects something."""
    found = {entry.key: entry.value for entry in document.properties if entry.key in (KIND, REASON)}
    if found.get(KIND) in ("CREDIT", "REFUND"):
        return "REFUND" if found[KIND] == "REFUND" else "CREDIT"
    return "CANCELLATION" if found.get(REASON) == CANCELLED.value else None


def item_of(left: Left, ident: str) -> RequestedItem:
    """The row as it was asked for."""
    document = left.document
    return row_again(left.rows[ident].item, document, document.language)


def _row(item: RequestedItem, left: Left, agreed: Decimal, description: str) -> RequestedItem:
    """One piece at what is taken of the row: of a part no quantity can be said."""
    sides = {left.rows[item.ident].item.basis.lower(): abs(agreed)}
    return replace(
        item,
        reference_ident=item.ident,
        description=description.strip() or item.description,
        quantity=Decimal(1),
        quantity_type="PC",
        unit_code=None,
        price_base_quantity=Decimal(1),
        prices=Prices(unit=UnitSides(**sides), original_total=Sides(**sides), total=Sides(**sides)),
        extras=(),
        price_calculation_basis=None,
        debit_credit_indicator="CREDIT" if agreed < 0 else "DEBIT",
    )
