"""What billing takes back of an invoice that was credited by hand: what is left of its rows; and it says what the rest became of."""

import pytest
from tests.checkers.books import owed
from tests.factories.bureaus import RUNS
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, TRADE_IN, Desk, a_deposit, a_line
from tests.factories.manual_credits import by_hand
from tests.factories.offices import D

from contor.billing.held.work import work_on_runs


def credits(desk: Desk) -> list[tuple[D, str, str]]:
    """What was taken back, item by item: the amount, the document, and why it is no more."""
    rows = desk.tenant.rows(
        "SELECT i.total, i.processing_status, coalesce(d.ident, '-') AS document, coalesce(i.status_reason, '') AS reason"
        " FROM billable_item i LEFT JOIN document d ON d.id = i.document_id WHERE i.kind = 'CREDIT' ORDER BY i.item_id"
    )
    assert {row.processing_status for row in rows} <= {"COMPLETED"}, rows
    return [(row.total, row.document, row.reason) for row in rows]


def stands(desk: Desk) -> D:
    return sum((amount if kind == "INVOICE" else -amount for kind, amount, _, _ in desk.documents()), D(0))


def cancel(desk: Desk, *idents: str) -> None:
    desk.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": list(idents)}, 204)


@pytest.mark.parametrize(
    ("price", "hand", "taken"),
    [
        ("100.00", ["40.00"], "60.00"),
        ("250.50", ["10.25", "200.00"], "40.25"),
        ("31.00", ["31.00"], None),
        ("80.00", ["0.01"], "79.99"),
    ],
)
@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
@pytest.mark.parametrize("before", [True, False])
def test_a_contract_is_cancelled(desk: Desk, price: str, hand: list[str], taken: str | None, mode: str, before: bool) -> None:
    desk.group(documentCorrectionMode=mode)
    desk.plan(price)
    desk.contract()
    desk.bill()
    if not before:  # by hand while the credit waits for its run
        cancel(desk, "v-1")
    memos = [by_hand(desk, (0, net)) for net in hand]
    if before:
        cancel(desk, "v-1")
    report = desk.bill()
    assert (report["failed"], report["documents"], report["waiting"]) == (0, 0 if taken is None else 1, 0)
    assert stands(desk) == 0
    over = sum(map(D, hand))
    said = f"{over} EUR of it were taken back by {', '.join(memos)} already"
    if taken is None:
        assert credits(desk) == [(over, "-", said)]
    else:
        assert credits(desk) == [(D(taken), desk.idents("CREDIT_MEMO")[-1], said), (over, "-", said)]
        shown = desk.call("GET", f"/v2/documents/{desk.idents('CREDIT_MEMO')[-1]}")
        assert D(str(shown["totals"]["net"])) == D(taken)
    assert desk.bill()["documents"] == 0
    assert set(desk.balances()) <= {8720, 8400}  # by hand a price reduction, by us a reversal; the customer owes nothing


@pytest.mark.parametrize(("last", "by_run"), [("2026-05-20", "11.00"), ("2026-05-10", "20.00")])
@pytest.mark.parametrize(("hand", "cap"), [("5.00", "26.00"), ("15.50", "15.50"), ("31.00", "0.00")])
@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
def test_a_contract_ends_early(desk: Desk, last: str, by_run: str, hand: str, cap: str, mode: str) -> None:
    """What was not used is taken back, as far as it is left: 31.00 for May, by hand 15.50, 21 days too much are 21.00. Nor is what was
    credited by hand billed again with what was used."""
    desk.group(documentCorrectionMode=mode)
    desk.plan("31.00")
    desk.contract()
    desk.bill()
    by_hand(desk, (0, hand))
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": last})
    unused = D(by_run) if last == "2026-05-20" else D("21.00")
    assert desk.bill()["failed"] == 0
    assert stands(desk) == D(31) - D(hand) - min(unused, D(cap))
    if mode == "ITEM_BASED":
        assert sum(amount for amount, _, _ in credits(desk)) == unused


def test_several_items_and_a_part_of_one_of_two_rows(desk: Desk) -> None:
    desk.plan("100.00")
    desk.plan("30.00", ident="more")
    desk.contract()
    desk.contract("v-2", plan="more")
    desk.bill()
    memo = by_hand(desk, (0, "12.50"))
    cancel(desk, "v-1", "v-2")
    assert desk.bill()["failed"] == 0
    assert stands(desk) == 0
    (last,) = {document for _, document, _ in credits(desk)} - {"-"}
    said = f"12.50 EUR of it were taken back by {memo} already"
    assert sorted(credits(desk)) == [(D("12.50"), "-", said), (D("30.00"), last, ""), (D("87.50"), last, said)]


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
def test_lines_of_an_order_are_cancelled(desk: Desk, mode: str) -> None:
    desk.group(documentCorrectionMode=mode)
    desk.order(
        lineItems=[a_line(net="100.00"), a_line("l-2", "60.00")],
        allowances=[{**TRADE_IN, "itemType": "DISCOUNT_USE", "rowTotalGross": "23.80"}],
    )
    desk.bill()
    by_hand(desk, (0, "40.00"), (1, "60.00"))
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    assert desk.bill()["failed"] == 0
    assert stands(desk) == 0


