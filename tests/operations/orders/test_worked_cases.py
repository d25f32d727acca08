"""The worked examples through orders and contracts, with their entries: deposits by each method (3), rates that change (8), quarters that
end early (9), self-billing (11)."""

from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.books import owed
from tests.factories.catalogue import QUARTER
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, Desk, a_deposit, a_line

D = Decimal


def entries(desk: Desk, kind: str) -> dict[int, D]:
    """Debit less credit by account, of the documents of a type."""
    rows = desk.tenant.rows(
        "SELECT l.account, sum(CASE side WHEN 'D' THEN l.amount ELSE -l.amount END) AS b FROM journal_line l"
        " JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id JOIN document d ON d.tenant_id = e.tenant_id"
        " AND d.id = e.document_id WHERE d.document_type = %s GROUP BY 1",
        (kind,),
    )
    return {row.account: row.b for row in rows if row.b}


@pytest.mark.parametrize(
    ("method", "net", "tax", "payable"),
    [
        ("REMAINDER", "6000.00", "1140.00", "7140.00"),
        ("FINAL", "10000.00", "1900.00", "7140.00"),
        ("REVERSAL", "10000.00", "1900.00", "7140.00"),
    ],
)
def test_3_two_deposits_one_half_paid(desk: Desk, method: str, net: str, tax: str, payable: str) -> None:
    """The same sums at the end, whichever way the deposits are deducted."""
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION", finalInvoiceMethod=method)
    deposits = [a_deposit("ar-1", "3570.00"), a_deposit("ar-2", "2380.00")]
    desk.order(lineItems=[a_line(net="10000.00")], agreedDeposits=deposits, billingTime="ON_DEMAND")
    desk.bill()
    assert desk.balances() == {10000: D(5950), 1593: D(-5950)}  # no tax before the money
    first, second = desk.idents("DEPOSIT_INVOICE")
    desk.pay("3570.00", first)
    desk.pay("1190.00", second)
    assert desk.balances() == {10000: D(1190), 1593: D(-1190), 1200: D(4760), 1718: D(-4000), 1776: D(-760)}
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    assert desk.bill()["failed"] == 0
    (final,) = desk.idents("INVOICE")
    view = desk.call("GET", f"/v2/documents/{final}")
    assert (view["totals"]["net"], view["totals"]["tax"], view["totals"]["payable"]) == (D(net), D(tax), D(payable))
    assert desk.balances() == {8400: D(-10000), 1776: D(-1900), 1200: D(4760), 10000: D(7140)}
    assert owed(desk) == 7140
    desk.pay("7140.00", final)
    assert owed(desk) == 0


def test_3_a_final_invoice_of_an_earlier_month(desk: Desk) -> None:
    """The deposit is billed in May, the supply was that of April: the final invoice is of its own day, and deducts."""
    dated = {"contractDocumentDateDetermination": "BILLING_PERIOD"}
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION", **dated)
    period = {"periodStartDate": "2026-04-01", "periodEndDate": "2026-04-30", "deliveryDate": None}
    deposits = [a_deposit("ar-1", "595.00")]
    desk.order(lineItems=[a_line(net="1000.00", **period)], agreedDeposits=deposits, billingTime="ON_DEMAND")
    desk.bill()
    desk.pay("595.00", desk.idents("DEPOSIT_INVOICE")[0])
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    assert desk.bill()["failed"] == 0
    assert desk.documents()[-1] == ("INVOICE", D(500), D(95), D(595))


def test_3c_a_deposit_at_another_rate(desk: Desk) -> None:
    """A deposit of 3,000 at 16 %, as it was due in 2020, a supply at 19 %."""
    desk.clock("2020-12-10T10:00")
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    deposit = {**a_deposit("ar-1", "3480.00"), "taxInformation": [{"taxRate": 16, "taxCategoryCode": "S"}]}
    desk.order(lineItems=[a_line(net="10000.00")], agreedDeposits=[deposit], billingTime="ON_DEMAND")
    desk.bill()
    desk.clock("2026-05-10T10:00")
    desk.pay("3480.00", desk.idents("DEPOSIT_INVOICE")[0])
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    assert desk.documents()[-1] == ("INVOICE", D(7000), D(1420), D(8420))


@pytest.mark.parametrize(
    ("day", "start", "interval", "price", "tax", "account"),
    [
        ("2020-06-16", "2020-06-15", "MONTH", "100.00", "16.00", 1775),  # 8a: completed on 14 July
        ("2020-05-16", "2020-05-15", "MONTH", "100.00", "19.00", 1776),
        ("2020-12-16", "2020-12-15", "MONTH", "100.00", "19.00", 1776),  # completed on 14 January 2021
    ],
)
def test_8a_the_rate_of_the_last_day(desk: Desk, day: str, start: str, interval: str, price: str, tax: str, account: int) -> None:
    desk.clock(f"{day}T10:00")
    desk.plan(price, billingInterval={"value": 1, "unit": interval})
    desk.contract(startDate=start)
    desk.bill()
    assert [(net, taxed) for _, net, taxed, _ in desk.documents()] == [(D(price), D(tax))]
    balances = entries(desk, "INVOICE")
    assert sum(balances.values()) == 0
    assert -balances[account] == D(tax)


