"""A draft becomes its document once: by the one way of issuing, with everybody else at the same moment, and through crashes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.factories.companies import BANK, IN_PARTS, day_here
from tests.factories.drafts import Writer, a_body, a_row, at_once, findings

from contor.documents.drafts import complete as completing
from contor.runtime.db import owner_connection
from contor.runtime.schema import METADATA
from contor.runtime.uow import Uow


@pytest.fixture
def writer(furnished: Any, client: TestClient, bearer: Callable[[Any], dict[str, str]]) -> Writer:
    return Writer(client, bearer(furnished))


def everything(tenant: Any) -> dict[str, list[str]]:
    """All rows of the tenant."""
    return {
        table.name: sorted(map(str, tenant.rows(f"SELECT * FROM {table.name}")))
        for table in METADATA.sorted_tables
        if table.info["tenant"]
    }


def count(tenant: Any, table: str) -> int:
    return int(tenant.rows(f"SELECT count(*) AS n FROM {table}")[0].n)


# --- once ----------------------------------------------------------------------------------------------------------------------


def test_a_completed_draft_is_an_issued_document(writer: Writer, furnished: Any) -> None:
    writer.create(**a_body(), orderDate="2026-01-05")
    answer = writer.complete(If_Match='"1"')
    number = f"RE-{day_here()[:4]}-000001"
    assert answer == {"draftIdent": "d-1", "version": 2, "documentIdent": number}
    draft = writer.call("GET", "/drafts/d-1")
    assert (draft["status"], draft["version"], draft["documentIdent"]) == ("COMPLETED", 2, number)
    document = writer.call("GET", f"/documents/{number}")
    assert (document["requestId"], document["orderDate"], document["outstanding"]) == ("draft~d-1", "2026-01-05", 119)
    assert writer.call("GET", "/documents/requests/draft~d-1")["documentIdent"] == number
    lines = furnished.rows("SELECT account, side, amount FROM journal_line ORDER BY position")
    assert [(line.account, line.side, line.amount) for line in lines] == [
        (10000, "D", Decimal(119)),
        (8400, "C", Decimal(100)),
        (1776, "C", Decimal(19)),
    ]
    facts = {row.name: row.payload for row in furnished.rows("SELECT name, payload FROM event")}
    (stored,) = furnished.rows("SELECT id, document_id FROM draft")
    assert facts["drafts.completed"] == {"draft_ids": [stored.id], "document_ids": [stored.document_id]}
    trail = furnished.rows("SELECT subject_kind, subject_ident FROM audit_entry WHERE operation = 'draft.complete'")
    assert {(row.subject_kind, row.subject_ident) for row in trail} >= {("draft", "d-1"), ("document", number)}
    assert furnished.broken() == []


def test_completed_twice_it_is_the_same_document(writer: Writer, furnished: Any) -> None:
    writer.create(**a_body())
    first = writer.complete()
    assert writer.complete() == writer.complete(If_Match='"2"') == first
    late = findings(writer.complete(status=409, If_Match='"1"'))
    assert late == [("version", f"Draft d-1 has version 2; version 1 was named. It was completed as {first['documentIdent']}.")]
    assert count(furnished, "document") == 1
    assert furnished.broken() == []


@pytest.mark.parametrize(
    ("body", "tag", "status"),
    [
        ({"version": 1}, {}, 412),
        ({"version": 2}, {"If_Match": '"1"'}, 400),
        ({"junk": 1}, {}, 400),
        ({"version": 2}, {}, 200),
        ({"version": 2}, {"If_Match": '"2"'}, 200),
        ({}, {}, 200),
        (None, {}, 200),
    ],
)
def test_the_version_that_is_completed_may_stand_in_the_body(
    writer: Writer, furnished: Any, body: Any, tag: dict[str, str], status: int
) -> None:
    """Who looked at version 1 does not issue somebody else's version 2."""
    writer.create(**a_body())
    writer.call("PATCH", "/drafts/d-1", {"version": 1, "language": "en"})
    before = everything(furnished)
    writer.call("POST", "/drafts/d-1/actions/complete", body, status, **tag)
    assert (everything(furnished) == before) is (status != 200)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_completed_draft_stays_as_it_is(writer: Writer, furnished: Any, method: str) -> None:
    writer.create(**a_body())
    number = writer.complete()["documentIdent"]
    before = everything(furnished)
    answer = writer.call(method, "/drafts/d-1", None if method == "DELETE" else {"version": 2}, 409)
    message = f"Draft d-1 was completed as {number} and stays as it is; the document is corrected by a further document."
    assert findings(answer) == [(None, message)]
    assert everything(furnished) == before


def test_a_repeated_key_is_answered_as_the_first_time(writer: Writer, furnished: Any) -> None:
    writer.create(**a_body())
    first = writer.complete(If_Match='"1"', Idempotency_Key="k")
    assert writer.complete(If_Match='"1"', Idempotency_Key="k") == first
    assert count(furnished, "document") == 1


