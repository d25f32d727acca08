"""What the API answers of an issued document, made of the frozen content and what has moved since. Pure."""

from contor.documents.types.answered import (
    AmountView,
    CorrectedRowView,
    CorrectionView,
    DocumentView,
    ExtraView,
    ItemView,
    PricesView,
    RowStateView,
    State,
    TaxDetailView,
    TaxView,
    TotalsView,
    UnitView,
)
from contor.documents.types.corrected import RowState
from contor.documents.types.frozen import Document
from contor.documents.types.requested import CustomerDetail, ExternalReference
from contor.documents.types.rows import AmountSides, DocumentItem, TaxGroup, Totals, UnitPriceSides


def view_of(document: Document, state: State) -> DocumentView:
    """The answer for one document."""
    here = tuple(reference.ident for reference in document.related if reference.document_type is not None)
    return DocumentView(
        document_id=state.document_id,
        ident=document.ident,
        document_type=document.document_type,
        status=state.status,
        request_id=document.request_id,
        billing_group_ident=document.billing_group_ident,
        currency=document.currency,
        language=document.language,
        document_date=document.document_date,
        due_date=document.due_date,
        tax_date=document.tax_date,
        created_at=document.created_at,
        customer_detail=CustomerDetail(
            customer_ident=document.customer_ident,
            invoice_address_ident=document.invoice_address_ident or "",
            shipping_address_ident=document.shipping_address_ident,
        ),
        operating_site_ident=document.operating_site_ident,
        customer=document.customer,
        seller=document.seller,
        items=tuple(item_view(item) for item in document.items),
        taxes=tuple(tax_view(group) for group in document.taxes),
        totals=totals_view(document.totals),
        outstanding=document.totals.payable - state.settled,
        dunning_level=state.dunning_level,
        labels=state.labels,
        files=state.files,
        related_by=state.related_by,
        origin_references=state.origin_references,
        order_date=document.order_date,
        related_document_ident=here[0] if here else None,
        related_document_idents=here,
        external_references=tuple(
            ExternalReference(ident=reference.ident, document_date=reference.document_date)
            for reference in document.related
            if reference.document_type is None
        ),
        allowances_charges=document.allowances_charges,
        post_tax_items=document.post_tax_items,
        prepaid=document.prepaid,
        final_invoice_method=document.final_invoice_method,
        deposits=document.deposits,
        discounts=document.discounts,
        correction=correction_view(document),
        ledger=document.ledger,
        payment_collection=document.payment_collection,
        payment_information=document.payment_information,
        payment_term=document.payment_term,
        paid_by=document.paid_by,
        collection_date=document.collection_date,
        collection_reason=document.collection_reason,
        properties=document.properties,
        finalizing=state.finalizing,
    )


def correction_view(document: Document) -> CorrectionView | None:
    """Before, after and difference of each row, and of the whole."""
    correction = document.correction
    if correction is None:
        return None
    idents = {item.position: item.ident for item in document.items}
    return CorrectionView(
        kind=correction.kind,
        reason=correction.reason,
        rows=tuple(
            CorrectedRowView(
                ident=idents[row.position],
                before=_state_view(row.before),
                after=_state_view(row.after),
                difference=_difference(row.before.total, row.after.total),
            )
            for row in correction.rows
        ),
        before=_amount_view(correction.before),
        after=_amount_view(correction.after),
        difference=_difference(correction.before, correction.after),
    )


def _state_view(state: RowState) -> RowStateView:
    unit = UnitView(net=state.unit.net, gross=state.unit.gross)
    return RowStateView(quantity=state.quantity, unit=unit, total=_amount_view(state.total))


def _difference(before: AmountSides, after: AmountSides) -> AmountView:
    return AmountView(net=after.net - before.net, tax=after.tax - before.tax, gross=after.gross - before.gross)


def totals_view(totals: Totals) -> TotalsView:
    return TotalsView(
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        prepaid=totals.prepaid,
        rounding=totals.rounding,
        payable=totals.payable,
    )


def tax_view(group: TaxGroup) -> TaxView:
    return TaxView(
        category_code=group.category_code,
        rate=group.rate,
        base=group.base,
        amount=group.amount,
        exemption_reason_code=group.exemption_reason_code,
        exemption_reason_text=group.exemption_reason_text,
    )


def prices_view(unit: UnitPriceSides, original_total: AmountSides, total: AmountSides) -> PricesView:
    """The prices of a row, both sides of each."""
    return PricesView(
        unit=UnitView(net=unit.net, gross=unit.gross), original_total=_amount_view(original_total), total=_amount_view(total)
    )


def item_view(item: DocumentItem) -> ItemView:
    return ItemView(
        ident=item.ident,
        category=item.category,
        name=item.name,
        quantity=item.quantity,
        quantity_type=item.quantity_type,
        unit_code=item.unit_code,
        price_base_quantity=item.price_base_quantity,
        debit_credit_indicator="CREDIT" if item.is_credit else "DEBIT",
        prices=prices_view(item.unit, item.original_total, item.total),
        tax_detail=TaxDetailView(calculation_basis=item.basis, taxes=item.taxes),
        extras=tuple(
            ExtraView(ident=extra.ident, name=extra.name, total=_amount_view(extra.total), type=extra.type) for extra in item.extras
        ),
        description=item.description,
        article_number=item.article_number,
        item_group=item.item_group,
        performance_location=item.performance_location,
        tax_location=item.tax_location,
        service_period=item.service_period,
        delivery_date=item.delivery_date,
        billing_period=item.billing_period,
        price_calculation_basis=item.price_calculation_basis,
        reference_ident=item.reference_ident,
        related_document_ident=item.related_document_ident,
        refundability=item.refundability,
        properties=item.properties,
    )


def _amount_view(amount: AmountSides) -> AmountView:
    return AmountView(net=amount.net, tax=amount.tax, gross=amount.gross)
