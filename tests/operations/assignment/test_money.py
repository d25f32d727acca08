"""From an issued invoice to a booked payment and back: everything through the API, everything compared to the cent."""

from decimal import Decimal

import pytest
from tests.factories.companies import Company, day_here


def test_a_payment_naming_the_document_closes_its_open_item(company: Company) -> None:
    number = company.document()
    paid = company.pay("119.00", f"Zahlung {number} Danke")
    assert paid["status"] == "ASSIGNED"
    case = company.case(number)
    assert (case["status"], case["balance"]) == ("CLOSED", 0)
    assert company.call("GET", f"/v2/documents/{number}")["outstanding"] == 0
    assert company.sums() == {8400: Decimal(-100), 1776: Decimal(-19), 1200: Decimal(119)}
    company.sound()


def test_a_reversal_undoes_all_of_it_by_negative_entries(company: Company) -> None:
    number = company.document()
    company.pay("119.00", number)
    (assignment,) = company.call("GET", "/v2/payment-assignments")["_embedded"]
    ident = assignment["paymentAssignmentIdent"]
    undone = company.call("POST", f"/v2/payment-assignments/{ident}/actions/reverse")
    assert undone["status"] == "REVERSED"
    assert company.case(number)["balance"] == 119
    assert company.call("GET", f"/v2/documents/{number}")["outstanding"] == 119
    entries = company.tenant.rows(
        "SELECT l.account, l.side, l.amount FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id"
        " WHERE e.reversal_of IS NOT NULL ORDER BY l.position"
    )
    assert [(e.account, e.side, e.amount) for e in entries] == [(1200, "D", Decimal(-119)), (10000, "C", Decimal(-119))]
    assert company.sums() == {8400: Decimal(-100), 1776: Decimal(-19), 10000: Decimal(119), 1200: Decimal(119), 1792: Decimal(-119)}
    company.call("POST", f"/v2/payment-assignments/{ident}/actions/reverse", status=400)
    company.sound()
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": assignment["paymentIdent"], "targetIdent": number}, 201)
    assert company.case(number)["status"] == "CLOSED"
    assert company.sums() == {8400: Decimal(-100), 1776: Decimal(-19), 1200: Decimal(119)}
    company.sound()


@pytest.mark.parametrize(
    ("amount", "switch", "balance", "side", "status", "reason"),
    [
        ("118.00", False, 119, "DEBIT", "OPEN", "UNDERPAID"),
        ("118.00", True, 1, "DEBIT", "ASSIGNED", None),
        ("120.00", False, 119, "DEBIT", "OPEN", "OVERPAID"),
        ("120.00", True, 1, "CREDIT", "ASSIGNED", None),
    ],
)
def test_too_little_or_too_much_follows_the_switches(
    company: Company, amount: str, switch: bool, balance: int, side: str, status: str, reason: str | None
) -> None:
    switches = {"overpaymentAssignmentToDocuments": switch, "underpaymentAssignmentToDocuments": switch}
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", switches, 201)
    number = company.document()
    paid = company.pay(amount, number)
    assert (paid["status"], paid.get("reason")) == (status, reason)
    case = company.case(number)
    assert (case["balance"], case["balanceDebitCreditIndicator"]) == (balance, side)
    if status == "OPEN":
        assert company.sums()[1792] == -Decimal(amount)
    company.sound()


def test_what_is_left_out_of_a_configuration_stays_as_it_is(company: Company) -> None:
    """Create or update (platform API, operation 330): who switches one thing has not spoken of the others."""
    path = "/v2/merchant-payment-accounts/bank/assignment-configuration"
    defaults = company.call("GET", path)
    strategy = {"ident": "tail", "regularExpression": r"\d{6}", "targetType": "DOCUMENT"}
    company.call("POST", "/v2/regex-matching-strategies", strategy, 201)
    said = {
        "overpaymentAssignmentToDocuments": True,
        "overpaymentAssignmentToOrders": True,
        "underpaymentAssignmentToDocuments": True,
        "underpaymentAssignmentToOrders": False,
        "regexMatchingStrategies": ["tail"],
        "automaticByScore": True,
        "bankChargesBound": 10,
    }
    assert said.keys() == defaults.keys()
    for n, (name, value) in enumerate(said.items(), 1):
        answer = company.call("POST", path, {name: value}, 201)
        assert answer == company.call("GET", path) == {**defaults, **dict(list(said.items())[:n])}
    assert company.call("POST", path, dict.fromkeys(said), 201) == said  # null says nothing
    for name, value in defaults.items():
        said[name] = value  # also none, no longer and zero are said
        assert company.call("POST", path, {name: value}, 201) == said
    company.call("DELETE", path, status=204)
    assert company.call("GET", path) == defaults