# the type, the type that it takes back, and its entries by hand: 100.00 and 19 %; what is unpaid of a deposit is not booked
TYPES = [
    ("INVOICE", None, [(10000, "D", 119), (8400, "C", 100), (1776, "C", 19)]),
    ("DEPOSIT_INVOICE", None, []),
    ("SELF_BILLING_INVOICE", None, [(4760, "D", 100), (1576, "D", 19), (70000, "C", 119)]),
    ("CREDIT_MEMO", "INVOICE", [(10000, "D", -119), (8400, "C", -100), (1776, "C", -19)]),
    ("DEPOSIT_INVOICE_CORRECTION", "DEPOSIT_INVOICE", []),
    ("SELF_BILLING_INVOICE_CORRECTION", "SELF_BILLING_INVOICE", [(4760, "D", -100), (1576, "D", -19), (70000, "C", -119)]),
]


@pytest.mark.parametrize(("kind", "credited", "lines"), TYPES)
def test_all_six_types_can_be_drafted(writer: Writer, furnished: Any, kind: str, credited: str | None, lines: list[Any]) -> None:
    with furnished.runtime.transaction(furnished.caller()) as uow:
        uow.run("UPDATE customer SET self_billing_agreement_on = '2026-01-01'")
    more = {}
    if credited is not None:
        writer.create("old", **a_body(type=credited))
        more = {"relatedDocumentIdent": writer.complete("old")["documentIdent"]}
    writer.create("new", **a_body(type=kind), **more)
    seen = writer.preview("new")
    assert (seen["findings"], seen["totals"]["gross"]) == ([], 119)
    writer.complete("new")
    document = writer.document("new")
    assert (document["documentType"], document["totals"]) == (kind, seen["totals"])
    assert document.get("relatedDocumentIdent") == more.get("relatedDocumentIdent")
    sql = (
        "SELECT l.account, l.side, l.amount FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"
        " JOIN draft d ON d.tenant_id = e.tenant_id AND d.document_id = e.document_id WHERE d.ident = 'new' ORDER BY l.position"
    )
    assert [(line.account, line.side, line.amount) for line in furnished.rows(sql)] == [
        (account, side, Decimal(amount)) for account, side, amount in lines
    ]
    assert furnished.broken() == []


def test_a_final_invoice_deducts_what_was_received(writer: Writer, furnished: Any) -> None:
    """59.50 of a deposit of 119.00 were paid: 200.00 - 50.00 = 150.00, 38.00 - 9.50 = 28.50; the unpaid rest is closed with it."""
    writer.call("POST", "/merchant-payment-accounts", BANK, 201)
    writer.call("POST", "/merchant-payment-accounts/bank/assignment-configuration", IN_PARTS, 201)
    writer.create("deposit", **a_body(type="DEPOSIT_INVOICE"))
    deposit = writer.complete("deposit")["documentIdent"]
    paid = {
        "externalIdent": "b-1",
        "baseAmount": {"amount": "59.50", "currency": "EUR"},
        "bookingDate": day_here(),
        "creditDebitIndicator": "CREDIT",
        "description": deposit,
    }
    assert writer.call("POST", "/merchant-payment-accounts/bank/payments", paid, 201)["status"] == "ASSIGNED"
    writer.create("final", **a_body(a_row("i-1", "200.00")), relatedDocumentIdent=deposit)
    seen = writer.preview("final")
    assert seen["findings"] == []
    assert [seen["totals"][name] for name in ("net", "tax", "gross", "payable")] == [
        150,
        Decimal("28.50"),
        *[Decimal("178.50")] * 2,
    ]
    assert [(row.get("ident"), row["prices"]["total"]["net"]) for row in seen["items"]] == [("i-1", 200), ("deposit-2", -50)]
    writer.complete("final")
    assert writer.document("final")["totals"] == seen["totals"]
    assert [row.document_type for row in furnished.rows("SELECT document_type FROM document ORDER BY id")].count(
        "DEPOSIT_INVOICE_CORRECTION"
    ) == 1
    assert furnished.broken() == []


def test_what_changed_since_the_preview_counts(writer: Writer, furnished: Any) -> None:
    """Two credits of the same invoice are both fine, until one of them is issued."""
    writer.create("old", **a_body())
    related = writer.complete("old")["documentIdent"]
    for ident in ("a", "b"):
        writer.create(ident, **a_body(type="CREDIT_MEMO"), relatedDocumentIdent=related)
        assert writer.preview(ident)["findings"] == []
    writer.complete("a")
    left = findings(writer.preview("b"))
    assert left == findings(writer.complete("b", 400))
    assert left != []
    assert count(furnished, "document") == 2
    assert furnished.broken() == []


