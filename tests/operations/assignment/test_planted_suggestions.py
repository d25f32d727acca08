"""What must hold of suggestions, reasons, learned payers and returns is found where it does not."""

import pytest
from tests.factories.companies import Company

PAYER = {"name": "Irgendwer", "iban": "DE89370400440532013000"}
_SUGGESTED = (
    "INSERT INTO payment_suggestion (tenant_id, ident, payment_ident, rank, document_id, target_ident, customer_ident, reason, amount,"
    " said, status, created_at) SELECT tenant_id, 'x', payment_ident, 1, {document}, target_ident, customer_ident, reason, {amount},"
    " said, {status}, created_at FROM payment_suggestion WHERE rank = 1 LIMIT 1"
)
_ASSIGNED = (
    "INSERT INTO payment_assignment (tenant_id, ident, id, payment_ident, target_type, target_ident, amount, currency, status, automatic,"
    " from_unassigned, booked_on, created_at, returns_ident) SELECT tenant_id, 'x', id + 1000000, payment_ident, target_type,"
    " target_ident, amount, currency, status, automatic, from_unassigned, booked_on, created_at, {returns} FROM payment_assignment"
    " WHERE returns_ident IS {which} LIMIT 1"
)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (
            _SUGGESTED.format(document="document_id", amount="100.01", status="'OPEN'"),
            "assignment.suggestions_are_within_what_is_left",
        ),
        (
            _SUGGESTED.format(
                document="(SELECT document_id FROM opos_case WHERE balance = 0 LIMIT 1)", amount="1", status="'OPEN'"
            ),
            "assignment.suggestions_are_within_what_is_left",
        ),
        (
            _SUGGESTED.format(document="document_id", amount="1", status="'ACCEPTED'"),
            "assignment.suggestions_are_within_what_is_left",
        ),
        (_ASSIGNED.format(returns="NULL", which="NULL"), "assignment.what_was_assigned_by_itself_says_why"),
        (
            "UPDATE payment_assignment SET status = 'REVERSED' WHERE ident IN (SELECT assignment_ident FROM learned_payer)",
            "assignment.payers_are_known_by_what_stands",
        ),
        (
            _ASSIGNED.format(returns="returns_ident", which="NOT NULL"),
            "assignment.returns_take_back_what_was_assigned_once",
        ),
    ],
)
def test_what_is_planted_is_found(company: Company, fault: str, check: str) -> None:
    company.pay("119.00", company.document(), counterpart=PAYER)
    company.pay("119.00", company.document(), endToEndIdent="E-1")
    company.pay("119.00", "", endToEndIdent="E-1", creditDebitIndicator="DEBIT", returnInformation={"reasonCode": "AM04"})
    company.pay("100.00", company.document())
    company.sound()
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        assert uow.run(fault) == 1
    assert check in {one.check for one in company.tenant.broken()}
