"""What is paid before its supply is declared in the month of the payment (section 13 (1) no. 1 lit. a sentence 4 UStG), what goes back
before it in the month in which that goes; together always what the documents say."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, decide, entries, last, revert, tax_on_receipt
from tests.factories.companies import a_row_of
from tests.factories.reported import Reported

from contor.bookkeeping.periods import first_day, last_day
from contor.reports.vat import returned_in

Declared = dict[str, dict[str, str]]
MONTHS = ("2028-01", "2028-02", "2028-03", "2028-04")
BILLED, AHEAD = "2028-01-20", {"servicePeriod": {"start": "2028-01-20", "end": "2028-03-19"}}
NOTHING: Declared = {}


class Book(Reported):
    """An invoice of January for a service that ends in March."""

    number = ""

    def bill(self, *rows: dict[str, Any], **more: Any) -> None:
        """Without rows: one of 200.00 and 38.00."""
        self.turn(BILLED)
        items = rows or ({**a_row_of("200.00"), **AHEAD},)
        self.number = self.document(items=list(items), documentDate=BILLED, **more)

    def come(self, day: str, amount: str, **more: Any) -> Any:
        return self.paid(day, amount, self.number, **more)

    def give_back(self, day: str, amount: str, number: str) -> None:
        out = self.paid(day, amount, "back", creditDebitIndicator="DEBIT")
        self.call("POST", "/v2/payment-assignments", {"paymentIdent": out["paymentIdent"], "targetIdent": number}, 201)

    def bounce(self, day: str, amount: str, name: str) -> None:
        information = {"reasonCode": "AM04"}
        back = self.paid(day, amount, "", creditDebitIndicator="DEBIT", endToEndIdent=name, returnInformation=information)
        assert back["status"] == "ASSIGNED", back

    def unassign(self, day: str) -> None:
        """The latest."""
        self.turn(day)
        made = self.call("GET", "/v2/payment-assignments?sort=createdAt,desc")["_embedded"][0]
        self.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")

    def credit(self, day: str, *rows: dict[str, Any], **more: Any) -> str:
        self.turn(day)
        items = [{**row, "referenceIdent": row["ident"]} for row in rows] or [{**a_row_of("200.00"), "referenceIdent": "i-1"}]
        properties = [{"key": "reason", "value": "RETURN"}]
        said = {"items": items, "relatedDocumentIdent": self.number, "properties": properties, "documentDate": day, **more}
        return self.document("credit-memos", **said)

    def declared(self) -> Declared:
        """Base and tax of what is taxed, month by month; those of nothing are left out."""
        found: Declared = {}
        with self.tenant.runtime.transaction(self.tenant.caller()) as uow:
            for month in MONTHS:
                for row in returned_in(uow, first_day(month), last_day(month)):
                    if row.key in ("81", "86", "35") and (row.base or row.tax):
                        found.setdefault(month[5:], {})[row.key] = f"{row.base:.2f} {row.tax:.2f}"
        return found


@pytest.fixture
def book(company: Reported) -> Book:
    return Book(company.tenant, company.client, company.headers)


def nothing_before(book: Book) -> None:
    book.bill()
    book.come("2028-04-02", "238.00")


def in_full(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")


def in_the_month_of_the_supply(book: Book) -> None:
    book.bill()
    book.come("2028-03-01", "238.00")


def in_part(book: Book) -> None:
    book.bill()
    book.come("2028-02-03", "100.00")


def in_three_parts(book: Book) -> None:
    """100.00 of 238.00 are 15.97 of tax, 200.00 are 31.93."""
    book.bill()
    book.come("2028-01-25", "100.00")
    book.come("2028-02-03", "100.00")
    book.come("2028-04-03", "38.00")


def told_late_of_an_earlier_day(book: Book) -> None:
    """The bank tells in April what came in February."""
    book.bill()
    book.turn("2028-04-10")
    book.pay("238.00", book.number, bookingDate="2028-02-20")


def less_skonto(book: Book) -> None:
    """2 % of 238.00: 4.76, of which 0.76 tax."""
    book.bill(paymentTerm={"periodInDays": 30, "cashDiscount": [{"days": 20, "percentage": 2}]})
    book.come("2028-02-03", "233.24")


def skonto_by_hand_afterwards(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "233.24")
    book.turn("2028-02-10")
    decide(book, book.number, "CASH_DISCOUNT")


def discount_taken_back(book: Book) -> None:
    book.bill()
    granted = decide(book, book.number, "DISCOUNT", amount="119.00")
    book.come("2028-01-25", "119.00")
    book.turn("2028-02-10")
    revert(book, granted)


def bounced_before(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "238.00", endToEndIdent="E-1")
    book.bounce("2028-02-02", "238.00", "E-1")


def bounced_after(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "238.00", endToEndIdent="E-1")
    book.bounce("2028-04-02", "238.00", "E-1")


def bounced_and_paid_again(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "238.00", endToEndIdent="E-1")
    book.bounce("2028-01-30", "238.00", "E-1")
    book.come("2028-02-15", "238.00")


def unassigned_before(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")
    book.unassign("2028-02-05")


def unassigned_after(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")
    book.unassign("2028-04-05")


def too_much(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "300.00")
    book.give_back("2028-02-05", "62.00", book.number)


def credited_without_money(book: Book) -> None:
    book.bill()
    book.credit("2028-02-01")


def credited_and_kept(book: Book) -> None:
    """Nothing was paid back yet: what was declared stands (UStAE 17.1 (7)); the credit stands with the supply."""
    book.bill()
    book.come("2028-01-25", "238.00")
    book.credit("2028-02-01")


def credited_and_paid_back(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")
    memo = book.credit("2028-01-30")
    book.give_back("2028-02-05", "238.00", memo)


def credited_and_paid_back_after(book: Book) -> None:
    """In the month in which it goes back; the return of the month of the supply is corrected."""
    book.bill()
    book.come("2028-01-25", "238.00")
    memo = book.credit("2028-01-30")
    book.give_back("2028-04-05", "238.00", memo)


def credited_in_part_and_paid_back(book: Book) -> None:
    book.bill()
    book.come("2028-01-25", "238.00")
    memo = book.credit("2028-01-30", a_row_of("50.00"))
    book.give_back("2028-02-05", "59.50", memo)


def credited_then_the_rest_is_paid(book: Book) -> None:
    book.bill()
    book.credit("2028-01-30", a_row_of("50.00"))
    clearing(book)
    book.come("2028-02-05", "178.50")


def credited_after_the_supply(book: Book) -> None:
    """After the supply nothing moves: the credit counts when it happens."""
    book.bill()
    book.come("2028-01-25", "119.00")
    memo = book.credit("2028-04-03")
    book.give_back("2028-04-05", "119.00", memo)


def credit_pays_another(book: Book) -> None:
    """The money is used up by an invoice that is due at once: it was paid back, and came."""
    book.bill()
    book.come("2028-01-25", "238.00")
    book.credit("2028-01-30")
    book.turn("2028-02-07")
    book.document(net="200.00", documentDate="2028-02-07")
    clearing(book)


def at_two_rates(book: Book) -> None:
    """Of 333.00 in all, 100.00 are by gross 35.74 at 19 % and 64.26 at 7 %."""
    book.bill({**a_row_of("100.00"), **AHEAD}, {**a_row_of("200.00", 7), "ident": "i-2", **AHEAD})
    book.come("2028-01-25", "100.00")
    book.come("2028-02-25", "233.00")


def rows_of_several_months(book: Book) -> None:
    """A row ends in each of three months, and a third of each is paid in January: of 119.00 are 39.67, 39.67 and 39.66."""
    ends = {"i-1": "2028-01-31", "i-2": "2028-02-29", "i-3": "2028-03-31"}
    rows = [
        {**a_row_of("100.00"), "ident": ident, "servicePeriod": {"start": f"{end[:7]}-01", "end": end}} for ident, end in ends.items()
    ]
    book.bill(*rows)
    book.come("2028-01-25", "119.00")
    book.come("2028-02-25", "238.00")


def in_dollars(book: Book) -> None:
    """At the document's rate, 1.25: 200.00 dollars are 160.00 and 30.40."""
    book.bill(currency="USD", exchangeRate={"rate": "1.25", "date": BILLED})
    book.come("2028-01-25", "95.20", originalAmount={"amount": "119.00", "currency": "USD"}, exchangeRate="1.25")
    book.come("2028-02-25", "119.00", originalAmount={"amount": "119.00", "currency": "USD"}, exchangeRate="1.00")


