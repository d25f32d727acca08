"""An issued document asked for again: as the credit memo that takes all of it back, and as the new one with the same rows. Pure.

Everything comes from the frozen document: agreed sides, tax, dates of supply. So neither today's rates nor today's prices can come in
(accounting reference 6.5). A row that did not say when it was supplied was supplied on the document's date; now it says so.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.documents.amounts import GroupAmounts, GroupKey
from contor.documents.exemptions import EXEMPTIONS, SMALL_BUSINESS, SPECIAL_SCHEMES, TRIANGULAR_SUPPLY
from contor.documents.judge.formats import format_for
from contor.documents.judge.rules import Facts
from contor.documents.references import OF_DOCUMENT, OF_ROW, kept, repeated
from contor.documents.types import (
    REISSUED,
    AmountSides,
    CustomerDetail,
    Document,
    DocumentAllowanceCharge,
    DocumentItem,
    DocumentRequest,
    EInvoiceFormat,
    ExternalReference,
    ItemExtra,
    Location,
    Party,
    Prices,
    Property,
    RequestedAllowanceCharge,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
)
from contor.kernel.money import HUNDRED, ZERO, round_amount
from contor.kernel.shapes import replace


class Changes(NamedTuple):
    """What is different on the new document."""

    request_id: str
    document_date: dt.date
    language: str
    invoice_address_ident: str
    ident: str | None = None
    """Its number, where the caller gives numbers."""
    properties: tuple[Property, ...] = ()
    """Added to the properties of the old one; one with the same key takes its place."""


class Repeated(NamedTuple):
    """What a request repeats."""

    document: Document
    corrects_address: bool = False
    """The invoice address that the request names stands on the repetition as it is today."""
    taken: Mapping[GroupKey, GroupAmounts] | None = None
    """Of a part that is taken back by its gross amount: what it takes of each tax group. Parties and days are those of today then."""


def as_frozen(facts: Facts, document: Document, customer: Party) -> Facts:
    """The facts of a repetition: whatever the master data say today, it shows what `document` shows.

    `customer` is that of the document, or with a corrected address. An address that is gone since is no obstacle.
    """
    site = document.seller
    if document.taxes[0].category_code == "O" and facts.site is not None:
        site = replace(site, vat_id=facts.site.vat_id)  # not shown (BR-O-02), but a seller is judged by it
    group = facts.billing_group
    return replace(
        facts,
        site=site,
        customer=customer,
        shipping_address=document.shipping_address,
        shipping_names=document.shipping_names,
        cash_taxation=facts.cash_taxation if document.cash_taxation is None else document.cash_taxation,
        tax_date=document.tax_date,
        repeats=True,
        billed_before=document,
        unknown={path: ident for path, ident in facts.unknown.items() if not path.startswith("customerDetail.")},
        buyer_reference=document.buyer_reference,
        e_invoice_format=_format_kept(document),
        billing_group=group and replace(group, deposit_receivable_relevant=document.deposit_receivable_relevant),
    )


def _format_kept(document: Document) -> EInvoiceFormat | None:
    """The format of the document, where it is not that which its own reference gives it: then a corrected one decides anew."""
    if document.e_invoice_format is None:
        return "XRECHNUNG" if document.buyer_reference else None
    by_itself = format_for(None, document.buyer_reference, *_supplying(document))
    return None if document.e_invoice_format == by_itself else document.e_invoice_format


def _supplying(document: Document) -> tuple[Party, Party]:
    return (document.customer, document.seller) if document.is_self_billing else (document.seller, document.customer)


def whole_credit(document: Document, request_id: str, date: dt.date, ident: str | None = None) -> DocumentRequest:
    """The credit memo or correction over all of `document`, of which nothing is credited yet. What was settled on issuing (vouchers,
    prepayments, rounding) is taken back with it, so its payable amount is that of the original."""
    rows = tuple(replace(row_again(item, document, document.language), reference_ident=item.ident) for item in document.items)
    return DocumentRequest(
        request_id=request_id,
        billing_group_ident=document.billing_group_ident,
        currency=document.currency,
        language=document.language,
        customer_detail=customer_again(document, document.invoice_address_ident or ""),
        items=rows,
        ident=ident,
        document_date=date,
        order_date=document.order_date,
        operating_site_ident=document.operating_site_ident,
        related_document_ident=document.ident,
        allowances_charges=_allowances(document, document.language),
        post_tax_items=document.post_tax_items,
        rounding=document.totals.rounding,
        prepaid=document.prepaid,
        exchange_rate=document.ledger.exchange_rate if document.ledger else None,
        properties=(REISSUED, *repeated(document)),
    )


def once_more(document: Document, changes: Changes) -> DocumentRequest:
    """`document` as it would be requested today, with `changes`: same rows, prices, taxes and dates of supply, same terms."""
    properties = {entry.key: entry for entry in (*kept(OF_DOCUMENT, document.properties), *changes.properties)}
    return DocumentRequest(
        request_id=changes.request_id,
        billing_group_ident=document.billing_group_ident,
        currency=document.currency,
        language=changes.language,
        customer_detail=customer_again(document, changes.invoice_address_ident),
        items=tuple(
            # what it takes back of another document as a row (`netting`) it takes back of that one again
            replace(row_again(item, document, changes.language), related_document_ident=item.related_document_ident)
            for item in document.items
        ),
        ident=changes.ident,
        document_date=changes.document_date,
        order_date=document.order_date,
        operating_site_ident=document.operating_site_ident,
        external_references=tuple(
            ExternalReference(ident=other.ident, document_date=other.document_date)
            for other in document.related
            if other.document_type is None
        ),
        allowances_charges=_allowances(document, changes.language),
        post_tax_items=document.post_tax_items,
        rounding=document.totals.rounding,
        prepaid=document.prepaid,
        exchange_rate=document.ledger.exchange_rate if document.ledger else None,
        payment_collection=document.payment_collection,
        payment_information=document.payment_information,
        payment_term=document.payment_term,
        properties=tuple(properties.values()),
    )


def same_amounts(one: Document, other: Document) -> bool:
    """Whether two documents have the same totals and tax groups, to the cent."""
    return one.totals == other.totals and _groups(one) == _groups(other)


def _groups(document: Document) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return [(group.category_code, group.rate, group.base, group.amount) for group in document.taxes]


def customer_again(document: Document, invoice_address_ident: str) -> CustomerDetail:
    return CustomerDetail(
        customer_ident=document.customer_ident,
        invoice_address_ident=invoice_address_ident,
        shipping_address_ident=document.shipping_address_ident,
    )


# --- rows ------------------------------------------------------------------------------------------------------------------------


def row_again(item: DocumentItem, document: Document, language: str) -> RequestedItem:
    """A row as it was asked for: only agreed sides, positive."""
    taxes = tuple(_said_in(language, tax, document.language) for tax in item.taxes)
    has_date = item.service_period is not None or item.delivery_date is not None
    original, total = _agreed(item, item.original_total), _agreed(item, item.total)
    return RequestedItem(
        ident=item.ident,
        category=item.category,  # type: ignore[arg-type]  # it came in with a category of the list
        name=item.name,
        description=item.description,
        article_number=item.article_number,
        item_group=item.item_group,
        debit_credit_indicator="CREDIT" if item.is_credit else "DEBIT",
        quantity=item.quantity,
        quantity_type=item.quantity_type,  # type: ignore[arg-type]  # it came in with a type of the list
        unit_code=item.unit_code,
        price_base_quantity=item.price_base_quantity,
        prices=Prices(unit=UnitSides(net=item.unit.net, gross=item.unit.gross), original_total=original, total=total),
        extras=tuple(
            ItemExtra(ident=extra.ident, name=extra.name, total=_agreed(item, extra.total), type=extra.type)
            for extra in item.extras
        ),
        tax_detail=TaxDetail(taxes=taxes, calculation_basis=item.basis),
        performance_location=item.performance_location or Location(country=document.seller.address.country),
        tax_location=item.tax_location,
        service_period=item.service_period,
        delivery_date=item.delivery_date if has_date else document.document_date,
        billing_period=item.billing_period,
        price_calculation_basis=item.price_calculation_basis,
        reference_ident=item.reference_ident,
        refundability=item.refundability,  # type: ignore[arg-type]  # it came in with one of the list
        properties=kept(OF_ROW, item.properties),
    )


def _agreed(item: DocumentItem, amount: AmountSides) -> Sides:
    """The agreed side of an amount of the row; a CREDIT row has its sign in its indicator."""
    if item.basis == "NET":
        return Sides(net=-amount.net if item.is_credit else amount.net)
    return Sides(gross=-amount.gross if item.is_credit else amount.gross)


def _said_in(language: str, tax: Tax, before: str) -> Tax:
    """The tax with its reason in another language, where the reason is one of our own texts."""
    for known in (*EXEMPTIONS.values(), TRIANGULAR_SUPPLY, SMALL_BUSINESS, *SPECIAL_SCHEMES.values()):
        if language != before and tax.exemption_reason_text == known.text(before):
            return replace(tax, exemption_reason_text=known.text(language))
    return tax


# --- allowances and charges of the document --------------------------------------------------------------------------------------


def _allowances(document: Document, language: str) -> tuple[RequestedAllowanceCharge, ...]:
    """What the parts in the tax groups were split from."""
    by_ident: dict[str, list[DocumentAllowanceCharge]] = {}
    for part in document.allowances_charges:
        by_ident.setdefault(part.ident, []).append(part)
    return tuple(_allowance(document, parts, language) for parts in by_ident.values())


def _allowance(document: Document, parts: list[DocumentAllowanceCharge], language: str) -> RequestedAllowanceCharge:
    """One that stands in a single tax group of several was for that group, or falls there by itself: it names the group."""
    first = parts[0]
    bases = {(group.category_code, group.rate): group.basis for group in document.taxes}
    amount = sum((part.net if bases[part.category_code, part.rate] == "NET" else part.gross for part in parts), ZERO)
    row = document.items[0]
    is_only_group = all(item.taxes == row.taxes for item in document.items)
    is_split = len(parts) > 1 or (is_only_group and (first.category_code, first.rate) == (row.category_code, row.taxes[0].rate))
    of_group = [item for item in document.items if (item.category_code, item.rate) == (first.category_code, first.rate)]
    weight = sum((item.total.net if item.basis == "NET" else item.total.gross for item in of_group), ZERO)
    percentage = first.percentage
    # one of all groups that fell to this group alone: a percentage of this group's rows would be another amount
    if percentage is not None and not is_split and round_amount(weight * percentage / HUNDRED, document.currency) != amount:
        percentage = None
    tax = Tax(
        rate=first.rate,
        category_code=first.category_code,  # type: ignore[arg-type]  # of an issued document
        exemption_reason_code=first.exemption_reason_code,
        exemption_reason_text=first.exemption_reason_text,
    )
    return RequestedAllowanceCharge(
        ident=first.ident,
        type=first.type,
        name=first.name,
        percentage=percentage,
        amount=None if percentage is not None else amount,
        tax=None if is_split else _said_in(language, tax, document.language),
    )
