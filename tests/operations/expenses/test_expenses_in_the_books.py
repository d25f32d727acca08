"""Invoices of suppliers in the books: posting table rows 34 to 37."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.received import EXPENSES, INBOX, PaperKeeper, a_ubl, an_expense
from tests.factories.statements import OWN, BankLine, BankPaper, Reader

from contor.commands.billing import store
from contor.settings.tenant_settings import close_books_through

SUPPLIERS, CATEGORIES, SETTINGS = "/v2/suppliers", "/v2/expense-categories", "/v2/tenant-settings"
GERMAN, FRENCH = "DE136695976", "FR83404833048"
D = Decimal
FIRST, CENTS = 70_000, D("0.01")
LINES = (
    "SELECT e.kind, l.account, l.side, l.amount, l.tax_base, trim_scale(l.tax_rate) AS rate, e.posting_date::text AS day,"
    " coalesce(l.tax_date, e.tax_date)::text AS tax_day, l.country, l.foreign_amount, l.foreign_currency FROM journal_line l"
    " JOIN journal_entry e ON e.id = l.entry_id ORDER BY e.fiscal_year, e.journal_number, l.position"
)


def booked(keeper: PaperKeeper) -> list[tuple[Any, ...]]:
    """(kind, account, side, amount) of every line."""
    return [(row.kind, row.account, row.side, row.amount) for row in keeper.tenant.rows(LINES)]


def balances(keeper: PaperKeeper) -> dict[int, Decimal]:
    """Debit less credit of what is not even."""
    sums: dict[int, Decimal] = {}
    for _, account, side, amount in booked(keeper):
        sums[account] = sums.get(account, D(0)) + (amount if side == "D" else -amount)
    return {account: amount for account, amount in sums.items() if amount}


def account_of(keeper: PaperKeeper, name: str = "Papier Nord GmbH") -> int:
    (found,) = keeper.call("GET", f'{SUPPLIERS}?search=name=="{name}"')["_embedded"]
    return int(found["account"])


@pytest.fixture
def books(keeper: PaperKeeper) -> PaperKeeper:
    keeper.call("PATCH", SETTINGS, {"expensePosting": "POSTED"})
    return keeper


def test_who_does_not_say_so_keeps_papers(keeper: PaperKeeper) -> None:
    assert keeper.call("POST", EXPENSES, an_expense(paidOn="2026-03-05"), 201)["posted"] is False
    assert (booked(keeper), keeper.call("GET", SUPPLIERS)["_embedded"]) == ([], [])
    keeper.sound()


def test_an_expense_is_cost_input_tax_and_what_is_owed(books: PaperKeeper) -> None:
    rows = [
        {"description": "Paper", "net": "60.00", "vatRate": 19},
        {"description": "Book", "net": "40.00", "vatRate": 7},
        {"description": "Stamps", "net": "10.00", "vatRate": 0},
    ]
    made = books.call("POST", EXPENSES, an_expense(net="110.00", tax="14.20", rows=rows, number="4711"), 201)
    supplier = account_of(books)
    assert made["posted"] is True and supplier in range(FIRST, 100_000)
    assert booked(books) == [
        ("EXPENSE", 4900, "D", 60),
        ("EXPENSE", 1576, "D", D("11.40")),
        ("EXPENSE", 4900, "D", 40),
        ("EXPENSE", 1571, "D", D("2.80")),
        ("EXPENSE", 4900, "D", 10),
        ("EXPENSE", supplier, "C", D("124.20")),
    ]
    (entry,) = books.call("GET", "/v2/journal-entries")["_embedded"]
    assert (entry["documentIdent"], entry["text"]) == ("4711", "Eingangsrechnung 4711 Papier Nord GmbH")
    books.sound()


def test_the_rate_of_an_expense_without_rows_is_the_one_that_makes_its_tax(books: PaperKeeper) -> None:
    books.call("POST", EXPENSES, an_expense(), 201)
    assert balances(books) == {4900: 100, 1576: 19, account_of(books): -119}
    refused = books.call("POST", EXPENSES, an_expense(ident="e-2", tax="12.00"), 400)
    assert [it["fieldName"] for it in refused["errors"]] == ["tax"]
    assert "say the rows" in str(refused)
    books.sound()


def test_tax_of_another_country_is_not_deducted(books: PaperKeeper) -> None:
    rows = [{"description": "Hotel", "net": "100.00", "vatRate": 20}]
    refused = books.call("POST", EXPENSES, an_expense(tax="20.00", rows=rows), 400)
    assert "20 % is no rate of DE" in str(refused)
    books.call("POST", EXPENSES, an_expense(tax="20.00", rows=rows, taxTreatment="NOT_DEDUCTIBLE"), 201)
    assert balances(books) == {4900: 120, account_of(books): -120}
    books.sound()


@pytest.mark.parametrize(
    ("treatment", "said", "cost", "country"),
    [
        ("REVERSE_CHARGE_DOMESTIC", {}, 3120, None),
        ("REVERSE_CHARGE_EU", {"supplierVatId": FRENCH}, 3125, "FR"),
        ("REVERSE_CHARGE_THIRD_COUNTRY", {}, 3125, None),
    ],
)
def test_what_we_owe_as_recipient_is_deducted_at_once(
    books: PaperKeeper, treatment: str, said: Any, cost: int, country: str | None
) -> None:
    books.call("POST", EXPENSES, an_expense(tax="0.00", taxTreatment=treatment, **said), 201)
    assert balances(books) == {cost: 100, 1577: 19, 1787: -19, account_of(books): -100}
    taxed = [(row.tax_base, row.rate, row.country) for row in books.tenant.rows(LINES) if row.tax_base is not None]
    assert taxed == [(100, 19, country)] * 2
    books.sound()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"taxTreatment": "REVERSE_CHARGE_DOMESTIC"}, "tax"),
        ({"taxTreatment": "REVERSE_CHARGE_EU", "tax": "0.00"}, "supplierVatId"),
        ({"taxTreatment": "REVERSE_CHARGE_EU", "tax": "0.00", "supplierVatId": GERMAN}, "supplierVatId"),
        ({"taxTreatment": "INTRA_COMMUNITY", "tax": "0.00"}, "taxTreatment"),
        ({"bookingAccount": 8400}, "bookingAccount"),
        ({"bookingAccount": 4711}, "bookingAccount"),
        ({"paidFrom": 4900, "paidOn": "2026-03-05"}, "paidFrom"),
        ({"currency": "USD"}, "currency"),
    ],
)
def test_what_cannot_be_posted_is_refused_in_words_and_kept_by_who_says_so(books: PaperKeeper, said: Any, field: str) -> None:
    refused = books.call("POST", EXPENSES, an_expense(**said), 400)
    assert [it["fieldName"] for it in refused["errors"]] == [field]
    assert (booked(books), books.tenant.rows("SELECT ident FROM supplier")) == ([], [])
    if "Account" not in field and field != "paidFrom":
        assert books.call("POST", EXPENSES, an_expense(**said, posted=False), 201)["posted"] is False
    books.sound()


def test_costs_stand_on_the_account_that_is_named_else_on_that_of_their_category(books: PaperKeeper) -> None:
    for number, name in ((4930, "Bürobedarf"), (4980, "Betriebsbedarf"), (480, "Geringwertige Wirtschaftsgüter")):
        kind = "ASSET" if number == 480 else "EXPENSE"
        body = {"accountNumber": number, "currency": "EUR", "accountType": kind, "name": name}
        books.call("POST", "/v2/bookingAccounts", body, 201)
    office = books.call("POST", CATEGORIES, {"ident": "office", "name": "Office", "bookingAccount": 4930}, 201)
    assert books.call("GET", f"{CATEGORIES}/office") == office
    assert books.call("POST", CATEGORIES, {"name": " office", "bookingAccount": 4980}, 409)["message"]
    assert (
        books.call("POST", CATEGORIES, {"name": "Sales", "bookingAccount": 8400}, 400)["errors"][0]["fieldName"] == "bookingAccount"
    )
    rows = [
        {"description": "Pens", "net": "60.00", "vatRate": 19},
        {"description": "Desk", "net": "40.00", "vatRate": 19, "category": "Furniture"},
    ]
    books.call("PUT", f"{CATEGORIES}/office", {"name": "OFFICE", "bookingAccount": 4930})
    books.call("POST", CATEGORIES, {"ident": "desk", "name": "furniture", "bookingAccount": 480}, 201)
    books.call("POST", EXPENSES, an_expense(rows=rows, category="office"), 201)
    supplier = account_of(books)
    assert balances(books) == {4930: 60, 480: 40, 1576: 19, supplier: -119}
    books.call("POST", EXPENSES, an_expense(ident="e-2", category="office", bookingAccount=4980), 201)
    assert balances(books)[4980] == 100
    assert books.call("DELETE", "/v2/bookingAccounts/4930/EUR", status=409)["message"]
    books.call("DELETE", f"{CATEGORIES}/desk", status=204)
    books.sound()


def test_a_supplier_has_one_account_by_his_vat_id_or_his_name(books: PaperKeeper) -> None:
    books.call("POST", EXPENSES, an_expense(), 201)
    books.call("POST", EXPENSES, an_expense(ident="e-2", supplier="PAPIER  Nord GmbH", supplierVatId=GERMAN), 201)
    books.call("POST", EXPENSES, an_expense(ident="e-3", supplier="Papier Nord", supplierVatId=GERMAN), 201)
    books.call("POST", EXPENSES, an_expense(ident="e-4", supplier="Druck Süd GmbH"), 201)
    first, second = books.call("GET", f"{SUPPLIERS}?sort=account")["_embedded"]
    assert (first["name"], first["vatId"], second["name"]) == ("Papier Nord GmbH", GERMAN, "Druck Süd GmbH")
    assert balances(books) == {4900: 400, 1576: 76, first["account"]: -357, second["account"]: -119}
    # a customer's accounts are others
    taken = books.tenant.rows("SELECT debtor_account, creditor_account FROM customer")
    assert not {number for row in taken for number in row} & {first["account"], second["account"]}
    one = f"{SUPPLIERS}/{second['ident']}"
    assert books.call("PUT", one, {"name": "Druck", "vatId": GERMAN}, 400)["errors"][0]["fieldName"] == "vatId"
    assert books.call("PUT", one, {"name": "Druck"})["account"] == second["account"] == books.call("GET", one)["account"]
    books.sound()


def test_what_is_paid_leaves_the_bank_and_is_owed_no_more(books: PaperKeeper) -> None:
    one = f"{EXPENSES}/{books.call('POST', EXPENSES, an_expense(number='4711'), 201)['ident']}"
    for _ in range(2):  # saying it again changes nothing
        books.call("POST", f"{one}/actions/set-paid", {"paidOn": "2026-03-05"})
    supplier = account_of(books)
    assert booked(books)[3:] == [("EXPENSE_PAYMENT", supplier, "D", 119), ("EXPENSE_PAYMENT", 1200, "C", 119)]
    assert books.tenant.rows(LINES)[-1].day == "2026-03-05"
    books.sound()
    till = {"accountNumber": 1000, "currency": "EUR", "accountType": "ASSET", "name": "Kasse"}
    books.call("POST", "/v2/bookingAccounts", till, 201)
    other = books.call("POST", EXPENSES, an_expense(ident="e-2"), 201)["ident"]
    paid = books.call("POST", f"{EXPENSES}/{other}/actions/set-paid", {"paidOn": "2026-03-06", "paidFrom": 1000})
    assert (paid["paidOn"], paid["paidFrom"]) == ("2026-03-06", 1000)
    assert balances(books) == {4900: 200, 1576: 38, 1200: -119, 1000: -119}
    books.sound()


def test_where_statements_move_the_bank_a_payment_waits_beside_the_banks_own(books: PaperKeeper) -> None:
    books.open_bank(**OWN)
    books.call(
        "POST", EXPENSES, an_expense(ident="before", paidOn="2026-03-02"), 201
    )  # the bank's account, as nobody else moves it
    day = dt.date(2026, 3, 5)
    paper = BankPaper(D(500), day, [BankLine(D("-119.00"), day, "4711", reference="R1")])
    assert Reader(books).take(paper.camt()).state == "READ"
    books.sound()
    books.call("POST", EXPENSES, an_expense(paidOn="2026-03-05"), 201)
    supplier, interim = account_of(books), 1792
    assert booked(books)[-2:] == [("EXPENSE_PAYMENT", supplier, "D", 119), ("EXPENSE_PAYMENT", interim, "C", 119)]
    assert balances(books).get(interim) is None  # what the bank has paid is what the expense was paid with
    books.sound()
    refused = books.call("POST", EXPENSES, an_expense(ident="e-2", paidOn="2026-03-05", paidFrom=1200), 400)
    assert [it["fieldName"] for it in refused["errors"]] == ["paidFrom"]


def test_a_correction_takes_back_what_was_posted_and_a_deletion_all_of_it(books: PaperKeeper) -> None:
    body = an_expense(number="4711", paidOn="2026-03-05")
    books.call("POST", EXPENSES, body, 201)
    said = {name: value for name, value in body.items() if name != "ident"}
    books.call("PUT", f"{EXPENSES}/e-1", {**said, "comment": "nothing of the books"})
    assert len(booked(books)) == 5
    books.call("PUT", f"{EXPENSES}/e-1", {**said, "net": "200.00", "tax": "38.00", "supplier": "Papier Süd GmbH"})
    north, south = account_of(books), account_of(books, "Papier Süd GmbH")
    assert booked(books)[5:8] == [("EXPENSE", 4900, "D", -100), ("EXPENSE", 1576, "D", -19), ("EXPENSE", north, "C", -119)]
    assert balances(books) == {4900: 200, 1576: 38, 1200: -238}
    books.call("PUT", f"{EXPENSES}/e-1", {**said, "paidOn": None})  # as it was, and not paid after all
    assert balances(books) == {4900: 100, 1576: 19, north: -119}
    refused = books.call("PUT", f"{EXPENSES}/e-1", {**said, "posted": False}, 400)
    assert refused["errors"][0]["fieldName"] == "posted"
    books.sound()
    books.call("DELETE", f"{EXPENSES}/e-1", status=204)
    assert balances(books) == {}
    assert all(row.amount < 0 for row in books.tenant.rows(LINES)[-3:])  # turned, and not exchanged
    assert south != north
    books.sound()


def test_a_paper_that_is_in_no_book_can_be_put_into_them(keeper: PaperKeeper) -> None:
    keeper.call("POST", EXPENSES, an_expense(), 201)
    said = {name: value for name, value in an_expense().items() if name != "ident"}
    assert keeper.call("PUT", f"{EXPENSES}/e-1", {**said, "posted": True})["posted"] is True
    assert balances(keeper) == {4900: 100, 1576: 19, account_of(keeper): -119}
    keeper.sound()


def test_a_closed_month_takes_nothing_and_keeps_the_day_of_its_tax(books: PaperKeeper) -> None:
    books.call("POST", EXPENSES, an_expense(), 201)
    with books.tenant.runtime.transaction(books.tenant.caller()) as uow:
        close_books_through(uow, dt.date(2026, 3, 31))
        uow.audit("tenant_setting", "")
    books.call("DELETE", f"{EXPENSES}/e-1", status=204)
    books.call("POST", EXPENSES, an_expense(ident="e-2"), 201)
    rows = books.tenant.rows(LINES)
    assert [row.day for row in rows] == ["2026-03-02"] * 3 + ["2026-04-01"] * 6
    assert {row.tax_day for row in rows} == {"2026-03-02"}
    said = {name: value for name, value in an_expense(comment="again").items() if name != "ident"}
    books.call("PUT", f"{EXPENSES}/e-2", said)
    assert len(booked(books)) == len(rows)


def test_input_tax_is_deducted_once_there_are_the_supply_and_its_invoice(books: PaperKeeper) -> None:
    books.call("POST", EXPENSES, an_expense(serviceStart="2026-04-01", serviceEnd="2026-04-30"), 201)
    books.call("POST", EXPENSES, an_expense(ident="e-2", serviceStart="2026-01-01", serviceEnd="2026-01-31"), 201)
    said = {"taxTreatment": "REVERSE_CHARGE_DOMESTIC", "tax": "0.00", "serviceStart": "2025-12-01"}
    books.call("POST", EXPENSES, an_expense(ident="e-3", **said), 201)
    days = [row.tax_day for row in books.tenant.rows(LINES) if row.tax_base is not None]
    assert days == ["2026-04-30", "2026-03-02", "2026-01-31", "2026-01-31"]


def test_a_foreign_currency_is_converted_and_its_difference_is_a_result(books: PaperKeeper) -> None:
    books.call("PATCH", SETTINGS, {"exchangeRateRule": "DAILY"})
    quoted = b"Date,USD\n2026-03-02,1.2500\n2026-03-20,1.0000\n"
    store(books.tenant.runtime, books.tenant.realm, quoted, dt.date(2020, 1, 1))
    books.call("POST", EXPENSES, an_expense(currency="USD", tax="19.00"), 201)
    supplier = account_of(books)
    assert balances(books) == {4900: 80, 1576: D("15.20"), supplier: D("-95.20")}
    assert (books.tenant.rows(LINES)[-1].foreign_amount, books.tenant.rows(LINES)[-1].foreign_currency) == (119, "USD")
    books.sound()
    books.call("POST", f"{EXPENSES}/e-1/actions/set-paid", {"paidOn": "2026-03-20"})
    assert balances(books) == {4900: 80, 1576: D("15.20"), 1200: -119, 2151: D("23.80")}
    books.sound()


def test_a_credit_of_a_supplier_is_negative_on_the_same_sides(books: PaperKeeper) -> None:
    books.call("POST", EXPENSES, an_expense(net="-100.00", tax="-19.00"), 201)
    assert [row[2:] for row in booked(books)] == [("D", -100), ("D", -19), ("C", -119)]
    books.sound()


def test_a_small_business_deducts_nothing(books: PaperKeeper) -> None:
    with books.tenant.runtime.transaction(books.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET small_business = true")
        uow.audit("operating_site", "all")
    books.call("POST", EXPENSES, an_expense(), 201)
    books.call("POST", EXPENSES, an_expense(ident="e-2", tax="0.00", taxTreatment="REVERSE_CHARGE_DOMESTIC"), 201)
    assert balances(books) == {4900: 119, 3120: 119, 1787: -19, account_of(books): -219}


def test_what_an_e_invoice_says_of_its_seller_is_taken(books: PaperKeeper) -> None:
    item = books.item(a_ubl(), "invoice.xml", "application/xml")
    assert item["proposal"]["supplierVatId"]
    made = books.call("POST", f"{INBOX}/{item['inboxItemIdent']}/actions/take", {"expenseIdent": "e-9"}, 201)
    assert (made["posted"], made["supplierVatId"]) == (True, item["proposal"]["supplierVatId"])
    assert balances(books)[account_of(books, made["supplier"])] == -made["gross"]
    books.sound()


def test_planted_faults_are_found(books: PaperKeeper) -> None:
    books.call("POST", EXPENSES, an_expense(), 201)
    with books.tenant.runtime.transaction(books.tenant.caller()) as uow:
        uow.run("UPDATE expense SET paid_on = date")
        uow.audit("expense", "e-1")
    (found,) = books.tenant.broken()
    assert (found.check, found.finding) == (
        "bookkeeping.accounts_of_suppliers_agree_with_expenses",
        f"supplier's account {account_of(books)}: 119.00 EUR booked, 0.00 EUR by expenses",
    )


def test_who_is_called_otherwise_by_now_stays_who_he_is(books: PaperKeeper) -> None:
    books.call("POST", EXPENSES, an_expense(), 201)
    (supplier,) = books.call("GET", SUPPLIERS)["_embedded"]
    books.call("PUT", f"{SUPPLIERS}/{supplier['ident']}", {"name": "Papier Nord AG"})
    books.call("POST", f"{EXPENSES}/e-1/actions/set-paid", {"paidOn": "2026-03-05"})
    books.call("PUT", f"{EXPENSES}/e-1", _said(net="200.00", tax="38.00"))
    assert books.call("GET", f"{EXPENSES}/e-1")["supplierIdent"] == supplier["ident"]
    assert balances(books) == {4900: 200, 1576: 38, supplier["account"]: -238}
    books.call("DELETE", f"{EXPENSES}/e-1", status=204)
    assert (balances(books), len(books.call("GET", SUPPLIERS)["_embedded"])) == ({}, 1)
    books.sound()


def test_what_is_paid_or_noted_later_leaves_the_cost_as_it_was_posted(books: PaperKeeper) -> None:
    """By the law of then: who has become a small business keeps what he deducted before (section 15a UStG corrects it otherwise)."""
    books.call("POST", EXPENSES, an_expense(), 201)
    books.call("POST", EXPENSES, an_expense(ident="e-2", paidOn="2026-03-05"), 201)
    before = booked(books)
    with books.tenant.runtime.transaction(books.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET small_business = true")
        uow.audit("operating_site", "all")
    supplier = account_of(books)
    books.call("PUT", f"{EXPENSES}/e-2", _said(paidOn="2026-03-05", comment="a note"))
    assert booked(books) == before
    books.call("POST", f"{EXPENSES}/e-1/actions/set-paid", {"paidOn": "2026-03-06"})
    assert booked(books) == [*before, ("EXPENSE_PAYMENT", supplier, "D", 119), ("EXPENSE_PAYMENT", 1200, "C", 119)]
    books.call("PUT", f"{EXPENSES}/e-1", _said(net="200.00", tax="38.00"))  # another cost is posted as it is today
    assert balances(books) == {4900: 338, 1576: 19, 1200: -119, supplier: -238}
    books.sound()


def test_a_payment_that_is_said_stays_where_it_was_when_statements_are_read_later(books: PaperKeeper) -> None:
    books.open_bank(**OWN)
    books.call("POST", EXPENSES, an_expense(paidOn="2026-03-02"), 201)
    day = dt.date(2026, 3, 5)
    paper = BankPaper(D(500), day, [BankLine(D("-50.00"), day, "4711", reference="R1")])
    assert Reader(books).take(paper.camt()).state == "READ"
    before = booked(books)
    books.call("PUT", f"{EXPENSES}/e-1", _said(paidOn="2026-03-02", comment="a note"))
    assert booked(books) == before
    books.sound()


def test_another_account_of_money_for_what_is_paid_is_refused(books: PaperKeeper) -> None:
    till = {"accountNumber": 1000, "currency": "EUR", "accountType": "ASSET", "name": "Kasse"}
    books.call("POST", "/v2/bookingAccounts", till, 201)
    books.call("POST", EXPENSES, an_expense(), 201)
    paid = f"{EXPENSES}/e-1/actions/set-paid"
    for _ in range(2):  # its answer may be lost
        books.call("POST", paid, {"paidOn": "2026-03-05"})
    refused = books.call("POST", paid, {"paidOn": "2026-03-05", "paidFrom": 1000}, 409)
    assert (refused["errors"][0]["fieldName"], "from another account" in str(refused)) == ("paidFrom", True)
    assert balances(books)[1200] == -119
    books.sound()


@pytest.mark.parametrize(
    ("net", "vat", "status"),
    [
        ("100.00", "50.00", 400),
        ("100.00", "-19.00", 400),
        ("0.00", "19.00", 400),
        ("100.00", "19.02", 400),
        ("100.00", "19.01", 201),
    ],
)
def test_no_more_is_deducted_than_the_rate_makes(books: PaperKeeper, net: str, vat: str, status: int) -> None:
    """Section 14c UStG: what an invoice shows beyond that is owed by who wrote it, and is no input tax."""
    rows = [{"description": "Paper", "net": net, "vatRate": 19, "vat": vat}]
    answer = books.call("POST", EXPENSES, an_expense(net=net, tax=vat, rows=rows), status)
    if status == 400:
        assert [it["fieldName"] for it in answer["errors"]] == ["tax"]
        assert "can be deducted" in str(answer)
        books.call("POST", EXPENSES, an_expense(net=net, tax=vat, rows=rows, taxTreatment="NOT_DEDUCTIBLE"), 201)
    books.sound()


def _said(**more: Any) -> dict[str, Any]:
    """An expense as it is said again."""
    return {name: value for name, value in an_expense(**more).items() if name != "ident"}
