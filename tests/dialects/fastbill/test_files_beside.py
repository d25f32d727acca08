"""Papers come with a file beside the request; folders are a map; what follows from a write is there."""

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.factories.fastbill import Account
from tests.factories.projects import billed
from tests.factories.received import a_plain_pdf, a_ubl

from contor.api.limits import Limits
from contor.ui.papers import paper_routes

EXPENSE = {"INVOICE_DATE": "2026-03-02", "ORGANIZATION": "Papier Nord GmbH", "SUB_TOTAL": "100.00", "VAT_TOTAL": "19.00"}
PDF = a_plain_pdf()


def sent(account: Account, service: str, data: dict[str, Any], content: bytes, name: str, kind: str = "application/pdf") -> Any:
    """As the vendor's clients send it: the request in `httpbody`, the file in `document`."""
    request = json.dumps({"SERVICE": service, "DATA": data}).encode()
    parts = [
        b'Content-Disposition: form-data; name="httpbody"\r\nContent-Type: application/json\r\n\r\n' + request,
        f'Content-Disposition: form-data; name="document"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode() + content,
    ]
    raw = b"".join(b"--AaB03x\r\n" + part + b"\r\n" for part in parts) + b"--AaB03x--\r\n"
    answer = account.post(raw, "multipart/form-data, boundary=AaB03x")
    assert answer.status_code == 200, answer.text
    assert answer.json()["REQUEST"]["SERVICE"] == service
    return answer.json()["RESPONSE"]


def customer_of(account: Account) -> str:
    found = account.call("customer.get", FILTER={"CUSTOMER_NUMBER": "muster-handel"})
    return str(found["CUSTOMERS"][0]["CUSTOMER_ID"])


@pytest.mark.parametrize(
    ("content", "name", "kind"), [(PDF, "invoice.pdf", "application/pdf"), (a_ubl(), "invoice.xml", "text/xml")]
)
def test_an_expense_comes_with_its_file(account: Account, content: bytes, name: str, kind: str) -> None:
    made = sent(account, "expense.create", EXPENSE, content, name, kind)
    assert (made["STATUS"], type(made["INVOICE_ID"])) == ("success", int)
    (row,) = account.tenant.rows("SELECT expense_id, sha256, size FROM expense")
    assert (row.expense_id, row.size) == (made["INVOICE_ID"], len(content))
    assert account.tenant.runtime.blobs.get(account.tenant.id, row.sha256) == content
    (shown,) = account.call("expense.get", FILTER={"INVOICE_ID": made["INVOICE_ID"]})["EXPENSES"]
    links = TestClient(Starlette(routes=list(paper_routes(account.tenant.runtime, Limits(account.tenant.runtime.config).guard))))
    opened = links.get(shown["DOCUMENT_URL"])
    assert (opened.status_code, opened.content) == (200, content)
    assert opened.headers["content-disposition"].endswith(name)
    assert account.tenant.unsound() == []


def test_a_revenue_and_a_document_come_with_their_files(account: Account) -> None:
    revenue = {"INVOICE_DATE": "2026-03-02", "CUSTOMER_ID": customer_of(account), "SUB_TOTAL": "10.00"}
    made = sent(account, "revenue.create", revenue, PDF, "invoice.pdf")
    links = TestClient(Starlette(routes=list(paper_routes(account.tenant.runtime, Limits(account.tenant.runtime.config).guard))))
    (shown,) = account.call("revenue.get", FILTER={"INVOICE_ID": made["INVOICE_ID"]})["REVENUES"]
    assert links.get(shown["DOCUMENT_URL"]).content == PDF
    number = f"-{made['INVOICE_ID']}-"
    assert links.get(shown["DOCUMENT_URL"].replace(number, f"-{made['INVOICE_ID'] + 1}-")).status_code == 404
    assert links.get(shown["DOCUMENT_URL"].replace("-revenue-", "-expense-")).status_code == 404
    document = {"TYPE": "contract", "TITLE": "Lease", "DATE": "2026-03-02"}
    assert sent(account, "document.create", document, PDF, "lease.pdf")["STATUS"] == "success"
    sizes = account.tenant.rows("SELECT size FROM revenue UNION ALL SELECT size FROM filed_paper")
    assert [row.size for row in sizes] == [len(PDF)] * 2


@pytest.mark.parametrize(
    ("content", "name", "kind", "words"),
    [
        (b"PK\x03\x04" + bytes(100), "archive.zip", "application/zip", "its bytes are none of"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "bomb.xml", "text/xml", "document type"),
        (b"", "empty.pdf", "application/pdf", "empty"),
    ],
)
def test_a_hostile_file_leaves_nothing(account: Account, content: bytes, name: str, kind: str, words: str) -> None:
    refused = sent(account, "expense.create", EXPENSE, content, name, kind)
    assert words in " ".join(refused["ERRORS"])
    assert account.tenant.rows("SELECT * FROM expense") == []