def test_cash_discount_in_time_closes_the_case_and_corrects_the_tax(company: Company) -> None:
    number = company.document(paymentTerm={"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]})
    company.pay("116.62", number)
    assert company.case(number)["status"] == "CLOSED"
    assert company.sums() == {8400: Decimal(-100), 1776: Decimal("-18.62"), 1200: Decimal("116.62"), 8736: Decimal(2)}
    (assignment,) = company.call("GET", "/v2/payment-assignments")["_embedded"]
    company.call("POST", f"/v2/payment-assignments/{assignment['paymentAssignmentIdent']}/actions/reverse")
    assert company.case(number)["balance"] == 119
    assert company.sums()[1776] == Decimal(-19)
    company.sound()


def test_a_deposit_is_taxed_at_receipt_and_deducted_by_the_final_invoice(company: Company) -> None:
    deposit = company.document("deposit-invoices", "1000.00")
    assert company.sums() == {}
    company.pay("1190.00", deposit)
    assert company.sums() == {1200: Decimal(1190), 1718: Decimal(-1000), 1776: Decimal(-190)}
    final = company.document("invoices", "3000.00", relatedDocumentIdent=deposit)
    view = company.call("GET", f"/v2/documents/{final}")
    assert (view["totals"]["net"], view["totals"]["tax"], view["totals"]["payable"]) == (2000, 380, 2380)
    assert company.sums() == {1200: Decimal(1190), 10000: Decimal(2380), 8400: Decimal(-3000), 1776: Decimal(-570)}
    (assignment,) = company.call("GET", "/v2/payment-assignments")["_embedded"]
    refused = company.call("POST", f"/v2/payment-assignments/{assignment['paymentAssignmentIdent']}/actions/reverse", status=400)
    assert refused["errors"][0]["error"].startswith("The deposit was deducted")
    company.sound()


def test_a_strategy_of_the_user_finds_the_document(company: Company) -> None:
    number = company.document()
    strategy = {
        "ident": "by-tail",
        "regularExpression": r"Beleg (\d{4}) (\d{6})",
        "replaceWith": "RE-$1-$2",
        "targetType": "DOCUMENT",
    }
    company.call("POST", "/v2/regex-matching-strategies", strategy, 201)
    configuration = {"regexMatchingStrategies": ["by-tail"]}
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", configuration, 201)
    _, year, tail = number.split("-")
    assert company.pay("119.00", f"Beleg {year} {tail}")["status"] == "ASSIGNED"
    company.call("DELETE", "/v2/regex-matching-strategies/by-tail", status=409)
    company.sound()


def test_what_is_wrong_with_a_payment_is_said_at_once_and_nothing_is_stored(company: Company) -> None:
    body = {
        "externalIdent": "x",
        "baseAmount": {"amount": "1.001", "currency": "CHF"},
        "bookingDate": day_here(),
        "creditDebitIndicator": "CREDIT",
        "originalAmount": {"amount": 5, "currency": "GBP"},
    }
    refused = company.call("POST", "/v2/merchant-payment-accounts/bank/payments", body, 400)
    assert {e["fieldName"] for e in refused["errors"]} >= {
        "baseAmount.currency",
        "baseAmount.amount",
        "originalAmount.currency",
        "exchangeRate",
    }
    assert company.tenant.rows("SELECT 1 FROM payment") == []
    company.pay("5.00", "?", externalIdent="same")
    again = {**body, "externalIdent": "same", "baseAmount": {"amount": 5, "currency": "EUR"}, "originalAmount": None}
    company.call("POST", "/v2/merchant-payment-accounts/bank/payments", again, 409)
    company.call("DELETE", "/v2/merchant-payment-accounts/bank", status=409)
    company.sound()


def test_the_unpaid_rest_of_a_deposit_is_closed_together_with_the_final_invoice(company: Company) -> None:
    """Case 3 with one deposit half paid: only what was received is deducted, and nothing is billed twice."""
    deposit = company.document("deposit-invoices", "2000.00")
    company.call(
        "POST",
        "/v2/merchant-payment-accounts/bank/assignment-configuration",
        {"underpaymentAssignmentToDocuments": True},
        201,
    )
    company.pay("1190.00", deposit)
    final = company.document("invoices", "10000.00", relatedDocumentIdent=deposit)
    view = company.call("GET", f"/v2/documents/{final}")
    assert (view["totals"]["net"], view["totals"]["tax"], view["totals"]["payable"]) == (9000, 1710, 10710)
    assert company.case(deposit)["status"] == "CLOSED"
    kinds = [row.document_type for row in company.tenant.rows("SELECT document_type FROM document ORDER BY id")]
    assert sorted(kinds) == ["DEPOSIT_INVOICE", "DEPOSIT_INVOICE_CORRECTION", "INVOICE"]
    assert company.sums() == {1200: Decimal(1190), 10000: Decimal(10710), 8400: Decimal(-10000), 1776: Decimal(-1900)}
    company.sound()


def test_a_deposit_in_dollars_is_deducted_at_the_rate_of_its_receipt(company: Company) -> None:
    """1 EUR = 1.10 USD when the deposit came, 1.25 USD at the final invoice: the deposit account ends at zero, and the cents
    between the two rates are an exchange difference, not tax."""
    dollars = {"currency": "USD", "exchangeRate": {"rate": "1.10", "date": day_here()}}
    deposit = company.document("deposit-invoices", "1000.00", **dollars)
    company.pay("1081.82", deposit, originalAmount={"amount": "1190.00", "currency": "USD"}, exchangeRate="1.10")
    received = company.sums()
    assert received == {1200: Decimal("1081.82"), 1718: Decimal("-909.09"), 1776: Decimal("-172.73")}
    later = {"currency": "USD", "exchangeRate": {"rate": "1.25", "date": day_here()}}
    company.document("invoices", "3000.00", relatedDocumentIdent=deposit, **later)
    sums = company.sums()
    assert 1718 not in sums
    assert sum(sums.values()) == 0
    company.sound()


@pytest.mark.parametrize(
    ("net", "rate", "parts"),
    [
        ("100.00", "1.0850", ["39.67", "39.67", "39.66"]),
        ("33.33", "1.0937", ["13.22", "13.22", "13.22"]),
        ("1000.00", "1.1111", ["0.07", "400.01", "789.92"]),
    ],
)
def test_all_the_tax_is_due_once_all_of_it_was_received(company: Company, net: str, rate: str, parts: list[str]) -> None:
    """Section 20 UStG, in dollars: nothing stays on the account of tax that is not due, whatever the receipts come to."""
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    company.take_parts()
    document = company.document(net=net, currency="USD", exchangeRate={"rate": rate, "date": day_here()})
    tax = -company.sums()[1766]
    assert 1776 not in company.sums()
    for part in parts:
        euro = str((Decimal(part) / Decimal(rate)).quantize(Decimal("0.01")))
        paid = company.pay(euro, document, originalAmount={"amount": part, "currency": "USD"}, exchangeRate=rate)
        assert paid["status"] == "ASSIGNED"
    assert company.case(document)["balance"] == 0
    sums = company.sums()
    assert 1766 not in sums
    assert sums[1776] == -tax
    company.sound()


@pytest.mark.parametrize("named", ["correction", "deposit", "both"])
@pytest.mark.parametrize(("paid", "is_memo"), [("2380.00", True), ("1190.00", True), ("2380.00", False), ("1190.00", False)])
def test_method_reversal_moves_what_was_received(company: Company, named: str, paid: str, is_memo: bool) -> None:
    """Case 3 by correction of the deposit and an invoice in full: the payment moves, the tax is taken back once."""
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    deposit = company.document("deposit-invoices", "2000.00")
    allowed = {"underpaymentAssignmentToDocuments": True}
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", allowed, 201)
    company.pay(paid, deposit)
    correction = company.document("deposit-invoice-corrections", "2000.00", relatedDocumentIdent=deposit)
    assert (company.case(deposit)["status"], company.case(deposit)["balance"]) == ("OPEN", Decimal(paid))
    idents = {"correction": [correction], "deposit": [deposit], "both": [deposit, correction]}[named]
    reversal = [{"key": "finalInvoiceMethod", "value": "REVERSAL"}]
    final = company.document("invoices", "10000.00", relatedDocumentIdents=idents, properties=reversal)
    view = company.call("GET", f"/v2/documents/{final}")
    rest = Decimal(11900) - Decimal(paid)
    assert [Decimal(str(view["totals"][name])) for name in ("net", "tax", "gross", "prepaid", "payable")] == [
        10000,
        1900,
        11900,
        Decimal(paid),
        rest,
    ]
    assert (company.case(deposit)["status"], company.case(deposit)["balance"]) == ("CLOSED", 0)
    assert company.case(final)["balance"] == rest
    assert company.sums() == {1200: Decimal(paid), 10000: rest, 8400: Decimal(-10000), 1776: Decimal(-1900)}
    company.sound()
    refused = company.ask("invoices", 400, relatedDocumentIdents=idents, properties=reversal)
    assert {e["error"] for e in refused["errors"]} == {f"was deducted by {final} already"}


def test_a_deposit_that_was_paid_before_leaves_what_waits_of_payments(company: Company) -> None:
    """A prepayment comes off the interim account without a payment, of a deposit as of an invoice."""
    paid = [{"reference": "t-1", "date": "2026-01-02", "amount": "19.00"}]
    for kind in ("deposit-invoices", "invoices"):
        document = company.document(kind, prepaid=paid)
        assert company.case(document)["balance"] == Decimal(100)
        company.sound()
    assert company.sums()[1792] == Decimal(38)


def test_credit_memos_row_by_row_take_exactly_what_was_issued(company: Company) -> None:
    """Case 4 over the API; the fourth is refused."""
    item = {
        "category": "SERVICE",
        "name": "Work",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": {"gross": "9.99"}, "originalTotal": {"gross": "9.99"}, "total": {"gross": "9.99"}},
        "taxDetail": {"calculationBasis": "GROSS", "taxes": [{"rate": 19, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
    }
    number = company.document(items=[{"ident": f"i-{n}", **item} for n in range(3)])
    for n in range(3):
        company.document("credit-memos", items=[{"ident": f"i-{n}", **item}], relatedDocumentIdent=number)
    assert company.sums() == {}
    company.requests += 1
    body = {
        "requestId": "fourth",
        "billingGroupIdent": "external",
        "currency": "EUR",
        "language": "de",
        "paymentCollection": {"collect": False},
        "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
        "items": [{"ident": "i-0", **item}],
        "relatedDocumentIdent": number,
    }
    refused = company.call("POST", "/v2/documents/credit-memos", body, 400)
    assert "credit_exceeds_rest" in str(refused) or "left" in str(refused)
    company.sound()


@pytest.mark.parametrize(
    "broken", ["RE {0} {1}", "RE{0}{1}", "re-{0}\n{1} danke", "Rg. RE. {0} / {1}, Mueller", "RE-{0}-{1}/KdNr 4711 vom 01.10.2026"]
)
def test_a_number_is_found_whatever_the_bank_made_of_its_hyphens(company: Company, broken: str) -> None:
    number = company.document()
    _, year, count = number.split("-")
    assert company.pay("119.00", broken.format(year, count))["status"] == "ASSIGNED"
    assert company.case(number)["status"] == "CLOSED"


def test_a_part_of_a_number_or_of_a_longer_one_is_none(company: Company) -> None:
    number = company.document()
    compact = number.replace("-", "")
    for text in (f"{compact}7", f"X{compact}", compact[2:], compact[:-1]):
        assert company.pay("119.00", text)["status"] == "OPEN", text
    assert company.case(number)["balance"] == 119


@pytest.mark.parametrize("text", ["RF18 5390 0754 7034", "Verwendungszweck: rf18-5390 07547034 {other}", "RF18539007547034"])
def test_the_printed_reference_goes_before_numbers(company: Company, text: str) -> None:
    """Another document's number stands beside it: what was printed for this purpose decides."""
    referred = company.document(paymentInformation={"paymentType": "BANK_TRANSFER", "paymentReference": "RF18 5390 0754 7034"})
    other = company.document()
    assert company.pay("119.00", text.format(other=other))["status"] == "ASSIGNED"
    assert (company.case(referred)["status"], company.case(other)["balance"]) == ("CLOSED", 119)
    company.sound()


def test_an_amount_finer_than_the_currency_is_told_as_such(company: Company) -> None:
    paid = company.pay("10.00", "who knows")["paymentIdent"]
    number = company.document()
    for amount, said in (("4.005", "more decimals than EUR"), ("10.01", "Only 10.00 EUR are left")):
        body = {"paymentIdent": paid, "targetIdent": number, "amount": amount}
        answer = company.call("POST", "/v2/payment-assignments", body, 400)
        assert said in answer["message"]
