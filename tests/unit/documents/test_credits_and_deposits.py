"""What is left of a document, and how received deposits are shared out: the corners beyond the worked examples."""

from decimal import Decimal
from typing import Literal

import pytest
from tests.factories.requests import TODAY, a_credit, a_request, a_row, a_tax, amounts_of, codes, facts, issued, related

from contor.documents.amounts import amount_errors, closing_request, exceeds, total_of, what_is_left
from contor.documents.amounts.credits import GroupAmounts, GroupLeft, credit_amounts
from contor.documents.amounts.deposits import receipt, receipts, reverse
from contor.documents.types import Document, DocumentType, RequestedAllowanceCharge

D = Decimal


@pytest.mark.parametrize(
    ("agreed", "left", "too_much"),
    [
        ("10", "10", False),
        ("10.01", "10", True),
        ("0", "0", False),
        ("0.01", "0", True),
        ("-0.01", "10", True),
        ("-10", "-10", False),
        ("-10.01", "-10", True),
        ("1", "-10", True),
        ("0", "-10", False),
        ("0", "10", False),
    ],
)
def test_a_credit_takes_at_most_what_is_left_in_its_direction(agreed: str, left: str, too_much: bool) -> None:
    assert exceeds(D(agreed), D(left)) is too_much


@pytest.mark.parametrize(
    ("basis", "left", "agreed", "expected"),
    [
        ("NET", ("27.08", "5.15", "32.23"), "10.00", ("10.00", "1.90", "11.90")),
        ("NET", ("30.09", "5.72", "35.81"), "30.09", ("30.09", "5.72", "35.81")),
        ("NET", ("10.03", "1.90", "11.93"), "10.03", ("10.03", "1.90", "11.93")),
        ("GROSS", ("8.40", "1.59", "9.99"), "9.99", ("8.40", "1.59", "9.99")),
        ("GROSS", ("-25.18", "-4.79", "-29.97"), "-9.99", ("-8.39", "-1.60", "-9.99")),
        ("NET", ("0.06", "0.00", "0.06"), "0.03", ("0.03", "0.00", "0.03")),
    ],
)
def test_a_credit_of_a_group(basis: str, left: tuple[str, str, str], agreed: str, expected: tuple[str, str, str]) -> None:
    group = GroupLeft(D(19), basis, GroupAmounts(*map(D, left)))  # type: ignore[arg-type]
    assert credit_amounts(group, D(agreed), "EUR") == GroupAmounts(*map(D, expected))


def test_a_hundred_small_credits_do_not_pile_up_their_rounding() -> None:
    """Each alone would take 0.01 tax; together they may take the 0.57 of the invoice only."""
    invoice = issued(a_request(*[a_row(f"i-{n}", "0.03") for n in range(100)]))
    assert invoice.totals.tax == D("0.57")
    memos: list[Document] = []
    for n in range(100):
        memos.append(a_credit(invoice, *memos, items=[a_row(f"i-{n}", "0.03")], ident=f"GS-{n}"))
    taxes = [memo.totals.tax for memo in memos]
    assert sum(taxes) == D("0.57")
    assert set(taxes) == {D("0.00"), D("0.01")}
    assert [error for memo in memos for error in amount_errors(memo)] == []


def test_a_row_used_up_takes_the_rest_of_its_tax() -> None:
    invoice = issued(a_request(a_row("i-1", "0.50")))
    assert invoice.items[0].total.tax == D("0.10")
    first = a_credit(invoice, items=[a_row("i-1", "0.25")], ident="GS-1")
    second = a_credit(invoice, first, items=[a_row("i-1", "0.25")], ident="GS-2")
    assert [memo.items[0].total.tax for memo in (first, second)] == [D("0.05"), D("0.05")]
    odd = issued(a_request(a_row("i-1", "0.06")))
    parts = [a_credit(odd, items=[a_row("i-1", "0.03")], ident="GS-1")]
    parts.append(a_credit(odd, *parts, items=[a_row("i-1", "0.03")], ident="GS-2"))
    assert [memo.items[0].total.tax for memo in parts] == [D("0.01"), D("0.00")]
    assert [memo.totals.tax for memo in parts] == [D("0.01"), D("0.00")]


def test_the_rest_per_row_and_group() -> None:
    invoice = issued(a_request(a_row("i-1"), a_row("i-2", "50.00", rate="7")))
    memo = a_credit(invoice, items=[a_row("c-1", "40.00", reference_ident="i-1")], ident="GS-1")
    left = what_is_left(invoice, [memo])
    assert {ident: row.left.net for ident, row in left.rows.items()} == {"i-1": D("60.00"), "i-2": D("50.00")}
    assert {key: group.left.tax for key, group in left.groups.items()} == {("S", D(19)): D("11.40"), ("S", D(7)): D("3.50")}
    assert left.is_used_up is False


