"""Corners of the posting table: deposits at rates of their own, tax due by what pays on issuing, self-billed days, documents of nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.checkers.entries import balances, written
from tests.factories.documents import a_customer, a_document, a_seller, an_item, totals_of
from tests.factories.sales import accounts, in_country

from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.posting.book import tax_due_lines
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.types import EntryKind
from contor.documents.treatment import TaxPart, Treatment
from contor.documents.types import (
    DepositDeduction,
    DepositGroup,
    Document,
    DocumentItem,
    DocumentType,
    ExchangeRate,
    LedgerCurrency,
    Period,
    PostTaxItem,
    Prepaid,
    Property,
    RelatedDocument,
)
from contor.kernel.shapes import replace

D = Decimal
DAY = dt.date(2026, 11, 30)
DEPOSIT_DAY = dt.date(2020, 9, 30)


# --- deposits (row 13) --------------------------------------------------------------------------------------------------------


def a_final(items: tuple[DocumentItem, ...], *parts: tuple[str, str, str, str], **overrides: object) -> Document:
    """A final invoice by method FINAL that deducts `parts`: category, rate, net, tax."""
    groups = tuple(
        DepositGroup(category_code=category, rate=D(rate), net=D(net), tax=D(tax), gross=D(net) + D(tax))
        for category, rate, net, tax in parts
    )
    deduction = DepositDeduction(ident="AR-1", document_date=DAY, received_on=DAY, groups=groups)
    received = sum((group.gross for group in groups), D(0))
    fields = {
        "items": items,
        "totals": totals_of(items, prepaid=received),
        "deposits": (deduction,),
        "final_invoice_method": "FINAL",
    }
    return a_document(**fields | overrides)


@pytest.mark.parametrize(
    ("rows", "part", "expected"),
    [
        (["S 19"], ("S", "19", "100.00", "19.00"), "D 1718 100.00, D 1776 19.00, C 10001 119.00"),
        (["S 7", "S 19"], ("S", "19", "100.00", "19.00"), "D 1718 100.00, D 1776 19.00, C 10001 119.00"),
        (["S 19"], ("S", "16", "100.00", "16.00"), "D 1717 100.00, D 1775 16.00, C 10001 116.00"),
        (["E 0"], ("S", "7", "100.00", "7.00"), "D 1711 100.00, D 1771 7.00, C 10001 107.00"),
        (["S 19"], ("E", "0", "100.00", "0.00"), "D 1710 100.00, C 10001 100.00"),
        (["E 0", "S 19"], ("E", "0", "100.00", "0.00"), "D 1710 100.00, C 10001 100.00"),
    ],
)
def test_row_13_a_deposit_leaves_the_liability_of_its_own_rate(
    rows: list[str], part: tuple[str, str, str, str], expected: str
) -> None:
    items = tuple(an_item("500.00", row[2:], position, category_code=row[0]) for position, row in enumerate(rows, 1))
    assert written(post_document(a_final(items, part), accounts()))[-1] == f"DEPOSIT_APPLIED: {expected}"


@pytest.mark.parametrize(("rate", "part_rate"), [("20", "20"), ("10", "20")])
def test_row_13_a_deposit_of_the_one_stop_shop_is_no_domestic_one(rate: str, part_rate: str) -> None:
    """Also where the final invoice has another rate of that country: the category says how it is taxed."""
    items = (an_item("500.00", "0", 1, category_code="Z"), an_item("500.00", rate, 2, category="PHYSICAL_PRODUCT"))
    document = in_country(a_final(items, ("S", part_rate, "100.00", "20.00")), "FR")
    (entry,) = [entry for entry in post_document(document, accounts()) if entry.kind is EntryKind.DEPOSIT_APPLIED]
    assert written([entry]) == ["DEPOSIT_APPLIED: D 1710 100.00, D 1767 20.00, C 10001 120.00"]
    assert [(line.rate, line.tax_base, line.party) for line in entry.lines] == [
        (D(20), None, "c-1"),
        (D(20), D("100.00"), None),
        (None, None, "c-1"),
    ]


@pytest.mark.parametrize(("rate", "tax_account"), [("20", 1768), ("10", 1767)])
def test_row_13_the_rows_of_its_own_rate_say_what_a_deposit_was_for(rate: str, tax_account: int) -> None:
    items = (an_item("500.00", "20", 1), an_item("500.00", "10", 2, category="PHYSICAL_PRODUCT"))
    document = in_country(a_final(items, ("S", rate, "100.00", rate)), "FR")
    (entry,) = [entry for entry in post_document(document, accounts()) if entry.kind is EntryKind.DEPOSIT_APPLIED]
    assert [line.account for line in entry.lines] == [1710, tax_account, 10001]


@pytest.mark.parametrize("document_type", [DocumentType.DEPOSIT_INVOICE, DocumentType.DEPOSIT_INVOICE_CORRECTION])
def test_rows_9_and_11_what_is_billed_or_closed_of_a_deposit_has_no_day_of_tax(document_type: DocumentType) -> None:
    """Tax arises when the money is received (section 13 (1) no. 1 a sentence 4 UStG)."""
    (entry,) = post_document(a_document(document_type=document_type, deposit_receivable_relevant=True), accounts())
    assert entry.tax_date is None


def test_row_13_several_deposits_of_one_rate_are_one_pair_of_lines() -> None:
    document = a_final((an_item("500.00"),), ("S", "19", "10.00", "1.90"), ("S", "7", "5.00", "0.35"), ("S", "19", "20.00", "3.80"))
    assert written(post_document(document, accounts()))[-1] == (
        "DEPOSIT_APPLIED: D 1718 30.00, D 1776 5.70, D 1711 5.00, D 1771 0.35, C 10001 41.05"
    )


def test_row_9_a_voucher_in_foreign_currency_is_received_at_the_documents_rate() -> None:
    voucher = (PostTaxItem(ident="p-1", name="Gift card", amount=D("-238.00")),)
    exchange = ExchangeRate(rate=D("1.25"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D("152.00"), gross=D("952.00"))
    document = a_document(
        document_type=DocumentType.DEPOSIT_INVOICE,
        items=(an_item("1000.00"),),
        post_tax_items=voucher,
        totals=totals_of((an_item("1000.00"),), prepaid="238.00"),
        deposit_receivable_relevant=True,
        currency="USD",
        ledger=ledger,
    )
    assert written(post_document(document, accounts())) == [
        "DEPOSIT_INVOICE: D 10001 761.60, C 1593 761.60",
        "DEPOSIT_RECEIVED: D 1796 190.40, C 1718 160.00, C 1776 30.40",
    ]


def test_row_11_what_was_on_no_account_is_closed_without_an_entry() -> None:
    for relevant, entries in ((False, []), (True, ["DEPOSIT_CLOSED: D 1593 119.00, C 10001 119.00"])):
        document = a_document(document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION, deposit_receivable_relevant=relevant)
        assert written(post_document(document, accounts())) == entries


# --- cash taxation (row 6) -----------------------------------------------------------------------------------------------------


def test_row_6_what_pays_on_issuing_makes_its_part_of_the_tax_due() -> None:
    """595.00 of 1,190.00 were prepaid, so half of the tax; with all of it prepaid, all that was not due."""
    items = (an_item("1000.00"),)
    for paid, due in (("595.00", "95.00"), ("1190.00", "190.00")):
        prepaid = (Prepaid(reference="x", date=DAY, amount=D(paid)),)
        document = a_document(items=items, prepaid=prepaid, totals=totals_of(items, prepaid=paid))
        assert written(post_document(document, accounts(cash_taxation=True))) == [
            "INVOICE: D 10001 1190.00, C 8400 1000.00, C 1766 190.00",
            f"PREPAYMENT_APPLIED: D 1792 {paid}, C 10001 {paid}",
            f"TAX_DUE: D 1766 {due}, C 1776 {due}",
        ]
        without = post_document(document, accounts())
        assert [entry.kind for entry in without] == [EntryKind.INVOICE, EntryKind.PREPAYMENT_APPLIED]


def test_row_6_a_voucher_given_back_makes_the_tax_fall_away() -> None:
    voucher = (PostTaxItem(ident="p-1", name="Gift card", amount=D("-59.50")),)
    totals = totals_of((an_item(),), prepaid="59.50")
    document = a_document(document_type=DocumentType.CREDIT_MEMO, post_tax_items=voucher, totals=totals)
    assert written(post_document(document, accounts(cash_taxation=True)))[-1] == "TAX_DUE: D 1766 -9.50, C 1776 -9.50"


def test_row_6_a_deposit_was_taxed_when_it_was_received() -> None:
    """Of 1,190.00 a deposit of 595.00 and a voucher of 119.00: only the voucher's tax falls due with the final invoice, and the last
    voucher takes the rest of the tax."""
    items = (an_item("1000.00"),)
    for voucher, due in (("119.00", "19.00"), ("595.00", "95.00")):
        entry = PostTaxItem(ident="p-1", name="Gift card", amount=-D(voucher))
        part = ("S", "19", "500.00", "95.00")
        document = a_final(items, part, post_tax_items=(entry,), totals=totals_of(items, prepaid=D("595.00") + D(voucher)))
        entries = written(post_document(document, accounts(cash_taxation=True)))
        assert entries[-1] == f"TAX_DUE: D 1766 {due}, C 1776 {due}"
    alone = post_document(a_final(items, ("S", "19", "500.00", "95.00")), accounts(cash_taxation=True))
    assert EntryKind.TAX_DUE not in {entry.kind for entry in alone}


def test_row_6_in_foreign_currency_the_tax_due_is_converted() -> None:
    items = (an_item("1000.00"),)
    prepaid = (Prepaid(reference="x", date=DAY, amount=D("595.00")),)
    exchange = ExchangeRate(rate=D("1.25"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D("152.00"), gross=D("952.00"))
    document = a_document(items=items, prepaid=prepaid, totals=totals_of(items, prepaid="595.00"), currency="USD", ledger=ledger)
    assert written(post_document(document, accounts(cash_taxation=True)))[1:] == [
        "PREPAYMENT_APPLIED: D 1792 476.00, C 10001 476.00",
        "TAX_DUE: D 1766 76.00, C 1776 76.00",
    ]


def test_row_6_only_what_section_20_concerns_becomes_due() -> None:
    def part(treatment: Treatment, rate: str, tax: str) -> TaxPart:
        net = D("100.00")
        return TaxPart(treatment=treatment, category_code="S", rate=D(rate), net=net, tax=D(tax), gross=net + D(tax), country=None)

    parts = (
        part(Treatment.DOMESTIC, "19", "19.00"),
        part(Treatment.OSS_GOODS, "20", "20.00"),
        part(Treatment.DOMESTIC, "0", "0.00"),
    )
    assert [(line.account, line.side, line.amount) for line in tax_due_lines(accounts(), parts)] == [
        (1766, "D", D("19.00")),
        (1776, "C", D("19.00")),
    ]


# --- rounding (row 29) ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document_type", "rounding", "foreign"),
    [
        (DocumentType.INVOICE, "0.03", "0.03"),
        (DocumentType.INVOICE, "-0.03", "0.03"),
        (DocumentType.CREDIT_MEMO, "0.03", "0.03"),
    ],
)
def test_row_29_rounding_in_foreign_currency(document_type: DocumentType, rounding: str, foreign: str) -> None:
    exchange = ExchangeRate(rate=D("3.00"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D("6.33"), gross=D("39.67"))
    totals = totals_of((an_item(),), rounding=rounding)
    document = a_document(document_type=document_type, totals=totals, currency="USD", ledger=ledger)
    (entry,) = [entry for entry in post_document(document, accounts()) if entry.kind is EntryKind.ROUNDING]
    (line,) = [line for line in entry.lines if line.account == 10001]
    assert (line.amount, line.foreign_amount, line.foreign_currency) == (D("0.01"), D(foreign), "USD")


def test_row_29_rounding_that_is_nothing_in_the_ledger_has_no_entry() -> None:
    exchange = ExchangeRate(rate=D("3.00"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D("6.33"), gross=D("39.67"))
    document = a_document(totals=totals_of((an_item(),), rounding="0.01"), currency="USD", ledger=ledger)
    assert [entry.kind for entry in post_document(document, accounts())] == [EntryKind.INVOICE]


def test_row_29_the_rounding_of_a_price_reduction_is_given_back() -> None:
    totals = totals_of((an_item(),), rounding="0.02")
    reason = (Property(key="reason", value="GOODWILL"),)
    document = a_document(document_type=DocumentType.CREDIT_MEMO, totals=totals, properties=reason)
    assert written(post_document(document, accounts())) == [
        "PRICE_REDUCTION: D 8720 100.00, D 1776 19.00, C 10001 119.00",
        "ROUNDING: D 2309 0.02, C 10001 0.02",
    ]


# --- documents that come to nothing (example 12) ----------------------------------------------------------------------------------


def of_nothing(*rows: tuple[str, str, str | None], **overrides: object) -> Document:
    """A document of rows (net, rate with its category, cost centre) that take each other back."""
    items = tuple(
        an_item(net, rate[2:], position, category_code=rate[0], cost_centre=centre)
        for position, (net, rate, centre) in enumerate(rows, 1)
    )
    return a_document(items=items, **overrides)


def test_12_what_was_supplied_and_taken_back_stands_on_its_account() -> None:
    document = of_nothing(
        ("100.00", "S 19", "A"),
        ("20.00", "S 19", None),
        ("-120.00", "S 19", None),
        ("30.00", "S 7", None),
        ("-30.00", "S 7", None),
        ("5.00", "Z 0", None),
        ("-5.00", "Z 0", None),
    )
    (entry,) = post_document(document, accounts())
    assert written([entry]) == [
        "INVOICE: C 8400 100.00, C 8400 -100.00, C 8400 20.00, C 8400 -20.00, C 8300 30.00, C 8300 -30.00, C 8290 5.00, C 8290 -5.00"
    ]
    assert [(line.cost_centre, line.rate) for line in entry.lines[:4:2]] == [("A", D(19)), (None, D(19))]
    assert balances(entry) == {}


def test_12_a_gross_of_nothing_with_tax_in_it_is_posted_by_its_groups() -> None:
    """119.00 taxed and 119.00 taken back outside of the tax: the tax is owed all the same."""
    document = of_nothing(("100.00", "S 19", None), ("-119.00", "Z 0", None))
    assert written(post_document(document, accounts())) == ["INVOICE: C 8400 100.00, C 1776 19.00, C 8290 -119.00"]


def test_12_in_foreign_currency_turnover_is_converted() -> None:
    exchange = ExchangeRate(rate=D("3.00"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D(0), gross=D(0))
    document = replace(of_nothing(("100.00", "S 19", None), ("-100.00", "S 19", None)), currency="USD", ledger=ledger)
    assert written(post_document(document, accounts())) == ["INVOICE: C 8400 33.33, C 8400 -33.33"]


# --- foreign currency, reversals ---------------------------------------------------------------------------------------------------


def test_the_tax_base_of_a_foreign_invoice_is_what_its_gross_leaves() -> None:
    exchange = ExchangeRate(rate=D("1.25"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D("15.20"), gross=D("95.20"))
    (entry,) = post_document(a_document(currency="USD", ledger=ledger), accounts())
    (tax,) = [line for line in entry.lines if line.account == 1776]
    assert (tax.amount, tax.tax_base, tax.foreign_amount, tax.foreign_currency) == (D("15.20"), D("80.00"), D("19.00"), "USD")
    (net,) = [line for line in entry.lines if line.account == 8400]
    assert (net.amount, net.foreign_amount, net.foreign_currency) == (D("80.00"), D("100.00"), "USD")


def test_the_text_of_a_reversal_stays_within_its_column() -> None:
    (entry,) = post_document(a_document(), accounts())
    back = reversed_entry(entry._replace(text="x" * 255), DAY, "17")
    assert (len(back.text), back.text[:8]) == (255, "Storno x")
    untaxed = reversed_entry(entry._replace(tax_date=None, reference="r-1"), DAY, "17")
    assert (untaxed.tax_date, untaxed.reference) == (None, "r-1")


# --- self-billing (rows 25 and 26) -------------------------------------------------------------------------------------------------


def self_billed(document_type: DocumentType, *, abroad: bool = False, **overrides: object) -> Document:
    partner = a_customer(vat_id="FR40303265045") if abroad else a_customer()
    fields = {"document_type": document_type, "seller": partner, "customer": a_seller()}
    return a_document(**fields | overrides)


def test_row_26_a_correction_is_of_the_period_in_which_it_is_made() -> None:
    """Section 17 (1) sentence 8 UStG; the invoice is of the period of its supply."""
    (invoice,) = post_document(self_billed(DocumentType.SELF_BILLING_INVOICE), accounts())
    (correction,) = post_document(self_billed(DocumentType.SELF_BILLING_INVOICE_CORRECTION), accounts())
    assert (invoice.tax_date, correction.tax_date) == (dt.date(2026, 10, 31), dt.date(2026, 11, 20))
    assert (invoice.text, correction.text) == ("Gutschrift RE-2026-000123", "Korrektur der Gutschrift RE-2026-000123")


@pytest.mark.parametrize(
    ("invoiced", "deducted"), [("2026-10-15", "2026-10-31"), ("2026-10-31", "2026-10-31"), ("2026-11-02", "2026-11-02")]
)
def test_input_tax_is_deducted_once_there_are_both_the_supply_and_its_invoice(invoiced: str, deducted: str) -> None:
    """Section 15 (1) no. 1 UStG; the supply was completed on 31 October."""
    document = self_billed(DocumentType.SELF_BILLING_INVOICE, document_date=dt.date.fromisoformat(invoiced))
    (entry,) = post_document(document, accounts())
    days = {line.account: str(line.tax_date or entry.tax_date) for line in entry.lines}
    assert days == {4760: "2026-10-31", 1576: deducted, 70001: "2026-10-31"}


ON_2019 = dt.date(2019, 5, 1)
IN_2020 = Period(start=dt.date(2020, 9, 1), end=dt.date(2020, 9, 30))


@pytest.mark.parametrize(
    ("document_type", "days", "related_on", "rates"),
    [
        (DocumentType.SELF_BILLING_INVOICE, [(IN_2020, None)], None, ["16"]),
        (DocumentType.SELF_BILLING_INVOICE, [(IN_2020, None), (None, dt.date(2021, 1, 1))], None, ["16", "19"]),
        (DocumentType.SELF_BILLING_INVOICE, [(IN_2020, ON_2019)], None, ["16"]),
        (DocumentType.SELF_BILLING_INVOICE, [(None, None)], DEPOSIT_DAY, ["19"]),
        (DocumentType.SELF_BILLING_INVOICE_CORRECTION, [(None, None)], DEPOSIT_DAY, ["16"]),
        (DocumentType.SELF_BILLING_INVOICE_CORRECTION, [(None, dt.date(2026, 1, 5))], DEPOSIT_DAY, ["19"]),
        (DocumentType.SELF_BILLING_INVOICE_CORRECTION, [(None, None)], None, ["19"]),
    ],
)
def test_row_25_the_tax_owed_is_that_of_the_day_of_supply(
    document_type: DocumentType, days: list[tuple[Period | None, dt.date | None]], related_on: dt.date | None, rates: list[str]
) -> None:
    """Of each row: the end of a row's period, else its day of delivery; a correction without one has the rate of what it corrects."""
    items = tuple(
        an_item("100.00", "0", position, category_code="AE", service_period=period, delivery_date=day)
        for position, (period, day) in enumerate(days, 1)
    )
    related = (
        ()
        if related_on is None
        else (RelatedDocument(ident="SB-1", document_type=DocumentType.SELF_BILLING_INVOICE, document_date=related_on),)
    )
    document = self_billed(document_type, abroad=True, items=items, related=related)
    (entry,) = post_document(document, accounts())
    owed = [line for line in entry.lines if line.account in (1577, 1787)]
    assert [(line.side, line.rate, line.amount) for line in owed] == [
        (side, D(rate), document.sign * D(rate)) for rate in rates for side in ("D", "C")
    ]
    assert {line.tax_base for line in owed} == {document.sign * D(100)}


