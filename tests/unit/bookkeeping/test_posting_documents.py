"""The posting table, what documents put into the books: rows 1 to 9, 29; documents built by hand, entries on exact numbers."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.checkers.entries import balances, in_skr04, written
from tests.factories.documents import a_customer, a_document, a_gross_item, a_seller, an_item, groups_of, totals_of
from tests.factories.requests import a_request, facts, issued, related
from tests.factories.sales import DAY, a_sale, accounts, case_of, in_country

from contor.bookkeeping.chart.chart import SKR04
from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.entries.entries import why_not_balanced
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.types import Entry, EntryKind, Line
from contor.documents.amounts.deposits import receipts
from contor.documents.types import (
    Document,
    DocumentAllowanceCharge,
    DocumentItem,
    DocumentType,
    Property,
    Tax,
    TaxGroup,
)
from contor.documents.types.words import PRICE_REDUCTION_REASONS
from contor.kernel.errors import Refused
from contor.kernel.shapes import replace

D = Decimal

ONE_SUPPLY = [
    ("row 1, 19 %", a_sale("S", "19"), "C 8400 100.00, C 1776 19.00"),
    ("row 1, 7 %", a_sale("S", "7"), "C 8300 100.00, C 1771 7.00"),
    ("row 1, 16 %", a_sale("S", "16"), "C 8340 100.00, C 1775 16.00"),
    ("row 1, 5 %", a_sale("S", "5"), "C 8305 100.00, C 1773 5.00"),
    ("row 1, a rate without account", a_sale("S", "12.5"), "C 8200 100.00, C 1770 12.50"),
    ("0 % (section 12 (3))", a_sale("Z"), "C 8290 100.00"),
    ("row 2, domestic reverse charge", a_sale("AE", vat_id="DE811907980"), "C 8337 100.00"),
    ("row 2, EU service", a_sale("AE", country="FR", vat_id="FR40303265045"), "C 8336 100.00"),
    ("row 2, EU service, Greek VAT id", a_sale("AE", country="DE", vat_id="EL094259216"), "C 8336 100.00"),
    ("row 2, third country", a_sale("AE", country="CH"), "C 8338 100.00"),
    ("row 2, third country, not taxable", a_sale("O", country="CH"), "C 8338 100.00"),
    ("row 3, intra-community goods", a_sale("K", country="FR", vat_id="FR40303265045"), "C 8125 100.00"),
    ("row 3, export", a_sale("G", country="US"), "C 8120 100.00"),
    ("row 3, section 19", a_sale("E", seller=a_seller(small_business=True)), "C 8195 100.00"),
    ("row 3, exempt", a_sale("E"), "C 8100 100.00"),
    ("row 4, goods", in_country(a_sale("S", "20", item_category="PHYSICAL_PRODUCT"), "FR"), "C 8320 100.00, C 1767 20.00"),
    ("row 4, digital", in_country(a_sale("S", "25.5", item_category="DIGITAL_PRODUCT"), "FI"), "C 8331 100.00, C 1728 25.50"),
    ("row 4, other service", in_country(a_sale("S", "20"), "FR"), "C 8339 100.00, C 1768 20.00"),
    ("taxed outside the Union", in_country(a_sale("S", "8.1"), "CH"), "C 8200 100.00, C 1770 8.10"),
    ("row 5, voucher", a_sale("O", item_category="VOUCHER"), "C 1796 100.00"),
    ("row 27, damages", a_sale("O"), "C 2709 100.00"),
]


@pytest.mark.parametrize(("document", "expected"), [row[1:] for row in ONE_SUPPLY], ids=[row[0] for row in ONE_SUPPLY])
def test_rows_1_to_5(document: Document, expected: str) -> None:
    text = f"INVOICE: D 10001 {document.totals.gross}, {expected}"
    assert written(post_document(document, accounts())) == [text]
    assert written(post_document(document, accounts(SKR04))) == [in_skr04(text)]


def test_row_1_lines_say_tax_key_base_rate_and_party() -> None:
    (entry,) = post_document(a_document(), accounts())
    assert entry.lines == (
        Line(10001, "D", D("119.00"), "EUR", party="c-1"),
        Line(8400, "C", D("100.00"), "EUR", "S19", rate=D(19)),
        Line(1776, "C", D("19.00"), "EUR", "S19", D("100.00"), D(19)),
    )
    assert (entry.posting_date, entry.document_date, entry.tax_date) == (
        dt.date(2026, 11, 20),
        dt.date(2026, 11, 20),
        dt.date(2026, 10, 31),
    )
    assert (entry.document_ident, entry.text) == ("RE-2026-000123", "Rechnung RE-2026-000123")
    (late,) = post_document(a_document(), accounts(), posting_date=dt.date(2026, 12, 1))
    assert (late.posting_date, late.tax_date) == (dt.date(2026, 12, 1), dt.date(2026, 10, 31))


def test_row_4_country_and_rate_are_on_the_lines() -> None:
    (entry,) = post_document(in_country(a_sale("S", "20"), "FR"), accounts())
    assert [(line.account, line.country, line.rate) for line in entry.lines[1:]] == [(8339, "FR", D(20)), (1768, "FR", D(20))]


def test_row_4_goods_with_freight_and_a_service_share_the_tax_of_their_group() -> None:
    items = (
        an_item("66.67", "20", 1, category="PHYSICAL_PRODUCT"),
        an_item("5.00", "20", 2, category="LOGISTIC_COST"),
        an_item("33.34", "20", 3, category="SERVICE"),
    )
    document = in_country(a_document(items=items), "FR")
    assert written(post_document(document, accounts())) == [
        "INVOICE: D 10001 126.01, C 8320 71.67, C 8339 33.34, C 1767 14.33, C 1768 6.67"
    ]
    assert [(part.treatment, part.net, part.tax) for part in case_of(document).groups] == [
        ("OSS_GOODS", D("71.67"), D("14.33")),
        ("OSS_SERVICE", D("33.34"), D("6.67")),
    ]


# --- cost centres -------------------------------------------------------------------------------------------------------------


def revenue(document: Document) -> list[tuple[int, str | None, str]]:
    (entry,) = post_document(document, accounts())
    assert why_not_balanced([entry]) == []
    return [(line.account, line.cost_centre, str(line.amount)) for line in entry.lines if str(line.account).startswith("8")]


def allowed(document: Document, *parts: tuple[str, str]) -> Document:
    """`document` less allowances of (net, rate), group and totals included."""
    groups, allowances = list(document.taxes), []
    for index, group in enumerate(groups):
        for net, rate in parts:
            if D(rate) == group.rate:
                base = group.base - D(net)
                tax = (base * group.rate / 100).quantize(D("0.01"))
                groups[index] = replace(group, base=base, amount=tax, gross=base + tax)
                allowances.append(
                    DocumentAllowanceCharge(
                        ident="d",
                        type="ALLOWANCE",
                        name="Rabatt",
                        net=D(net),
                        tax=D(0),
                        gross=D(net),
                        category_code="S",
                        rate=D(rate),
                    )
                )
    gross = sum(group.gross for group in groups)
    totals = replace(document.totals, gross=gross, payable=gross)
    return replace(document, taxes=tuple(groups), totals=totals, allowances_charges=tuple(allowances))


def test_revenue_by_cost_centre() -> None:
    items = tuple(
        an_item(net, rate, n, cost_centre=centre)
        for n, (net, rate, centre) in enumerate(
            [("10.00", "19", "A"), ("20.00", "19", "B"), ("5.00", "7", "A"), ("1.00", "19", None), ("30.00", "19", "A")], 1
        )
    )
    assert revenue(a_document(items=items)) == [
        (8400, "A", "40.00"),
        (8400, "B", "20.00"),
        (8400, None, "1.00"),
        (8300, "A", "5.00"),
    ]


def test_an_allowance_is_shared_by_the_cost_centres_to_the_cent() -> None:
    items = tuple(an_item("33.33", position=n, cost_centre=centre) for n, centre in enumerate("ABC", 1))
    assert revenue(allowed(a_document(items=items), ("10.00", "19"))) == [
        (8400, "A", "29.99"),
        (8400, "B", "30.00"),
        (8400, "C", "30.00"),
    ]


def test_rows_that_cancel_each_other_do_not_blow_up_an_allowance() -> None:
    items = (an_item("100.00", cost_centre="A"), an_item("-99.99", position=2, cost_centre="B"))
    assert revenue(allowed(a_document(items=items), ("10.00", "19"))) == [(8400, "A", "95.00"), (8400, "B", "-104.99")]


def test_a_charge_alone_in_its_tax_group() -> None:
    document = a_document()
    freight = TaxGroup(category_code="S", rate=D(7), basis="NET", base=D("10.00"), amount=D("0.70"), gross=D("10.70"))
    totals = replace(document.totals, gross=D("129.70"), payable=D("129.70"))
    document = replace(document, taxes=(*document.taxes, freight), totals=totals)
    assert written(post_document(document, accounts())) == [
        "INVOICE: D 10001 129.70, C 8400 100.00, C 1776 19.00, C 8300 10.00, C 1771 0.70"
    ]


def test_several_taxes_on_one_base_are_booked_once() -> None:
    taxes = (Tax(rate=D("6.25"), category_code="S", code="CA"), Tax(rate=D("1"), category_code="S", code="LA"))
    item: DocumentItem = an_item("100.00", taxes=taxes)
    groups = tuple(
        TaxGroup(
            category_code="S",
            rate=tax.rate,
            basis="NET",
            base=D(100),
            amount=tax.rate,
            gross=100 + tax.rate,
            country="US",
            code=tax.code,
        )
        for tax in taxes
    )
    totals = replace(totals_of((an_item(),)), tax=D("7.25"), gross=D("107.25"), payable=D("107.25"))
    document = a_document(items=(item,), taxes=groups, totals=totals)
    assert written(post_document(document, accounts())) == ["INVOICE: D 10001 107.25, C 8200 100.00, C 1770 7.25"]
    assert [(part.net, part.tax, part.gross) for part in case_of(document).groups] == [(D(100), D("7.25"), D("107.25"))]


# --- rows 7 and 8: credits ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", sorted(PRICE_REDUCTION_REASONS))
def test_row_8_price_reduction(reason: str) -> None:
    items = (an_item("100.00"), an_item("50.00", "7", 2), an_item("10.00", "16", 3))
    document = a_document(document_type=DocumentType.CREDIT_MEMO, items=items, properties=(Property(key="reason", value=reason),))
    (entry,) = post_document(document, accounts())
    assert written([entry]) == [
        "PRICE_REDUCTION: D 8720 100.00, D 1776 19.00, D 8710 50.00, D 1771 3.50, D 8723 10.00, D 1775 1.60, C 10001 184.10"
    ]
    assert entry.tax_date == document.document_date  # section 17: the period of the reduction


@pytest.mark.parametrize(
    ("category", "country", "account"), [("K", "FR", 8724), ("G", "US", 8705), ("AE", "FR", 8700), ("E", "DE", 8700)]
)
def test_row_8_without_tax(category: str, country: str, account: int) -> None:
    document = a_sale(
        category, country=country, document_type=DocumentType.CREDIT_MEMO, properties=(Property(key="reason", value="GOODWILL"),)
    )
    assert written(post_document(document, accounts())) == [f"PRICE_REDUCTION: D {account} 100.00, C 10001 100.00"]


@pytest.mark.parametrize(
    "properties", [(), (Property(key="reason", value="RETURN"),), (Property(key="costCentre", value="GOODWILL"),)]
)
def test_row_7_any_other_credit_memo_is_the_original_entry_negative(properties: tuple[Property, ...]) -> None:
    document = a_document(document_type=DocumentType.CREDIT_MEMO, properties=properties)
    assert written(post_document(document, accounts())) == ["REVERSING_CREDIT: D 10001 -119.00, C 8400 -100.00, C 1776 -19.00"]


def test_a_reversed_entry_is_the_exact_negative() -> None:
    (entry,) = post_document(a_document(), accounts())
    back = reversed_entry(entry, DAY, "17", "a-1")
    assert written([back]) == ["INVOICE: D 10001 -119.00, C 8400 -100.00, C 1776 -19.00"]
    assert (back.posting_date, back.tax_date, back.reversal_of, back.reference) == (DAY, DAY, "17", "a-1")
    assert back.lines[2].tax_base == D("-100.00")
    assert balances(entry, back) == {}


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [("0.02", "ROUNDING: D 10001 0.02, C 2709 0.02"), ("-0.01", "ROUNDING: D 2309 0.01, C 10001 0.01")],
)
def test_row_29_rounding(rounding: str, expected: str) -> None:
    document = a_document(totals=totals_of((an_item(),), rounding=rounding))
    assert written(post_document(document, accounts()))[1:] == [expected]
    assert case_of(document).ledger_balance == D(119) + D(rounding)


def test_rounding_of_a_document_that_comes_to_nothing_is_booked() -> None:
    """100.00 and a row that takes 100.00 back: nothing is supplied, what is rounded is still owed."""
    items = (an_item("100.00"), an_item("-100.00", position=2))
    document = a_document(items=items, totals=totals_of(items, rounding="0.02"))
    assert written(post_document(document, accounts()))[-1] == "ROUNDING: D 10001 0.02, C 2709 0.02"
    assert case_of(document).ledger_balance == D("0.02")


def test_prepaid_and_rounding_of_a_credit_memo_are_negative() -> None:
    totals = totals_of((an_item(),), rounding="0.02")
    document = a_document(document_type=DocumentType.CREDIT_MEMO, totals=totals)
    assert written(post_document(document, accounts()))[1:] == ["ROUNDING: D 2309 0.02, C 10001 0.02"]
    assert case_of(document).ledger_balance == D("-119.02")


def test_a_payable_amount_that_nothing_explains_is_a_bug() -> None:
    document = a_document(totals=totals_of((an_item(),), prepaid="10.00"))
    with pytest.raises(ValueError, match="payable"):
        post_document(document, accounts())


# --- what is refused ----------------------------------------------------------------------------------------------------------


def test_a_customer_without_personal_account_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="debtor_account_missing"):
        post_document(a_document(), accounts(debtor=None))
    document = a_document(document_type=DocumentType.SELF_BILLING_INVOICE, seller=a_customer(), customer=a_seller())
    with pytest.raises(Refused, match="creditor_account_missing"):
        post_document(document, accounts(creditor=None))


def test_why_not_balanced_names_the_entry() -> None:
    lines = (Line(1200, "D", D("1.00"), "EUR"), Line(10001, "C", D("0.99"), "EUR"), Line(8400, "C", D(0), "EUR"))
    entry = Entry(EntryKind.PAYMENT, "Zahlung", DAY, DAY, None, "RE-1", lines)
    assert [(problem.code, problem.message) for problem in why_not_balanced([entry])] == [
        ("entry_not_balanced", "PAYMENT RE-1: debit 1.00, credit 0.99."),
        ("entry_with_empty_line", "PAYMENT RE-1: a line without an amount."),
    ]


def test_a_free_document_has_no_entry() -> None:
    assert post_document(a_document(items=(an_item("0.00"),)), accounts()) == []


def test_gross_group_keeps_its_own_tax() -> None:
    items = tuple(a_gross_item("9.99", position=n) for n in (1, 2, 3))
    group = groups_of(items)[0]
    assert (group.base, group.amount) == (D("25.18"), D("4.79"))
    assert written(post_document(a_document(items=items), accounts())) == ["INVOICE: D 10001 29.97, C 8400 25.18, C 1776 4.79"]


def test_row_12_a_final_invoice_that_deposits_cover_in_full_is_revenue() -> None:
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    known = facts(related(deposit, received=receipts(deposit, [D("119.00")])))
    final = issued(a_request(related_document_ident="AR-1"), known=known)
    assert (final.totals.gross, final.taxes[0].amount) == (0, 0)
    assert written(post_document(final, accounts())) == ["INVOICE: C 8400 100.00, D 1718 100.00"]
