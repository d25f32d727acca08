"""Invoices through FastBill's services, from the draft to the ledger: what is said comes back, what is issued is a legal document."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.checkers.round_trips import counted
from tests.factories.drafts import at_once
from tests.factories.fastbill import URL, Account
from tests.factories.reminding import LEVELS

from contor.api.fastbill.invoices.get import get_invoices
from contor.api.fastbill.invoices.types import InvoiceFilter
from contor.api.fastbill.voice import OF_AUTOMATIC
from contor.api.limits import Limits
from contor.documents.after.archiving import ArchiveDocuments, archive
from contor.documents.issue import issue_requests
from contor.documents.judge import IssuedDocument
from contor.documents.recurring import look as make_due
from contor.documents.types import DocumentRequest, DocumentType
from contor.dunning.letters import MakeFiles, make_files
from contor.dunning.runs.work import look
from contor.runtime.execute import validated
from contor.ui.papers import paper_routes

ITEM = {"DESCRIPTION": "Beratung<br>im November", "QUANTITY": 2, "UNIT_PRICE": "100.00", "VAT_PERCENT": "19.00", "UNIT": "Std."}


@pytest.fixture
def customer(account: Account) -> int:
    """The number of Muster Handel GmbH."""
    return int(account.tenant.rows("SELECT id FROM customer WHERE customer_ident = 'muster-handel'")[0].id)


@pytest.fixture
def links(account: Account) -> TestClient:
    return TestClient(Starlette(routes=list(paper_routes(account.tenant.runtime, Limits(account.tenant.runtime.config).guard))))


def done(answer: Any) -> Any:
    assert answer.get("STATUS") == "success", answer
    return answer


def create(account: Account, customer: int, *items: Any, **data: Any) -> int:
    return int(
        done(account.call("invoice.create", {"CUSTOMER_ID": customer, "ITEMS": list(items) or [ITEM], **data}))["INVOICE_ID"]
    )


def complete(account: Account, number: int) -> str:
    return str(done(account.call("invoice.complete", {"INVOICE_ID": number}))["INVOICE_NUMBER"])


def one(account: Account, number: Any) -> Any:
    (found,) = account.call("invoice.get", FILTER={"INVOICE_ID": number})["INVOICES"]
    return found


def found(account: Account, **where: Any) -> list[int]:
    return [int(it["INVOICE_ID"]) for it in account.call("invoice.get", FILTER=where, LIMIT=100)["INVOICES"]]


def file_all(account: Account) -> None:
    """What the file workers do."""
    waiting = [row.id for row in account.tenant.rows("SELECT id FROM document WHERE status = 'CREATED' ORDER BY id")]
    account.tenant.execute(archive, ArchiveDocuments(document_ids=tuple(waiting)))


# --- the whole way -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("xml", [False, True], ids=["json", "xml"])
def test_from_the_draft_to_the_cancellation(account: Account, customer: int, xml: bool) -> None:
    server = {"host": "127.0.0.1", "port": 2525, "security": "NONE"}
    body = {"sender": "rechnung@contor-demo.example", "testRecipient": "test@contor-demo.example", "server": server}
    assert account.tenant.call("PUT", "/mail/configuration", body).status < 300
    number = create(account, customer, ITEM, {**ITEM, "DESCRIPTION": "Reise", "UNIT_PRICE": "9.99", "QUANTITY": 1})
    account.xml = xml
    rows = account.call("item.get", FILTER={"INVOICE_ID": number})["ITEMS"]
    assert [row["COSTUMER_ID"] for row in rows] == [str(customer)] * 2
    done(account.call("item.delete", {"INVOICE_ITEM_ID": rows[1]["INVOICE_ITEM_ID"]}))
    done(account.call("invoice.update", {"INVOICE_ID": number, "INVOICE_TITLE": "Projekt Blau", "DAYS_FOR_PAYMENT": 30}))
    invoice_number = complete(account, number)
    issued = one(account, number)
    assert (issued["INVOICE_TITLE"], issued["STATE"], issued["OUTSTANDING_AMOUNT"]) == ("Projekt Blau", "unpaid", "238,00")
    sent = {"INVOICE_ID": number, "RECIPIENT": {"to": "einkauf@example.com"}, "SUBJECT": "Rechnung", "MESSAGE": "Guten Tag"}
    done(account.call("invoice.sendbyemail", sent))
    paid = done(account.call("invoice.setpaid", {"INVOICE_ID": number, "PAYMENT_METHOD": "bar"}))
    assert paid["INVOICE_NUMBER"] == invoice_number
    settled = one(account, number)
    assert (settled["STATE"], settled["OUTSTANDING_AMOUNT"], settled["PAID_DATE"][:4]) == ("paid", "0,00", "2026")
    assert [one["NOTE"] for one in settled["PAYMENTS"]] == ["bar"]  # how it was paid
    assert [one["AMOUNT"] for one in settled["PAYMENTS"]] == ["238.00"]  # a text: a client in Go reads no number there
    cancelled = done(account.call("invoice.cancel", {"INVOICE_ID": number}))
    assert cancelled["INVOICE_NUMBER"].startswith("RK-")
    gone, credit = one(account, number), one(account, cancelled["INVOICE_ID"])
    assert (gone["IS_CANCELED"], gone["STATUS"]) == ("1", "canceled")
    assert (credit["TYPE"], credit["REFERENCED_INVOICE_ID"], Decimal(str(credit["TOTAL"]))) == (
        "credit",
        str(number),
        Decimal(-238),
    )
    entries = account.tenant.rows(
        "SELECT sum(amount * CASE side WHEN 'D' THEN 1 ELSE -1 END) AS rest, count(*) AS lines FROM journal_line"
    )
    assert (entries[0].rest, entries[0].lines > 6) == (0, True)
    assert account.tenant.unsound() == []


def test_a_small_invoice_to_who_has_no_address_is_cancelled(account: Account) -> None:
    """Section 33 UStDV: up to 250 EUR the buyer is not named, nor where the invoice is taken back."""
    buyer = done(account.call("customer.create", {"CUSTOMER_TYPE": "consumer", "LAST_NAME": "Muster", "COUNTRY_CODE": "DE"}))
    number = create(account, buyer["CUSTOMER_ID"])
    complete(account, number)
    assert done(account.call("invoice.cancel", {"INVOICE_ID": number}))["INVOICE_NUMBER"].startswith("RK-")
    big = create(account, buyer["CUSTOMER_ID"], {**ITEM, "UNIT_PRICE": 1000})
    errors = account.call("invoice.complete", {"INVOICE_ID": big})["ERRORS"]
    assert errors[:2] == ["missing / invalid field: CITY", "missing / invalid field: ZIPCODE"]


def test_of_two_who_complete_at_once_one_gets_the_number(account: Account, customer: int) -> None:
    number = create(account, customer)
    answers = at_once([lambda: account.call("invoice.complete", {"INVOICE_ID": number})] * 2)
    (made,) = [answer for answer in answers if "ERRORS" not in answer]
    (refused,) = [answer["ERRORS"] for answer in answers if "ERRORS" in answer]
    assert made["INVOICE_NUMBER"] in " ".join(refused)
    assert len(account.tenant.rows("SELECT 1 FROM document")) == 1
    assert account.tenant.unsound() == []


def test_what_is_said_comes_back(account: Account, customer: int) -> None:
    """Of the draft and of the document alike."""
    said = {
        "INVOICE_EXT_UID": "B-77",
        "INVOICE_TITLE": "Projekt Blau",
        "INTROTEXT": "Guten Tag,<br>wie besprochen " + "x" * 300,
        "NOTE": "Vielen Dank",
        "SERVICE_PERIOD_START": "2026-11-01",
        "SERVICE_PERIOD_END": "2026-11-30",
        "DELIVERY_DATE": "im November",
        "CASH_DISCOUNT_PERCENT": "2.00",
        "CASH_DISCOUNT_DAYS": "7",
        "DAYS_FOR_PAYMENT": "30",
        "CONTRACT_REFERENCE": "V-12",
        "CUSTOMER_ORDER_REFERENCE": "B-13",
        "ORDER_REFERENCE": "A-14",
        "CUSTOMER_ACCOUNTING_NOTE": "K-19",
        "CUSTOMER_COSTCENTER_ID": "4711",
        "INVOICE_DATE": "2026-11-30",
        "PAYMENT_TYPE": "5",
    }
    account.tenant.turn_clock(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC))
    number = create(account, customer, {**ITEM, "CATEGORY": ["A", "B"], "SORT_ORDER": 7}, {**ITEM, "SORT_ORDER": 3}, **said)
    draft = one(account, number)
    assert {name: draft[name] for name in said} == said
    complete(account, number)
    issued = one(account, number)
    assert {name: issued[name] for name in said} == said
    changing = {"TYPE", "STATUS", "STATE", "INVOICE_NUMBER", "DOCUMENT_URL", "DETAILS_URL", "LASTUPDATE"}
    assert {name for name in draft if draft[name] != issued[name]} <= changing
    assert [(row["SORT_ORDER"], row["CATEGORY"]) for row in issued["ITEMS"]] == [(3, None), (7, ["A", "B"])]
    assert found(account, INVOICE_EXT_UID="B-77") == found(account, INVOICE_TITLE="Projekt Blau") == [number]
    (row,) = account.tenant.rows("SELECT id FROM document")
    seen = account.tenant.call("GET", f"/documents/{row.id}").body
    assert {entry["key"]: entry["value"] for entry in seen["properties"]}["contractReference"] == "V-12"
    assert {
        item.get("costCentre") or next(p["value"] for p in item["properties"] if p["key"] == "costCentre") for item in seen["items"]
    }
    assert account.tenant.unsound() == []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("2026-10-05", {"delivery_date": "2026-10-05"}),
        ("05.10.2026", {"delivery_date": "2026-10-05"}),
        ("Oktober 2026", {"service_period": {"start": "2026-10-01", "end": "2026-10-31"}}),
        ("10/2026", {"service_period": {"start": "2026-10-01", "end": "2026-10-31"}}),
        ("01.10.2026 - 15.10.2026", {"service_period": {"start": "2026-10-01", "end": "2026-10-15"}}),
        ("im Herbst", {}),
        ("31.02.2026", {}),
    ],
)
def test_a_day_in_words_is_the_day_of_supply(account: Account, customer: int, text: str, rows: dict[str, Any]) -> None:
    number = create(account, customer, DELIVERY_DATE=text)
    assert one(account, number)["DELIVERY_DATE"] == text
    (draft,) = account.tenant.rows("SELECT content FROM draft")
    kept = {
        name: draft.content["items"][0][name] for name in ("delivery_date", "service_period") if name in draft.content["items"][0]
    }
    assert kept == rows


# --- rows and tax --------------------------------------------------------------------------------------------------------------


def amounts(account: Account, customer: int, *items: Any, **data: Any) -> tuple[Decimal, Decimal, Decimal]:
    got = one(account, create(account, customer, *items, **data))
    return tuple(Decimal(str(got[name])) for name in ("SUB_TOTAL", "VAT_TOTAL", "TOTAL"))  # type: ignore[return-value]


def test_prices_are_net_or_gross_as_the_row_or_the_invoice_says(account: Account, customer: int) -> None:
    row = {"DESCRIPTION": "A", "UNIT_PRICE": "119.00", "VAT_PERCENT": 19}
    exact = Decimal("119.00"), Decimal("22.61"), Decimal("141.61")
    gross = Decimal("100.00"), Decimal("19.00"), Decimal("119.00")
    assert amounts(account, customer, row) == exact
    assert amounts(account, customer, row, IS_GROSS=1) == gross
    assert amounts(account, customer, {**row, "IS_GROSS": True}) == gross
    assert amounts(account, customer, {**row, "IS_GROSS": 0}, IS_GROSS="1") == exact
    assert amounts(account, customer, {"DESCRIPTION": "A", "QUANTITY": 4, "COMPLETE_GROSS": "119.00", "VAT_PERCENT": 19}) == gross
    small = {"DESCRIPTION": "A", "UNIT_PRICE": "8.11475410", "VAT_PERCENT": "19.00", "QUANTITY": "3"}
    assert amounts(account, customer, small) == (Decimal("24.34"), Decimal("4.62"), Decimal("28.96"))
    assert amounts(account, customer, ITEM, {**ITEM, "UNIT_PRICE": "-50"}) == (Decimal(100), Decimal(19), Decimal(119))


@pytest.mark.parametrize("vat", [{"VAT_PERCENT": 0}, {"VAT_PERCENT": None}, {}])
def test_a_tax_that_is_left_out_is_none(account: Account, customer: int, vat: dict[str, Any]) -> None:
    """The official client leaves a tax of 0 out of the row."""
    row = {name: value for name, value in ITEM.items() if name != "VAT_PERCENT"}
    number = create(account, customer, {**row, **vat})
    complete(account, number)
    issued = one(account, number)
    assert (issued["TOTAL"], issued["VAT_ITEMS"]) == (200, [{"VAT_PERCENT": 0, "COMPLETE_NET": 200, "VAT_VALUE": 0}])
    assert account.tenant.unsound() == []


def abroad(account: Account, country: str, kind: str, vat_id: str | None) -> int:
    data = {"CUSTOMER_TYPE": kind, "ADDRESS": "Weg 1", "ZIPCODE": "1010", "CITY": "Stadt", "COUNTRY_CODE": country}
    named = {"ORGANIZATION": "Fern GmbH", **({"VAT_ID": vat_id} if vat_id else {})} if kind == "business" else {"LAST_NAME": "Fern"}
    return int(done(account.call("customer.create", {**data, **named}))["CUSTOMER_ID"])


@pytest.mark.parametrize(
    ("country", "kind", "vat_id", "case", "category"),
    [
        ("AT", "business", "ATU10223006", "b2b_eu_services", "AE"),
        ("AT", "business", "ATU10223006", "b2b_eu_goods", "K"),
        ("CH", "business", None, "b2b_noneu_goods", "G"),
        ("CH", "business", None, "b2b_noneu_services", "O"),
        ("CH", "consumer", None, "b2c_noneu_goods", "G"),
    ],
)
def test_a_case_of_vat_is_the_stored_determination(
    account: Account, country: str, kind: str, vat_id: str | None, case: str, category: str
) -> None:
    who = abroad(account, country, kind, vat_id)
    number = create(account, who, {**ITEM, "VAT_PERCENT": 0}, VAT_CASE=case)
    complete(account, number)
    issued = one(account, number)
    assert (issued["VAT_CASE"], issued["TOTAL"]) == (case, 200)
    (row,) = account.tenant.rows("SELECT id FROM document")
    assert account.tenant.call("GET", f"/documents/{row.id}").body["taxes"][0]["categoryCode"] == category
    assert account.tenant.unsound() == []


def test_goods_within_the_union_are_said_by_a_flag_too(account: Account) -> None:
    number = create(account, abroad(account, "AT", "business", "ATU10223006"), {**ITEM, "VAT_PERCENT": 0}, EU_DELIVERY=1)
    complete(account, number)
    assert one(account, number)["EU_DELIVERY"] == "1"


def test_a_case_that_is_another_one_by_law_is_not_issued(account: Account, customer: int) -> None:
    number = create(account, customer, {**ITEM, "VAT_PERCENT": 0}, VAT_CASE="b2b_eu_services")
    refused = account.call("invoice.complete", {"INVOICE_ID": number})["ERRORS"]
    assert refused[0] == "missing / invalid field: VAT_CASE"
    assert one(account, number)["TYPE"] == "draft"
    assert account.tenant.rows("SELECT 1 FROM document") == []


# --- traps of the contract (section 8) and findings of its clients ----------------------------------------------------------------


def test_trap_1_keys_in_small_letters_and_nulls(account: Account, customer: int) -> None:
    body = {
        "service": "invoice.create",
        "filter": None,
        "limit": None,
        "data": {"customer_id": customer, "note": None, "items": [ITEM]},
    }
    assert account.ask(body)["RESPONSE"]["STATUS"] == "success"


def test_trap_4_ids_are_numbers_where_they_are_made_and_texts_where_they_are_read(account: Account, customer: int) -> None:
    made = account.call("invoice.create", {"CUSTOMER_ID": str(customer), "ITEMS": [ITEM]})["INVOICE_ID"]
    got = one(account, str(made))
    assert (type(made), got["INVOICE_ID"], type(got["ITEMS"][0]["INVOICE_ITEM_ID"])) == (int, str(made), int)


def test_trap_6_existing_rows_go_or_stay(account: Account, customer: int) -> None:
    number = create(account, customer)
    (row,) = one(account, number)["ITEMS"]
    done(
        account.call(
            "invoice.update", {"INVOICE_ID": number, "DELETE_EXISTING_ITEMS": 0, "ITEMS": [{**ITEM, "DESCRIPTION": "Zwei"}]}
        )
    )
    assert [it["DESCRIPTION"] for it in one(account, number)["ITEMS"]] == ["Beratung<br>im November", "Zwei"]
    changed = {"INVOICE_ITEM_ID": row["INVOICE_ITEM_ID"], "UNIT_PRICE": 50}
    done(account.call("invoice.update", {"INVOICE_ID": number, "ITEMS": [changed]}))
    first = one(account, number)["ITEMS"][0]
    assert (first["INVOICE_ITEM_ID"], first["UNIT_PRICE"], first["QUANTITY"]) == (row["INVOICE_ITEM_ID"], 50, 2)
    done(
        account.call(
            "invoice.update", {"INVOICE_ID": number, "DELETE_EXISTING_ITEMS": "1", "ITEMS": [{**ITEM, "DESCRIPTION": "Drei"}]}
        )
    )
    (last,) = one(account, number)["ITEMS"]
    assert last["DESCRIPTION"] == "Drei"
    assert last["INVOICE_ITEM_ID"] not in (row["INVOICE_ITEM_ID"], row["INVOICE_ITEM_ID"] + 1)  # no number is given anew
    assert account.tenant.unsound() == []


@pytest.mark.parametrize("xml", [False, True], ids=["json", "xml"])
def test_trap_7_whole_things_may_be_sent_back(account: Account, customer: int, xml: bool) -> None:
    """The official client sends an invoice with all that it has read of it, whatever it wants done."""
    number = create(account, customer, {**ITEM, "UNIT_PRICE": "9.99", "IS_GROSS": 1, "QUANTITY": 1}, INTROTEXT="Guten Tag")
    account.xml = xml
    before = one(account, number)
    done(account.call("invoice.update", before))
    after = one(account, number)
    assert {name for name in before if before[name] != after[name]} <= {"LASTUPDATE"}
    done(account.call("invoice.complete", after))
    whole = one(account, number)
    done(account.call("invoice.setpaid", whole))
    done(account.call("invoice.cancel", whole))
    second = create(account, customer)
    done(account.call("invoice.delete", one(account, second)))
    assert found(account, TYPE="draft") == []
    assert account.tenant.unsound() == []


def test_trap_9_recipients_in_xml_are_one_object(account: Account, customer: int) -> None:
    number = create(account, customer)
    complete(account, number)
    body = (
        f"<FBAPI><SERVICE>invoice.sendbyemail</SERVICE><DATA><INVOICE_ID>{number}</INVOICE_ID><RECIPIENT><TO>nobody</TO><CC>a@b.example</CC>"
        "</RECIPIENT></DATA></FBAPI>"
    )
    answer = account.post(body.encode(), "application/xml")
    assert "No mail configuration exists" in answer.text or "TO" in answer.text


def test_in_xml_nothing_is_said_of_what_the_classic_product_does_not_know(account: Account, customer: int) -> None:
    """Unless there is something to say; in JSON the fields are always there."""
    plain, named = create(account, customer), create(account, customer, INVOICE_EXT_UID="B-1")
    unknown = OF_AUTOMATIC["INVOICE"]
    assert set(one(account, plain)) >= unknown - {"WAITING_REASON"}  # recurring ones have it
    account.xml = True
    assert unknown & set(one(account, plain)) == set()
    assert unknown & set(one(account, named)) == {"INVOICE_EXT_UID"}
    assert all("IS_GROSS" not in item for item in one(account, plain)["ITEMS"])
    (found,) = account.call("customer.get", FILTER={"CUSTOMER_ID": customer})["CUSTOMERS"]
    assert OF_AUTOMATIC["CUSTOMER"] & set(found) == {"LANGUAGE_CODE"}


def test_in_xml_an_item_without_tax_is_sent_back_by_a_client_that_takes_0_for_nothing(account: Account, customer: int) -> None:
    """PHP holds the text "0" to be false, and "0.00" not."""
    number = create(account, customer, ITEMS=[{"DESCRIPTION": "Hosting", "UNIT_PRICE": 0, "VAT_PERCENT": 0, "QUANTITY": "12.345"}])
    asked = f"<FBAPI><SERVICE>invoice.get</SERVICE><FILTER><INVOICE_ID>{number}</INVOICE_ID></FILTER></FBAPI>"
    said = account.post(asked.encode(), "application/xml").text
    assert "<VAT_PERCENT>0.00</VAT_PERCENT>" in said and "<UNIT_PRICE>0.00</UNIT_PRICE>" in said
    assert "<QUANTITY>12.345</QUANTITY>" in said and "<VAT_PERCENT>0</VAT_PERCENT>" not in said
    (item,) = one(account, number)["ITEMS"]
    assert (item["VAT_PERCENT"], item["UNIT_PRICE"]) == (0, 0)


def test_trap_12_a_page_has_a_hundred_at_most(account: Account, customer: int) -> None:
    numbers = [create(account, customer) for _ in range(3)]
    assert account.http.post(URL, headers=account.headers).status_code == 200
    pages = [account.call("invoice.get", FILTER=[], LIMIT=2, OFFSET=offset)["INVOICES"] for offset in (0, 2, 4)]
    assert [int(it["INVOICE_ID"]) for page in pages for it in page] == numbers
    assert len(account.call("invoice.get", LIMIT=5000)["INVOICES"]) == 3


def test_an_external_id_is_one_invoices_alone(account: Account, customer: int) -> None:
    first, second = create(account, customer, INVOICE_EXT_UID="B-1"), create(account, customer)
    assert account.call("invoice.create", {"CUSTOMER_ID": customer, "INVOICE_EXT_UID": "B-1", "ITEMS": [ITEM]})["ERRORS"][0] == (
        "missing / invalid field: INVOICE_EXT_UID"
    )
    assert "ERRORS" in account.call("invoice.update", {"INVOICE_ID": second, "INVOICE_EXT_UID": "B-1"})
    done(account.call("invoice.delete", {"INVOICE_ID": first}))
    done(account.call("invoice.update", {"INVOICE_ID": second, "INVOICE_EXT_UID": "B-1"}))


# --- which are found -----------------------------------------------------------------------------------------------------------


def test_every_filter_finds_drafts_documents_and_cancellations_in_one_order(account: Account, customer: int) -> None:
    account.tenant.turn_clock(dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC))
    draft = create(account, customer, INVOICE_DATE="2026-11-20", INVOICE_TITLE="Entwurf", DAYS_FOR_PAYMENT=10)
    overdue = create(account, customer, INVOICE_DATE="2026-10-01", DAYS_FOR_PAYMENT=5)
    paid = create(account, customer, INVOICE_DATE="2026-11-05")
    gone = create(account, customer, INVOICE_DATE="2026-11-06")
    numbers = {number: complete(account, number) for number in (overdue, paid, gone)}
    done(account.call("invoice.setpaid", {"INVOICE_ID": paid, "PAID_DATE": "2026-11-08"}))
    credit = int(done(account.call("invoice.cancel", {"INVOICE_ID": gone}))["INVOICE_ID"])
    everything = [draft, overdue, paid, gone, credit]
    assert found(account) == everything
    assert found(account, CUSTOMER_ID=customer) == everything
    assert found(account, CUSTOMER_ID=999_999) == []
    assert found(account, INVOICE_ID=[paid, str(draft)]) == [draft, paid]
    assert found(account, INVOICE_NUMBER=numbers[paid]) == [paid]
    assert found(account, INVOICE_TITLE="Entwurf") == found(account, TYPE="draft") == [draft]
    assert (found(account, TYPE="outgoing"), found(account, TYPE="credit")) == ([overdue, paid, gone], [credit])
    assert (found(account, STATE="unpaid"), found(account, STATE="overdue")) == ([overdue], [overdue])
    assert (found(account, STATE="paid "), found(account, STATE="canceled")) == ([paid, credit], [gone])
    assert (found(account, MONTH=10), found(account, YEAR="2026", MONTH="11")) == ([overdue], [draft, paid, gone, credit])
    assert found(account, START_DATE="2026-11-06", END_DATE="19.11.2026") == [gone, credit]
    assert found(account, START_DUE_DATE="2026-11-29T00:00:00Z", END_DUE_DATE="2026-11-30") == [draft]
    assert found(account, START_PAID_DATE="2026-11-08", END_PAID_DATE="2026-11-08") == [paid]
    assert found(account, START_PAID_DATE="2026-11-09") == [credit]
    assert found(account, START_LASTUPDATE="2026-11-10 00:00:00") == everything
    assert found(account, START_LASTUPDATE="2026-11-11 00:00:00") == []
    assert found(account, INVOICE_EXT_UID="none", STATE="") == []


def test_a_page_takes_a_fixed_number_of_statements(account: Account, customer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [create(account, customer) for _ in range(12)]
    for number in numbers[::2]:
        complete(account, number)
    asked = []
    for limit in (4, 12):
        account.tenant.execute(get_invoices, InvoiceFilter(limit=limit))
        with counted(monkeypatch) as said:
            page: Any = account.tenant.execute(get_invoices, InvoiceFilter(limit=limit))
        asked.append(len(said))
        assert len(page["invoices"]) == limit
    assert asked[0] == asked[1]


OF_CREATE, OF_COMPLETE = 6, 13
"""Statements from the beginning of the transaction to the trail and the jobs that follow it, with the look at who asks where it is not
remembered. Of BEGIN and COMMIT psycopg tells nothing."""


def test_an_invoice_is_created_and_completed_in_few_statements(
    account: Account, customer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows it has: what is judged, locked or read once is not judged, locked or read again."""
    complete(account, create(account, customer))
    for rows in (1, 10):
        with counted(monkeypatch) as creating:
            number = create(account, customer, *[ITEM] * rows)
        with counted(monkeypatch) as completing:
            complete(account, number)
        assert len(creating) <= OF_CREATE, creating
        assert len(completing) <= OF_COMPLETE, completing
        assert sum('"closed_through"' in one for one in completing) == 1, completing