# --- many ----------------------------------------------------------------------------------------------------------------------


def test_many_are_completed_in_one_step(writer: Writer, furnished: Any) -> None:
    idents = [f"d-{number:02}" for number in range(60)]
    for ident in idents:
        writer.create(ident, **a_body())
    writer.complete("d-07")
    named = [{"draftIdent": ident} for ident in reversed(idents)]
    done = writer.call("POST", "/drafts/actions/complete", {"drafts": named})["drafts"]
    assert [entry["draftIdent"] for entry in done] == idents[::-1]
    assert sorted(entry["documentIdent"] for entry in done) == [f"RE-{day_here()[:4]}-{number:06}" for number in range(1, 61)]
    for entry in (done[0], done[52]):
        assert writer.call("GET", f"/drafts/{entry['draftIdent']}")["documentIdent"] == entry["documentIdent"]
    assert furnished.broken() == []


@pytest.mark.parametrize(
    ("named", "status", "found"),
    [
        (
            ["good", "empty"],
            400,
            [(f"drafts[1].{name}", "is required") for name in ("billingGroupIdent", "currency", "customerDetail", "items")],
        ),
        (["wrong", "good", "wrong"], 400, [("drafts[2].draftIdent", "occurs more than once")]),
        (["wrong", "good"], 400, [("drafts[0].customerDetail.customerIdent", "does not exist")]),
        (["good", "nobody"], 404, [(None, "No draft 'nobody' exists.")]),
        (
            ["old", "good", "older"],
            412,
            [
                ("drafts[0].version", "Draft old has version 1; version 7 was named."),
                ("drafts[2].version", "Draft older has version 1; version 7 was named."),
            ],
        ),
        ([], 400, [("drafts", "must have at least one entry")]),
    ],
)
def test_all_or_none_with_every_finding(writer: Writer, furnished: Any, named: list[str], status: int, found: list[Any]) -> None:
    writer.create("empty")
    writer.create("wrong", **a_body(customerDetail={"customerIdent": "nobody", "invoiceAddressIdent": "a"}))
    for ident in ("good", "old", "older"):
        writer.create(ident, **a_body())
    before = everything(furnished)
    body = {"drafts": [{"draftIdent": ident, **({"version": 7} if "old" in ident else {})} for ident in named]}
    assert findings(writer.call("POST", "/drafts/actions/complete", body, status)) == found
    assert everything(furnished) == before


def test_a_request_id_that_is_used_is_found_at_its_draft(writer: Writer, furnished: Any) -> None:
    writer.create("first", **a_body(), requestId="r-1")
    writer.complete("first")
    for ident, request_id in (("good", "r-2"), ("again", "r-1")):
        writer.create(ident, **a_body(), requestId=request_id)
    before = everything(furnished)
    body = {"drafts": [{"draftIdent": "good"}, {"draftIdent": "again"}]}
    assert [field for field, _ in findings(writer.call("POST", "/drafts/actions/complete", body, 409))] == ["drafts[1].requestId"]
    assert [field for field, _ in findings(writer.call("POST", "/drafts/again/actions/complete", status=409))] == ["requestId"]
    assert everything(furnished) == before


def test_of_two_drafts_with_one_request_id_the_second_is_named(writer: Writer, furnished: Any) -> None:
    for ident in ("a", "b"):
        writer.create(ident, **a_body(), requestId="r-1")
    before = everything(furnished)
    body = {"drafts": [{"draftIdent": "a"}, {"draftIdent": "b"}]}
    assert [field for field, _ in findings(writer.call("POST", "/drafts/actions/complete", body, 409))] == ["drafts[1].requestId"]
    assert everything(furnished) == before


def test_two_credits_of_one_batch_see_each_other(writer: Writer, furnished: Any) -> None:
    writer.create("old", **a_body())
    related = writer.complete("old")["documentIdent"]
    for ident in ("a", "b"):
        writer.create(ident, **a_body(a_row("i-1", "60.00"), type="CREDIT_MEMO"), relatedDocumentIdent=related)
    before = everything(furnished)
    refused = writer.call("POST", "/drafts/actions/complete", {"drafts": [{"draftIdent": "a"}, {"draftIdent": "b"}]}, 400)
    assert {str(field).partition(".")[0] for field, _ in findings(refused)} == {"drafts[1]"}
    assert everything(furnished) == before


# --- at the same moment ----------------------------------------------------------------------------------------------------------


