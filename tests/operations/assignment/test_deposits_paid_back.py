"""What a correction took off a received deposit and the customer no longer has to his credit: no final invoice takes it over."""

from decimal import Decimal

import pytest
from tests.checkers.tampering import OURS, sentences
from tests.factories.companies import Company

from contor.documents.einvoice import cii_of, einvoice_of, ubl_of
from contor.documents.queries import documents_by_id

D = Decimal
REVERSAL = [{"key": "finalInvoiceMethod", "value": "REVERSAL"}]


def paid_back(company: Company, amount: str, number: str) -> None:
    company.pay(amount, "Refund", creditDebitIndicator="DEBIT")
    made = company.call("GET", "/v2/merchant-payment-accounts/bank/payments?sort=createdAt,desc")["_embedded"][0]
    body = {"paymentIdent": made["paymentIdent"], "targetIdent": number}
    company.call("POST", "/v2/payment-assignments", body, 201)


@pytest.mark.parametrize("is_memo", [False, True])
@pytest.mark.parametrize(("back", "moved"), [("2380.00", "0.00"), ("1000.00", "1380.00"), ("0.01", "2379.99")])
def test_what_was_paid_back_does_not_move_to_the_final_invoice(company: Company, back: str, moved: str, is_memo: bool) -> None:
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    deposit = company.document("deposit-invoices", "2000.00")
    company.pay("2380.00", deposit)
    correction = company.document("deposit-invoice-corrections", "2000.00", relatedDocumentIdent=deposit)
    paid_back(company, back, deposit)
    assert D(str(company.case(deposit)["balance"])) == D(moved)
    company.sound()
    final = company.document("invoices", "10000.00", relatedDocumentIdents=[deposit, correction], properties=REVERSAL)
    totals = company.call("GET", f"/v2/documents/{final}")["totals"]
    rest = D(11900) - D(moved)
    assert (D(str(totals["prepaid"])), D(str(totals["payable"]))) == (D(moved), rest)
    assert (company.case(deposit)["status"], company.case(deposit)["balance"]) == ("CLOSED", 0)
    sums = company.sums()
    assert sums.pop(1792, 0) + sums.pop(1200, 0) == D(moved)
    assert sums == {10000: rest, 8400: D(-10000), 1776: D(-1900)}
    company.sound()


BOTH_KINDS = pytest.mark.parametrize("is_memo", [False, True])
BANK, INTERIM = 1200, 1792


def a_deposit(company: Company, is_memo: bool, net: str, *paid: str) -> str:
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE billing_group SET deposit_receivable_relevant = %s", (not is_memo,))
    company.take_parts()
    number = company.document("deposit-invoices", net)
    for part in paid:
        assert company.pay(part, number)["status"] == "ASSIGNED"
    return number


def books(company: Company) -> dict[int, Decimal]:
    return {account: amount for account, amount in company.sums().items() if account not in (BANK, INTERIM)}


@BOTH_KINDS
@pytest.mark.parametrize(
    ("paid", "back", "stands"),
    [
        (["119.00"], "119.00", "0.00"),
        (["119.00"], "50.00", "69.00"),
        (["60.00", "59.00"], "33.33", "85.67"),
        (["150.00"], "31.00", "119.00"),  # beyond the deposit: his credit, without tax
        (["150.00"], "100.00", "50.00"),
    ],
)
def test_what_was_paid_back_of_a_deposit_is_not_deducted(
    company: Company, is_memo: bool, paid: list[str], back: str, stands: str
) -> None:
    """Its tax falls away with the money (section 17 (2) no. 2 UStG)."""
    deposit = a_deposit(company, is_memo, "100.00", *paid)
    paid_back(company, back, deposit)
    company.sound()
    tax = (D(stands) * 19 / 119).quantize(D("0.01"))
    sums = books(company)
    assert (sums.get(1718, 0), sums.get(1776, 0)) == (tax - D(stands), -tax)
    final = company.document("invoices", "1000.00", relatedDocumentIdent=deposit)
    company.sound()
    payable = D("1190.00") - D(stands)
    assert D(str(company.case(final)["balance"])) == payable
    assert books(company) == {10000: payable, 8400: D("-1000.00"), 1776: D("-190.00")}


@BOTH_KINDS
def test_no_more_goes_back_than_was_received(company: Company, is_memo: bool) -> None:
    deposit = a_deposit(company, is_memo, "100.00", "50.00")
    company.pay("50.01", "Refund", creditDebitIndicator="DEBIT")
    made = company.call("GET", "/v2/merchant-payment-accounts/bank/payments?sort=createdAt,desc")["_embedded"][0]
    body = {"paymentIdent": made["paymentIdent"], "targetIdent": deposit}
    assert "Only 50.00 EUR can go back" in str(company.call("POST", "/v2/payment-assignments", body, 400))
    company.call("POST", "/v2/payment-assignments", {**body, "amount": "50.00"}, 201)
    company.sound()


@BOTH_KINDS
def test_what_was_deducted_goes_back_once_the_final_invoice_is_credited(company: Company, is_memo: bool) -> None:
    """As where the payment bounces; then it is the customer's by the credit."""
    deposit = a_deposit(company, is_memo, "100.00", "119.00")
    final = company.document("invoices", "1000.00", relatedDocumentIdent=deposit)
    before = company.sums()
    company.pay("119.00", "Refund", creditDebitIndicator="DEBIT")
    made = company.call("GET", "/v2/merchant-payment-accounts/bank/payments?sort=createdAt,desc")["_embedded"][0]
    body = {"paymentIdent": made["paymentIdent"], "targetIdent": deposit}
    refused = str(company.call("POST", "/v2/payment-assignments", body, 400))
    assert final in refused and "credit" in refused
    assert {**company.sums(), BANK: before[BANK], INTERIM: 0} == {**before, INTERIM: 0}
    company.document("credit-memos", "1000.00", relatedDocumentIdent=final)
    company.call("POST", "/v2/payment-assignments", body, 201)
    company.sound()
    assert books(company) == {}