def test_what_no_draft_was_is_found_beside_what_was_one(account: Account, customer: int) -> None:
    """A document of the platform's API by its own number, with rows by their places."""
    row = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Work",
        "quantity": 1,
        "quantity_type": "PC",
        "prices": {"unit": {"net": "10"}, "original_total": {"net": "10"}, "total": {"net": "10"}},
        "tax_detail": {"taxes": [{"rate": 19, "category_code": "S"}]},
        "performance_location": {"country": "DE"},
    }
    issued = _issued(account, row)
    number = create(account, customer)
    assert found(account) == [issued, number]
    (item,) = account.call("item.get", FILTER={"INVOICE_ID": issued})["ITEMS"]
    assert account.call("item.delete", {"INVOICE_ITEM_ID": item["INVOICE_ITEM_ID"]})["ERRORS"]
    assert one(account, issued)["TOTAL"] == Decimal("11.9")
    body = {"requestId": "draft~x", "type": "INVOICE"}
    assert account.tenant.call("POST", "/documents/invoices", body).status == 400


def _issued(account: Account, *rows: dict[str, Any], **more: Any) -> int:
    """As an interface issues it that does not compare rates."""
    body = {
        "request_id": "r-1",
        "billing_group_ident": "external",
        "currency": "EUR",
        "customer_detail": {"customer_ident": "muster-handel", "invoice_address_ident": "zentrale"},
        "items": rows,
        **more,
    }
    with account.tenant.runtime.transaction(account.tenant.caller()) as uow:
        (made,) = issue_requests(uow, [(DocumentType.INVOICE, validated(DocumentRequest, body))])
        assert isinstance(made, IssuedDocument), made
        uow.finish_now()
    return made.id


