"""The inbox: e-invoices are read and judged, hostile files refused, and what waits becomes an expense or is dismissed."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.received import (
    CUSTOMER,
    EXPENSES,
    INBOX,
    PaperKeeper,
    a_bomb,
    a_hybrid,
    a_plain_pdf,
    a_ubl,
    an_expense,
)

from contor.expenses.inbox import ReadItems
from contor.expenses.inbox.receiving import give_up

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><x>&b;</x>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>"""


@pytest.mark.parametrize(
    ("content", "name", "kind", "form"),
    [(a_ubl(), "invoice.xml", "application/xml", "XML"), (a_hybrid(), "invoice.pdf", "application/pdf", "HYBRID")],
)
def test_an_einvoice_proposes_its_fields(keeper: PaperKeeper, content: bytes, name: str, kind: str, form: str) -> None:
    received = keeper.came(content, name, kind)
    assert (received["status"], received.get("proposal")) == ("RECEIVED", None)
    keeper.read()
    item = keeper.call("GET", f"{INBOX}/{received['inboxItemIdent']}")
    assert (item["status"], item["form"]) == ("WAITING", form)
    proposal = item["proposal"]
    assert (proposal["supplier"], proposal["net"], proposal["tax"], proposal["currency"]) == (
        "Contor Demo GmbH",
        Decimal("40.72"),
        Decimal("6.10"),
        "EUR",
    )
    rows = proposal["rows"]
    assert (sum(row["net"] for row in rows), sum(row["vat"] for row in rows)) == (Decimal("40.72"), Decimal("6.10"))
    assert [finding for finding in item.get("findings", []) if finding["level"] == "fatal"] == []
    assert keeper.file(f"{INBOX}/{item['inboxItemIdent']}")[0] == content
    keeper.sound()


def test_what_was_read_becomes_an_expense_with_its_file(keeper: PaperKeeper) -> None:
    item = keeper.item(a_ubl(), "invoice.xml", "application/xml")
    one = f"{INBOX}/{item['inboxItemIdent']}"
    body = {"expenseIdent": "e-1", "customerIdent": CUSTOMER, "category": "Hosting", "comment": "for the shop"}
    made = keeper.call("POST", f"{one}/actions/take", body, 201)
    assert (made["supplier"], made["net"], made["tax"], made["category"]) == (
        "Contor Demo GmbH",
        Decimal("40.72"),
        Decimal("6.10"),
        "Hosting",
    )
    assert (made["sha256"], made["comment"]) == (item["sha256"], "for the shop")
    after = keeper.call("GET", one)
    assert (after["status"], after["expenseIdent"]) == ("TAKEN", "e-1")
    assert keeper.file(f"{EXPENSES}/e-1")[0] == a_ubl()
    assert "became the expense e-1" in keeper.call("POST", f"{one}/actions/take", {}, 409)["message"]
    assert "is kept" in keeper.call("DELETE", f"{EXPENSES}/e-1", status=409)["message"]
    keeper.sound()


def test_who_says_other_sums_says_all_of_them(keeper: PaperKeeper) -> None:
    one = f"{INBOX}/{keeper.item(a_ubl(), 'invoice.xml', 'application/xml')['inboxItemIdent']}"
    made = keeper.call("POST", f"{one}/actions/take", {"net": "40.00", "tax": "7.60"}, 201)
    assert (made["net"], made["tax"], made["rows"]) == (40, Decimal("7.60"), [])


def test_a_plain_file_waits_for_what_a_person_says(keeper: PaperKeeper) -> None:
    item = keeper.item(a_plain_pdf(), "scan.pdf")
    assert (item["form"], item.get("proposal"), item.get("findings", [])) == ("OTHER", None, [])
    one = f"{INBOX}/{item['inboxItemIdent']}"
    refused = keeper.call("POST", f"{one}/actions/take", {}, 400)
    assert {entry["fieldName"] for entry in refused["errors"]} == {"supplier", "date", "net"}
    assert keeper.call("GET", one)["status"] == "WAITING"
    said = {"supplier": "Papier Nord GmbH", "date": "2026-03-02", "net": "10.00", "tax": "1.90"}
    assert keeper.call("POST", f"{one}/actions/take", said, 201)["fileName"] == "scan.pdf"
    keeper.sound()


def test_what_is_not_read_yet_is_not_taken(keeper: PaperKeeper) -> None:
    one = f"{INBOX}/{keeper.came(PNG, 'scan.png', 'image/png')['inboxItemIdent']}"
    assert "is being read" in keeper.call("POST", f"{one}/actions/take", {}, 409)["message"]


