"""The amounts of a document: one rule for picture, e-invoice and ledger (accounting reference 1). Pure.

Every side of every price is computed here, once. The agreed side counts; what a client sends for the other side is checked
elsewhere and only kept for unit prices, which are information there.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.amounts.allowances import allowance_of, allowance_parts
from contor.documents.amounts.credits import RowLeft
from contor.documents.amounts.deposits import gross_of
from contor.documents.amounts.discounts import gross_of_discounts, taken_back
from contor.documents.amounts.groups import Bundle, Bundles, tax_groups
from contor.documents.amounts.ledger import Credited, in_ledger
from contor.documents.amounts.rows import Place, RowAmounts, row_amounts
from contor.documents.amounts.terms import Terms
from contor.documents.exemptions import complete
from contor.documents.types import (
    AmountSides,
    DepositDeduction,
    Discount,
    DocumentAllowanceCharge,
    DocumentRequest,
    LedgerCurrency,
    RequestedItem,
    Tax,
    TaxGroup,
    Totals,
    UnitPriceSides,
)
from contor.kernel.money import ZERO
from contor.kernel.places import alpha2

SUM_LIMIT: Final = Decimal(10) ** 13


class DepositRow(NamedTuple):
    """The negative row that deducts a received deposit's part in one tax group (method REMAINDER)."""

    deduction: DepositDeduction
    amounts: RowAmounts


class Amounts(NamedTuple):
    """All amounts of a document; `rows` in the order of the request's items."""

    rows: tuple[RowAmounts, ...]
    deposit_rows: tuple[DepositRow, ...]
    allowances_charges: tuple[DocumentAllowanceCharge, ...]
    taxes: tuple[TaxGroup, ...]
    totals: Totals
    ledger: LedgerCurrency | None
    terms: Terms
    """By which they were computed."""
    discounts: tuple[Discount, ...] = ()
    discounts_of: tuple[str, ...] = ()
    """Of several documents: on which of them each was decided."""
    price_reductions: tuple[Discount, ...] = ()
    price_reductions_of: tuple[str, ...] = ()

    def is_too_large(self) -> bool:
        """Whether an amount has more than 13 integral digits: the official rules of e-invoices add as binary fractions of 53 bits, and
        find sums of more digits wrong by a cent."""
        totals = self.totals
        for row in self.rows:
            if abs(row.total.gross) >= SUM_LIMIT or abs(row.original_total.gross) >= SUM_LIMIT:
                return True
        return max(map(abs, (totals.lines, totals.net, totals.tax, totals.gross, totals.prepaid, totals.payable))) >= SUM_LIMIT


def amounts(request: DocumentRequest, terms: Terms) -> Amounts:
    """The amounts of `request`. Its agreed sides must be present (see `judge/contents.py`)."""
    currency, items = request.currency, request.items
    bundles = Bundles(currency, _has_several(items), terms.left, stated=terms.stated, taken=terms.taken)
    # all rows, parts and deductions are in their bundles before the tax of any group is computed
    places = _places(items, bundles, request.language, terms)
    parts = allowance_parts(request, bundles, terms) if request.allowances_charges else []
    deposit_rows = tuple(_deposit_rows(bundles, terms, request.language)) if terms.method == "REMAINDER" else ()
    taxes = tax_groups(bundles, _foreign_country(request, terms))
    rows = tuple([row_amounts(item, place, currency, terms.left) for item, place in zip(items, places, strict=True)])
    allowances = tuple([allowance_of(requested, place, currency) for requested, place in parts])
    lines = sum([row.total.net for row in rows], ZERO) + sum([row.amounts.total.net for row in deposit_rows], ZERO)
    discounts, of_documents = _discounts(request, rows, bundles, terms, terms.discounts)
    of_documents = of_documents if terms.left is not None and terms.left.is_of_several else ()
    reductions, reductions_of = _discounts(request, rows, bundles, terms, terms.price_reductions)
    totals = _totals(request, lines, allowances, taxes, terms, gross_of_discounts(discounts))
    ledger = _ledger(request, bundles, rows, taxes, totals, terms)
    return Amounts(rows, deposit_rows, allowances, taxes, totals, ledger, terms, discounts, of_documents, reductions, reductions_of)


def _has_several(items: Sequence[RequestedItem]) -> bool:
    for item in items:  # noqa: SIM110 (a generator costs more than the loop on this path)
        if len(item.tax_detail.taxes) > 1:
            return True
    return False


def _foreign_country(request: DocumentRequest, terms: Terms) -> str | None:
    """The country of taxation where it is not the seller's (OSS)."""
    location = request.items[0].tax_location or request.items[0].performance_location  # one for all rows (`tax_location_differs`)
    country = alpha2(location.country)
    return country if country != terms.seller_country else None


def _places(items: Sequence[RequestedItem], bundles: Bundles, language: str, terms: Terms) -> list[Place]:
    """Put the rows into their bundles. A credit copies the tax of the row it credits, whatever today's rate is."""
    found: list[Place] = []
    left, small_business = terms.left, terms.small_business
    as_said = terms.stated is not None  # by another system, or by what is repeated
    before, bundle = None, None
    for item in items:
        detail = item.tax_detail
        credited = left.row_of(item) if left is not None else None
        taxes = credited.item.taxes if credited is not None else complete(detail.taxes, small_business, language, as_said)
        # most rows bear what the one before bears, and are in its bundle; of those with a reason each gives its own
        if bundle is None or left is not None or detail != before or taxes[0].exemption_reason_text:
            before, bundle = detail, bundles.of(taxes, detail.calculation_basis, credited)
        found.append(_place(item, bundle, taxes, credited))
    return found