def test_an_invoice_of_2020_is_corrected_by_document(account: Account, customer: int) -> None:
    row = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Work",
        "quantity": 1,
        "quantity_type": "PC",
        "prices": {"unit": {"net": "100"}, "original_total": {"net": "100"}, "total": {"net": "100"}},
        "tax_detail": {"taxes": [{"rate": 19, "category_code": "S"}]},
        "performance_location": {"country": "DE"},
        "service_period": {"start": "2020-08-01", "end": "2020-08-31"},
    }
    old = _issued(account, row)
    answer = done(account.call("invoice.correctvat2020", {"INVOICE_ID": old}))
    assert (answer["INVOICE_ID_OLD"], answer["VAT_TOTAL"], answer["TYPE"]) == (str(old), 16, "outgoing")
    new = one(account, answer["INVOICE_ID_CORRECTED"])
    assert (new["INVOICE_NUMBER"], new["SUB_TOTAL"]) == (answer["INVOICE_NUMBER"], 100)
    assert one(account, old)["IS_CANCELED"] == "1"
    assert account.tenant.unsound() == []


# --- links and letters -----------------------------------------------------------------------------------------------------------


def test_a_link_opens_the_picture_without_a_login(account: Account, customer: int, links: TestClient) -> None:
    number = create(
        account, customer, INVOICE_TITLE="Projekt Blau", INTROTEXT="Guten Tag,<br>wie besprochen", DELIVERY_DATE="im Herbst"
    )
    assert one(account, number)["DOCUMENT_URL"] == ""
    complete(account, number)
    url = one(account, number)["DOCUMENT_URL"]
    waiting = links.get(url, headers={"Accept-Language": "de"})
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "60")
    assert "wird gerade erstellt" in waiting.text
    file_all(account)
    shown = links.get(url)
    assert (shown.status_code, shown.headers["content-type"], shown.content[:5]) == (200, "application/pdf", b"%PDF-")
    token = url.partition("token=")[2]
    parts = token.split("-")
    for wrong in (
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        "-".join([*parts[:2], str(int(parts[2]) + 1), *parts[3:]]),
        "x",
        "",
    ):
        assert links.get("/papers", params={"token": wrong}).status_code == 404
    late = "-".join([*parts[:3], "1", parts[4]])
    assert links.get("/papers", params={"token": late}).status_code == 404