def test_folders_are_a_map_by_their_ids(account: Account) -> None:
    """Some clients read an object there and nothing else; an element has no number for a name."""
    made = [
        account.tenant.call("POST", "/folders", {"ident": ident, "name": ident, **more}).body["folderId"]
        for ident, more in (("a", {}), ("b", {"parentIdent": "a"}))
    ]
    folders = account.call("document.get")["ITEMS"]["FOLDERS"]
    assert list(folders) == [str(number) for number in made]
    assert folders[str(made[1])]["PARENTFOLDER_ID"] == str(made[0])
    within = account.call("document.get", FILTER={"FOLDER_ID": made[0]})["ITEMS"]["FOLDERS"]
    assert list(within) == [str(made[1])]
    assert account.call("document.get", FILTER={"FOLDER_ID": "0"})["ITEMS"]["FOLDERS"] == folders
    assert account.call("document.get", FILTER={"FOLDER_ID": -1})["ERRORS"] == ["missing / invalid field: FOLDER_ID"]
    account.xml = True
    shown = account.call("document.get")["ITEMS"]["FOLDERS"]
    assert {tag: one["NAME"] for tag, one in shown.items()} == {f"_{made[0]}": "a", f"_{made[1]}": "b"}


def test_a_revenue_is_paid_once(account: Account) -> None:
    data = {"INVOICE_DATE": "2026-03-02", "CUSTOMER_ID": customer_of(account), "SUB_TOTAL": "10.00", "INVOICE_NUMBER": "X-1"}
    number = account.call("revenue.create", data)["INVOICE_ID"]
    for _ in range(2):
        paid = account.call("revenue.setpaid", {"INVOICE_ID": number, "PAID_DATE": "2026-03-05"})
        assert paid == {"STATUS": "success", "INVOICE_NUMBER": "X-1"}
    refused = account.call("revenue.setpaid", {"INVOICE_ID": number, "PAID_DATE": "2026-03-06"})
    assert refused["ERRORS"][0] == "missing / invalid field: PAID_DATE"
    (shown,) = account.call("revenue.get", FILTER={"START_PAID_DATE": "2026-03-05", "END_PAID_DATE": "2026-03-05"})["REVENUES"]
    assert shown["PAID_DATE"] == "2026-03-05 00:00:00"


def test_a_time_that_changes_says_what_follows(account: Account) -> None:
    """An end that moves moves the minutes; billable ones that were said stay."""
    customer = customer_of(account)
    project = account.call("project.create", {"PROJECT_NAME": "Website", "CUSTOMER_ID": customer})["PROJECT_ID"]
    data = {"CUSTOMER_ID": customer, "PROJECT_ID": project, "START_TIME": "2026-03-02 09:00:00", "END_TIME": "2026-03-02 10:00:00"}
    number = account.call("time.create", data)["TIME_ID"]

    def minutes(**said: object) -> tuple[str, str]:
        assert account.call("time.update", {"TIME_ID": number, **said})["STATUS"] == "success"
        (shown,) = account.call("time.get", FILTER={"TIME_ID": number})["TIMES"]
        return shown["MINUTES"], shown["BILLABLE_MINUTES"]

    assert minutes(END_TIME="2026-03-02 10:30:00") == ("90", "90")
    assert minutes(BILLABLE_MINUTES="60") == ("90", "60")
    assert minutes(END_TIME="2026-03-02 11:00:00") == ("120", "60")
    assert minutes(COMMENT="as agreed") == ("120", "60")


def test_what_is_refused_of_projects_and_times_names_the_number_that_the_client_named(account: Account) -> None:
    customer = customer_of(account)
    project = account.call("project.create", {"PROJECT_NAME": "Website", "CUSTOMER_ID": customer, "HOUR_PRICE": 80})["PROJECT_ID"]
    data = {"CUSTOMER_ID": customer, "PROJECT_ID": project, "START_TIME": "2026-03-02 09:00:00", "END_TIME": "2026-03-02 10:00:00"}
    number = account.call("time.create", data)["TIME_ID"]
    kept = f"Times were worked on the project {project}: it is kept with them."
    assert account.call("project.delete", {"PROJECT_ID": project})["ERRORS"] == [kept]
    (row,) = account.tenant.rows("SELECT ident FROM project")
    draft = billed(account.tenant, row.ident).draft_id
    said = (
        f"The time {number} is calculated in the draft {draft}: it is free again when that is deleted, or its document cancelled."
    )
    assert account.call("time.delete", {"TIME_ID": number})["ERRORS"] == [said]
    assert account.call("time.update", {"TIME_ID": number, "COMMENT": "later"})["ERRORS"] == [said]


