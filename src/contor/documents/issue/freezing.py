"""Freezing: a request, judged and computed, becomes the document as it will stand for ever; only its number is still missing. Pure.

Picture, e-invoice, entries and answers are all made from the frozen value (section 14 UStG; accounting reference 4 to 6).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from contor.documents.amounts import Amounts, DepositRow, RowAmounts, Terms, stated_properties
from contor.documents.issue.correcting import as_corrected
from contor.documents.issue.treating import as_treated
from contor.documents.judge import CREDITING, DEFAULT_TERM, Facts, format_of, named_once, properties_of, related_idents
from contor.documents.labels import Label, written_date
from contor.documents.long_texts import text_of
from contor.documents.properties import CREDITOR_ID, MANDATE, NOTE, ORIGINAL_DUE_DATE
from contor.documents.references import FIELDS_OF_DOCUMENT, FIELDS_OF_ROW, OF_ROW, given, stated
from contor.documents.skonto import NO_DUE_DATE
from contor.documents.types import (
    LONGEST_TERM,
    OF_DEPOSITS,
    UNIT_CODES,
    VOUCHERS,
    Document,
    DocumentItem,
    DocumentRequest,
    DocumentType,
    Location,
    Party,
    PaymentTerm,
    Property,
    RelatedDocument,
    RequestedItem,
    completed_on,
)
from contor.kernel.shapes import replace

ONE: Final = Decimal(1)
_LONGEST_NAME = 255


def freeze(request: DocumentRequest, document_type: DocumentType, facts: Facts, computed: Amounts, now: dt.datetime) -> Document:
    """The document of a request without findings, complete but for its number (`with_number`).

    `computed` are its amounts (`judge.contents.examine`); `now` is the instant of issuing (UTC). The caller's own number is set already.
    """
    request = named_once(request, facts)
    group, site, customer = facts.billing_group, facts.site, facts.customer
    if group is None or site is None or customer is None:
        raise ValueError("a request without group, site or customer was not refused")
    is_outside = computed.taxes[0].category_code == "O"  # it stands alone (BR-O-11)
    seller, buyer = (_outside_scope(site), _outside_scope(customer)) if is_outside else (site, customer)
    terms, date = computed.terms, facts.dated(request)
    items = _items(request, computed, terms, facts.texts)
    credited = terms.left.document if terms.left is not None else None
    cash = None if credited is None else credited.cash_taxation  # what was taxed in one way is taken back in the same
    payment_term = request.payment_term or _usual_term(group.payment_term or DEFAULT_TERM, document_type)
    if document_type in CREDITING and payment_term.cash_discount and not facts.imported:
        payment_term = replace(payment_term, cash_discount=())  # nobody owes us by a credit; what is imported says what it said
    named = given(FIELDS_OF_DOCUMENT, request.properties)
    document = Document(
        ident=request.ident or "",
        document_type=document_type,
        request_id=request.request_id,
        environment=facts.environment,
        billing_group_ident=group.ident,
        currency=request.currency,
        language=request.language,
        document_date=date,
        due_date=_due_date(request, facts, date, payment_term.period_in_days),
        tax_date=facts.tax_date or (date if document_type in CREDITING else tax_date(items, date)),
        created_at=now,
        seller=seller,
        customer=buyer,
        operating_site_ident=site.ident,
        customer_ident=customer.ident,
        items=items,
        taxes=computed.taxes,
        totals=computed.totals,
        order_date=request.order_date,
        # of a deposit nothing is supplied yet (section 14 (5) UStG)
        supply_on_document_date=document_type not in OF_DEPOSITS and _no_supply_date(items),
        invoice_address_ident=request.customer_detail.invoice_address_ident,
        shipping_address_ident=request.customer_detail.shipping_address_ident,
        shipping_address=facts.shipping_address,
        shipping_names=facts.shipping_names,
        gender=facts.gender,
        cash_taxation=facts.cash_taxation if cash is None else cash,
        allowances_charges=computed.allowances_charges,
        post_tax_items=request.post_tax_items,
        prepaid=request.prepaid + terms.moved if terms.moved else request.prepaid,
        related=_related(request, facts),
        corrections=_corrections(request, facts) if terms.method == "REVERSAL" else (),
        final_invoice_method=terms.method,
        deposits=terms.deductions,
        discounts=computed.discounts,
        discounts_of=computed.discounts_of,
        price_reductions=computed.price_reductions,
        price_reductions_of=computed.price_reductions_of,
        deposit_receivable_relevant=group.deposit_receivable_relevant,
        texts=facts.texts,
        ledger=computed.ledger,
        payment_collection=request.payment_collection,
        payment_information=request.payment_information,
        payment_term=payment_term,
        e_invoice_format=format_of(request, document_type, facts),
        buyer_reference=facts.buyer_reference,
        note=text_of(NOTE, request.properties),
        properties=_properties(request, credited, facts),
    )
    return as_corrected(as_treated(_announcing(document, facts, named), terms, facts), terms, facts)


def _announcing(document: Document, facts: Facts, named: Mapping[str, str]) -> Document:
    """With what its properties name; and with the way in which it says that it is paid, the account that is debited and the day on which it
    is collected, where something is and the way is known: who reads it is told of that day, not before he has it (money reference 2.5)."""
    document, found = replace(document, **named) if named else document, facts.collection
    if found is None or document.totals.payable <= 0 or document.was_paid_before:
        return document
    document = replace(document, paid_by=found.paid_by, debited_account=found.debited)
    if found.terms is None:
        return document
    announced = found.terms.announced(document.due_date, max(document.document_date, facts.today))
    return replace(document, collection_date=announced.on, collection_reason=announced.because)


def _due_date(request: DocumentRequest, facts: Facts, date: dt.date, days: int) -> dt.date:
    """The last day of the term; what is imported keeps its own, were it before its date or further off than a term may be."""
    due = date + dt.timedelta(days=days)
    stated = properties_of(request).get(ORIGINAL_DUE_DATE, NO_DUE_DATE) if facts.imported or facts.repeats else NO_DUE_DATE
    if stated == NO_DUE_DATE or 0 < days < LONGEST_TERM:
        return due
    try:
        own = dt.date.fromisoformat(stated)
    except ValueError:
        return due
    return own if (own < date if days == 0 else own > due) else due


def _usual_term(term: PaymentTerm, document_type: DocumentType) -> PaymentTerm:
    """The group's; its Skonto is granted to who owes us."""
    return replace(term, cash_discount=()) if document_type is DocumentType.SELF_BILLING_INVOICE else term


