"""How a document was taxed when it was issued counts for all that follows; deposits that an invoice deducted stay as they are."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company, a_row_of, day_here
from tests.factories.tenants import Tenant

D = Decimal
SITES = "/v2/billing/configuration/operating-sites"


@pytest.fixture
def shop(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Company:
    made = Company(furnished, client, bearer(furnished))
    made.open_bank()
    made.take_parts()
    return made


def tax_on(shop: Company, mode: str) -> None:
    """The site's kind of taxation from now on (section 20 UStG)."""
    (site,) = shop.call("GET", SITES)["_embedded"]
    ident = site["ident"]
    kept = {name: value for name, value in site.items() if name not in ("ident", "id", "createdAt", "lastModifiedAt")}
    shop.call("PUT", f"{SITES}/{ident}", {**kept, "taxationMode": mode})


@pytest.mark.parametrize(
    ("then", "now", "paid", "tax"),
    [
        ("ACCRUAL", "CASH", True, {1776: D(-19)}),
        ("ACCRUAL", "CASH", False, {1776: D(-19)}),
        ("CASH", "ACCRUAL", True, {1776: D(-19)}),
        ("CASH", "ACCRUAL", False, {1766: D(-19)}),
    ],
)
def test_a_payment_makes_due_what_was_not_due_and_nothing_else(
    shop: Company, then: str, now: str, paid: bool, tax: dict[int, D]
) -> None:
    tax_on(shop, then)
    ident = shop.document()
    tax_on(shop, now)
    if paid:
        assert shop.pay("119.00", ident)["status"] == "ASSIGNED"
    assert {account: amount for account, amount in shop.sums().items() if account in (1766, 1776)} == tax
    shop.sound()


@pytest.mark.parametrize(
    ("rows", "paid", "credited", "back", "tax"),
    [
        (("100.00", "100.00"), "119.00", 7, None, {1776: D(-19)}),
        (("100.00", "100.00"), "113.00", 7, None, {1776: D("-18.04"), 1766: D("-0.96")}),
        (("700.00", "300.00"), "833.00", 7, None, {1776: D(-133)}),
        (("700.00", "300.00"), "600.00", 19, "279.00", {1771: D(-21)}),
        # nothing is left that the rest could pay: the customer's credit stays taxed as it came
        (("100.00", "100.00"), "226.00", 7, None, {1776: D(-19), 1771: D(-7), 1761: D(7)}),
        (("100.00", "100.00"), "226.00", 7, "107.00", {1776: D(-19)}),
    ],
)
def test_what_was_paid_of_rows_that_a_credit_takes_back_pays_the_others(
    shop: Company, rows: tuple[str, str], paid: str, credited: int, back: str | None, tax: dict[int, D]
) -> None:
    """Section 20 UStG: what stays of the money is for what is left."""
    tax_on(shop, "CASH")
    items = [{**a_row_of(net, rate), "ident": f"i-{rate}"} for net, rate in zip(rows, (19, 7), strict=True)]
    ident = shop.document(items=items)
    shop.pay(paid, ident)
    memo = shop.document("credit-memos", items=[it for it in items if it["ident"] == f"i-{credited}"], relatedDocumentIdent=ident)
    if back:
        made = shop.pay(back, "returned", creditDebitIndicator="DEBIT")
        shop.call("POST", "/v2/payment-assignments", {"paymentIdent": made["paymentIdent"], "targetIdent": memo}, 201)
    assert {account: amount for account, amount in shop.sums().items() if account in (1761, 1766, 1771, 1776)} == tax
    shop.sound()


@pytest.mark.parametrize(("then", "now"), [("ACCRUAL", "CASH"), ("CASH", "ACCRUAL")])
def test_a_credit_of_all_leaves_nothing(shop: Company, then: str, now: str) -> None:
    tax_on(shop, then)
    ident = shop.document()
    tax_on(shop, now)
    shop.document("credit-memos", relatedDocumentIdent=ident)
    left = shop.sums()
    assert not {1766, 1776, 8400} & left.keys()
    shop.sound()


@pytest.mark.parametrize(("then", "now"), [("ACCRUAL", "CASH"), ("CASH", "ACCRUAL")])
def test_a_reissue_is_taxed_once_and_in_the_period_of_its_original(shop: Company, then: str, now: str) -> None:
    tax_on(shop, then)
    old = shop.document()
    tax_on(shop, now)
    answer = shop.call("POST", f"/v2/documents/{old}/actions/reissue", {"requestId": "again"}, 202)
    assert shop.pay("119.00", answer["documentIdent"])["status"] == "ASSIGNED"
    assert {account: amount for account, amount in shop.sums().items() if account in (1766, 1776)} == {1776: D(-19)}
    days = shop.tenant.rows(
        "SELECT DISTINCT e.tax_date FROM journal_entry e WHERE e.document_ident = ANY (%s) AND e.kind <> 'PAYMENT'",
        ([old, answer["creditMemoIdent"], answer["documentIdent"]],),
    )
    assert [row.tax_date.isoformat() for row in days if row.tax_date] == [day_here()]
    shop.sound()