def test_reminders_are_the_letters_that_went_out(account: Account, customer: int, links: TestClient) -> None:
    account.tenant.turn_clock(dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC))
    number = create(account, customer, INVOICE_DATE="2026-09-01")
    complete(account, number)
    call, runs = account.tenant.call, "/dunning-runs"
    assert call("POST", "/billing/configuration/dunning", {"levels": LEVELS}).status == 201
    account.tenant.turn_clock(dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC))
    ident = call("POST", runs, {}).body["runIdent"]
    look(account.tenant.runtime, account.tenant.id)
    assert call("POST", f"{runs}/{ident}/actions/approve").status < 300
    look(account.tenant.runtime, account.tenant.id)
    (letter,) = account.call("invoice.getreminders", FILTER={"INVOICE_ID": number})["REMINDERS"]
    assert (letter["DUNNING_LEVEL"], letter["DUNNING_DATE"], letter["DAYS_FOR_PAYMENT"]) == ("1", "2026-10-20", "7")
    assert links.get(letter["DOCUMENT_URL"]).status_code == 503
    account.tenant.execute(make_files, MakeFiles(letter_ids=(int(letter["REMINDER_ID"]),)))
    page = links.get(letter["DOCUMENT_URL"]).content
    assert page[:5] == b"%PDF-"
    printed = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page)).pages).split())
    assert [part for part in letter["INTROTEXT"].split("<br>") if part not in printed] == []  # as it stands on the page
    assert letter["INTROTEXT"].startswith("Guten Tag,<br>sicher haben Sie übersehen")
    assert letter["TEMPLATE_ID"] == one(account, number)["TEMPLATE_ID"] != ""
    assert one(account, number)["STATE"] == "overdue"


