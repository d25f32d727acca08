"""What a change of a contract gives back as a row of the next invoice is known to whoever credits the first one afterwards: of each row
credits and later rows together take back what was billed, whatever way the credit goes.
"""

import random
from typing import Any

import pytest
from tests.checkers.tampering import OURS, sentences
from tests.factories.changed import FEE, begun, change, own_price, papers, seats
from tests.factories.contracts import CONTRACTS
from tests.factories.manual_credits import by_hand
from tests.factories.offices import D, Office, group

FIRST, SECOND = "RE-2026-000001", "RE-2026-000002"


def netted(office: Office, price: str = "30.00", **terms: Any) -> None:
    """A contract of two seats since April, invoiced; since the 16th there are three: the second invoice takes half of the first back."""
    begun(office, price, quantity=2, **terms)
    office.clock("2026-04-16T10:00")
    change(office, optionQuantities=seats(3))
    office.bill()


def cancel(office: Office, number: str, status: int = 201, **body: Any) -> Any:
    return office.call("POST", f"/v2/documents/{number}/actions/cancel", body or None, status)


def said(answer: Any) -> list[tuple[str | None, str]]:
    return [(one.get("fieldName"), one["error"]) for one in answer["errors"]]


def test_the_row_says_of_which_row_it_takes_something_back(office: Office) -> None:
    netted(office)
    assert papers(office) == [("INVOICE", D(60)), ("INVOICE", D(15))]
    first, second = (office.call("GET", f"/v2/documents/{number}")["items"] for number in (FIRST, SECOND))
    back, charged = second
    assert (back["prices"]["total"]["net"], charged["prices"]["total"]["net"]) == (-30, 45)
    assert (back["referenceIdent"], back["relatedDocumentIdent"]) == (first[0]["ident"], FIRST)
    assert "relatedDocumentIdent" not in charged
    (row,) = office.tenant.rows("SELECT item_ident, netted_item_ident FROM document_netting")
    assert tuple(row) == (back["ident"], first[0]["ident"])


def test_by_hand_no_more_is_credited_than_is_left_and_the_refusal_says_who_took_the_rest(office: Office) -> None:
    netted(office)
    with pytest.raises(AssertionError) as refused:
        by_hand(office, (0, "30.01"), of=FIRST)
    (row,) = office.call("GET", f"/v2/documents/{FIRST}")["items"]
    assert f"only 30.00 EUR are left of row {row['ident']}; 30.00 EUR of it were taken back by rows of {SECOND}" in str(
        refused.value
    )
    by_hand(office, (0, "12.50"), of=FIRST)
    with pytest.raises(AssertionError, match=r"only 17\.50 EUR are left"):
        by_hand(office, (0, "17.51"), of=FIRST)
    by_hand(office, (0, "17.50"), of=FIRST)
    assert office.tenant.unsound() == []


@pytest.mark.parametrize(
    ("terms", "left", "amount"),
    [
        ({"price": "30.00"}, D("35.70"), D("10.01")),
        ({"price": "33.33"}, D("39.66"), D("39.65")),  # 66.66, of which 33.33 were taken back; 19 % of 33.33 are 6.33
        ({"price": "0.05"}, D("0.06"), D("0.06")),
    ],
)
def test_cancelling_takes_what_is_left(office: Office, terms: Any, left: D, amount: D) -> None:
    netted(office, **terms)
    over = str(left + D("0.01"))
    taken = f"; {D(terms['price']):.2f} EUR of it were taken back by rows of {SECOND}"
    refusal = said(cancel(office, FIRST, 400, amount=over, description="Kulanz"))
    assert refusal == [("amount", f"is more than is left of {FIRST}: {left} EUR{taken}")]
    assert D(str(cancel(office, FIRST, amount=str(amount), description="Kulanz")["left"])) == left - amount
    if left > amount:
        assert D(str(cancel(office, FIRST)["amount"])) == left - amount
    assert said(cancel(office, FIRST, 409)) == [("documentIdent", f"{FIRST} was cancelled already: nothing is left of it{taken}.")]
    # of the second one everything: what it took back is left of the first one again
    cancel(office, SECOND)
    assert cancel(office, FIRST)["left"] == 0
    assert sum(net for _, net in papers(office)) == 0
    assert office.tenant.unsound() == []