def _properties(request: DocumentRequest, credited: Document | None, facts: Facts) -> tuple[Property, ...]:
    """What the request says, and the mandate by which is collected; a credit also the VAT that its original stated, of which it takes a
    part."""
    found = facts.collection
    mandate = found.mandate if found is not None else ()
    stated = stated_properties(credited.properties) if credited is not None and credited.properties else mandate
    if facts.repeats and stated is mandate:  # in the place of what the document that it repeats had stated
        by_mandate = found is None or found.paid_by in (None, "DIRECT_DEBIT")
        anew = {entry.key for entry in mandate} if by_mandate else {MANDATE, CREDITOR_ID}
        return (*(entry for entry in request.properties if entry.key not in anew), *mandate)
    known = {entry.key for entry in request.properties} if stated else set()
    return (*request.properties, *(entry for entry in stated if entry.key not in known)) if stated else request.properties


def tax_date(items: Sequence[DocumentItem], document_date: dt.date) -> dt.date:
    """The day on which the supply is completed: the last one over all rows with an amount, where there are any; a row that says nothing
    was supplied on the document date (UStAE 13.1). A credit's is its own date: a reduction counts when it happens (section 17 (1)
    sentence 8 UStG)."""
    rows = [item for item in items if item.deposit_ident is None]  # a deposit taken off is no supply
    return max([completed_on(it) or document_date for it in [it for it in rows if it.total.gross] or rows], default=document_date)


def _no_supply_date(items: Sequence[DocumentItem]) -> bool:
    for item in items:  # noqa: SIM110 (a generator costs more than the loop on this path)
        if item.service_period is not None or item.delivery_date is not None:
            return False
    return True


def _outside_scope(party: Party) -> Party:
    """Outside the scope of VAT no VAT id may stand on the document (BR-O-02)."""
    return party if party.vat_id is None else replace(party, vat_id=None)


def _related(request: DocumentRequest, facts: Facts) -> tuple[RelatedDocument, ...]:
    """BG-3: documents issued here, then those of other systems."""
    idents = related_idents(request)
    if not idents and not request.external_references:
        return ()
    here = [facts.related[ident].left.document for ident in idents]
    return (
        *map(_as_related, here),
        *[
            RelatedDocument(ident=it.ident, document_type=None, document_date=it.document_date)
            for it in request.external_references
        ],
    )


