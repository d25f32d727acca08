"""What is told of bills that are not issued. Pure."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from contor.billing.items import Code
from contor.customers.taxation import Exempted, why_taxed
from contor.documents.types import (
    Document,
    DocumentItem,
    LedgerCurrency,
    Period,
    PricesView,
    TaxView,
    TotalsView,
    completed_on,
    prices_view,
    tax_view,
    totals_view,
)
from contor.kernel.places import alpha2
from contor.kernel.shapes import Money, shape


@shape
class PreviewedLine:
    name: str
    description: str | None
    quantity: Decimal
    quantity_type: str
    price_base_quantity: Decimal
    """Of how many units the unit price is (BT-149)."""
    prices: PricesView
    is_credit: bool
    service_period: Period | None
    tax_note: str | None = None
    """Why it bears tax, though its customer has exemptions."""


@shape
class PreviewedDocument:
    """A document as it would be issued, but for its number. It may bill other contracts of the customer too, as the billing group says."""

    billed_at: dt.datetime
    """When the run would take it."""
    document_type: str
    document_date: dt.date
    due_date: dt.date
    tax_date: dt.date
    currency: str
    items: tuple[PreviewedLine, ...]
    taxes: tuple[TaxView, ...]
    totals: TotalsView
    ledger: LedgerCurrency | None
    """Where it is in another currency than the books; before the rate of its day is there, at the newest one, whose date it says."""


@shape
class Reason:
    """Why something is not billed."""

    code: Code
    text: str


@shape
class UpcomingItem:
    """An item that is not billed; one of the next period has no number yet."""

    billable_item_id: int | None
    contract_ident: str | None
    order_ident: str | None
    origin_type: str
    origin_ident: str
    kind: str
    type: str
    name: str
    billing_period: Period
    processing_date: dt.datetime | None
    """When a run takes it; not there: not before it is released."""
    currency: str
    total: Money
    """On the agreed side; 0 for usages that are not rated yet."""
    reason: Reason


@shape
class ContractPreview:
    contract_ident: str
    now: tuple[PreviewedDocument, ...]
    """What a run that is asked for its customer would bill at once; it bills a parked one too."""
    next: tuple[PreviewedDocument, ...]
    """What it would bill afterwards, the earliest first, as far as it is known today: usages that are still to come are none."""
    not_billed: tuple[Reason, ...]
    """Why the contract bills less than someone may expect: its customer is parked, or a document of it is refused, now or next."""


def document_view(document: Document, at: dt.datetime, exemptions: Sequence[Exempted] = ()) -> PreviewedDocument:
    return PreviewedDocument(
        billed_at=at,
        document_type=document.document_type.value,
        document_date=document.document_date,
        due_date=document.due_date,
        tax_date=document.tax_date,
        currency=document.currency,
        items=tuple(
            PreviewedLine(
                name=item.name,
                description=item.description,
                quantity=item.quantity,
                quantity_type=item.quantity_type,
                price_base_quantity=item.price_base_quantity,
                prices=prices_view(item.unit, item.original_total, item.total),
                is_credit=item.is_credit,
                service_period=item.service_period,
                tax_note=_tax_note(document, item, exemptions),
            )
            for item in document.items
        ),
        taxes=tuple(tax_view(group) for group in document.taxes),
        totals=totals_view(document.totals),
        ledger=document.ledger,
    )


def _tax_note(document: Document, item: DocumentItem, exemptions: Sequence[Exempted]) -> str | None:
    if not exemptions or item.category_code != "S" or document.is_self_billing:
        return None
    country = item.tax_location.country if item.tax_location is not None else document.seller.address.country
    return why_taxed(exemptions, completed_on(item) or document.tax_date, alpha2(country) or country)