def _place(item: RequestedItem, bundle: Bundle, taxes: tuple[Tax, ...], credited: RowLeft | None) -> Place:
    """Put a row into its bundle."""
    total = item.prices.total
    value = total.net if bundle.basis == "NET" else total.gross
    if value is None:
        raise ValueError("a row without its agreed total was not refused")
    if item.debit_credit_indicator == "CREDIT":
        value = -value
    if credited is not None and credited.item.deposit_ident and value == credited.agreed:
        given = credited.left
        bundle.give_back(given.net, given.tax, given.gross)
    bundle.values.append(value)
    bundle.of_rows += value
    return Place(bundle, len(bundle.values) - 1, taxes)


def _deposit_rows(bundles: Bundles, terms: Terms, language: str) -> list[DepositRow]:
    """One negative row per received deposit and tax group, at the deposit's rate and as it was taxed at receipt. It is in the group of
    the rows with this rate, or in one of its own where the rate has changed since."""
    found = []
    for deduction in terms.deductions:
        for group in deduction.groups:
            wanted = Tax(rate=group.rate, category_code=group.category_code)  # type: ignore[arg-type]  # of an issued document
            bundle = bundles.of(complete((wanted,), terms.small_business, language), "GROSS")
            bundle.deduct(group.net, group.tax, group.gross)
            total = AmountSides(net=-group.net, tax=-group.tax, gross=-group.gross)
            unit = UnitPriceSides(net=group.net, gross=group.gross)  # a price is not negative (BR-27)
            found.append(DepositRow(deduction, RowAmounts(unit, total, total, (), bundle.taxes, bundle.basis)))
    return found


def _totals(
    request: DocumentRequest,
    lines: Decimal,
    parts: Sequence[DocumentAllowanceCharge],
    taxes: Sequence[TaxGroup],
    terms: Terms,
    discounts: Decimal,
) -> Totals:
    """BT-106 to BT-115. What pays (vouchers, prepayments, deposits by FINAL, reductions taken back) is BT-113, never part of the gross."""
    allowances = sum([part.net for part in parts if part.type == "ALLOWANCE"], ZERO)
    charges = sum([part.net for part in parts if part.type == "CHARGE"], ZERO)
    net = lines - allowances + charges
    tax = sum([group.amount for group in taxes], ZERO)
    # a voucher that pays is negative (`post_tax_item_positive`)
    prepaid = sum([paid.amount for paid in request.prepaid], ZERO) - sum([item.amount for item in request.post_tax_items], ZERO)
    prepaid += sum([paid.amount for paid in terms.moved], discounts)
    if terms.method == "FINAL":
        prepaid += sum([gross_of(deduction.groups) for deduction in terms.deductions], ZERO)
    gross = net + tax
    return Totals(
        lines=lines,
        allowances=allowances,
        charges=charges,
        net=net,
        tax=tax,
        gross=gross,
        prepaid=prepaid,
        rounding=request.rounding,
        payable=gross - prepaid + request.rounding,
    )


def _discounts(
    request: DocumentRequest,
    rows: Sequence[RowAmounts],
    bundles: Bundles,
    terms: Terms,
    reductions: Mapping[str, tuple[Discount, ...]],
) -> tuple[tuple[Discount, ...], tuple[str, ...]]:
    """Of the reductions that stand on the credited documents, the part of these rows; of several also whose each is."""
    left, found, named = terms.left, list[Discount](), list[str]()
    if left is None or not reductions:
        return (), ()
    credited = [(left.row_of(item), row.total.gross) for item, row in zip(request.items, rows, strict=True)]
    for ident, standing in reductions.items():
        one = next((it for it in left.several if it.document.ident == ident), left)
        of_one = [(row, gross) for row, gross in credited if left.of(row) is one]
        parts = taken_back(standing, one, of_one, bundles.taken_of(one), request.currency, terms.ledger_currency)
        found += parts
        named += [ident] * len(parts)
    return tuple(found), tuple(named)


def _ledger(
    request: DocumentRequest,
    bundles: Bundles,
    rows: Sequence[RowAmounts],
    taxes: tuple[TaxGroup, ...],
    totals: Totals,
    terms: Terms,
) -> LedgerCurrency | None:
    """The document in the ledger's currency, where its own is another."""
    rate, left = terms.exchange_rate, terms.left
    if request.currency == terms.ledger_currency or rate is None:
        return None
    credited = []
    if left is not None:
        named = [(left.row_of(item), row.total) for item, row in zip(request.items, rows, strict=True)]
        given_back = [(it, total) for it, total in named if it is not None and it.item.deposit_ident is not None]
        for one in left.several or (left,):
            of_one = [(row.item, total) for row, total in given_back if left.of(row) is one]
            credited.append(Credited(one, bundles.taken_of(one), of_one))
    return in_ledger(taxes, totals.gross, terms, rate, bundles.several, credited)