def _corrections(request: DocumentRequest, facts: Facts) -> tuple[RelatedDocument, ...]:
    """What took back the deposits that it names, or whose corrections it names, each once."""
    found = {it.ident: it for ident in related_idents(request) for it in facts.related[ident].corrections}
    return tuple([_as_related(it) for it in found.values()])


def _as_related(document: Document) -> RelatedDocument:
    return RelatedDocument(ident=document.ident, document_type=document.document_type, document_date=document.document_date)


def _items(request: DocumentRequest, computed: Amounts, terms: Terms, texts: dict[str, str]) -> tuple[DocumentItem, ...]:
    left = terms.left
    items = []
    for position, (item, row) in enumerate(zip(request.items, computed.rows, strict=True), 1):
        credited = left.row_of(item) if left is not None else None
        frozen = _item(position, item, row, item.reference_ident if credited is None else credited.item.ident)
        if left is not None and credited is not None:
            frozen = _like(frozen, credited.item, credited.document)
            frozen = replace(frozen, related_document_ident=credited.document.ident if left.several else None)
        items.append(frozen)
    for deposit_row in computed.deposit_rows:
        items.append(_deposit_item(deposit_row, len(items) + 1, items, request.language, texts))
    return tuple(items)


def _item(position: int, item: RequestedItem, row: RowAmounts, reference: str | None) -> DocumentItem:
    """A row as it stands on the document."""
    frozen = DocumentItem(
        position=position,
        ident=item.ident,
        category=item.category,
        name=item.name or (item.description or "")[:_LONGEST_NAME],
        quantity=item.quantity,
        quantity_type=item.quantity_type,
        unit_code=item.unit_code or UNIT_CODES[item.quantity_type],
        unit=row.unit,
        original_total=row.original_total,
        total=row.total,
        taxes=row.taxes,
        basis=row.basis,
        is_credit=item.debit_credit_indicator == "CREDIT",
        price_base_quantity=item.price_base_quantity,
        description=item.description if item.name or len(item.description or "") > _LONGEST_NAME else None,
        article_number=item.article_number,
        item_group=item.item_group,
        extras=row.extras,
        service_period=item.service_period,
        delivery_date=item.delivery_date,
        billing_period=item.billing_period,
        performance_location=item.performance_location,
        tax_location=item.tax_location or item.performance_location,
        reference_ident=reference,
        related_document_ident=item.related_document_ident,
        refundability=item.refundability if item.category in VOUCHERS else None,
        price_calculation_basis=item.price_calculation_basis,
        properties=item.properties,
    )
    references = given(FIELDS_OF_ROW, item.properties) if item.properties else None
    return replace(frozen, **references) if references else frozen


def _like(item: DocumentItem, credited: DocumentItem, document: Document) -> DocumentItem:
    """A row that takes another one back says what that one said of its supply and whom it concerned, where it says nothing itself. One
    that takes back the deduction of a deposit is no supply either."""
    if credited.deposit_ident is not None:
        return replace(item, category=credited.category, deposit_ident=credited.deposit_ident)
    changes: dict[str, Any] = {
        it.field: value for it, value in stated(OF_ROW, credited) if it.repeated and not getattr(item, it.field)
    }
    if item.service_period is None and item.delivery_date is None:
        day = credited.delivery_date
        if credited.service_period is None and day is None and not document.is_deposit:
            day = document.document_date  # it said no day of supply, so that was it
        changes |= {"service_period": credited.service_period, "delivery_date": day}
    return replace(item, **changes) if changes else item


def _deposit_item(
    row: DepositRow, position: int, items: Sequence[DocumentItem], language: str, texts: dict[str, str]
) -> DocumentItem:
    """The negative row of a received deposit: a quantity of one, taken back."""
    deduction, amounts = row.deduction, row.amounts
    idents = {item.ident for item in items}
    ident = f"deposit-{position}"
    while ident in idents:  # a row may have been called so by its caller
        ident += "~"
    name = Label.LESS_DEPOSIT.said(language, texts, ident=deduction.ident, date=written_date(deduction.document_date, language))
    location: Location | None = items[0].tax_location
    return DocumentItem(
        position=position,
        ident=ident,
        category="DEPOSIT",
        name=name,
        quantity=ONE,
        quantity_type="PC",
        unit_code="H87",
        unit=amounts.unit,
        original_total=amounts.original_total,
        total=amounts.total,
        taxes=amounts.taxes,
        basis=amounts.basis,
        is_credit=True,
        performance_location=location,
        tax_location=location,
        deposit_ident=deduction.ident,
    )