@pytest.mark.parametrize(
    ("charged", "refusal"),
    [
        ("15.00", f"{SECOND} was cancelled already: nothing is left of it."),
        (
            "20.00",
            f"Nothing is left of {SECOND} to be cancelled: -5.95 EUR is what it charges, less what it credits and what was taken back.",
        ),
    ],
)
def test_nothing_is_left_where_as_much_was_taken_back_as_the_document_comes_to(office: Office, charged: str, refusal: str) -> None:
    netted(office)
    by_hand(office, (1, charged), of=SECOND)
    assert said(cancel(office, SECOND, 409)) == [("documentIdent", refusal)]
    assert office.tenant.unsound() == []


def test_agreed_gross_prices_are_left_in_gross(office: Office) -> None:
    begun(office, "30.00", quantity=2)
    office.clock("2026-05-01T00:00")
    change(office, optionPrices=own_price("35.70", side="GROSS"))
    office.bill()
    office.clock("2026-05-16T10:00")
    change(office, optionQuantities=seats(3))
    office.bill()
    numbers = [row.ident for row in office.tenant.rows("SELECT ident FROM document ORDER BY id")]
    (took, _) = office.call("GET", f"/v2/documents/{numbers[-1]}")["items"]
    back = -D(str(took["prices"]["total"]["gross"]))
    of = took["relatedDocumentIdent"]
    (row,) = office.call("GET", f"/v2/documents/{of}")["items"]
    assert (D(str(row["prices"]["total"]["gross"])), back) == (D("71.40"), D("36.85"))  # 16 of 31 days, and the rest of 71.40
    assert D(str(cancel(office, of)["amount"])) == D("71.40") - back
    assert office.tenant.unsound() == []


def test_only_what_stands_as_a_whole_is_issued_anew(office: Office) -> None:
    netted(office)
    message = f"{FIRST} was taken back in part by rows of {SECOND}; only an invoice that stands as a whole is reissued."
    assert said(office.call("POST", f"/v2/documents/{FIRST}/actions/reissue", {}, 400)) == [(None, message)]
    again = office.call("POST", f"/v2/documents/{SECOND}/actions/reissue", {}, 202)["documentIdent"]
    back, _ = office.call("GET", f"/v2/documents/{again}")["items"]
    assert back["relatedDocumentIdent"] == FIRST
    with pytest.raises(AssertionError, match=f"taken back by rows of {again}"):
        by_hand(office, (0, "30.01"), of=FIRST)
    office.bill()


@pytest.mark.parametrize(
    ("change", "check", "says"),
    [
        (
            "DELETE FROM document_netting WHERE {ours}",
            "documents.named_documents_and_credited_rows_are_those_of_the_content",
            "document RE-2026-000002 row {back} takes something back of row {row} of RE-2026-000001, and that is not kept",
        ),
        (
            "UPDATE document_netting SET item_ident = 'i-1' WHERE {ours}",
            "documents.named_documents_and_credited_rows_are_those_of_the_content",
            "document RE-2026-000002 has no row i-1 that takes something back of row {row}",
        ),
    ],
)
def test_what_is_kept_else_than_it_was_is_found(office: Office, database_dsn: str, change: str, check: str, says: str) -> None:
    netted(office)
    by_hand(office, (0, "30.00"), of=FIRST)
    (row,) = office.tenant.rows("SELECT item_ident AS back, netted_item_ident AS row FROM document_netting")
    found = sentences(database_dsn, office.tenant, check, change.format(ours=OURS))
    assert says.format(back=row.back, row=row.row) in found