def test_a_mailed_estimate_is_sent_and_each_call_makes_an_invoice(account: Account) -> None:
    mail = {"sender": "rechnung@contor-demo.example", "kinds": [], "server": {"host": "mail.contor-demo.example", "port": 587}}
    assert account.tenant.call("PUT", "/mail/configuration", mail).status == 200
    item = {"DESCRIPTION": "Beratung", "UNIT_PRICE": "80.00", "VAT_PERCENT": "19.00"}
    number = account.call("estimate.create", {"CUSTOMER_ID": customer_of(account), "ITEMS": [item]})["ESTIMATE_ID"]
    recipient = {"TO": "einkauf@muster-handel.example", "CC": "chefin@muster-handel.example, chef@muster-handel.example"}
    said = {"SUBJECT": "Our estimate", "MESSAGE": "As agreed by phone."}
    assert account.call("estimate.sendbyemail", {"ESTIMATE_ID": number, "RECIPIENT": recipient, **said})["STATUS"] == "success"
    (mail_row,) = account.tenant.rows("SELECT kind, recipient, own FROM mail")
    assert (mail_row.kind, mail_row.recipient) == ("OFFER", "einkauf@muster-handel.example")
    assert (mail_row.own["subject"], mail_row.own["text"]) == ("Our estimate", "As agreed by phone.")
    assert mail_row.own["cc"] == ["chefin@muster-handel.example", "chef@muster-handel.example"]
    (shown,) = account.call("estimate.get", FILTER={"ESTIMATE_ID": number})["ESTIMATES"]
    assert shown["STATE"] == "b"
    links = TestClient(Starlette(routes=list(paper_routes(account.tenant.runtime, Limits(account.tenant.runtime.config).guard))))
    assert links.get(shown["DOCUMENT_URL"]).content[:5] == b"%PDF-"
    drafts = [account.call("estimate.createinvoice", {"ESTIMATE_ID": number})["INVOICE_ID"] for _ in range(2)]
    assert len(set(drafts)) == 2
    assert [row.id for row in account.tenant.rows("SELECT id FROM draft ORDER BY id")] == drafts
    assert account.tenant.unsound() == []


def test_nothing_of_another_account_is_there(account: Account) -> None:
    """Whatever the number is of."""
    refused = (
        "project.update",
        "project.delete",
        "time.update",
        "time.delete",
        "revenue.setpaid",
        "revenue.delete",
        "estimate.delete",
    )
    for service in refused:
        tag = {"project": "PROJECT_ID", "time": "TIME_ID", "revenue": "INVOICE_ID", "estimate": "ESTIMATE_ID"}[
            service.partition(".")[0]
        ]
        assert account.call(service, {tag: 2})["ERRORS"] == [f"missing / invalid field: {tag}"]


@pytest.mark.parametrize("service", ["expense.create", "revenue.create", "document.create"])
@pytest.mark.parametrize(
    ("content", "kind"), [(b"", "application/pdf"), (b"MZ\x90", "application/pdf"), (b"PK\x03\x04", "application/zip")]
)
def test_a_file_that_is_none_is_the_one_named_document(account: Account, service: str, content: bytes, kind: str) -> None:
    more = {
        "document.create": {"TYPE": "contract", "TITLE": "Lease", "DATE": "2026-03-02"},
        "revenue.create": {"CUSTOMER_ID": customer_of(account)},
    }
    refused = sent(account, service, {**EXPENSE, **more.get(service, {})}, content, "a.pdf", kind)
    assert refused["ERRORS"][0] == "missing / invalid field: DOCUMENT"
    assert account.call("expense.get")["EXPENSES"] == account.call("revenue.get")["REVENUES"] == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a\\..\\b.pdf", "a\x00.pdf", "x" * 201])
def test_a_name_with_folders_is_none(account: Account, name: str) -> None:
    raw = (
        b'--x\r\nContent-Disposition: form-data; name="httpbody"\r\n\r\n{"SERVICE": "expense.create"}\r\n'
        b'--x\r\nContent-Disposition: form-data; name="document"; filename="' + name.encode() + b'"\r\n\r\n%PDF\r\n--x--'
    )
    answer = account.post(raw, "multipart/form-data; boundary=x")
    assert answer.status_code == 200
    assert answer.json()["RESPONSE"]["ERRORS"][0] == "missing / invalid field: DOCUMENT"