def test_an_order_with_deposits_gives_back_what_its_final_invoice_has_left(desk: Desk) -> None:
    """Of 100.00 by hand 25.00 were taken: 75.00 of the row are left, whatever the deposit that was deducted beside it."""
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    desk.order(agreedDeposits=[a_deposit("d-1", "35.70")], billingTime="ON_DEMAND")
    desk.bill()
    desk.pay("35.70", desk.idents("DEPOSIT_INVOICE")[0])
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    (line,) = [row for row in desk.call("GET", f"{ORDERS}/o-1/billableitems") if row["targetDocumentType"] == "INVOICE"]
    desk.call("POST", f"{ORDERS}/o-1/creditbillableitems", {"billableItemId": line["billableItemId"], "amount": "80.00"}, 201)
    memo = by_hand(desk, (0, "25.00"))
    assert desk.bill()["failed"] == 0
    said = f"5.00 EUR of it were taken back by {memo} already"
    assert credits(desk) == [(D("75.00"), desk.idents("CREDIT_MEMO")[-1], said), (D("5.00"), "-", said)]
    # the money of the deposit is his
    assert (owed(desk), desk.balances()) == (D("-35.70"), {1200: D("35.70"), 10000: D("-35.70")})


@pytest.mark.parametrize(
    ("price", "hand", "first", "wanted", "left"),
    [
        ("83.33", "60.00", None, "50.00", "23.33"),
        ("83.33", "60.00", "20.00", "3.34", "3.33"),
        ("10.00", "10.00", None, "0.01", "0.00"),
    ],
)
@pytest.mark.parametrize("kind", ["ORDER", "CONTRACT"])
def test_a_credit_of_an_item_is_of_what_credits_by_hand_have_left(
    desk: Desk, kind: str, price: str, hand: str, first: str | None, wanted: str, left: str
) -> None:
    """Refused with what is left; all of it is taken, and the documents come to nothing."""
    if kind == "ORDER":
        desk.order(lineItems=[a_line(net=price)])
        path = f"{ORDERS}/o-1"
    else:
        desk.plan(price)
        path = f"{CONTRACTS}/{desk.contract()}"
    desk.bill()
    (item,) = desk.call("GET", f"{path}/billableitems")
    by_hand(desk, (0, hand))

    def credit(amount: str, status: int = 201) -> str:
        body = {"billableItemId": item["billableItemId"], "amount": amount}
        return str(desk.call("POST", f"{path}/creditbillableitems", body, status))

    if first:  # waits for its run, and counts
        credit(first)
    assert f"{left} EUR are left" in credit(wanted, 400)
    if D(left):
        credit(left)
    desk.bill()
    assert stands(desk) == 0
    assert {reason for _, _, reason in credits(desk)} <= {""}  # each is what was asked for
    assert "0.00 EUR are left" in credit("0.01", 400)


def test_a_reason_names_the_credits_of_its_row(desk: Desk) -> None:
    desk.order(lineItems=[a_line(net="100.00"), a_line("l-2", "60.00"), a_line("l-3", "7.00")])
    desk.bill()
    one = by_hand(desk, (0, "40.00"))
    two = by_hand(desk, (0, "10.00"), (1, "60.00"))
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1", "l-2", "l-3"]})
    assert desk.bill()["failed"] == 0
    memo, of_one = desk.idents("CREDIT_MEMO")[-1], f"50.00 EUR of it were taken back by {one}, {two} already"
    of_two = f"60.00 EUR of it were taken back by {two} already"
    assert sorted(credits(desk)) == [(7, memo, ""), (50, "-", of_one), (50, memo, of_one), (60, "-", of_two)]
    assert stands(desk) == 0


def test_what_is_billed_anew_with_a_corrected_document_is_what_was_left(desk: Desk) -> None:
    """Documents are corrected as a whole: of the other rows, what was credited by hand is not billed again."""
    desk.group(documentCorrectionMode="DOCUMENT_BASED")
    desk.order(lineItems=[a_line(net="100.00"), a_line("l-2", "60.00")])
    desk.bill()
    by_hand(desk, (0, "40.00"))
    desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-2"]})
    desk.bill()
    assert stands(desk) == 60
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    desk.bill()
    assert stands(desk) == 0


def test_a_deposit_that_was_corrected_by_hand(desk: Desk) -> None:
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    desk.order(agreedDeposits=[a_deposit("d-1", "119.00")], billingTime="ON_DEMAND")
    desk.bill()
    (deposit,) = desk.idents("DEPOSIT_INVOICE")
    memo = by_hand(desk, (0, "40.00"), of=deposit, kind="deposit-invoice-corrections", basis="gross")
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    assert desk.bill()["failed"] == 0
    said = f"40.00 EUR of it were taken back by {memo} already"
    assert credits(desk) == [(D("79.00"), desk.idents("DEPOSIT_INVOICE_CORRECTION")[-1], said), (D("40.00"), "-", said)]
    assert desk.balances() == {}


def test_what_a_held_run_shows_is_what_it_bills(desk: Desk) -> None:
    desk.plan("100.00")
    desk.contract()
    desk.bill()
    by_hand(desk, (0, "40.00"))
    cancel(desk, "v-1")
    ident = desk.call("POST", RUNS, {}, 201)["runIdent"]
    work_on_runs(desk.tenant.runtime, desk.tenant.id)
    previewed = desk.call("GET", f"{RUNS}/{ident}")
    assert [D(str(one["net"])) for one in previewed["previewed"]] == [D("-60.00")]
    by_hand(desk, (0, "10.00"))  # what was previewed is not what would be billed now
    desk.call("POST", f"{RUNS}/{ident}/actions/approve")
    work_on_runs(desk.tenant.runtime, desk.tenant.id)
    assert stands(desk) == 50
    assert desk.bill()["failed"] == 0
    assert stands(desk) == 0
