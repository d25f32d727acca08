"""GET /invoices/{invoiceId}/billing-run: which subscriptions an invoice bills, what of them, and for which time."""

from dataclasses import dataclass

from contor.api.fynn.ids import SUBSCRIPTION
from contor.api.fynn.invoices.shown import billed_rows, invoice_id
from contor.api.fynn.invoices.written import document_meant
from contor.api.fynn.manners import Uuid, When, known_when, when
from contor.api.ids import as_uuid
from contor.billing.breakdown import usage_urls
from contor.billing.queries import items_billed_by
from contor.contracts.queries import contract_numbers
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow, not_found


@shape
class BilledSubscription:
    id: Uuid
    number: str
    date_range_from: When
    date_range_to: When


@shape
class BilledSubscriptionItem:
    """A part of a subscription, and the days of it that were billed, both included."""

    subscription: Uuid
    id: str
    """Of the item, a ULID; an allowance is no item and has its name here."""
    product: Uuid | None = None
    """Whose price it is; none of what is no product of the catalogue."""
    date_range_from: When
    date_range_to: When


@shape
class BillingRunShown:
    id: Uuid
    invoice: Uuid
    date_range_from: When
    date_range_to: When
    subscriptions: tuple[BilledSubscription, ...]
    subscription_items: tuple[BilledSubscriptionItem, ...]
    billed_at: When | None = None
    usage_breakdown_url: str | None = None


@dataclass(frozen=True, slots=True)
class RunOfInvoice:
    invoice_id: str


@operation("fynn.invoice_billing_run", permission="documents.read", reads=True)
def billing_run(uow: Uow, command: RunOfInvoice) -> BillingRunShown:
    """What the invoice bills of subscriptions. Raises NOT_FOUND where no run has made it."""
    paper, _ = document_meant(uow, command.invoice_id)
    items = items_billed_by(uow, paper.document_id or 0)
    if not items:
        raise not_found("billing_run", command.invoice_id)
    numbers = contract_numbers(uow, {item.contract_ident for item in items})
    ids = {ident: str(shown) for ident, shown in SUBSCRIPTION.shown(uow, numbers).items()}
    rows = billed_rows(uow, [paper.document_id or 0])
    subscriptions = tuple(
        BilledSubscription(
            id=ids[ident],
            number=ident,
            date_range_from=known_when(min(item.period_start for item in items if item.contract_ident == ident)),
            date_range_to=known_when(max(item.period_end for item in items if item.contract_ident == ident)),
        )
        for ident in dict.fromkeys(item.contract_ident for item in items)
    )
    return BillingRunShown(
        id=as_uuid(paper.document_id or 0, f"{uow.ctx.tenant_id}:billing_run"),
        invoice=invoice_id(uow, paper.id),
        date_range_from=known_when(min(item.period_start for item in items)),
        date_range_to=known_when(max(item.period_end for item in items)),
        subscriptions=subscriptions,
        subscription_items=tuple(
            BilledSubscriptionItem(
                subscription=ids[item.contract_ident],
                id=row.subscription_item if row is not None else item.origin_ident,
                product=row.product if row is not None else None,
                date_range_from=known_when(item.period_start),
                date_range_to=known_when(item.period_end),
            )
            for item, row in ((item, rows.get((paper.document_id or 0, f"i-{item.item_id}"))) for item in items)
        ),
        usage_breakdown_url=usage_urls(uow, [paper.document_id or 0]).get(paper.document_id or 0),
        billed_at=when(max((item.processed_at for item in items if item.processed_at is not None), default=None)),
    )
