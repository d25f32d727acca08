"""Deposits: what was received on a deposit invoice, and how a final invoice deducts it. Pure.

Tax on a deposit arises when the money is received, on the part received (section 13 (1) no. 1 a sentence 4 UStG). Only received
parts are deducted from the final invoice; the unpaid rest is closed by a correction without effect on the tax
(section 14 (5) UStG, UStAE 14.8; accounting reference 2).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from contor.documents.amounts.credits import NOTHING, GroupAmounts, Left, group_key, tax_of_part
from contor.documents.types import (
    CustomerDetail,
    DepositDeduction,
    DepositGroup,
    Document,
    DocumentItem,
    DocumentRequest,
    Location,
    Prices,
    QuantityType,
    RequestedAllowanceCharge,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    TaxGroup,
    UnitSides,
)
from contor.kernel.money import ZERO, split

Received = tuple[DepositGroup, ...]
"""Parts received, one per tax group of the deposit invoice."""


def receipt(groups: Sequence[TaxGroup], received: Sequence[DepositGroup], amount: Decimal, currency: str) -> Received:
    """The part of each tax group that a receipt of `amount` pays, given what was `received` before it.

    The receipt is split over the groups in proportion to what is unpaid; tax = part x tax / gross of the deposit, rounded; the
    receipt that pays a group in full takes the rest of its tax. What exceeds the deposit invoice is no part of it.
    """
    before = {(part.category_code, part.rate): part for part in total_of([received])}
    paid = []
    for group in groups:
        so_far = before.get((group.category_code, group.rate))
        paid.append(GroupAmounts(so_far.net, so_far.tax, so_far.gross) if so_far else NOTHING)
    unpaid = [group.gross - part.gross for group, part in zip(groups, paid, strict=True)]
    if sum(unpaid, ZERO) == 0 or amount == 0:
        return ()
    shares = split(min(amount, sum(unpaid, ZERO)), unpaid, currency)
    parts = []
    for group, part, rest, share in zip(groups, paid, unpaid, shares, strict=True):
        tax = tax_of_part(group.amount, group.gross, GroupAmounts(ZERO, group.amount - part.tax, rest), share, currency)
        if share:
            code, rate = group.category_code, group.rate
            parts.append(DepositGroup(category_code=code, rate=rate, net=share - tax, tax=tax, gross=share))
    return tuple(parts)


def receipts(document: Document, amounts: Iterable[Decimal]) -> list[Received]:
    """The parts of each of several receipts on one deposit invoice, in the order received."""
    parts: list[Received] = []
    for amount in amounts:
        parts.append(receipt(document.taxes, total_of(parts), amount, document.currency))
    return parts


def total_of(parts: Iterable[Sequence[DepositGroup]]) -> Received:
    """The sum of several receipts per tax group (one taken back is negative); groups that add up to nothing are left out."""
    sums: dict[tuple[str, Decimal], GroupAmounts] = {}
    for part in parts:
        for group in part:
            key = (group.category_code, group.rate)
            before = sums.get(key, NOTHING)
            sums[key] = GroupAmounts(before.net + group.net, before.tax + group.tax, before.gross + group.gross)
    return tuple(
        DepositGroup(category_code=category, rate=rate, net=amounts.net, tax=amounts.tax, gross=amounts.gross)
        for (category, rate), amounts in sums.items()
        if amounts.gross
    )


def reverse(part: Received) -> Received:
    """A receipt taken back (returned debit, wrong assignment): the exact negative."""
    return tuple(
        DepositGroup(category_code=group.category_code, rate=group.rate, net=-group.net, tax=-group.tax, gross=-group.gross)
        for group in part
    )


def deduction(document: Document, received: Received, received_on: dt.date) -> DepositDeduction:
    """What a final invoice deducts of one deposit invoice; `received_on` is the day of the last receipt."""
    return DepositDeduction(ident=document.ident, document_date=document.document_date, received_on=received_on, groups=received)


def gross_of(received: Iterable[DepositGroup]) -> Decimal:
    return sum((group.gross for group in received), ZERO)


def closing_request(left: Left, request_id: str, invoice_address_ident: str, today: dt.date) -> DocumentRequest | None:
    """The correction that closes what is still unpaid of a deposit invoice; None when nothing is.

    `left` was made with the parts received. One row per row of the original, its rest in proportion (largest remainder); on a
    deposit invoice with allowances of the document the rest stands on the rows of the same tax group.
    """
    document, items = left.document, []
    for item, rest in _rest_of_rows(left):
        sides = Sides(net=rest) if item.basis == "NET" else Sides(gross=rest)
        unit = UnitSides(net=abs(rest)) if item.basis == "NET" else UnitSides(gross=abs(rest))  # a price is not negative (BR-27)
        items.append(_closing_row(item, Prices(unit=unit, original_total=sides, total=sides), document.seller.address.country))
    if not items:
        return None
    return DocumentRequest(
        request_id=request_id,
        billing_group_ident=document.billing_group_ident,
        currency=document.currency,
        language=document.language,
        customer_detail=CustomerDetail(customer_ident=document.customer_ident, invoice_address_ident=invoice_address_ident),
        items=tuple(items),
        allowances_charges=_rest_of_charges(left),
        document_date=today,
        operating_site_ident=document.operating_site_ident,
        related_document_ident=document.ident,
    )


def _rest_of_rows(left: Left) -> list[tuple[DocumentItem, Decimal]]:
    """Each row with its part of its group's unpaid rest, on the agreed side; rows with no part are left out."""
    found = []
    currency = left.document.currency
    for key, group in left.groups.items():
        rows = [row for row in left.rows.values() if group_key(row.item.category_code, row.item.rate, None, None, False) == key]
        rest = group.unpaid.net if group.basis == "NET" else group.unpaid.gross
        shares = split(rest, [row.agreed for row in rows], currency)
        found += [(row.item, share) for row, share in zip(rows, shares, strict=True) if share]
    return sorted(found, key=lambda pair: pair[0].position)  # found group by group, shown in the order of the original


