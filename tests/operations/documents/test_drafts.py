"""A draft from its first word to its deletion: kept, changed by those who know its version, previewed, searched."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.drafts import PARTIES, Writer, a_body, a_row, at_once, findings

from contor.documents.types import DocumentType
from contor.runtime.schema import METADATA


@pytest.fixture
def writer(furnished: Any, client: TestClient, bearer: Callable[[Any], dict[str, str]]) -> Writer:
    return Writer(client, bearer(furnished))


def everything(tenant: Any) -> dict[str, list[str]]:
    """All rows of the tenant but the trails."""
    kept = [
        t.name for t in METADATA.sorted_tables if t.info["tenant"] and t.name not in ("audit_entry", "event", "idempotency_key")
    ]
    return {name: sorted(map(str, tenant.rows(f"SELECT * FROM {name}"))) for name in kept}


def changes(tenant: Any) -> list[Any]:
    """What the audit trail says of drafts, in order."""
    return [row.change for row in tenant.rows("SELECT change FROM audit_entry WHERE subject_kind = 'draft' ORDER BY id")]


# --- writing -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DocumentType)
def test_nothing_but_the_type_is_needed(writer: Writer, furnished: Any, kind: DocumentType) -> None:
    made = writer.call("POST", "/drafts", {"type": kind.value}, 201)
    assert (made["type"], made["status"], made["version"]) == (kind.value, "OPEN", 1)
    assert set(made) == {"draftIdent", "draftId", "type", "status", "version", "createdAt", "lastModifiedAt", "lastModifiedBy"}
    assert writer.call("GET", f"/drafts/{made['draftIdent']}") == made
    assert furnished.broken() == []


def test_a_draft_is_no_document(writer: Writer, furnished: Any) -> None:
    before = everything(furnished)
    writer.create(**a_body())
    after = everything(furnished)
    assert {name for name in after if after[name] != before[name]} == {"draft", "row_tally"}
    assert writer.call("GET", "/documents")["page"]["totalElements"] == 0
    assert writer.send("GET", "/documents/d-1")[0] == 404


def test_numbers_and_texts_come_back_as_they_were_written(writer: Writer) -> None:
    row = a_row("i-1", "123456789012345.12", description='Ä\n"x" – <b>', properties=[{"key": "costCentre", "value": "4711"}])
    row["prices"]["unit"] = {"net": Decimal("123456789012345.1234567891")}
    body = a_body(row, documentDate="2026-03-31", paymentTerm={"periodInDays": 30})
    made = writer.create(**body)
    assert made["items"][0]["prices"]["unit"]["net"] == Decimal("123456789012345.1234567891")
    row["prices"] = {
        "unit": {"net": Decimal("123456789012345.1234567891")},
        "originalTotal": {"net": Decimal("123456789012345.12")},
        "total": {"net": Decimal("123456789012345.12")},
    }
    assert {name: made[name] for name in body} == body


def test_put_writes_the_whole_content_anew(writer: Writer, furnished: Any) -> None:
    writer.create(**a_body(), language="en")
    after = writer.call("PUT", "/drafts/d-1", {"version": 1, "currency": "USD"})
    assert (after["version"], after["currency"]) == (2, "USD")
    assert not {"items", "language", "customerDetail"} & set(after)
    assert furnished.broken() == []


PATCHES = [
    ({"currency": "USD"}, {"currency": "USD"}, set()),
    ({"language": None}, {}, {"language"}),
    (
        {"customerDetail": {"shippingAddressIdent": "s-1"}},
        {"customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale", "shippingAddressIdent": "s-1"}},
        set(),
    ),
    ({"customerDetail": {"invoiceAddressIdent": None}}, {"customerDetail": {"customerIdent": "muster-handel"}}, set()),
    ({"customerDetail": None}, {}, {"customerDetail"}),
    ({"items": []}, {"items": []}, set()),
    ({"properties": [{"key": "note", "value": "x"}]}, {"properties": [{"key": "note", "value": "x"}]}, set()),
    ({}, {}, set()),
]


@pytest.mark.parametrize(("patch", "changed", "gone"), PATCHES)
def test_patch_changes_what_it_says_and_nothing_else(writer: Writer, patch: Any, changed: Any, gone: set[str]) -> None:
    before = writer.create(**a_body(), language="en")
    after = writer.call("PATCH", "/drafts/d-1", {"version": 1, **patch})
    own = ("version", "lastModifiedAt")
    kept = {name: value for name, value in before.items() if name not in gone and name not in own}
    assert {name: value for name, value in after.items() if name not in own} == {**kept, **changed}
    assert after["version"] == 2


def test_the_trail_says_what_was_changed(writer: Writer, furnished: Any) -> None:
    writer.create(currency="EUR")
    writer.call("PATCH", "/drafts/d-1", {"version": 1, "currency": "USD", "language": "en"})
    writer.call("DELETE", "/drafts/d-1", status=204)
    created, changed, deleted = changes(furnished)
    assert (created["created"]["content"], created["created"]["version"]) == ({"currency": "EUR"}, 1)
    assert changed == {
        "version": 2,
        "before": {"currency": "EUR", "language": None},
        "after": {"currency": "USD", "language": "en"},
    }
    assert deleted["deleted"]["content"] == {"currency": "USD", "language": "en"}
    assert [row.name for row in furnished.rows("SELECT name FROM event WHERE name LIKE 'drafts.%%' ORDER BY id")] == [
        "drafts.created",
        "drafts.changed",
        "drafts.deleted",
    ]
    assert writer.send("GET", "/drafts/d-1")[0] == 404


@pytest.mark.parametrize(
    ("method", "body", "status", "found"),
    [
        ("PATCH", {}, 400, ("version", "is required: the version that is changed")),
        ("PUT", {}, 400, ("version", "is required: the version that is changed")),
        ("PATCH", {"version": 1}, 412, ("version", "Draft d-1 has version 2; version 1 was named.")),
        ("PUT", {"version": 3}, 412, ("version", "Draft d-1 has version 2; version 3 was named.")),
        ("PATCH", {"version": 0}, 400, ("version", "must be at least 1")),
        ("PATCH", {"version": 2, "type": "CREDIT_MEMO"}, 400, ("type", "cannot be changed.")),
        ("PUT", {"version": 2, "draftIdent": "d-2"}, 400, ("draftIdent", "cannot be changed.")),
        ("PUT", {"version": 2, "currency": "EURO"}, 400, ("currency", "is not an active ISO 4217 currency")),
    ],
)
def test_a_change_that_is_refused_changes_nothing(
    writer: Writer, furnished: Any, method: str, body: Any, status: int, found: tuple[str, str]
) -> None:
    writer.create(**a_body())
    writer.call("PATCH", "/drafts/d-1", {"version": 1, "language": "en"})
    before = everything(furnished)
    assert findings(writer.call(method, "/drafts/d-1", body, status)) == [found]
    assert everything(furnished) == before


def test_the_version_may_stand_in_the_header(writer: Writer) -> None:
    writer.create()
    for tag in ('"1"', 'W/"2"', "3"):
        writer.call("PATCH", "/drafts/d-1", {"language": "en"}, If_Match=tag)
    assert writer.call("PATCH", "/drafts/d-1", {}, 412, If_Match='"3"')["errors"][0]["rejectedValue"] == 3
    assert findings(writer.call("PATCH", "/drafts/d-1", {"version": 4}, 400, If_Match='"3"'))[0][1].endswith("different versions")
    assert findings(writer.call("DELETE", "/drafts/d-1", None, 400, If_Match='"a", "b"'))[0][0] == "If-Match"
    writer.call("DELETE", "/drafts/d-1", None, 412, If_Match='"3"')
    writer.call("DELETE", "/drafts/d-1", None, 204, If_Match='"4"')


def test_answers_say_the_version_in_their_tag(writer: Writer) -> None:
    def tag(method: str, path: str, body: Any = None, **named: str) -> str | None:
        headers = {**writer.headers, **{name.replace("_", "-"): value for name, value in named.items()}}
        return writer.client.request(method, f"/v2/drafts{path}", json=body, headers=headers).headers.get("etag")

    assert tag("POST", "", {"draftIdent": "d-1", "type": "INVOICE"}) == '"1"'
    assert tag("PATCH", "/d-1", {"language": "en"}, If_Match='"1"') == '"2"'
    assert tag("PATCH", "/d-1", {"language": "de"}, If_Match='"1"') is None  # refused
    assert tag("GET", "/d-1") == tag("GET", "/d-1/preview") == '"2"'
    assert tag("PUT", "/d-1", {"currency": "EUR"}, If_Match='"2"') == '"3"'
    assert tag("DELETE", "/d-1", If_Match='"3"') is None


def test_an_ident_is_used_once(writer: Writer, furnished: Any) -> None:
    writer.create(currency="EUR")
    assert findings(writer.call("POST", "/drafts", {"draftIdent": "d-1", "type": "CREDIT_MEMO"}, 409)) == [
        ("draftIdent", "A draft 'd-1' exists already.")
    ]
    assert [row.document_type for row in furnished.rows("SELECT document_type FROM draft")] == ["INVOICE"]


def test_of_many_who_change_the_same_version_one_does(writer: Writer, furnished: Any) -> None:
    writer.create()
    answers = at_once(
        [lambda n=n: writer.send("PATCH", "/drafts/d-1", {"version": 1, "orderDate": f"2026-01-0{n}"}) for n in range(1, 5)]
    )
    assert sorted(status for status, _ in answers) == [200, 412, 412, 412]
    (winner,) = [body for status, body in answers if status == 200]
    assert writer.call("GET", "/drafts/d-1") == winner
    assert len(changes(furnished)) == 2


# --- preview -------------------------------------------------------------------------------------------------------------------

CREDIT = {"debitCreditIndicator": "CREDIT"}
TOTALS: list[tuple[list[dict[str, Any]], dict[str, Any], str, list[str]]] = [
    # NET: 100.00 + 19 %
    ([a_row()], {}, "100.00 19.00 119.00 119.00", ["19: 100.00 19.00"]),
    # GROSS: 119.00 holds 119 x 19 / 119
    ([a_row("i-1", "119.00", 19, "GROSS")], {}, "100.00 19.00 119.00 119.00", ["19: 100.00 19.00"]),
    # one rounding for the group: 3 x 0.33 = 0.99, 0.1881 -> 0.19; row by row it would be 3 x 0.06 = 0.18
    ([a_row(f"i-{n}", "0.33") for n in range(3)], {}, "0.99 0.19 1.18 1.18", ["19: 0.99 0.19"]),
    # two rates: 19.00 and 50 x 7 % = 3.50
    ([a_row(), a_row("i-2", "50.00", 7)], {}, "150.00 22.50 172.50 172.50", ["19: 100.00 19.00", "7: 50.00 3.50"]),
    # a row that reduces: 100 - 20 = 80, 15.20
    ([a_row(), a_row("i-2", "20.00", **CREDIT)], {}, "80.00 15.20 95.20 95.20", ["19: 80.00 15.20"]),
    # 10 % off the whole: 135 = 90 + 45, tax 17.10 + 3.15
    (
        [a_row(), a_row("i-2", "50.00", 7)],
        {"allowancesCharges": [{"ident": "d", "type": "ALLOWANCE", "name": "x", "percentage": 10}]},
        "135.00 20.25 155.25 155.25",
        ["19: 90.00 17.10", "7: 45.00 3.15"],
    ),
    # paid before: 119 - 19, rounded by 0.02
    (
        [a_row()],
        {"prepaid": [{"reference": "p", "date": "2026-01-02", "amount": 19}], "rounding": "0.02"},
        "100.00 19.00 119.00 100.02",
        ["19: 100.00 19.00"],
    ),
    # in dollars, and in the currency of the books
    (
        [a_row()],
        {"currency": "USD", "exchangeRate": {"rate": "1.25", "date": "2026-01-02"}},
        "100.00 19.00 119.00 119.00",
        ["19: 100.00 19.00"],
    ),
]


@pytest.mark.parametrize(("rows", "more", "totals", "taxes"), TOTALS)
def test_the_preview_shows_what_will_be_issued(
    writer: Writer, furnished: Any, rows: list[Any], more: Any, totals: str, taxes: list[str]
) -> None:
    writer.create(**a_body(*rows, **more))
    before = everything(furnished)
    seen = writer.preview()
    assert everything(furnished) == before
    assert (seen["findings"], seen["version"]) == ([], 1)
    wanted = dict(zip(("net", "tax", "gross", "payable"), map(Decimal, totals.split()), strict=True))
    assert {name: seen["totals"][name] for name in wanted} == wanted
    assert [f"{group['rate']}: {group['base']:.2f} {group['amount']:.2f}" for group in seen["taxes"]] == taxes
    writer.complete()
    issued = writer.document()
    assert (issued["totals"], issued["taxes"]) == (seen["totals"], seen["taxes"])
    assert [(row["ident"], row["prices"]) for row in issued["items"]] == [(row["ident"], row["prices"]) for row in seen["items"]]
    assert [issued[name] for name in ("documentDate", "dueDate", "taxDate")] == [
        seen[name] for name in ("documentDate", "dueDate", "taxDate")
    ]
    assert seen.get("ledger") == issued.get("ledger")
    assert ("ledger" in seen) is ("exchangeRate" in more)
    assert writer.preview() == {**seen, "version": 2}
    assert furnished.broken() == []


REQUIRED = "is required"
MISSING: list[tuple[dict[str, Any], list[tuple[str, str]], str | None]] = [
    ({}, [(name, REQUIRED) for name in ("billingGroupIdent", "currency", "customerDetail", "items")], None),
    ({"currency": "EUR", **PARTIES}, [("items", REQUIRED)], None),
    ({"currency": "EUR", **PARTIES, "items": []}, [("items", "must have at least one entry")], None),
    ({"currency": "EUR", "items": [a_row()]}, [("billingGroupIdent", REQUIRED), ("customerDetail", REQUIRED)], "119.00"),
    (
        {
            "currency": "EUR",
            "billingGroupIdent": "external",
            "customerDetail": {"customerIdent": "muster-handel"},
            "items": [a_row()],
        },
        [("customerDetail.invoiceAddressIdent", REQUIRED)],
        "119.00",
    ),
    ({"currency": "EUR", "items": [a_row()], **PARTIES, "billingGroupIdent": None}, [("billingGroupIdent", REQUIRED)], "119.00"),
    (
        {"currency": "EUR", **PARTIES, "items": [{"ident": "i-1", "name": "Work"}]},
        [
            (f"items[0].{name}", REQUIRED)
            for name in ("category", "quantity", "quantityType", "prices", "taxDetail", "performanceLocation")
        ],
        None,
    ),
    # what is wrong with rows and parties is found while the customer is still missing
    (
        {"currency": "EUR", "items": [a_row(), a_row()]},
        [
            ("billingGroupIdent", REQUIRED),
            ("customerDetail", REQUIRED),
            ("items[1].ident", "occurs more than once in the document"),
        ],
        None,
    ),
    (
        {
            "currency": "EUR",
            **PARTIES,
            "items": [a_row()],
            "customerDetail": {"customerIdent": "nobody", "invoiceAddressIdent": "a"},
        },
        [("customerDetail.customerIdent", "does not exist")],
        "119.00",
    ),
    (
        {"currency": "USD", **PARTIES, "items": [a_row(deliveryDate="2026-03-02")]},
        [
            (
                "exchangeRate",
                "there is no exchange rate of USD as the average of 2026-03, the month of 2026-03-02 (no daily rate is stored):"
                " import it (contor exchange-rates import), or say exchangeRate",
            )
        ],
        "119.00",
    ),
]


@pytest.mark.parametrize(("body", "found", "gross"), MISSING)
def test_findings_say_what_is_missing_and_completing_is_refused_by_them(
    writer: Writer, furnished: Any, body: Any, found: list[tuple[str, str]], gross: str | None
) -> None:
    writer.create(**body)
    seen = writer.preview()
    assert findings(seen) == found
    assert seen.get("totals", {}).get("gross") == (Decimal(gross) if gross else None)
    assert "documentDate" not in seen
    before = everything(furnished)
    assert findings(writer.complete(status=400)) == found
    assert everything(furnished) == before


def test_a_request_id_is_used_once(writer: Writer, furnished: Any) -> None:
    writer.create("d-1", **a_body(), requestId="mine")
    writer.create("d-2", **a_body(), requestId="mine")
    writer.complete("d-1")
    used = [("requestId", "The request id 'mine' was used before; the first request stands.")]
    assert findings(writer.preview("d-2")) == used
    before = everything(furnished)
    assert findings(writer.complete("d-2", 409)) == used
    assert everything(furnished) == before


# --- the list ------------------------------------------------------------------------------------------------------------------


def test_drafts_are_searched_and_sorted(writer: Writer) -> None:
    writer.create("a", currency="EUR", documentDate="2026-01-01")
    writer.create("b", currency="USD", customerDetail={"customerIdent": "c-9"})
    writer.create("c", **a_body())
    writer.complete("c")

    def found(query: str) -> list[str]:
        return [row["draftIdent"] for row in writer.call("GET", f"/drafts?{query}")["_embedded"]]

    assert found("") == ["c", "b", "a"]
    assert found("sort=draftIdent,asc") == ["a", "b", "c"]
    assert found("sort=lastModifiedAt,desc") == ["c", "b", "a"]
    for search, idents in (
        ("status==OPEN", ["b", "a"]),
        ("status==COMPLETED", ["c"]),
        ("currency==EUR", ["c", "a"]),
        ("customerIdent==c-9", ["b"]),
        ("documentDate<=2026-01-01", ["a"]),
        ("draftIdent==b*", ["b"]),
        ("type==CREDIT_MEMO", []),
        ("billingGroupIdent==external", ["c"]),
    ):
        assert found(f"search={search}") == idents, search
    assert writer.call("GET", "/drafts?size=2&page=1")["page"] == {"number": 1, "size": 2, "totalElements": 3, "totalPages": 2}
