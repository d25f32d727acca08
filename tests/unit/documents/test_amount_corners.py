"""Amounts at their corners: shares of a gross, several taxes in one gross, what counts as a sound document, which deposits are deducted."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.documents import a_document, a_gross_item, groups_of, totals_of
from tests.factories.requests import (
    TODAY,
    a_credit,
    a_gross_row,
    a_request,
    a_row,
    a_tax,
    amounts_of,
    codes,
    facts,
    issued,
    related,
)

from contor.documents.amounts import amount_errors, closing_request, what_is_left
from contor.documents.amounts.deposits import receipts
from contor.documents.amounts.groups import spread
from contor.documents.judge.repeat import same_amounts
from contor.documents.judge.rules import BillingGroup, Related, terms_of
from contor.documents.types import Document, DocumentType, Location, RequestedAllowanceCharge, TaxDetail
from contor.kernel.money import tax_in_gross
from contor.kernel.shapes import replace

D = Decimal


# --- a gross over its rows ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "values", "shares"),
    [
        ("8.39", ["9.99"], ["8.39"]),
        ("25.18", ["9.99", "9.99", "9.99"], ["8.40", "8.39", "8.39"]),
        ("-25.18", ["-9.99", "-9.99", "-9.99"], ["-8.40", "-8.39", "-8.39"]),
        ("8.40", ["19.98", "-9.99"], ["16.79", "-8.39"]),
        ("0.01", ["0.01", "0.01"], ["0.01", "0.00"]),
        ("0.00", ["0.02", "0.02"], ["0.00", "0.00"]),
        ("0.00", ["1.19", "1.19"], ["0.00", "0.00"]),
        ("25.16", ["9.99", "9.99", "9.99"], ["8.39", "8.39", "8.38"]),
        ("25.15", ["9.99", "9.99", "9.99"], ["8.39", "8.38", "8.38"]),
        ("-25.16", ["-9.99", "-9.99", "-9.99"], ["-8.39", "-8.39", "-8.38"]),
    ],
)
def test_the_net_of_a_gross_group_is_spread_over_its_rows(net: str, values: list[str], shares: list[str]) -> None:
    found = spread(D(net), [D(value) for value in values], D(19), "EUR")
    assert [str(share) for share in found] == shares


@given(
    st.lists(st.integers(-30_000, 90_000).map(lambda n: D(n).scaleb(-2)), min_size=1, max_size=9),
    st.sampled_from([D(19), D(7), D("25.5"), D(0)]),
)
def test_a_share_is_within_a_cent_of_its_own_net_and_credits_are_the_mirror(values: list[Decimal], rate: Decimal) -> None:
    gross = sum(values, D(0))
    net = gross - tax_in_gross(gross, rate, "EUR")
    shares = spread(net, values, rate, "EUR")
    assert sum(shares, D(0)) == net
    for value, share in zip(values, shares, strict=True):
        assert abs(share - value * 100 / (100 + rate)) <= D("0.01") or len(values) == 1
    if net:
        assert spread(-net, [-value for value in values], rate, "EUR") == [-share for share in shares]


# --- several taxes in one row (US, CA) --------------------------------------------------------------------------------------------


IN_CALIFORNIA = Location(country="US", region="CA")


def several(ident: str, price: str, basis: str) -> Any:
    taxes = (a_tax("6.25", code="CA"), a_tax("1", code="LA"))
    row = a_row(ident, price, basis=basis, performance_location=IN_CALIFORNIA)
    return replace(row, tax_detail=TaxDetail(taxes=taxes, calculation_basis=row.tax_detail.calculation_basis))


@pytest.mark.parametrize(
    ("basis", "price", "groups"),
    [
        ("NET", "100.00", [("S 6.25", "100.00", "6.25", "106.25"), ("S 1", "100.00", "1.00", "101.00")]),
        ("GROSS", "107.25", [("S 6.25", "100.00", "6.25", "106.25"), ("S 1", "100.00", "1.00", "101.00")]),
        ("GROSS", "9.99", [("S 6.25", "9.31", "0.59", "9.90"), ("S 1", "9.31", "0.09", "9.40")]),
    ],
)
def test_several_taxes_stand_on_one_base(basis: str, price: str, groups: list[tuple[str, ...]]) -> None:
    document = issued(a_request(several("i-1", price, basis)))
    assert amounts_of(document) == groups
    assert amount_errors(document) == []


def test_one_tax_beside_several_in_gross_is_sound() -> None:
    single = a_gross_row("i-1", "107.00", rate="7", performance_location=IN_CALIFORNIA)
    document = issued(a_request(single, several("i-2", "9.99", "GROSS")))
    assert amount_errors(document) == []


@pytest.mark.parametrize("basis", ["NET", "GROSS"])
def test_the_last_credit_of_several_taxes_takes_what_is_left_of_each(basis: str) -> None:
    invoice = issued(a_request(*[several(f"i-{n}", "3.33", basis) for n in range(3)]))
    memos: list[Document] = []
    for n in range(3):
        memos.append(a_credit(invoice, *memos, items=[several(f"i-{n}", "3.33", basis)], ident=f"GS-{n}"))
    for position, group in enumerate(invoice.taxes):
        assert sum(memo.taxes[position].amount for memo in memos) == group.amount
        assert sum(memo.taxes[position].base for memo in memos) == group.base
    assert what_is_left(invoice, memos).is_used_up
    assert {memo.totals.gross if basis == "GROSS" else memo.totals.net for memo in memos} == {D("3.33")}


# --- the identities ---------------------------------------------------------------------------------------------------------------


def with_tax(document: Document, amount: str) -> Document:
    """The document with another tax in its one group and rows, all sums adjusted: only the tax itself is wrong."""
    (group,), (item,) = document.taxes, document.items
    tax = D(amount)
    base = group.gross - tax if group.basis == "GROSS" else group.base
    sides = replace(item.total, net=base, tax=tax, gross=base + tax)
    totals = replace(document.totals, lines=base, net=base, tax=tax, gross=base + tax, payable=base + tax)
    return replace(
        document,
        items=(replace(item, total=sides, original_total=sides),),
        taxes=(replace(group, base=base, amount=tax, gross=base + tax),),
        totals=totals,
    )


@pytest.mark.parametrize(
    ("kind", "tax", "is_sound"),
    [
        ("invoice", "19.00", True),
        ("invoice", "19.01", False),
        ("invoice", "18.99", False),
        ("gross invoice", "19.00", True),
        ("gross invoice", "19.01", False),
        ("credit", "19.02", True),
        ("credit", "18.98", True),
        ("credit", "19.03", False),
        ("credit", "18.97", False),
        ("external credit", "19.01", False),
        ("gross credit", "19.01", True),
        ("gross credit", "18.98", True),
        ("gross external credit", "19.01", True),
        ("gross external credit", "19.02", False),
    ],
)
def test_the_tax_is_exact_but_for_the_cents_that_credits_share(kind: str, tax: str, is_sound: bool) -> None:
    """A credit may be moved by what the credits before it have left over; one of another system's document stands alone."""
    item = a_gross_item("119.00") if "gross" in kind else None
    items = {"items": (item,), "taxes": groups_of((item,)), "totals": totals_of((item,))} if item is not None else {}
    document = a_document(**items)
    if "credit" in kind:
        invoice = issued(a_request())
        known = () if "external" in kind else a_credit(invoice, items=[a_row()], ident="GS-1").related
        document = replace(document, document_type=DocumentType.CREDIT_MEMO, related=known)
    assert (amount_errors(with_tax(document, tax)) == []) is is_sound