def a_deposit(*nets: tuple[str, str]) -> Document:
    items = [a_row(f"i-{n}", net, rate=rate) for n, (net, rate) in enumerate(nets, 1)]
    return issued(a_request(*items), DocumentType.DEPOSIT_INVOICE, ident="AR-1")


def test_many_receipts_do_not_pile_up_their_rounding() -> None:
    """119 receipts of 10.00 would each take 1.60 of the tax of 190.00, and leave 1.20 to the last."""
    taxes = [part[0].tax for part in receipts(a_deposit(("1000.00", "19")), [D(10)] * 119)]
    assert sum(taxes) == D("190.00")
    assert set(taxes) == {D("1.59"), D("1.60")}


def test_a_receipt_is_shared_by_the_groups() -> None:
    deposit = a_deposit(("100.00", "19"), ("50.00", "7"))
    (part,) = receipts(deposit, [D("86.25")])
    assert [(group.rate, group.net, group.tax, group.gross) for group in part] == [
        (D(19), D("50.00"), D("9.50"), D("59.50")),
        (D(7), D("25.00"), D("1.75"), D("26.75")),
    ]


def test_more_than_the_deposit_is_no_part_of_it() -> None:
    deposit = a_deposit(("100.00", "19"))
    assert receipts(deposit, [D(200)])[0][0].gross == D("119.00")
    assert receipt(deposit.taxes, (), D(0), "EUR") == ()


def test_a_receipt_taken_back_makes_room_again() -> None:
    deposit = a_deposit(("100.00", "19"))
    (part,) = receipts(deposit, [D(119)])
    assert [(group.net, group.tax) for group in reverse(part)] == [(D("-100.00"), D("-19.00"))]
    so_far = total_of([part, reverse(part)])
    assert so_far == ()
    assert receipt(deposit.taxes, so_far, D(119), "EUR") == part


def test_an_unpaid_deposit_is_closed_in_full() -> None:
    deposit = a_deposit(("100.00", "19"), ("50.00", "7"))
    request = closing_request(what_is_left(deposit), "r-close", "a-1", TODAY)
    assert request is not None
    correction = issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, facts(related(deposit)), "AK-1")
    assert correction.totals == deposit.totals
    assert (request.related_document_ident, request.customer_detail.invoice_address_ident) == ("AR-1", "a-1")


def test_closing_takes_the_remaining_cent_whatever_the_tax_by_itself() -> None:
    """400 of 1,190 received: 336.13 + 63.87; of the rest 663.87 the tax alone would be 126.14."""
    deposit = a_deposit(("1000.00", "19"))
    parts = receipts(deposit, [D(400)])
    request = closing_request(what_is_left(deposit, received=total_of(parts)), "r-close", "a-1", TODAY)
    assert request is not None
    known = facts(related(deposit, received=parts))
    correction = issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, known, "AK-1")
    assert amounts_of(correction) == [("S 19", "663.87", "126.13", "790.00")]