def test_8c_a_credit_of_a_former_rate_bears_it(desk: Desk) -> None:
    """August 2020 is given back in 2021: at 16 %, by the accounts of 16 %."""
    desk.clock("2020-08-05T10:00")
    desk.plan("100.00")
    number = desk.contract(startDate="2020-08-01")
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2020-08-31"})
    desk.bill()
    before = desk.balances()
    desk.clock("2021-02-03T10:00")
    (item,) = desk.call("GET", f"{CONTRACTS}/{number}/billableitems")
    desk.call("POST", f"{CONTRACTS}/{number}/creditbillableitems", {"billableItemId": item["billableItemId"], "amount": 100}, 201)
    desk.bill()
    assert desk.documents()[1] == ("CREDIT_MEMO", D(100), D(16), D(116))
    assert entries(desk, "CREDIT_MEMO") == {account: -balance for account, balance in before.items()}
    assert desk.balances() == {}


def test_8d_december_is_billed_in_january(desk: Desk) -> None:
    """16 %, of the tax period of December, with a number of the new year."""
    desk.clock("2020-12-05T10:00")
    desk.plan("100.00", timing="INTERVAL_END")
    desk.contract(startDate="2020-12-01")
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2020-12-31"})
    desk.bill()
    desk.clock("2021-01-05T10:00")
    desk.bill()
    assert desk.documents() == [("INVOICE", D(100), D(16), D(116))]
    (row,) = desk.tenant.rows("SELECT ident, document_date, tax_date FROM document")
    assert (row.ident, str(row.document_date), str(row.tax_date)) == ("RE-2021-000001", "2021-01-05", "2020-12-31")


@pytest.mark.parametrize(
    ("year", "day_count", "first", "credit"),
    [(2026, "ACT_ACT", "45.00", "21.00"), (2028, "ACT_ACT", "45.49", "20.76"), (2026, "30E_360", "46.00", "20.00")],
)
@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
def test_9_entries_of_a_quarter_that_ends_early(desk: Desk, mode: str, year: int, day_count: str, first: str, credit: str) -> None:
    desk.group(documentCorrectionMode=mode)
    desk.clock(f"{year}-02-15T10:00")
    desk.plan("90.00", billingInterval=QUARTER, syncBillingToBillingIntervalUnit=True, dayCount=day_count)
    desk.contract(startDate=f"{year}-02-15")
    desk.bill()
    desk.clock(f"{year}-03-10T10:00")
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {})
    desk.bill()
    used = D(first) - D(credit)
    tax = (used * D("0.19")).quantize(D("0.01"))
    kinds = [(kind, net) for kind, net, _, _ in desk.documents()]
    if mode == "ITEM_BASED":
        assert kinds == [("INVOICE", D(first)), ("CREDIT_MEMO", D(credit))]
    else:
        assert sorted(kinds) == sorted([("INVOICE", D(first)), ("CREDIT_MEMO", D(first)), ("INVOICE", used)])
    balances = desk.balances()
    assert balances[8400] == -used and abs(-balances[1776] - tax) <= D("0.01")
    assert balances[10000] == -balances[8400] - balances[1776] == owed(desk)


@pytest.mark.parametrize(
    ("country", "small", "invoice"),
    [
        ("DE", False, {4760: "250.00", 1576: "47.50", 70001: "-297.50"}),
        ("DE", True, {4760: "250.00", 70001: "-250.00"}),
        ("AT", False, {3125: "250.00", 1577: "47.50", 1787: "-47.50", 70001: "-250.00"}),
    ],
)
def test_11_a_commission_and_its_correction(desk: Desk, country: str, small: bool, invoice: dict[int, Any]) -> None:
    """250.00 of 1,000.00; a fifth of the supply is credited, and so of the commission: 50.00, by reversed entries."""
    from tests.factories.agencies import Agency

    agency = Agency(desk.tenant, desk.client, desk.headers)
    agency.plan("1000.00")
    more = {"vatId": "ATU12345675"} if country == "AT" else {"smallBusiness": True} if small else {}
    agency.partner(country, **more)
    number = agency.contract()
    agency.earning()
    agency.bill()
    agency.clock("2026-06-01T10:00")
    agency.bill()
    expected = {account: D(amount) for account, amount in invoice.items()}
    assert entries(desk, "SELF_BILLING_INVOICE") == expected
    items = agency.call("GET", "/v2/billableitems?search=kind==COMMISSION&size=10")
    (partner,) = [item for item in items if item["rowTotalBase"] == 250]
    credit = {"billableItemId": partner["billableItemId"], "amount": "50.00"}
    agency.call("POST", f"{CONTRACTS}/{partner['contractId']}/creditbillableitems", credit, 201)
    agency.bill()
    assert entries(desk, "SELF_BILLING_INVOICE_CORRECTION") == {account: -amount / 5 for account, amount in expected.items()}
    assert number