# --- the same amounts ---------------------------------------------------------------------------------------------------------------


def test_the_same_totals_are_not_the_same_amounts() -> None:
    invoice = issued(a_request(a_row("i-1", "100.00"), a_row("i-2", "50.00", rate="7")))
    assert same_amounts(invoice, replace(invoice, ident="RE-2", customer_ident="c-2"))
    first, second = invoice.taxes
    for changed in (
        replace(first, category_code="E"),
        replace(first, rate=D(20)),
        replace(first, base=D("100.01")),
        replace(first, amount=D("19.01")),
    ):
        assert not same_amounts(invoice, replace(invoice, taxes=(changed, second)))
    assert not same_amounts(invoice, replace(invoice, totals=replace(invoice.totals, rounding=D("0.01"))))
    assert not same_amounts(invoice, replace(invoice, taxes=(second, first)))


# --- deposits ---------------------------------------------------------------------------------------------------------------------


def a_deposit(net: str, ident: str, *charges: RequestedAllowanceCharge) -> Document:
    return issued(a_request(a_row("i-1", net), allowances_charges=charges), DocumentType.DEPOSIT_INVOICE, ident=ident)


def received(document: Document, *amounts: str, **overrides: Any) -> Related:
    return related(document, received=receipts(document, [D(amount) for amount in amounts]), **overrides)


def test_only_deposits_on_which_something_was_received_are_deducted() -> None:
    paid, unpaid = a_deposit("100.00", "AR-1"), a_deposit("50.00", "AR-2")
    known = facts(received(paid, "119.00"), received(unpaid))
    request = a_request(a_row("i-1", "500.00"), related_document_idents=("AR-1", "AR-2"))
    assert [entry.ident for entry in terms_of(request, DocumentType.INVOICE, known).deductions] == ["AR-1"]
    assert terms_of(request, DocumentType.INVOICE, known).moved == ()
    alone = facts(received(unpaid))
    nothing = a_request(a_row("i-1", "500.00"), related_document_idents=("AR-2",))
    assert terms_of(nothing, DocumentType.INVOICE, alone).deductions == ()


