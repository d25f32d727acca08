"""What is paid before its supply is declared in the month of the payment (section 13 (1) no. 1 lit. a sentence 4 UStG), what goes back
before it in the month in which that goes; together always what the documents say."""

from collections.abc import Callable

import pytest
from tests.checkers.datev import read
from tests.checkers.datev_books import differences, everything
from tests.checkers.round_trips import counted
from tests.factories.billed_ahead import AHEAD, BILLED, BilledAhead, Declared
from tests.factories.cases import clearing, decide, entries, last, revert, tax_on_receipt
from tests.factories.closers import Closer
from tests.factories.companies import a_row_of
from tests.factories.exports import configure_datev
from tests.factories.reported import Reported

from contor.bookkeeping.advances import Amounts, shares

NOTHING: Declared = {}


@pytest.fixture
def book(company: Reported) -> BilledAhead:
    return BilledAhead(company.tenant, company.client, company.headers)


def nothing_before(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-04-02", "238.00")


def in_full(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")


def in_the_month_of_the_supply(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-03-01", "238.00")


def in_part(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-02-03", "100.00")


def in_three_parts(book: BilledAhead) -> None:
    """100.00 of 238.00 are 15.97 of tax, 200.00 are 31.93."""
    book.bill()
    book.come("2028-01-25", "100.00")
    book.come("2028-02-03", "100.00")
    book.come("2028-04-03", "38.00")


def told_late_of_an_earlier_day(book: BilledAhead) -> None:
    """The bank tells in April what came in February."""
    book.bill()
    book.turn("2028-04-10")
    book.pay("238.00", book.number, bookingDate="2028-02-20")


def less_skonto(book: BilledAhead) -> None:
    """2 % of 238.00: 4.76, of which 0.76 tax."""
    book.bill(paymentTerm={"periodInDays": 30, "cashDiscount": [{"days": 20, "percentage": 2}]})
    book.come("2028-02-03", "233.24")


def skonto_by_hand_afterwards(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "233.24")
    book.turn("2028-02-10")
    decide(book, book.number, "CASH_DISCOUNT")


def discount_taken_back(book: BilledAhead) -> None:
    book.bill()
    granted = decide(book, book.number, "DISCOUNT", amount="119.00")
    book.come("2028-01-25", "119.00")
    book.turn("2028-02-10")
    revert(book, granted)


def bounced_before(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "238.00", endToEndIdent="E-1")
    book.bounce("2028-02-02", "238.00", "E-1")


def bounced_after(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "238.00", endToEndIdent="E-1")
    book.bounce("2028-04-02", "238.00", "E-1")


def bounced_and_paid_again(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "238.00", endToEndIdent="E-1")
    book.bounce("2028-01-30", "238.00", "E-1")
    book.come("2028-02-15", "238.00")


def unassigned_before(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")
    book.unassign("2028-02-05")


def unassigned_after(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")
    book.unassign("2028-04-05")


def too_much(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "300.00")
    book.give_back("2028-02-05", "62.00", book.number)


def credited_without_money(book: BilledAhead) -> None:
    book.bill()
    book.credit("2028-02-01")


def credited_and_kept(book: BilledAhead) -> None:
    """Nothing was paid back yet: what was declared stands (UStAE 17.1 (7)); the credit stands with the supply."""
    book.bill()
    book.come("2028-01-25", "238.00")
    book.credit("2028-02-01")


def credited_and_paid_back(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")
    memo = book.credit("2028-01-30")
    book.give_back("2028-02-05", "238.00", memo)


def credited_and_paid_back_after(book: BilledAhead) -> None:
    """In the month in which it goes back; the return of the month of the supply is corrected."""
    book.bill()
    book.come("2028-01-25", "238.00")
    memo = book.credit("2028-01-30")
    book.give_back("2028-04-05", "238.00", memo)


def credited_in_part_and_paid_back(book: BilledAhead) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")
    memo = book.credit("2028-01-30", a_row_of("50.00"))
    book.give_back("2028-02-05", "59.50", memo)


def credited_then_the_rest_is_paid(book: BilledAhead) -> None:
    book.bill()
    book.credit("2028-01-30", a_row_of("50.00"))
    clearing(book)
    book.come("2028-02-05", "178.50")


def credited_after_the_supply(book: BilledAhead) -> None:
    """After the supply nothing moves: the credit counts when it happens."""
    book.bill()
    book.come("2028-01-25", "119.00")
    memo = book.credit("2028-04-03")
    book.give_back("2028-04-05", "119.00", memo)


def credit_pays_another(book: BilledAhead) -> None:
    """The money is used up by an invoice that is due at once: it was paid back, and came."""
    book.bill()
    book.come("2028-01-25", "238.00")
    book.credit("2028-01-30")
    book.turn("2028-02-07")
    book.document(net="200.00", documentDate="2028-02-07")
    clearing(book)


def at_two_rates(book: BilledAhead) -> None:
    """Of 333.00 in all, 100.00 are by gross 35.74 at 19 % and 64.26 at 7 %."""
    book.bill({**a_row_of("100.00"), **AHEAD}, {**a_row_of("200.00", 7), "ident": "i-2", **AHEAD})
    book.come("2028-01-25", "100.00")
    book.come("2028-02-25", "233.00")


def given_back(book: BilledAhead) -> None:
    """Half of 238.00 less 53.50 at 7 %; what comes and goes after the supply moves nothing."""
    row = {**a_row_of("50.00", 7), "ident": "i-2", **AHEAD, "debitCreditIndicator": "CREDIT"}
    book.bill({**a_row_of("200.00"), **AHEAD}, row)
    book.come("2028-01-25", "92.25")
    book.come("2028-04-10", "102.25")
    book.give_back("2028-04-12", "10.00", book.number)


def rows_of_several_months(book: BilledAhead) -> None:
    """A row ends in each of three months, and a third of each is paid in January: of 119.00 are 39.67, 39.67 and 39.66."""
    ends = {"i-1": "2028-01-31", "i-2": "2028-02-29", "i-3": "2028-03-31"}
    rows = [
        {**a_row_of("100.00"), "ident": ident, "servicePeriod": {"start": f"{end[:7]}-01", "end": end}}
        for ident, end in ends.items()
    ]
    book.bill(*rows)
    book.come("2028-01-25", "119.00")
    book.come("2028-02-25", "238.00")


def in_dollars(book: BilledAhead) -> None:
    """At the document's rate, 1.25: 200.00 dollars are 160.00 and 30.40."""
    book.bill(currency="USD", exchangeRate={"rate": "1.25", "date": BILLED})
    book.come("2028-01-25", "95.20", originalAmount={"amount": "119.00", "currency": "USD"}, exchangeRate="1.25")
    book.come("2028-02-25", "119.00", originalAmount={"amount": "119.00", "currency": "USD"}, exchangeRate="1.00")


def by_deposit(book: BilledAhead, method: str) -> None:
    """119.00 by a deposit of January, the rest of the final invoice in February."""
    book.turn("2028-01-05")
    deposit = book.document("deposit-invoices", net="100.00", documentDate="2028-01-05")
    book.paid("2028-01-10", "119.00", deposit)
    said = [{"key": "finalInvoiceMethod", "value": method}]
    book.bill(relatedDocumentIdents=[deposit], properties=said)
    book.come("2028-02-25", "119.00")


def by_deposit_and_rest(book: BilledAhead) -> None:
    by_deposit(book, "REMAINDER")


def by_deposit_and_final(book: BilledAhead) -> None:
    by_deposit(book, "FINAL")


def deposit_of_another_rate(book: BilledAhead) -> None:
    """107.00 at 7 % by a deposit; of the 131.00 that are left of 238.00 half before the supply."""
    book.turn("2028-01-05")
    deposit = book.document("deposit-invoices", items=[a_row_of("100.00", 7)], documentDate="2028-01-05")
    book.paid("2028-01-10", "107.00", deposit)
    book.bill(relatedDocumentIdents=[deposit], properties=[{"key": "finalInvoiceMethod", "value": "REMAINDER"}])
    book.come("2028-02-10", "65.50")
    book.come("2028-03-10", "65.50")


def more_by_deposit_than_supplied(book: BilledAhead) -> None:
    """357.00 of 238.00: the rest goes back before the supply, in two parts."""
    book.turn("2028-01-05")
    deposit = book.document("deposit-invoices", net="300.00", documentDate="2028-01-05")
    book.paid("2028-01-10", "357.00", deposit)
    book.bill(relatedDocumentIdents=[deposit], properties=[{"key": "finalInvoiceMethod", "value": "FINAL"}])
    book.give_back("2028-01-31", "19.00", book.number)
    book.give_back("2028-02-20", "100.00", book.number)


def by_deposit_and_new_invoice(book: BilledAhead) -> None:
    """The deposit is corrected, its money pays the final invoice when that is issued."""
    book.turn("2028-01-05")
    deposit = book.document("deposit-invoices", net="100.00", documentDate="2028-01-05")
    book.paid("2028-01-10", "119.00", deposit)
    corrected = book.document("deposit-invoice-corrections", net="100.00", relatedDocumentIdent=deposit)
    said = [{"key": "finalInvoiceMethod", "value": "REVERSAL"}]
    book.bill(relatedDocumentIdent=deposit, relatedDocumentIdents=[corrected], properties=said)


def paid_when_issued(book: BilledAhead) -> None:
    book.bill(prepaid=[{"reference": "before", "date": BILLED, "amount": "119.00"}])
    book.come("2028-02-25", "119.00")


def issued_anew(book: BilledAhead) -> None:
    """Supply and price stand, and so does what is declared."""
    book.bill()
    book.come("2028-01-25", "119.00")
    book.turn("2028-02-01")
    made = book.call("POST", f"/v2/documents/{book.number}/actions/reissue", {"requestId": "anew"}, 202)
    book.work()
    book.number = book.call("GET", f"/v2/documents/requests/{made['requestId']}")["documentIdent"]
    book.come("2028-02-25", "119.00")


def one_credit_for_two(book: BilledAhead) -> None:
    """What is credited of two invoices makes one matter of them, in which money pays by gross."""
    book.bill()
    first = book.number
    book.bill()
    rows = [
        {**a_row_of("200.00"), "ident": f"g-{it}", "referenceIdent": "i-1", "relatedDocumentIdent": it}
        for it in (first, book.number)
    ]
    book.come("2028-01-25", "238.00")
    properties = [{"key": "reason", "value": "RETURN"}]
    book.turn("2028-02-01")
    more = {"relatedDocumentIdents": [first, book.number], "properties": properties, "documentDate": "2028-02-01"}
    memo = book.document("credit-memos", items=rows, **more)
    clearing(book)
    book.give_back("2028-02-05", "238.00", memo)


def taxed_abroad(book: BilledAhead) -> None:
    """One-stop shop and reverse charge: with the supply."""
    row = {**a_row_of("100.00"), **AHEAD, "performanceLocation": {"country": "FR"}, "category": "DIGITAL_PRODUCT"}
    row["taxDetail"] = {"taxes": [{"rate": 20, "categoryCode": "S"}]}
    book.bill(row, customerDetail={"customerIdent": "lyon", "invoiceAddressIdent": "chez"})
    book.come("2028-01-25", "120.00")


def lost_before_and_paid(book: BilledAhead) -> None:
    book.bill()
    decide(book, book.number, "UNCOLLECTABLE_RECEIVABLE")
    book.turn("2028-02-10")
    paid = book.pay("238.00", "late", bookingDate="2028-02-10")
    book.call("POST", "/v2/payment-assignments", {"paymentIdent": paid["paymentIdent"], "targetIdent": book.number}, 201)


def closed_elsewhere(book: BilledAhead) -> None:
    book.bill()
    book.turn("2028-02-10")
    decide(book, book.number, "BANK_FEE", amount="38.00")


def at(base: str, tax: str) -> dict[str, str]:
    return {"81": f"{base} {tax}"}


ALL, BACK = at("200.00", "38.00"), at("-200.00", "-38.00")


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (nothing_before, {"03": ALL}),
        (in_full, {"01": ALL}),
        (in_the_month_of_the_supply, {"03": ALL}),
        (in_part, {"02": at("84.03", "15.97"), "03": at("115.97", "22.03")}),
        (in_three_parts, {"01": at("84.03", "15.97"), "02": at("84.04", "15.96"), "03": at("31.93", "6.07")}),
        (told_late_of_an_earlier_day, {"02": ALL}),
        (less_skonto, {"02": at("196.00", "37.24")}),
        (skonto_by_hand_afterwards, {"01": at("196.00", "37.24")}),
        (discount_taken_back, {"01": at("100.00", "19.00"), "03": at("100.00", "19.00")}),
        (bounced_before, {"01": ALL, "02": BACK, "03": ALL}),
        (bounced_after, {"01": ALL}),
        (bounced_and_paid_again, {"02": ALL}),
        (unassigned_before, {"01": ALL, "02": BACK, "03": ALL}),
        (unassigned_after, {"01": ALL}),
        (too_much, {"01": ALL}),
        (credited_without_money, NOTHING),
        (credited_and_kept, {"01": ALL, "03": BACK}),
        (credited_and_paid_back, {"01": ALL, "02": BACK}),
        (credited_and_paid_back_after, {"01": ALL, "04": BACK}),
        (credited_in_part_and_paid_back, {"01": ALL, "02": at("-50.00", "-9.50")}),
        (credited_then_the_rest_is_paid, {"02": at("150.00", "28.50")}),
        (credited_after_the_supply, {"01": at("100.00", "19.00"), "03": at("100.00", "19.00"), "04": BACK}),
        (credit_pays_another, {"01": ALL}),
        (at_two_rates, {"01": {"81": "30.03 5.71", "86": "60.06 4.20"}, "02": {"81": "69.97 13.29", "86": "139.94 9.80"}}),
        (given_back, {month: {"81": "100.00 19.00", "86": "-25.00 -1.75"} for month in ("01", "03")}),
        (rows_of_several_months, {"01": at("166.67", "31.66"), "02": at("133.33", "25.34")}),
        (in_dollars, {"01": at("80.00", "15.20"), "02": at("80.00", "15.20")}),
        (by_deposit_and_rest, {"01": at("100.00", "19.00"), "02": at("100.00", "19.00")}),
        (by_deposit_and_final, {"01": at("100.00", "19.00"), "02": at("100.00", "19.00")}),
        (
            deposit_of_another_rate,
            {"01": {"86": "100.00 7.00"}} | {it: {"81": "100.00 19.00", "86": "-50.00 -3.50"} for it in ("02", "03")},
        ),
        (more_by_deposit_than_supplied, {"01": at("284.03", "53.97"), "02": at("-84.03", "-15.97")}),
        (by_deposit_and_new_invoice, {"01": ALL | at("100.00", "19.00"), "03": at("100.00", "19.00")}),
        (paid_when_issued, {"01": at("100.00", "19.00"), "02": at("100.00", "19.00")}),
        (issued_anew, {"01": at("100.00", "19.00"), "02": at("100.00", "19.00")}),
        (one_credit_for_two, {"01": ALL, "02": BACK}),
        (taxed_abroad, NOTHING),
        (lost_before_and_paid, {"02": ALL}),
        (closed_elsewhere, {"02": at("31.93", "6.07"), "03": at("168.07", "31.93")}),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_tax_is_declared_when_the_money_comes(
    book: BilledAhead, happens: Callable[[BilledAhead], None], expected: Declared
) -> None:
    book.take_parts()
    happens(book)
    book.turn("2028-05-01")
    assert book.declared() == expected
    book.sound()


def test_the_tax_moves_on_its_own_account_from_day_to_day(book: BilledAhead) -> None:
    book.bill()
    since = last(book)
    book.come("2028-01-25", "238.00", endToEndIdent="E-1")
    book.bounce("2028-02-02", "238.00", "E-1")
    assert [it for it in entries(book, since) if it.startswith("TAXED")] == [
        "TAXED_BEFORE_SUPPLY: D 1776 38, C 1776 38",
        "TAXED_BEFORE_SUPPLY: C 1776 38, D 1776 38",
    ]
    rows = book.tenant.rows(
        "SELECT e.posting_date, e.tax_date, l.side, l.tax_date AS of, trim_scale(l.tax_base) AS base, l.tax_rate, e.document_ident"
        " FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id WHERE e.kind = 'TAXED_BEFORE_SUPPLY' ORDER BY e.id, l.position"
    )
    assert [(f"{it.posting_date}", f"{it.tax_date}", it.side, it.of and f"{it.of}", it.base, it.tax_rate) for it in rows] == [
        ("2028-01-25", "2028-01-25", "D", "2028-03-19", 200, 19),
        ("2028-01-25", "2028-01-25", "C", None, 200, 19),
        ("2028-02-02", "2028-02-02", "C", "2028-03-19", 200, 19),
        ("2028-02-02", "2028-02-02", "D", None, 200, 19),
    ]
    assert {it.document_ident for it in rows} == {book.number}
    assert book.sums()[1776] == -38


def test_under_section_20_nothing_moves_for_all_of_it_is_of_the_receipt(book: BilledAhead) -> None:
    tax_on_receipt(book)
    in_full(book)
    book.turn("2028-05-01")
    assert book.declared() == {"01": ALL}
    assert book.tenant.rows("SELECT id FROM journal_entry WHERE kind = 'TAXED_BEFORE_SUPPLY'") == []
    book.sound()


def test_what_is_told_after_its_month_was_closed_comes_late(book: BilledAhead) -> None:
    """Posted into the first open month, for the return of that in which it came (section 153 AO)."""
    book.bill()
    closer = Closer(book.tenant, book.client, book.headers)
    book.turn("2028-02-10")
    closer.close("2028-01", *closer.findings("2028-01"))
    book.pay("238.00", book.number, bookingDate="2028-01-25")
    late = [row for row in book.read("VAT", "2028-02") if row["Section"] != "Return"]
    assert [(it["Return of"], it["Number"], it["Base by the books"], it["Tax by the books"]) for it in late] == [
        ("2028-01", "81", "200.00", "38.00")
    ]
    assert book.declared() == {"01": ALL}
    book.sound()


def test_datev_is_told_both_days(book: BilledAhead) -> None:
    """Over the interim account, which is even again: no row can have one account on both sides."""
    at_two_rates(book)
    book.turn("2028-05-01")
    configure_datev(book.tenant)
    view, files = everything(book.tenant)
    assert (differences(book.tenant, files), view.left_out) == ([], ())
    (january,) = [read(content) for name, content in files.items() if "_2028-01_" in name]
    rows = [(row[0], row[1], row[6], row[7], row[8], row[114]) for row in january.rows if "vor der Leistung" in row[13]]
    assert rows == [
        ("4,20", "H", "1792", "1771", "", "19032028"),
        ("4,20", "S", "1792", "1771", "", ""),
        ("5,71", "H", "1792", "1776", "", "19032028"),
        ("5,71", "S", "1792", "1776", "", ""),
    ]


def test_who_bills_nothing_in_advance_pays_nothing_for_it(book: BilledAhead, monkeypatch: pytest.MonkeyPatch) -> None:
    """A monthly bill that is paid in its month; a matter is read once, whatever moved it."""
    month = {"servicePeriod": {"start": "2028-01-01", "end": "2028-01-31"}}
    book.bill({**a_row_of("200.00"), **month})
    with counted(monkeypatch) as said:
        book.come("2028-01-25", "238.00")
    assert [it for it in said if "is_moved" in it or "joined" in it] == []
    assert book.tenant.rows("SELECT id FROM journal_entry WHERE kind = 'TAXED_BEFORE_SUPPLY'") == []
    for _ in range(3):
        book.bill()
    book.turn("2028-02-01")
    book.document("credit-memos", net="600.00", externalReferences=[{"ident": "ALT-9", "documentDate": "2025-03-31"}])
    with counted(monkeypatch) as said:
        clearing(book)
    assert len([it for it in said if "is_moved" in it]) == 1
    assert len(book.tenant.rows("SELECT id FROM journal_entry WHERE kind = 'TAXED_BEFORE_SUPPLY'")) == 3


def test_more_than_the_tax_before_the_supply_is_found(book: BilledAhead, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = shares.taxed_by
    monkeypatch.setattr(shares, "taxed_by", lambda matter, money: [Amounts(2 * it.tax, it.base) for it in honest(matter, money)])
    in_full(book)
    monkeypatch.undo()
    found = {it.check: it.finding for it in book.tenant.broken() if it.check.startswith("bookkeeping.")}
    said = f"document {book.number}: on account 1776"
    assert found == {
        "bookkeeping.no_more_is_taxed_before_the_supply_than_was_asked_for": (
            f"{said} 76.00 EUR is declared before 2028-03-19, of 38.00 EUR"
        ),
        "bookkeeping.what_is_taxed_before_the_supply_is_what_came_before_it": (
            f"{said} -38.00 EUR more is to be declared before 2028-03-19"
        ),
    }