def _rest_of_charges(left: Left) -> tuple[RequestedAllowanceCharge, ...]:
    """The unpaid rest of tax groups that have no row, only allowances or charges of the document."""
    with_rows = {(row.item.category_code, row.item.rate) for row in left.rows.values()}
    found: list[RequestedAllowanceCharge] = []
    # `what_is_left` keeps the groups in the order of the document's
    for group, rest in zip(left.document.taxes, left.groups.values(), strict=True):
        amount = rest.unpaid.net if group.basis == "NET" else rest.unpaid.gross
        if (group.category_code, group.rate) in with_rows or not amount:
            continue
        tax = Tax(
            rate=group.rate,
            category_code=group.category_code,  # type: ignore[arg-type]  # of an issued document
            exemption_reason_code=group.exemption_reason_code,
            exemption_reason_text=group.exemption_reason_text,
        )
        named = next(
            part
            for part in left.document.allowances_charges
            if (part.category_code, part.rate) == (group.category_code, group.rate)
        )
        # a group that only allowances made is below zero; its amount is said positive, the type says the direction
        kind: Literal["ALLOWANCE", "CHARGE"] = "CHARGE" if amount > 0 else "ALLOWANCE"
        found.append(
            RequestedAllowanceCharge(
                ident=f"{kind.lower()}-{len(found) + 1}", type=kind, name=named.name, amount=abs(amount), tax=tax
            )
        )
    return tuple(found)


def _closing_row(item: DocumentItem, prices: Prices, seller_country: str) -> RequestedItem:
    """A row of quantity 1 over the rest of `item`; one that says no place is supplied where the seller is."""
    quantity_type: QuantityType = "PC"
    return RequestedItem(
        ident=item.ident,
        reference_ident=item.ident,
        category=item.category,  # type: ignore[arg-type]  # the row came in with a category of the list
        name=item.name,
        quantity=Decimal(1),
        quantity_type=quantity_type,
        prices=_unsigned(prices, item.is_credit),
        debit_credit_indicator="CREDIT" if item.is_credit else "DEBIT",
        tax_detail=TaxDetail(taxes=item.taxes, calculation_basis=item.basis),
        performance_location=item.performance_location or Location(country=seller_country),
        tax_location=item.tax_location,
        service_period=item.service_period,
        delivery_date=item.delivery_date,
    )


def _unsigned(prices: Prices, is_credit: bool) -> Prices:
    """Prices as a request has them: the row's own sign is in its debitCreditIndicator."""
    if not is_credit:
        return prices
    total = prices.total
    sides = Sides(net=-total.net if total.net is not None else None, gross=-total.gross if total.gross is not None else None)
    return Prices(unit=prices.unit, original_total=sides, total=sides)