def test_a_reissue_moves_no_tax_between_periods(shop: Company) -> None:
    """What takes the original back is of its periods, as the new document is."""
    days = ["2026-01-31", "2026-03-31"]
    rows = [
        {**a_row_of(net), "ident": f"i-{net}", "deliveryDate": day} for net, day in zip(("100.00", "200.00"), days, strict=True)
    ]
    old = shop.document(items=rows)
    answer = shop.call("POST", f"/v2/documents/{old}/actions/reissue", {"requestId": "again"}, 202)
    sql = (
        "SELECT coalesce(l.tax_date, e.tax_date) AS day, sum(l.amount) AS tax FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE l.account = 1776 AND e.document_ident = ANY (%s) GROUP BY 1 ORDER BY 1"
    )
    for idents, sign in (([old], 1), ([answer["creditMemoIdent"]], -1), ([answer["documentIdent"]], 1)):
        assert [(str(row.day), row.tax) for row in shop.tenant.rows(sql, (idents,))] == [
            (days[0], sign * D(19)),
            (days[1], sign * D(38)),
        ]
    shop.sound()


def test_a_reissue_is_not_dated_before_its_original(shop: Company) -> None:
    old = shop.document()
    refused = shop.call("POST", f"/v2/documents/{old}/actions/reissue", {"requestId": "again", "documentDate": "2020-01-31"}, 400)
    assert {entry["fieldName"] for entry in refused["errors"]} == {"documentDate"}
    shop.sound()


def codes(answer: Any) -> set[str]:
    return {entry["fieldName"] for entry in answer["errors"]}


def test_a_deposit_that_an_invoice_deducted_is_not_taken_back_beside_it(shop: Company) -> None:
    deposit = shop.document("deposit-invoices")
    assert shop.pay("119.00", deposit)["status"] == "ASSIGNED"
    final = shop.document(net="500.00", relatedDocumentIdents=[deposit])
    refused = shop.ask("deposit-invoice-corrections", 400, relatedDocumentIdent=deposit)
    assert codes(refused) == {"relatedDocumentIdent"}
    assert final in refused["errors"][0]["error"]
    shop.sound()


@pytest.mark.parametrize(
    ("story", "booked"),
    [("overpaid", D(-31)), ("corrected", D(-119)), ("deducted and overpaid", D(445))],
)
def test_money_on_a_deposit_without_receivable_is_on_the_customers_account(shop: Company, story: str, booked: D) -> None:
    """What the deposit asks for is on no account; what was paid beyond it, or stands over, is owed back: books and open items agree."""
    deposit = shop.document("deposit-invoices")
    if story == "overpaid":
        shop.pay("150.00", deposit)
    elif story == "corrected":
        shop.pay("119.00", deposit)
        shop.document("deposit-invoice-corrections", relatedDocumentIdent=deposit)
    else:
        shop.pay("150.00", deposit)
        shop.document(net="500.00", relatedDocumentIdents=[deposit])
    (row,) = shop.tenant.rows("SELECT debtor_account FROM customer WHERE customer_ident = 'muster-handel'")
    assert shop.sums()[row.debtor_account] == booked
    shop.sound()


@pytest.mark.parametrize("relevant", [True, False])
def test_what_a_correction_closed_is_not_taxed_with_the_rest(shop: Company, relevant: bool) -> None:
    """119.00, of which 47.60 are taken off before anything is paid: with the other 71.40 comes a tax of 11.40."""
    group = shop.call("GET", "/v2/billing-groups/external")
    kept = {name: group[name] for name in ("name", "billing", "localeConfiguration")}
    shop.call("PUT", "/v2/billing-groups/external", {**kept, "depositReceivableRelevant": relevant})
    deposit = shop.document("deposit-invoices")
    shop.document("deposit-invoice-corrections", net="40.00", relatedDocumentIdent=deposit)
    assert shop.pay("71.40", deposit)["status"] == "ASSIGNED"
    sums = shop.sums()
    assert (sums[1718], sums[1776]) == (D("-60.00"), D("-11.40"))
    assert sum(amount for account, amount in sums.items() if account not in (1718, 1776)) == D("71.40")
    assert 1593 not in sums
    final = shop.document(net="500.00", relatedDocumentIdents=[deposit])
    assert shop.case(final)["balance"] == 523.6
    assert (shop.sums()[1776], shop.sums().get(1718)) == (D("-95.00"), None)
    shop.sound()


def test_what_was_booked_at_a_rate_goes_back_at_it(shop: Company) -> None:
    rate = {"rate": "1.10", "date": day_here()}
    invoice = shop.document(currency="USD", exchangeRate=rate)
    more = {"relatedDocumentIdent": invoice, "currency": "USD"}
    refused = shop.ask("credit-memos", 400, exchangeRate={**rate, "rate": "1.20"}, **more)
    assert codes(refused) == {"exchangeRate.rate"}
    shop.document("credit-memos", exchangeRate=rate, **more)
    assert shop.sums() == {}
    shop.sound()