def test_closing_a_deposit_with_an_allowance_and_a_charge() -> None:
    allowance = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", percentage=D(10))
    charge = RequestedAllowanceCharge(ident="d-2", type="CHARGE", name="Fracht", amount=D("30.00"))
    request = a_request(a_row("i-1", "100.00"), a_row("i-2", "50.00"), allowances_charges=(allowance, charge))
    deposit = issued(request, DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    assert deposit.totals.net == D("165.00")
    closing = closing_request(what_is_left(deposit), "r-close", "a-1", TODAY)
    assert closing is not None
    correction = issued(closing, DocumentType.DEPOSIT_INVOICE_CORRECTION, facts(related(deposit)), "AK-1")
    assert [item.total.net for item in correction.items] == [D("110.00"), D("55.00")]
    assert amounts_of(correction) == amounts_of(deposit)


def test_closing_a_charge_of_a_tax_group_without_rows() -> None:
    charge = RequestedAllowanceCharge(ident="d-1", type="CHARGE", name="Fracht", amount=D("30.00"), tax=a_tax("7"))
    deposit = issued(a_request(allowances_charges=(charge,)), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    parts = receipts(deposit, [D("75.55")])
    closing = closing_request(what_is_left(deposit, received=total_of(parts)), "r-close", "a-1", TODAY)
    assert closing is not None
    known = facts(related(deposit, received=parts))
    correction = issued(closing, DocumentType.DEPOSIT_INVOICE_CORRECTION, known, "AK-1")
    assert amounts_of(correction) == [("S 19", "50.00", "9.50", "59.50"), ("S 7", "15.00", "1.05", "16.05")]
    assert [part.name for part in correction.allowances_charges] == ["Fracht"]


def test_an_overpaid_final_invoice_is_below_zero() -> None:
    """The customer paid more in advance than the supply costs: the remainder is owed back."""
    deposit = a_deposit(("1000.00", "19"))
    known = facts(related(deposit, received=receipts(deposit, [D(1190)])))
    document = issued(a_request(a_row("i-1", "400.00"), related_document_ident="AR-1"), known=known)
    assert amounts_of(document) == [("S 19", "-600.00", "-114.00", "-714.00")]
    assert amount_errors(document) == []


def test_a_gross_supply_deducts_the_gross_of_its_deposit() -> None:
    deposit = a_deposit(("1000.00", "19"))
    known = facts(related(deposit, received=receipts(deposit, [D("395.00")])))
    row = a_row("i-1", "9999.99", basis="GROSS")
    document = issued(a_request(row, related_document_ident="AR-1"), known=known)
    assert amounts_of(document) == [("S 19", "8071.42", "1533.57", "9604.99")]
    assert [item.total.gross for item in document.items] == [D("9999.99"), D("-395.00")]
    assert amount_errors(document) == []


def percent(percentage: str, kind: Literal["ALLOWANCE", "CHARGE"] = "ALLOWANCE") -> RequestedAllowanceCharge:
    return RequestedAllowanceCharge(ident="d-1", type=kind, name="Rabatt", percentage=D(percentage))


@pytest.mark.parametrize("kind", ["ALLOWANCE", "CHARGE"])
@pytest.mark.parametrize(
    ("rows", "percentage", "credits"),
    [
        ([("30.09", "19"), ("15.15", "7")], "10", [[("i-0", "30.09")], [("i-1", "15.15")]]),
        ([("30.09", "19"), ("15.15", "7")], "10", [[("i-1", "15.15")], [("i-0", "30.09")]]),
        ([("3.33", "19"), ("3.33", "7"), ("3.34", "0")], "10", [[("i-0", "3.33")], [("i-1", "3.33")], [("i-2", "3.34")]]),
        ([("3.33", "19"), ("3.33", "7"), ("3.34", "0")], "10", [[("i-2", "3.34")], [("i-1", "3.33")], [("i-0", "3.33")]]),
        ([("3.33", "19"), ("3.33", "19"), ("3.34", "7")], "5", [[("i-1", "3.33")], [("i-0", "3.33"), ("i-2", "3.34")]]),
        ([("10.00", "19")], "15", [[("i-0", "3.33")], [("i-0", "3.33")], [("i-0", "3.34")]]),
        ([("0.04", "19")] * 10, "10", [[(f"i-{n}", "0.04")] for n in range(10)]),
        ([("77.77", "7"), ("0.11", "19")], "33.3333", [[("i-0", "50.00")], [("i-1", "0.11")], [("i-0", "27.77")]]),
    ],
)
@pytest.mark.parametrize("basis", ["NET", "GROSS"])
def test_credits_with_the_percentage_of_the_document_are_together_all_of_it(
    rows: list[tuple[str, str]],
    percentage: str,
    credits: list[list[tuple[str, str]]],
    basis: str,
    kind: Literal["ALLOWANCE", "CHARGE"],
) -> None:
    """No limit but that of the row refuses one, and the one that uses the rest up takes what is left of net, tax and gross."""
    rates, said = [rate for _, rate in rows], (percent(percentage, kind),)
    items = [a_row(f"i-{n}", amount, rate=rate, category=None, basis=basis) for n, (amount, rate) in enumerate(rows)]
    invoice = issued(a_request(*items, allowances_charges=said))
    memos: list[Document] = []
    for credit in credits:
        items = [a_row(ident, amount, rate=rates[int(ident[2:])], category=None, basis=basis) for ident, amount in credit]
        asked = a_request(*items, related_document_ident="RE-1", allowances_charges=said)
        memos.append(issued(asked, DocumentType.CREDIT_MEMO, facts(related(invoice, *memos)), f"GS-{len(memos)}"))
        assert amount_errors(memos[-1]) == []
    rest = what_is_left(invoice, memos)
    assert {entry.left for entry in rest.groups.values()} == {GroupAmounts(D(0), D(0), D(0))}


def test_credits_of_rows_bring_back_no_more_than_the_document_came_to() -> None:
    """3.33 without the allowance, twice, of 10.00 less 4.00."""
    less = RequestedAllowanceCharge(ident="d-1", type="ALLOWANCE", name="Rabatt", amount=D("4.00"))
    invoice = issued(a_request(*[a_row(f"i-{n}", "3.33") for n in range(3)], allowances_charges=(less,)))
    first = a_credit(invoice, items=[a_row("i-0", "3.33")], ident="GS-1")
    again = a_request(a_row("i-1", "3.33"), related_document_ident="RE-1")
    assert codes(again, DocumentType.CREDIT_MEMO, facts(related(invoice, first))) == ["credit_exceeds_rest"]