def test_row_25_of_several_documents_the_first_dated_one_says_the_rate() -> None:
    """Documents of other systems may have no date."""
    related = (
        RelatedDocument(ident="X-1", document_type=None, document_date=None),
        RelatedDocument(ident="SB-1", document_type=DocumentType.SELF_BILLING_INVOICE, document_date=DEPOSIT_DAY),
    )
    items = (an_item("100.00", "0", category_code="AE", service_period=None),)
    document = self_billed(DocumentType.SELF_BILLING_INVOICE_CORRECTION, abroad=True, items=items, related=related)
    (entry,) = post_document(document, accounts())
    assert {line.rate for line in entry.lines if line.account in (1577, 1787)} == {D(16)}


def test_row_25_in_foreign_currency_the_tax_owed_is_on_the_converted_base() -> None:
    exchange = ExchangeRate(rate=D("1.25"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D(0), gross=D("80.00"))
    items = (an_item("100.00", "0", category_code="AE"),)
    document = self_billed(DocumentType.SELF_BILLING_INVOICE, abroad=True, items=items, currency="USD", ledger=ledger)
    (entry,) = post_document(document, accounts())
    assert written([entry]) == ["SELF_BILLING: D 3125 80.00, D 1577 15.20, C 1787 15.20, C 70001 80.00"]
    assert (entry.lines[-1].foreign_amount, entry.lines[-1].foreign_currency) == (D("100.00"), "USD")


def test_row_25_rows_that_are_taxed_by_the_partner_owe_us_nothing() -> None:
    items = (an_item("100.00", "0", 1, category_code="AE"), an_item("50.00", "19", 2))
    document = self_billed(DocumentType.SELF_BILLING_INVOICE, abroad=True, items=items)
    (entry,) = post_document(document, accounts())
    assert [(line.account, line.amount) for line in entry.lines if line.account in (1577, 1787)] == [
        (1577, D("19.00")),
        (1787, D("19.00")),
    ]