def test_more_than_was_billed_is_found(office: Office, database_dsn: str) -> None:
    """The same row of the later invoice, kept as of another one too, of which nothing is left."""
    netted(office)
    office.clock("2026-05-01T10:00")
    office.bill()
    third = office.tenant.rows("SELECT ident, id FROM document ORDER BY id DESC LIMIT 1")[0]
    (row,) = office.call("GET", f"/v2/documents/{third.ident}")["items"]
    by_hand(office, (0, "90.00"), of=third.ident)
    moved = f"UPDATE document_netting SET netted_document_id = {third.id}, netted_item_ident = '{row['ident']}' WHERE {OURS}"
    assert sentences(database_dsn, office.tenant, "documents.rows_are_taken_back_once", moved) == [
        f"document {third.ident} row {row['ident']}: 30.00 taken back by rows of {SECOND}, of 0.00 left"
    ]


def test_who_issues_by_hand_cannot_say_so(office: Office) -> None:
    netted(office)
    body = {
        "requestId": "r-1",
        "billingGroupIdent": "external",
        "currency": "EUR",
        "language": "de",
        "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
        "items": [
            {
                "ident": "1",
                "referenceIdent": "1",
                "relatedDocumentIdent": FIRST,
                "category": "SERVICE",
                "name": "Wartung",
                "quantity": 1,
                "quantityType": "PC",
                "prices": {"unit": {"net": "1.00"}, "originalTotal": {"net": "1.00"}, "total": {"net": "1.00"}},
                "taxDetail": {"calculationBasis": "NET", "taxes": [{"rate": "19", "categoryCode": "S"}]},
                "performanceLocation": {"country": "DE"},
            }
        ],
        "paymentCollection": {"collect": False},
        "externalReferences": [{"ident": FIRST}],
    }
    refusal = office.call("POST", "/v2/documents/invoices", body, 400)
    assert said(refusal) == [("items[0].relatedDocumentIdent", "is not among the documents that this one credits")]


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
@pytest.mark.parametrize("seed", range(4))
def test_changes_and_credits_by_hand_give_back_what_was_billed_and_no_more(office: Office, mode: str, seed: int) -> None:
    """At random. What is refused is what is more than is left; the checks find nothing; in the end everything came back, once."""
    chance = random.Random(seed)
    group(office, documentCorrectionMode=mode)
    begun(office, str(D(chance.randrange(1_000, 9_999)) / 100), quantity=2)
    for day in sorted(chance.sample(range(2, 30), 6)):
        office.clock(f"2026-04-{day:02}T10:00")
        if chance.random() < 0.6:
            much = own_price(str(D(chance.randrange(1_000, 9_999)) / 100))
            change(
                office, **({"optionPrices": much} if chance.random() < 0.5 else {"optionQuantities": seats(chance.randrange(2, 9))})
            )
            office.bill()
        credit_some(office, chance)
        assert office.tenant.unsound() == []
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert sum(net for _, net in papers(office)) == 0


def credit_some(office: Office, chance: random.Random) -> None:
    """Something of a row of an invoice; as much as is left is taken, more is refused."""
    sql = (
        "SELECT d.ident, i.item_id, i.total, i.total - coalesce((SELECT sum(c.net) FROM document_credit c"
        " WHERE c.credited_document_id = d.id AND c.credited_position = 1), 0)"
        " - coalesce((SELECT sum(b.total) FROM billable_item b JOIN document_netting n ON n.item_ident = 'i-' || b.item_id"
        " WHERE n.netted_item_ident = 'i-' || i.item_id), 0) AS rest FROM document d JOIN billable_item i ON i.document_id = d.id"
        " AND i.kind <> 'CREDIT' WHERE d.document_type = 'INVOICE' AND i.origin_ident = %s"
        " AND (SELECT count(*) FROM billable_item o WHERE o.document_id = d.id) = 1 ORDER BY i.item_id"
    )
    found = office.tenant.rows(sql, (FEE,))
    if not found:
        return
    row = chance.choice(found)
    with pytest.raises(AssertionError, match="are left of row"):
        by_hand(office, (0, str(row.rest + D("0.01"))), of=row.ident)
    amount = (row.rest * chance.randrange(1, 3) / 2).quantize(D("0.01"))
    if amount > 0:
        by_hand(office, (0, str(amount)), of=row.ident)