def test_of_two_who_complete_one_does(writer: Writer, furnished: Any) -> None:
    """Who names the version before is refused; who names none is answered the same document."""
    for number in range(8):
        writer.create(f"named-{number}", **a_body())
        writer.create(f"any-{number}", **a_body())
        path = f"/drafts/named-{number}/actions/complete"
        answers = at_once([lambda path=path: writer.send("POST", path, If_Match='"1"') for _ in range(3)])
        assert sorted(status for status, _ in answers) == [200, 409, 409]
        path = f"/drafts/any-{number}/actions/complete"
        answers = at_once([lambda path=path: writer.send("POST", path) for _ in range(3)])
        assert answers == [answers[0]] * 3
        assert answers[0][0] == 200
    assert count(furnished, "document") == 16
    assert furnished.broken() == []


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_completed_or_changed_or_deleted_but_never_two_of_them(writer: Writer, furnished: Any, method: str) -> None:
    for number in range(12):
        ident = f"d-{number}"
        writer.create(ident, **a_body())
        path = f"/drafts/{ident}"
        body = {"version": 1, "language": "en"} if method == "PATCH" else None
        tag = {} if method == "PATCH" else {"If_Match": '"1"'}
        (done, answer), (other, _) = at_once(
            [
                lambda path=path: writer.send("POST", f"{path}/actions/complete", If_Match='"1"'),
                lambda path=path, body=body, tag=tag: writer.send(method, path, body, **tag),
            ]
        )
        if done == 200:
            assert other == 409
            assert writer.call("GET", path)["documentIdent"] == answer["documentIdent"]
            assert writer.document(ident)["language"] == "de"
        elif method == "PATCH":
            assert (done, other) == (412, 200)
            after = writer.call("GET", path)
            assert (after["status"], after["version"], after["language"]) == ("OPEN", 2, "en")
        else:
            assert (done, other) == (404, 204)
            assert writer.send("GET", path)[0] == 404
    assert count(furnished, "document") == count(furnished, "draft WHERE status = 'COMPLETED'")
    assert furnished.broken() == []


def test_batches_that_overlap_do_not_block_each_other(writer: Writer, furnished: Any) -> None:
    idents = [f"d-{number}" for number in range(6)]
    for ident in idents:
        writer.create(ident, **a_body())
    orders = [idents, idents[::-1], idents[3:] + idents[:3]]
    answers = at_once(
        [lambda o=o: writer.call("POST", "/drafts/actions/complete", {"drafts": [{"draftIdent": i} for i in o]}) for o in orders]
    )
    made = [{entry["draftIdent"]: entry["documentIdent"] for entry in answer["drafts"]} for answer in answers]
    assert made == [made[0]] * 3
    assert len(set(made[0].values())) == 6
    assert furnished.broken() == []


# --- crashes -------------------------------------------------------------------------------------------------------------------


def test_who_is_killed_in_the_middle_leaves_the_draft_as_it_was(
    writer: Writer, furnished: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection dies after the number was drawn and all was written, before the commit."""
    writer.create(**a_body())
    before = everything(furnished)
    real = completing._write

    def dying(uow: Uow, completed: Any) -> None:
        real(uow, completed)
        with owner_connection(furnished.runtime.database.dsn) as owner:
            owner.execute("SELECT pg_terminate_backend(%s)", (uow.connection.info.backend_pid,))
        uow.run("SELECT 1")

    monkeypatch.setattr(completing, "_write", dying)
    assert writer.send("POST", "/drafts/d-1/actions/complete")[0] == 503
    assert everything(furnished) == before
    monkeypatch.setattr(completing, "_write", real)
    assert writer.complete()["documentIdent"] == f"RE-{day_here()[:4]}-000001"
    assert furnished.broken() == []


# --- what must hold ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planted", "check"),
    [
        ("UPDATE draft SET content = jsonb_set(content, '{language}', '\"en\"') WHERE ident = 'done'", "its_document"),
        ("UPDATE draft SET status = 'OPEN' WHERE ident = 'done'", "its_document"),
        ("UPDATE draft SET status = 'COMPLETED' WHERE ident = 'open'", "its_document"),
        ("UPDATE draft SET customer_ident = 'c-9' WHERE ident = 'open'", "what_they_say"),
        ("UPDATE draft SET document_date = '2026-01-01' WHERE ident = 'open'", "what_they_say"),
    ],
)
def test_the_checks_find_what_was_planted(writer: Writer, furnished: Any, planted: str, check: str) -> None:
    writer.create("done", **a_body())
    writer.complete("done")
    writer.create("open", **a_body())
    assert furnished.broken() == []
    with furnished.runtime.transaction(furnished.caller()) as uow:
        uow.run(planted)
    assert [check in str(found) for found in furnished.broken()] == [True]


@pytest.mark.parametrize("column", ["tenant_id", "ident", "id", "document_type", "created_at"])
def test_what_a_draft_is_cannot_be_changed(writer: Writer, furnished: Any, column: str) -> None:
    writer.create()
    with pytest.raises(psycopg.errors.InsufficientPrivilege), furnished.runtime.transaction(furnished.caller()) as uow:
        uow.run(f"UPDATE draft SET {column} = {column}")