def test_by_reversal_the_payment_of_a_deposit_moves_once() -> None:
    """Also when both the deposit invoice and its correction are named: both say what was received on the one deposit."""
    one, other = a_deposit("100.00", "AR-1"), a_deposit("50.00", "AR-2")
    group = BillingGroup("external", True, final_invoice_method="REVERSAL")

    def moved(first: int, second: int) -> list[tuple[str, Decimal]]:
        known = facts(received(one, "119.00", deposit_id=first), received(other, "59.50", deposit_id=second), billing_group=group)
        request = a_request(a_row("i-1", "500.00"), related_document_idents=("AR-1", "AR-2"))
        terms = terms_of(request, DocumentType.INVOICE, known)
        assert terms.deductions == ()
        return [(entry.reference, entry.amount) for entry in terms.moved]

    assert moved(1, 2) == [("AR-1", D("119.00")), ("AR-2", D("59.50"))]
    assert moved(0, 0) == [("AR-1", D("119.00")), ("AR-2", D("59.50"))]
    assert len(moved(7, 7)) == 1


def test_what_is_no_final_invoice_deducts_nothing() -> None:
    deposit = a_deposit("100.00", "AR-1")
    known = facts(received(deposit, "119.00"))
    request = a_request(a_row("i-1", "500.00"), related_document_ident="AR-1")
    assert terms_of(request, DocumentType.INVOICE, known).method == "REMAINDER"
    assert terms_of(request, DocumentType.DEPOSIT_INVOICE, known).method is None
    assert terms_of(a_request(), DocumentType.INVOICE, known).method is None


def test_closing_leaves_out_charges_that_were_paid() -> None:
    """119.00 and a charge of 10.70 at a rate without rows: what is closed of the charge is what nobody paid."""
    charge = RequestedAllowanceCharge(ident="d-1", type="CHARGE", name="Fracht", amount=D("10.00"), tax=a_tax("7"))
    deposit = a_deposit("100.00", "AR-1", charge)
    by_group = receipts(deposit, [D("129.70")])[0]
    (freight,) = [part for part in by_group if part.rate == 7]
    left = what_is_left(deposit, received=(freight,))
    request = closing_request(left, "r-close", "a-1", TODAY)
    assert request is not None
    assert request.allowances_charges == ()
    all_left = closing_request(what_is_left(deposit), "r-close", "a-1", TODAY)
    assert all_left is not None
    assert [(part.ident, part.type, part.amount) for part in all_left.allowances_charges] == [("charge-1", "CHARGE", D("10.00"))]


def test_a_row_without_a_place_is_closed_where_the_seller_is() -> None:
    deposit = a_deposit("100.00", "AR-1")
    vienna = replace(deposit.seller, address=replace(deposit.seller.address, country="AT"))
    placeless = replace(deposit, seller=vienna, items=tuple(replace(item, performance_location=None) for item in deposit.items))
    request = closing_request(what_is_left(placeless), "r-close", "a-1", TODAY)
    assert request is not None
    assert [item.performance_location.country for item in request.items] == ["AT"]


def test_closing_an_allowance_alone_in_its_group_stays_an_allowance() -> None:
    allowance = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", amount=D("10.00"), tax=a_tax("7"))
    deposit = a_deposit("100.00", "AR-1", allowance)
    request = closing_request(what_is_left(deposit), "r-close", "a-1", TODAY)
    assert request is not None
    assert [(part.type, part.amount) for part in request.allowances_charges] == [("ALLOWANCE", D("10.00"))]
    correction = issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, facts(related(deposit)), "AK-1")
    assert amounts_of(correction) == amounts_of(deposit)


# --- rows --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("original", "refused"), [("101", False), ("102", True), ("99", False), ("98", True)])
def test_where_the_currency_has_no_cents_its_unit_is_the_tolerance(original: str, refused: bool) -> None:
    row = a_row("i-1", "100", original=original)
    found = codes(a_request(row, currency="JPY"))
    assert ("original_total_differs" in found) is refused


@pytest.mark.parametrize(("original", "refused"), [("100.01", False), ("100.02", True)])
def test_a_cent_is_the_tolerance(original: str, refused: bool) -> None:
    assert ("original_total_differs" in codes(a_request(a_row("i-1", "100.00", original=original)))) is refused


def test_two_taxes_of_one_rate_are_two_groups_where_rows_bear_several() -> None:
    taxes = (a_tax("5", code="GST"), a_tax("5", code="PST"))
    row = a_row(tax_detail=TaxDetail(taxes=taxes, calculation_basis="NET"), performance_location=Location(country="CA"))
    document = issued(a_request(row))
    assert [(group.code, group.amount) for group in document.taxes] == [("GST", D("5.00")), ("PST", D("5.00"))]
    single = issued(a_request(a_row("i-1"), a_gross_row("i-2", "10.70", rate="7")))
    assert len(single.taxes) == 2