def test_what_becomes_nothing_is_dismissed_and_kept(keeper: PaperKeeper) -> None:
    one = f"{INBOX}/{keeper.item(PNG, 'scan.png', 'image/png')['inboxItemIdent']}"
    done = keeper.call("POST", f"{one}/actions/dismiss", {"reason": "an advertisement"})
    assert (done["status"], done["reason"]) == ("DISMISSED", "an advertisement")
    assert "became nothing" in keeper.call("POST", f"{one}/actions/take", {}, 409)["message"]
    assert keeper.file(one)[0] == PNG


def test_the_same_invoice_is_seen_twice(keeper: PaperKeeper) -> None:
    first = keeper.item(a_ubl(), "invoice.xml", "application/xml")
    keeper.call("POST", f"{INBOX}/{first['inboxItemIdent']}/actions/take", {"expenseIdent": "e-1"}, 201)
    second = keeper.item(a_ubl(), "again.xml", "application/xml")
    assert {(finding["code"], finding["level"]) for finding in second["findings"]} >= {
        ("file_known", "warning"),
        ("expense_known", "warning"),
    }


def test_a_broken_rule_is_said(keeper: PaperKeeper) -> None:
    wrong = a_ubl().replace(b">46.82<", b">46.83<")
    assert wrong != a_ubl()
    item = keeper.item(wrong, "invoice.xml", "application/xml")
    assert "fatal" in {finding["level"] for finding in item["findings"]}
    assert item["status"] == "WAITING"


@pytest.mark.parametrize(
    ("content", "name", "kind", "words"),
    [
        (ENTITIES, "bomb.xml", "application/xml", "document type"),
        (OUTSIDE, "outside.xml", "application/xml", "document type"),
        (b"<html><body>", "page.xml", "text/html", "well-formed"),
        (b"PK\x03\x04" + bytes(200), "archive.zip", "application/zip", "its bytes are none of"),
        (b"", "empty.pdf", "application/pdf", "empty"),
        (b"MZ\x90\x00" + bytes(100), "tool.pdf", "application/pdf", "its bytes are none of"),
        (a_plain_pdf(), "invoice.exe", "application/pdf", "expected is a name that ends in .pdf"),
        (a_plain_pdf(), "invoice.pdf", "image/png", "its bytes are application/pdf"),
    ],
)
def test_hostile_files_are_refused(keeper: PaperKeeper, content: bytes, name: str, kind: str, words: str) -> None:
    refused = keeper.came(content, name, kind, 400)
    assert words in str(refused["errors"])
    assert keeper.tenant.rows("SELECT * FROM inbox_item") == []


def test_a_file_beyond_all_measure_is_refused(keeper: PaperKeeper) -> None:
    keeper.came(b"%PDF-1.7" + bytes(3 * 1024 * 1024), "large.pdf", status=413)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (a_bomb(), "pdf_unreadable"),
        (b"%PDF-1.7\n" + b"<<" * 50_000, "pdf_unreadable"),
        (b"""<?xml version="1.0"?><x/>""", "file_is_no_einvoice"),
        (a_hybrid()[:-2000], None),
    ],
)
def test_what_cannot_be_read_waits_with_the_reason(keeper: PaperKeeper, content: bytes, code: str | None) -> None:
    is_pdf = content.startswith(b"%PDF")
    item = keeper.item(content, "x.pdf" if is_pdf else "x.xml", "application/pdf" if is_pdf else "application/xml")
    assert (item["status"], item.get("proposal")) == ("WAITING", None) or code is None
    codes = [finding["code"] for finding in item.get("findings", [])]
    assert codes == [code] or code is None


def test_who_pays_twice_is_warned_by_the_number(keeper: PaperKeeper) -> None:
    item = keeper.item(a_ubl(), "a.xml", "application/xml")
    number = item["proposal"]["number"]
    keeper.call("POST", EXPENSES, an_expense(supplier="CONTOR DEMO GmbH", number=number), 201)
    again: Any = keeper.item(a_hybrid(), "b.pdf")
    assert [finding["code"] for finding in again["findings"] if finding["level"] == "warning"][-1] == "expense_known"


def test_what_reading_fails_on_again_and_again_waits_for_a_person(keeper: PaperKeeper) -> None:
    """By no fault of its own: it can be taken all the same."""
    came = keeper.came(a_ubl(), "invoice.xml", "application/xml")
    keeper.tenant.execute(give_up, ReadItems(inbox_item_ids=(came["inboxItemId"],)))
    item = keeper.call("GET", f"{INBOX}/{came['inboxItemIdent']}")
    assert (item["status"], [finding["code"] for finding in item["findings"]]) == ("WAITING", ["reading_failed"])
    keeper.read()
    assert keeper.call("GET", f"{INBOX}/{came['inboxItemIdent']}") == item
