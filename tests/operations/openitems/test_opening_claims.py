"""Open invoices of a former system: they are open items under their own numbers, and neither revenue nor VAT once more."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.cases import tax_on_receipt
from tests.factories.companies import a_row_of
from tests.factories.received import CUSTOMER, PaperKeeper, a_plain_pdf, a_ubl
from tests.factories.tenants import Tenant

from contor.settings.tenant_settings import close_books_through

CLAIMS = "/v2/opening-claims"
D = Decimal
LINES = (
    "SELECT e.kind, l.account, l.side, l.amount, e.posting_date::text AS day, e.document_date::text AS dated FROM journal_line l"
    " JOIN journal_entry e ON e.id = l.entry_id ORDER BY e.fiscal_year, e.journal_number, l.position"
)


@pytest.fixture
def mover(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> PaperKeeper:
    """A company that comes from another system."""
    made = PaperKeeper(furnished, client, bearer(furnished))
    made.open_bank()
    made.take_parts()
    return made


def a_claim(**more: Any) -> dict[str, Any]:
    rows = [{"description": "Work", "net": "100.00", "vatRate": 19}]
    said = {"number": "FB/1024", "customerIdent": CUSTOMER, "documentDate": "2026-03-02", "dueDate": "2026-03-16", "rows": rows}
    return {**said, "openedOn": "2026-04-01", **more}


def booked(mover: PaperKeeper) -> list[tuple[Any, ...]]:
    return [(row.kind, row.account, row.side, row.amount) for row in mover.tenant.rows(LINES)]


def test_what_is_open_is_carried_forward_without_revenue_and_vat(mover: PaperKeeper) -> None:
    made = mover.call("POST", CLAIMS, a_claim(), 201)
    assert (made["documentIdent"], made["gross"], made["paid"], made["opening"], made["balance"]) == ("FB/1024", 119, 0, 119, 119)
    assert booked(mover) == [("OPENING", 10000, "D", 119), ("OPENING", 9008, "C", 119)]
    (row, _) = mover.tenant.rows(LINES)
    assert (row.day, row.dated) == ("2026-04-01", "2026-03-02")
    assert mover.call("GET", f"{CLAIMS}/{made['documentId']}") == made
    mover.sound()


def test_of_what_was_paid_in_part_the_rest_is_open_and_is_paid_by_the_bank(mover: PaperKeeper) -> None:
    made = mover.call("POST", CLAIMS, a_claim(paid="19.00"), 201)
    assert (made["gross"], made["paid"], made["opening"]) == (119, 19, 100)
    assert mover.sums() == {10000: 100, 9008: -100}
    mover.pay("40.00", "Rechnung FB 1024")
    assert mover.call("GET", f"{CLAIMS}/{made['documentId']}")["balance"] == 60
    mover.sound()
    mover.pay("60.00", "FB/1024 Rest")
    case = mover.case(str(made["documentId"]))
    assert (case["balance"], case["status"], case["ident"]) == (0, "CLOSED", "FB/1024")
    assert mover.sums() == {9008: -100, 1200: 100}
    mover.sound()


def test_what_is_lost_takes_its_vat_back_here(mover: PaperKeeper) -> None:
    """Section 17 (2) no. 1 UStG: when it happens, whoever declared the tax."""
    rows = [
        {"description": "Work", "net": "100.00", "vatRate": 19},
        {"description": "Book", "net": "100.00", "vatRate": 7},
    ]
    number = mover.call("POST", CLAIMS, a_claim(rows=rows), 201)["documentId"]
    mover.call("POST", f"/v2/opos-cases/{number}/decisions", {"type": "UNCOLLECTABLE_RECEIVABLE"}, 201)
    assert mover.sums() == {9008: -226, 2406: 100, 1776: 19, 2401: 100, 1771: 7}
    mover.sound()


def test_a_credit_of_ours_takes_it_back(mover: PaperKeeper) -> None:
    mover.call("POST", CLAIMS, a_claim(number="FB-7"), 201)
    mover.document("credit-memos", relatedDocumentIdent="FB-7", items=[a_row_of("100.00")])
    assert mover.sums() == {9008: -119, 8400: 100, 1776: 19}
    mover.sound()


def test_a_credit_memo_that_was_not_paid_out_is_owed_to_the_customer(mover: PaperKeeper) -> None:
    made = mover.call("POST", CLAIMS, a_claim(type="CREDIT_MEMO"), 201)
    assert (made["gross"], made["opening"], made["balance"]) == (119, -119, -119)
    assert mover.sums() == {10000: -119, 9008: 119}
    mover.sound()


@pytest.mark.parametrize("paid", ["0.00", "59.50"])
def test_under_cash_taxation_the_tax_of_what_is_open_falls_due_here(mover: PaperKeeper, paid: str) -> None:
    tax_on_receipt(mover)
    number = mover.call("POST", CLAIMS, a_claim(paid=paid), 201)["documentId"]
    rest = D("119.00") - D(paid)
    tax = rest * 19 / 119
    assert mover.sums() == {10000: rest, 9008: -rest, 9000: tax, 1766: -tax}
    mover.sound()
    mover.pay(str(rest), "FB 1024")
    assert mover.sums() == {9008: -rest, 9000: tax, 1776: -tax, 1200: rest}
    assert mover.case(str(number))["status"] == "CLOSED"
    mover.sound()


def test_a_claim_in_dollars_stands_at_what_it_was_booked_with(mover: PaperKeeper) -> None:
    rate = {"rate": "1.2500", "source": "ECB", "date": "2026-03-02"}
    refused = mover.call("POST", CLAIMS, a_claim(currency="USD"), 400)
    assert [it["fieldName"] for it in refused["errors"]] == ["exchangeRate"]
    mover.call("POST", CLAIMS, a_claim(currency="USD", exchangeRate=rate), 201)
    assert mover.sums() == {10000: D("95.20"), 9008: D("-95.20")}
    mover.sound()


def test_vat_that_was_rounded_row_by_row_stays_as_it_is(mover: PaperKeeper) -> None:
    rows = [{"description": f"Part {n}", "net": "0.03", "vatRate": 19, "vat": "0.01"} for n in range(10)]
    made = mover.call("POST", CLAIMS, a_claim(rows=rows), 201)
    assert (made["net"], made["tax"], made["gross"]) == (D("0.30"), D("0.10"), D("0.40"))
    mover.sound()


def test_its_number_is_never_drawn_here(mover: PaperKeeper) -> None:
    own = mover.document()
    prefix, value = own.rsplit("-", 1)
    for number, status in ((own, 409), (f"{prefix}-{int(value) + 5:0{len(value)}}", 400), (f"{prefix}x-{value}", 201)):
        answer = mover.call("POST", CLAIMS, a_claim(number=number), status)
        if status != 201:
            assert [it["fieldName"] for it in answer["errors"]] == ["number"]
    assert mover.document() == f"{prefix}-{int(value) + 1:0{len(value)}}"
    mover.call("POST", CLAIMS, a_claim(number=f"{prefix}x-{value}"), 409)
    mover.sound()


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"customerIdent": "nobody", "dueDate": "2026-03-01"}, ["dueDate", "customerIdent"]),
        ({"paid": "119.00"}, ["paid"]),
        ({"openedOn": "2026-03-01"}, ["openedOn"]),
        ({"openedOn": "2999-01-01"}, ["openedOn"]),
        ({"documentDate": "2999-01-01", "dueDate": "2999-01-02", "openedOn": None}, ["openedOn"]),
        ({"billingGroupIdent": "nothing", "operatingSiteIdent": "nowhere"}, ["operatingSiteIdent", "billingGroupIdent"]),
        ({"rows": [{"description": "x", "net": "100.00", "vatRate": 19, "vat": "17.00"}]}, ["rows"]),
        ({"rows": [{"description": "x", "net": "100.00", "vatRate": 0, "taxCategory": "S"}]}, ["rows[0].taxCategory"]),
        ({"rows": [{"description": "x", "net": "1.001", "vatRate": 0}]}, ["net", "rows[0].net"]),
    ],
)
def test_what_cannot_stand_is_refused_with_all_that_is_wrong(mover: PaperKeeper, said: Any, fields: list[str]) -> None:
    refused = mover.call("POST", CLAIMS, {name: value for name, value in a_claim(**said).items() if value is not None}, 400)
    assert [it["fieldName"] for it in refused["errors"]] == fields
    assert (booked(mover), mover.tenant.rows("SELECT ident FROM document")) == ([], [])


def test_it_counts_from_the_day_on_which_it_is_carried_forward(mover: PaperKeeper) -> None:
    with mover.tenant.runtime.transaction(mover.tenant.caller()) as uow:
        close_books_through(uow, dt.date(2026, 6, 30))
        uow.audit("tenant_setting", "")
    made = mover.call("POST", CLAIMS, a_claim(), 201)
    assert made["openedOn"] == "2026-07-01" == mover.tenant.rows(LINES)[0].day
    # the month was closed here without its entries
    assert [it.check for it in mover.tenant.broken()] == ["bookkeeping.months_are_closed_in_order"]


def test_its_file_is_that_of_the_other_system_and_no_news_goes_out(mover: PaperKeeper) -> None:
    number = mover.call("POST", CLAIMS, a_claim(), 201)["documentId"]
    one = f"{CLAIMS}/{number}"
    content = a_plain_pdf()
    mover.put(f"{one}/file", a_ubl(), "invoice.xml", "application/xml", status=400)
    mover.put(f"{one}/file", content, "FB-1024.pdf")
    mover.put(f"{one}/file", content, "FB-1024.pdf", status=409)
    document = mover.call("GET", f"/v2/documents/{number}")
    assert (document["status"], document["ident"]) == ("COMPLETED", "FB/1024")
    assert [file["type"] for file in document["files"]] == ["PDF"]
    (file,) = mover.tenant.rows("SELECT sha256, size FROM document_file")
    assert mover.tenant.runtime.blobs.get(mover.tenant.id, file.sha256) == content
    assert mover.tenant.rows("SELECT id FROM event WHERE name = 'documents.issued'") == []
    assert mover.tenant.broken() == []


def test_only_claims_are_answered_and_a_document_of_ours_is_none(mover: PaperKeeper) -> None:
    own = mover.document()
    for ident in (own, "nothing"):
        mover.call("GET", f"{CLAIMS}/{ident}", status=404)
        mover.put(f"{CLAIMS}/{ident}/file", a_plain_pdf(), "x.pdf", status=404)


@pytest.mark.parametrize("number", ["RE-1\nBcc: x", "RE-1 ", " RE-1", "RE-1\u200b", "RE\t1", "\u2028RE-1"])
def test_a_number_is_one_line_that_everybody_reads_alike(mover: PaperKeeper, number: str) -> None:
    refused = mover.call("POST", CLAIMS, a_claim(number=number), 400)
    assert [it["fieldName"] for it in refused["errors"]] == ["number"]


def test_a_rate_of_exchange_where_none_is_needed_is_refused(mover: PaperKeeper) -> None:
    rate = {"rate": "1.2500", "source": "ECB", "date": "2026-03-02"}
    refused = mover.call("POST", CLAIMS, a_claim(exchangeRate=rate), 400)
    assert [it["fieldName"] for it in refused["errors"]] == ["exchangeRate"]


def test_no_counter_is_changed_so_that_it_comes_to_its_number(mover: PaperKeeper) -> None:
    numbers = "/v2/billing/configuration/document-numbers"
    mover.call("POST", CLAIMS, a_claim(number="ALT-2026-000002"), 201)
    counter = {"mask": "000000", "suffix": "", "lowerLimit": 1, "reset": "NEW_YEAR", "prefix": "ALT-##YEAR##-"}
    refused = mover.call("PUT", f"{numbers}/counters/RE", counter, 400)
    assert "would come to ALT-2026-000002" in str(refused)
    mover.call("PUT", f"{numbers}/counters/RE", {**counter, "lowerLimit": 3})
    assert mover.document() == "ALT-2026-000003"
    mover.sound()


@pytest.mark.parametrize("amount", [None, "119.00"])
def test_what_the_former_system_received_is_owed_to_the_customer_when_it_is_cancelled(
    mover: PaperKeeper, amount: str | None
) -> None:
    """It never was here: nothing becomes free of it, but the customer has it to his credit."""
    mover.call("POST", CLAIMS, a_claim(number="FB-7", paid="19.00"), 201)
    body = {} if amount is None else {"amount": amount, "description": "all of it"}
    credit = mover.call("POST", "/v2/documents/FB-7/actions/cancel", body, 201)["documentIdent"]
    assert mover.sums() == {9008: -100, 8400: 100, 1776: 19, 10000: -19}
    assert mover.case("FB-7")["balance"] == 0
    rest = mover.case(credit)
    assert (rest["balance"], rest["balanceDebitCreditIndicator"], rest["status"]) == (19, "CREDIT", "OPEN")
    mover.sound()