# --- articles and projects ---------------------------------------------------------------------------------------------------------


def test_an_article_says_what_its_row_leaves_out(account: Account, customer: int) -> None:
    article = {
        "ARTICLE_NUMBER": "A-1",
        "TITLE": "Beratung",
        "UNIT_PRICE": "80.00",
        "VAT_PERCENT": 7,
        "UNIT": "Std.",
        "DESCRIPTION": "vor Ort",
    }
    done(account.call("article.create", {**article, "CURRENCY_CODE": "EUR", "TYPE": "service"}))
    number = create(
        account, customer, {"ARTICLE_NUMBER": "A-1", "QUANTITY": 3}, {"ARTICLE_NUMBER": "A-1", "UNIT_PRICE": 90, "VAT_PERCENT": 19}
    )
    first, second = one(account, number)["ITEMS"]
    assert (first["DESCRIPTION"], first["UNIT"], first["UNIT_PRICE"], first["VAT_PERCENT"]) == (
        "Beratung<br>vor Ort",
        "Std.",
        80,
        7,
    )
    assert (second["ARTICLE_NUMBER"], second["UNIT_PRICE"], second["VAT_PERCENT"]) == ("A-1", 90, 19)
    assert account.call("invoice.create", {"CUSTOMER_ID": customer, "ITEMS": [{"ARTICLE_NUMBER": "none"}]})["ERRORS"] == [
        "missing / invalid field: DESCRIPTION",
        "missing / invalid field: UNIT_PRICE",
    ]


