"""A return that a person puts to its open item takes back parts of what payments brought there, also to the documents in whose place it
stands: what went back so goes back by no other way (money 5)."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, decide, said, tax_on_receipt
from tests.factories.companies import Company

D = Decimal
SKONTO = {"paymentTerm": {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}}


def paid(company: Company, amount: str, number: str, name: str = "E-1") -> Any:
    made = company.pay(amount, number, endToEndIdent=name)
    if made["status"] != "ASSIGNED":
        company.call("POST", "/v2/payment-assignments", {"paymentIdent": made["paymentIdent"], "targetIdent": number}, 201)
    return made


def came_back(company: Company, amount: str, name: str | None = "E-1") -> Any:
    named = {} if name is None else {"endToEndIdent": name}
    return company.pay(amount, "", creditDebitIndicator="DEBIT", returnInformation={"reasonCode": "AM04"}, **named)


def put(company: Company, back: Any, number: str, status: int = 201) -> Any:
    body = {"paymentIdent": back["paymentIdent"], "targetIdent": number}
    return company.call("POST", "/v2/payment-assignments", body, status)


def by_hand(company: Company, amount: str, number: str, status: int = 201) -> Any:
    return put(company, came_back(company, amount, None), number, status)


def reverse(company: Company, payment: Any, status: int = 200) -> Any:
    (one,) = assigned(company, payment)
    return company.call("POST", f"/v2/payment-assignments/{one.ident}/actions/reverse", status=status)


def assigned(company: Company, payment: Any) -> list[Any]:
    """What stands of it on documents."""
    sql = (
        "SELECT ident, abs(amount) AS amount FROM payment_assignment WHERE payment_ident = %s AND status = 'PROCESSED'"
        " AND target_type = 'DOCUMENT' ORDER BY id"
    )
    return company.tenant.rows(sql, (payment["paymentIdent"],))


def reissue(company: Company, number: str) -> str:
    company.call("POST", f"/v2/documents/{number}/actions/reissue", {}, 202)
    company.work()
    (row,) = company.tenant.rows(
        "SELECT n.ident FROM document_reissue r JOIN document d ON d.id = r.document_id JOIN document n ON n.id = r.new_document_id"
        " WHERE d.ident = %s",
        (number,),
    )
    return str(row.ident)


def owed(company: Company, *numbers: str) -> list[Decimal]:
    """Positive is owed to us."""
    cases = [company.case(number) for number in numbers]
    return [D(str(it["balance"])) * (-1 if it["balanceDebitCreditIndicator"] == "CREDIT" else 1) for it in cases]


@pytest.fixture(params=[False, True], ids=["billed", "received"])
def paying(request: pytest.FixtureRequest, company: Company) -> Company:
    company.take_parts()
    if request.param:
        tax_on_receipt(company)
    return company


def test_a_part_stands_in_the_way_of_the_reversal(paying: Company) -> None:
    number = paying.document()
    payment = paid(paying, "119.00", number)
    back = came_back(paying, "50.00", None)
    made = put(paying, back, number)
    assert made["returnsPaymentAssignmentIdent"] == assigned(paying, payment)[0].ident
    assert "A returned payment has taken it back" in said(reverse(paying, payment, 400))
    assert owed(paying, number) == [50]
    reverse(paying, back)
    reverse(paying, payment)
    assert owed(paying, number) == [119]
    paying.sound()


@pytest.mark.parametrize(
    ("parts", "whole", "left"),
    [
        (("50.00", "69.00"), "119.00", D(119)),
        (("50.00",), "119.00", D(50)),
        (("119.00",), "119.00", D(119)),
    ],
)
def test_what_went_back_in_parts_was_returned_before(paying: Company, parts: tuple[str, ...], whole: str, left: Decimal) -> None:
    number = paying.document()
    paid(paying, "119.00", number)
    for part in parts:
        by_hand(paying, part, number)
    again = came_back(paying, whole)
    assert (again["status"], again["reason"]) == ("OPEN", "RETURNED_BEFORE")
    assert owed(paying, number) == [left]
    assert "no more can go back" in said(put(paying, again, number, 400))
    paying.sound()


def test_what_is_left_goes_back_by_its_name(paying: Company) -> None:
    number = paying.document(**SKONTO)
    before = paying.sums()
    paid(paying, "116.62", number)
    by_hand(paying, "50.00", number)
    assert owed(paying, number) == [D("52.38")]
    assert came_back(paying, "116.62")["reason"] == "RETURNED_BEFORE"
    assert came_back(paying, "66.62")["status"] == "ASSIGNED"
    assert owed(paying, number) == [119]
    assert {k: v for k, v in paying.sums().items() if k not in (1200, 1792)} == before
    paying.sound()


@pytest.mark.parametrize("part", ["31.00", "50.00"])
def test_of_what_was_kept_as_revenue_too(paying: Company, part: str) -> None:
    number = paying.document()
    paid(paying, "150.00", number)
    decide(paying, number, "OTHER_REVENUE")
    by_hand(paying, part, number)
    assert came_back(paying, "150.00")["reason"] == "RETURNED_BEFORE"
    assert owed(paying, number) == [D(part) - 31]
    assert came_back(paying, str(150 - D(part)))["status"] == "ASSIGNED"
    assert owed(paying, number) == [119]
    paying.sound()


def test_after_a_full_credit_too(paying: Company) -> None:
    number = paying.document()
    paid(paying, "119.00", number)
    by_hand(paying, "50.00", number)
    memo = paying.document("credit-memos", relatedDocumentIdent=number)
    assert came_back(paying, "119.00")["reason"] == "RETURNED_BEFORE"
    assert owed(paying, number, memo) == [50, -119]
    paying.sound()


def test_one_return_takes_parts_of_several_payments(paying: Company) -> None:
    """The last first."""
    number = paying.document()
    paid(paying, "60.00", number, "E-1")
    paid(paying, "59.00", number, "E-2")
    back = came_back(paying, "100.00", None)
    put(paying, back, number)
    assert [it.amount for it in assigned(paying, back)] == [59, 41]
    assert owed(paying, number) == [100]
    assert came_back(paying, "59.00", "E-2")["reason"] == "RETURNED_BEFORE"
    assert came_back(paying, "19.00", "E-1")["status"] == "ASSIGNED"
    assert owed(paying, number) == [119]
    paying.sound()


def test_the_charges_of_banks_fall_with_the_last_part(paying: Company) -> None:
    body = {"bankChargesBound": 10, "underpaymentAssignmentToDocuments": False}
    paying.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", body, 201)
    number = paying.document()
    foreign = {"name": "Foreign", "iban": "FR1420041010050500013M02606"}
    payment = paying.pay("112.00", number, counterpart=foreign, endToEndIdent="E-1")
    path = f"/v2/payments/{payment['paymentIdent']}/suggestions"
    (one,) = paying.call("GET", path)["suggestions"]
    paying.call("POST", f"{path}/actions/accept", {"suggestionIdents": [one["suggestionIdent"]]})
    by_hand(paying, "50.00", number)
    assert owed(paying, number) == [50]
    by_hand(paying, "62.00", number)
    assert owed(paying, number) == [119]
    assert 4970 not in paying.sums()
    paying.sound()


# --- documents that were issued anew ----------------------------------------------------------------------------------------------


def test_the_new_document_has_the_payments_of_the_old_one(paying: Company) -> None:
    old = paying.document()
    payment = paid(paying, "119.00", old)
    new = reissue(paying, old)
    assert by_hand(paying, "119.00", new)["targetIdent"] == old
    assert owed(paying, old, new) == [0, 119]
    assert came_back(paying, "119.00")["reason"] == "RETURNED_BEFORE"
    assert "Only 0.00 EUR were received" in said(by_hand(paying, "119.00", new, 400))
    assert "A returned payment has taken it back" in said(reverse(paying, payment, 400))
    assert owed(paying, old, new) == [0, 119]
    paying.sound()


def test_parts_of_the_old_and_of_the_new_one(paying: Company) -> None:
    old = paying.document()
    paid(paying, "60.00", old, "E-1")
    new = reissue(paying, old)
    paid(paying, "59.00", new, "E-2")
    by_hand(paying, "80.00", new)
    assert owed(paying, old, new) == [0, 80]
    assert came_back(paying, "59.00", "E-2")["reason"] == "RETURNED_BEFORE"
    assert came_back(paying, "60.00", "E-1")["reason"] == "RETURNED_BEFORE"
    assert came_back(paying, "39.00", "E-1")["status"] == "ASSIGNED"
    assert owed(paying, old, new) == [0, 119]
    paying.sound()


# --- what a surplus has cleared -----------------------------------------------------------------------------------------------------


def test_where_no_payment_brought_anything_nothing_goes_back(paying: Company) -> None:
    """It was cleared with the surplus of a payment for another document: that is what comes back."""
    one, other = paying.document(net="50.00"), ""
    paid(paying, "119.00", one)
    other = paying.document(net="50.00")
    clearing(paying, customerIdent="muster-handel")
    assert owed(paying, one, other) == [0, 0]
    back = came_back(paying, "59.50", None)
    assert f"Only 0.00 EUR were received on {other}: no more can go back." in said(put(paying, back, other, 400))
    put(paying, back, one)
    assert owed(paying, one, other) == [D("59.50"), 0]
    assert came_back(paying, "59.50")["status"] == "ASSIGNED"
    assert owed(paying, one, other) == [D("59.50"), D("59.50")]
    paying.sound()


def test_a_surplus_of_the_old_one_is_missing_once_it_went_in_parts(paying: Company) -> None:
    old = paying.document()
    paid(paying, "200.00", old)
    other = paying.document()
    clearing(paying, customerIdent="muster-handel")
    new = reissue(paying, old)
    assert owed(paying, old, new, other) == [0, 0, 38]
    by_hand(paying, "100.00", new)
    assert sum(owed(paying, old, new, other)) == 138
    by_hand(paying, "100.00", new)
    assert owed(paying, old, new, other) == [0, 119, 119]
    paying.sound()


# --- what must hold is found where it does not ---------------------------------------------------------------------------------------

_AGAIN = (
    "INSERT INTO payment_assignment (tenant_id, ident, id, payment_ident, target_type, target_ident, amount, currency, status, automatic,"
    " from_unassigned, booked_on, created_at, returns_ident) SELECT tenant_id, 'x', id + 1000000, payment_ident, target_type,"
    " target_ident, amount, currency, status, automatic, from_unassigned, booked_on, created_at, {returns} FROM payment_assignment"
    " WHERE returns_ident IS NOT NULL LIMIT 1"
)


def test_more_than_was_paid_is_found(company: Company) -> None:
    number = company.document()
    paid(company, "119.00", number)
    by_hand(company, "69.00", number)
    company.sound()
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        assert uow.run(_AGAIN.format(returns="returns_ident")) == 1
    assert {
        "assignment.returns_take_back_what_was_assigned_once",
        "assignment.returns_take_no_more_than_payments_brought",
    } <= {one.check for one in company.tenant.broken()}