@BOTH_KINDS
@pytest.mark.parametrize("deducted", [False, True])
@pytest.mark.parametrize("back", ["119.00", "50.00"])
def test_money_that_went_back_and_is_there_again(company: Company, is_memo: bool, back: str, deducted: bool) -> None:
    """The way back of the way back: received again; beside a final invoice that did not deduct it, the customer's credit."""
    deposit = a_deposit(company, is_memo, "100.00", "119.00")
    before = company.sums()
    paid_back(company, back, deposit)
    if deducted:
        company.document("invoices", "1000.00", relatedDocumentIdent=deposit)
    made = company.call("GET", "/v2/payment-assignments?sort=createdAt,desc")["_embedded"][0]
    company.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    company.sound()
    if deducted:
        assert books(company) == {10000: D("1071.00"), 8400: D("-1000.00"), 1776: D("-190.00")}
        assert D(str(company.case(deposit)["balance"])) == D(back)
    else:
        assert {account: amount for account, amount in books(company).items() if amount} == {
            account: amount for account, amount in before.items() if account != BANK
        }


@BOTH_KINDS
def test_an_overpaid_deposit_whose_payment_bounces(company: Company, is_memo: bool) -> None:
    deposit = a_deposit(company, is_memo, "100.00", "60.00", "90.00")
    for _ in range(2):
        made = company.call("GET", "/v2/payment-assignments?search=status==PROCESSED&sort=createdAt,asc")["_embedded"][0]
        company.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
        company.sound()
    assert books(company) == ({} if is_memo else {1593: D("-119.00"), 10000: D("119.00")})
    assert D(str(company.case(deposit)["balance"])) == D("119.00")


@BOTH_KINDS
def test_a_deposit_that_was_paid_back_and_counts_as_received_is_found(company: Company, database_dsn: str, is_memo: bool) -> None:
    """The receipt that takes it back is gone, is smaller, or was given a final invoice that deducts it."""
    deposit = a_deposit(company, is_memo, "100.00", "119.00")
    paid_back(company, "50.00", deposit)
    back = f"WHERE {OURS} AND gross < 0"
    kept = "openitems.documents_keep_what_was_received_and_granted"
    for change in (
        f"DELETE FROM deposit_receipt {back}",
        f"UPDATE deposit_receipt SET gross = gross + 1 {back}",
        f"UPDATE deposit_receipt SET tax = 0 {back}",
    ):
        assert sentences(database_dsn, company.tenant, kept, change), change
    company.document("invoices", "1000.00", relatedDocumentIdent=deposit)
    freed = f"UPDATE deposit_receipt SET final_document_id = NULL {back}"
    assert sentences(database_dsn, company.tenant, "orders.deposits_are_deducted_as_received_once", freed)


@BOTH_KINDS
def test_a_credit_that_was_paid_out_and_is_kept_is_found(company: Company, database_dsn: str, is_memo: bool) -> None:
    """What a correction left to the customer and he has back: the open item, and the books beside it."""
    deposit = a_deposit(company, is_memo, "100.00", "119.00")
    company.document("deposit-invoice-corrections", "100.00", relatedDocumentIdent=deposit)
    paid_back(company, "119.00", deposit)
    company.sound()
    case = f"{OURS} AND document_id = (SELECT id FROM document WHERE {OURS} AND ident = '{deposit}')"
    paid_out = f"DELETE FROM opos_movement WHERE id = (SELECT max(id) FROM opos_movement WHERE {case})"
    again = f"UPDATE opos_case SET balance = -119.00, ledger_balance = -119.00 WHERE {case}"
    found = sentences(database_dsn, company.tenant, "openitems.balance_is_opening_plus_movements", paid_out)
    found += sentences(database_dsn, company.tenant, "openitems.cases_stand_as_they_were_moved", again)
    found += sentences(database_dsn, company.tenant, "bookkeeping.personal_accounts_agree_with_open_items", paid_out, again)
    found += sentences(database_dsn, company.tenant, "assignment.movements_are_those_of_the_assignments", paid_out)
    assert len(found) >= 4, found


@pytest.mark.parametrize("named", ["deposit", "correction", "both"])
def test_a_final_invoice_of_method_reversal_refers_to_the_corrections(company: Company, named: str) -> None:
    """BG-3 in both syntaxes, whichever the caller names."""
    deposit = company.document("deposit-invoices", "2000.00")
    company.pay("2380.00", deposit)
    correction = company.document("deposit-invoice-corrections", "2000.00", relatedDocumentIdent=deposit)
    idents = {"correction": [correction], "deposit": [deposit], "both": [deposit, correction]}[named]
    final = company.document("invoices", "10000.00", relatedDocumentIdents=idents, properties=REVERSAL)
    (row,) = company.tenant.rows("SELECT id FROM document WHERE ident = %s", (final,))
    with company.tenant.runtime.transaction(company.tenant.caller(), reads=True) as uow:
        document = documents_by_id(uow, [row.id])[row.id]
    assert [it.number for it in einvoice_of(document).preceding] == [correction]
    assert all(correction.encode() in xml and deposit.encode() not in xml for xml in (ubl_of(document), cii_of(document)))