def by_deposit(book: Book, method: str) -> None:
    """119.00 by a deposit of January, the rest of the final invoice in February."""
    book.turn("2028-01-05")
    deposit = book.document("deposit-invoices", net="100.00", documentDate="2028-01-05")
    book.paid("2028-01-10", "119.00", deposit)
    said = [{"key": "finalInvoiceMethod", "value": method}]
    book.bill(relatedDocumentIdents=[deposit], properties=said)
    book.come("2028-02-25", "119.00")


def by_deposit_and_rest(book: Book) -> None:
    by_deposit(book, "REMAINDER")


def by_deposit_and_final(book: Book) -> None:
    by_deposit(book, "FINAL")


def lost_before_and_paid(book: Book) -> None:
    book.bill()
    decide(book, book.number, "UNCOLLECTABLE_RECEIVABLE")
    book.turn("2028-02-10")
    paid = book.pay("238.00", "late", bookingDate="2028-02-10")
    book.call("POST", "/v2/payment-assignments", {"paymentIdent": paid["paymentIdent"], "targetIdent": book.number}, 201)


def closed_elsewhere(book: Book) -> None:
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
        (rows_of_several_months, {"01": at("166.67", "31.66"), "02": at("133.33", "25.34")}),
        (in_dollars, {"01": at("80.00", "15.20"), "02": at("80.00", "15.20")}),
        (by_deposit_and_rest, {"01": at("100.00", "19.00"), "02": at("100.00", "19.00")}),
        (by_deposit_and_final, {"01": at("100.00", "19.00"), "02": at("100.00", "19.00")}),
        (lost_before_and_paid, {"02": ALL}),
        (closed_elsewhere, {"02": at("31.93", "6.07"), "03": at("168.07", "31.93")}),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_tax_is_declared_when_the_money_comes(book: Book, happens: Callable[[Book], None], expected: Declared) -> None:
    book.take_parts()
    happens(book)
    book.turn("2028-05-01")
    assert book.declared() == expected
    book.sound()