def test_an_invoice_is_of_a_project(account: Account, customer: int) -> None:
    body = {"ident": "p-1", "name": "Blau", "customerIdent": "muster-handel"}
    assert account.tenant.call("POST", "/projects", body).status == 201
    (row,) = account.tenant.rows("SELECT project_id FROM project")
    number = create(account, customer, PROJECT_ID=row.project_id)
    create(account, customer)
    complete(account, number)
    assert found(account, PROJECT_ID=row.project_id) == [number]
    assert one(account, number)["PROJECT_ID"] == str(row.project_id)
    assert found(account, PROJECT_ID=4711) == []
    refused = account.call("invoice.create", {"CUSTOMER_ID": customer, "PROJECT_ID": 4711, "ITEMS": [ITEM]})
    assert refused["ERRORS"] == ["missing / invalid field: PROJECT_ID"]


def test_times_of_a_project_are_rows_at_a_price_for_one(account: Account, customer: int) -> None:
    """What a row of minutes costs is agreed for sixty of them (BT-149); a client multiplies quantity and price."""
    call = account.tenant.call
    body = {"ident": "p-1", "name": "Blau", "customerIdent": "muster-handel", "hourPrice": "120.00", "vatRate": 19}
    number = call("POST", "/projects", body).body["projectId"]
    start, end = "2026-03-02T08:00:00Z", "2026-03-02T09:01:00Z"
    assert call("POST", "/times", {"projectIdent": "p-1", "startedAt": start, "endedAt": end, "comment": "Seiten"}).status == 201
    draft = call("POST", "/projects/p-1/actions/bill-times", {}).body["draftId"]

    assert found(account, PROJECT_ID=number) == [draft]
    shown = one(account, draft)
    (row,) = shown["ITEMS"]
    assert (shown["PROJECT_ID"], row["QUANTITY"], row["UNIT_PRICE"], row["COMPLETE_NET"]) == (str(number), 61, 2, 122)
    # another text changes no amount
    change = {"INVOICE_ID": draft, "ITEMS": [{"INVOICE_ITEM_ID": row["INVOICE_ITEM_ID"], "DESCRIPTION": "Arbeit"}]}
    done(account.call("invoice.update", change))
    assert one(account, draft)["SUB_TOTAL"] == 122
    # nor do the rows, sent back as they were read
    change = {"INVOICE_ID": draft, "DELETE_EXISTING_ITEMS": 1, "ITEMS": one(account, draft)["ITEMS"]}
    done(account.call("invoice.update", change))
    assert one(account, draft)["SUB_TOTAL"] == 122
    complete(account, draft)
    (row,) = one(account, draft)["ITEMS"]
    assert (row["QUANTITY"], row["UNIT_PRICE"], row["COMPLETE_NET"]) == (61, 2, 122)
    assert account.tenant.unsound() == []


