"""Documents whose taxes a provider outside determines: recorded with it under their numbers once they are issued, and taken back there when
they are cancelled. The provider is told by a worker of its own, never in the transaction that issues."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import cast

from contor.documents.events import DocumentsIssued
from contor.documents.judge import SELF_BILLING, IssuedDocument
from contor.documents.types import Address, DocumentItem, DocumentType
from contor.kernel.events import on
from contor.kernel.places import alpha2
from contor.runtime.uow import Uow
from contor.tax.providers import (
    Outside,
    Place,
    Providers,
    Recorded,
    Row,
    ToRecord,
    code_of,
    is_any_asked,
    providers_of,
    record,
    recording_body,
    take_back,
)

_ONE = Decimal(1)
_RECORDED = (DocumentType.INVOICE, DocumentType.CREDIT_MEMO)
"""Of a deposit nothing is supplied yet."""


@on(DocumentsIssued)
def record_at_providers(uow: Uow, fact: DocumentsIssued) -> None:
    """At the end of the transaction, when they have their numbers."""
    if not is_any_asked(uow):
        return
    providers = providers_of(uow)
    found = [(draft, provider) for draft in fact.documents if (provider := _provider(draft, providers)) is not None]
    if found:
        uow.finish(lambda: _record(uow, found))


def _provider(draft: IssuedDocument, providers: Providers) -> Outside | None:
    """By where its rows are taxed, which is one country."""
    document = draft.document
    if document.document_type not in _RECORDED or document.document_type in SELF_BILLING or draft.facts.imported:
        return None
    provider = providers.provider_for(_country(document.items), document.billing_group_ident)
    return None if provider == "NITROBOX" else cast(Outside, provider)


def _country(items: Sequence[DocumentItem]) -> str:
    location = items[0].tax_location or items[0].performance_location
    return "" if location is None else alpha2(location.country) or location.country


def _record(uow: Uow, found: Iterable[tuple[IssuedDocument, Outside]]) -> None:
    """What cancels a document as a whole takes back what is recorded of that; everything else is recorded itself."""
    made = []
    for draft, provider in found:
        original = _cancelled(draft)
        if original is not None and take_back(uow, [original]):
            continue
        body = recording_body(_recorded(draft, code_of(draft.ident, uow.new_uuid())))
        made.append(ToRecord(draft.id, draft.ident, provider, str(body["type"]), body))
    record(uow, made)


def _cancelled(draft: IssuedDocument) -> int | None:
    """The document that a credit memo takes back as a whole."""
    related = list(draft.facts.related.values())
    if draft.document.sign > 0 or len(related) != 1 or draft.document.is_price_reduction:
        return None
    original = related[0].left.document
    is_whole = (original.totals.net, original.totals.tax) == (draft.document.totals.net, draft.document.totals.tax)
    return related[0].id if is_whole else None


def _recorded(draft: IssuedDocument, code: str) -> Recorded:
    document = draft.document
    sign = document.sign
    rows = [
        Row(
            number=str(item.position),
            net=sign * item.total.net,
            tax=item.total.tax,
            quantity=item.quantity,
            category=item.category,
            article_number=item.article_number,
            description=item.name,
        )
        for item in document.items
    ]
    for number, entry in enumerate(document.allowances_charges, len(rows) + 1):
        turn = -sign if entry.type == "ALLOWANCE" else sign
        rows.append(Row(str(number), turn * entry.net, entry.tax, _ONE, "DISCOUNT", None, entry.name))
    return Recorded(
        type="SalesInvoice" if sign > 0 else "ReturnInvoice",
        code=code,
        day=document.document_date,
        customer_ident=document.customer_ident,
        currency=document.currency,
        sent_from=_place(document.seller.address),
        sent_to=_place(document.shipping_address or document.customer.address),
        rows=rows,
        tax=sign * document.totals.tax,
        refers_to=document.related[0].ident if document.related else None,
    )


def _place(address: Address) -> Place:
    line = " ".join(part for part in (address.street, address.street_no) if part)
    return Place(country=address.country, line=line or None, city=address.city, region=address.state, postal_code=address.zip)