# --- rows of another making ------------------------------------------------------------------------------------------------------


def test_a_row_of_a_draft_written_elsewhere_is_changed_and_not_billed_twice(account: Account, customer: int) -> None:
    made = account.call("estimate.create", {"CUSTOMER_ID": customer, "ITEMS": [ITEM, {**ITEM, "DESCRIPTION": "Fahrt"}]})
    draft = done(account.call("estimate.createinvoice", {"ESTIMATE_ID": done(made)["ESTIMATE_ID"]}))["INVOICE_ID"]
    first, second = one(account, draft)["ITEMS"]
    change = {"INVOICE_ITEM_ID": second["INVOICE_ITEM_ID"], "DESCRIPTION": "Anfahrt", "UNIT_PRICE": "10.00"}
    done(account.call("invoice.update", {"INVOICE_ID": draft, "ITEMS": [change]}))
    shown = one(account, draft)
    assert [(row["DESCRIPTION"], row["COMPLETE_NET"]) for row in shown["ITEMS"]] == [(first["DESCRIPTION"], 200), ("Anfahrt", 20)]
    assert [row["UNIT"] for row in shown["ITEMS"]] == ["Std.", "Std."]


def test_a_row_that_is_changed_keeps_its_own_time_and_what_others_said_of_it(account: Account, customer: int) -> None:
    rows = [
        {
            "ident": f"i-{month}",
            "category": "SERVICE",
            "name": "Miete",
            "quantity": 1,
            "quantityType": "PC",
            "prices": {"unit": {"net": 100}, "originalTotal": {"net": 100}, "total": {"net": 100}},
            "taxDetail": {"taxes": [{"rate": 19}]},
            "performanceLocation": {"country": "DE"},
            "servicePeriod": {"start": f"2026-0{month}-01", "end": f"2026-0{month}-28"},
            "properties": [{"key": "buyerAccountingReference", "value": "4711"}],
        }
        for month in (2, 3)
    ]
    body = {"draftIdent": "d-1", "type": "INVOICE", "currency": "EUR", "items": rows, "billingGroupIdent": "external"}
    who = {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"}
    draft = account.tenant.call("POST", "/drafts", {**body, "customerDetail": who}).body["draftId"]
    row = one(account, draft)["ITEMS"][1]["INVOICE_ITEM_ID"]
    change = {"INVOICE_ITEM_ID": row, "UNIT_PRICE": "120.00"}
    done(account.call("invoice.update", {"INVOICE_ID": draft, "ITEMS": [change]}))
    kept = account.tenant.call("GET", "/drafts/d-1").body["items"][1]
    assert (kept["ident"], kept["servicePeriod"]) == ("i-3", {"start": "2026-03-01", "end": "2026-03-28"})
    assert {"key": "buyerAccountingReference", "value": "4711"} in kept["properties"]
    # another case is said of every row anew
    done(account.call("invoice.update", {"INVOICE_ID": draft, "VAT_CASE": "standard"}))
    shown = one(account, draft)
    assert (shown["SUB_TOTAL"], shown["SERVICE_PERIOD_START"], shown["SERVICE_PERIOD_END"]) == (220, "2026-02-01", "2026-03-28")


# --- estimates -------------------------------------------------------------------------------------------------------------------


def test_an_estimate_says_what_its_invoice_will(account: Account) -> None:
    who = abroad(account, "AT", "business", "ATU10223006")
    data = {"CUSTOMER_ID": who, "INVOICE_TITLE": "Projekt Blau", "INTROTEXT": "Gern", "ITEMS": [{**ITEM, "VAT_PERCENT": 0}]}
    number = done(account.call("estimate.create", data))["ESTIMATE_ID"]
    (offered,) = account.call("estimate.get", FILTER={"ESTIMATE_ID": number})["ESTIMATES"]
    (template,) = account.call("template.get")["TEMPLATES"]
    assert (offered["INVOICE_TITLE"], offered["INTROTEXT"], offered["ITEMS"][0]["UNIT"]) == ("Projekt Blau", "Gern", "Std.")
    assert offered["TEMPLATE_ID"] == str(template["TEMPLATE_ID"])
    draft = done(account.call("estimate.createinvoice", {"ESTIMATE_ID": number}))["INVOICE_ID"]
    complete(account, draft)
    issued = one(account, draft)
    assert (issued["INVOICE_TITLE"], issued["TOTAL"], issued["ITEMS"][0]["UNIT"]) == ("Projekt Blau", 200, "Std.")
    (row,) = account.tenant.rows("SELECT id FROM document")
    taxes = account.tenant.call("GET", f"/documents/{row.id}").body["taxes"]
    assert [tax["categoryCode"] for tax in taxes] == ["AE"]  # the customer owes it
    assert account.tenant.unsound() == []


# --- cash discount ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "lacking"), [("PERCENT", "DAYS"), ("DAYS", "PERCENT")])
@pytest.mark.parametrize("service", ["invoice.create", "invoice.update", "recurring.create", "recurring.update"])
def test_half_a_cash_discount_is_refused_in_words(account: Account, customer: int, service: str, said: str, lacking: str) -> None:
    rhythm = {"START_DATE": "2026-12-01", "FREQUENCY": "monthly", "OUTPUT_TYPE": "draft"}
    kind, _, verb = service.partition(".")
    whole = {"CUSTOMER_ID": customer, "ITEMS": [ITEM], **(rhythm if kind == "recurring" else {})}
    if verb == "update":
        whole = {"INVOICE_ID": done(account.call(f"{kind}.create", whole))["INVOICE_ID"]}
    refused = account.call(service, {**whole, f"CASH_DISCOUNT_{said}": "3"})
    tag, beside = f"CASH_DISCOUNT_{lacking}", f"CASH_DISCOUNT_{said}"
    assert refused["ERRORS"] == [f"missing / invalid field: {tag}", f"{tag} is required beside {beside}"]
    number = done(account.call(service, {**whole, f"CASH_DISCOUNT_{said}": "3", f"CASH_DISCOUNT_{lacking}": "3"}))["INVOICE_ID"]
    if verb == "update":  # what is known of it need not be said again
        done(account.call(service, {"INVOICE_ID": number, f"CASH_DISCOUNT_{said}": "2"}))


# --- recurring invoices ------------------------------------------------------------------------------------------------------------


def test_a_recurring_invoice_that_waits_says_why(account: Account, customer: int) -> None:
    account.tenant.turn_clock(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC))
    rhythm = {"START_DATE": "2026-12-01", "FREQUENCY": "monthly", "OUTPUT_TYPE": "outgoing"}
    number = done(account.call("recurring.create", {"CUSTOMER_ID": customer, "ITEMS": [ITEM], **rhythm}))["INVOICE_ID"]

    def shown() -> tuple[str, str]:
        (found,) = account.call("recurring.get", FILTER={"INVOICE_ID": number})["INVOICES"]
        return found["STATE"], found["WAITING_REASON"]

    assert shown() == ("active", "")
    (row,) = account.tenant.rows("SELECT ident FROM recurring_document")
    assert account.tenant.call("PATCH", f"/recurring-documents/{row.ident}", {"version": 1, "currency": None}).status == 200
    account.tenant.turn_clock(dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC))
    make_due(account.tenant.runtime, account.tenant.id)
    assert shown() == ("waiting", "CURRENCY_CODE is required")
    done(account.call("recurring.update", {"INVOICE_ID": number, "CURRENCY_CODE": "EUR"}))
    make_due(account.tenant.runtime, account.tenant.id)
    assert shown() == ("active", "")
    assert [one["INVOICE_DATE"] for one in account.call("invoice.get")["INVOICES"]] == ["2026-12-01"]
