"""Every fault that the database's superuser plants into decisions, clearing and the handling of open items is found by the checks."""

from typing import Any

import pytest
from tests.checkers.tampering import sentences
from tests.factories.cases import clearing, decide, revert
from tests.factories.companies import Company

DECISIONS = "openitems.decisions_move_what_they_say"
COUNTERS = "openitems.counter_decisions_name_what_they_revert"
CONSERVED = "openitems.what_is_cleared_is_conserved"
RUNS = "openitems.clearing_runs_say_what_they_did"
DOUBTFUL = "bookkeeping.what_is_doubtful_and_written_down_agrees_with_open_items"
HANDLED = "openitems.blocks_and_collection_are_what_was_said_last"


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        (DECISIONS, "UPDATE opos_decision SET amount = 2 WHERE {mine} AND type = 'BANK_FEE'"),
        (DECISIONS, "UPDATE opos_decision SET type = 'DISCOUNT' WHERE {mine} AND type = 'BANK_FEE'"),
        (DECISIONS, "UPDATE opos_decision SET amount = 2 WHERE {mine} AND reversion_target_ident IS NOT NULL"),
        (DECISIONS, "DELETE FROM opos_decision WHERE {mine} AND reversion_target_ident IS NOT NULL"),
        (DECISIONS, "DELETE FROM opos_decision WHERE {mine} AND type = 'BANK_FEE'"),
        (DECISIONS, "UPDATE opos_movement SET amount = -2 WHERE {mine} AND decision = 'BANK_FEE'"),
        (DECISIONS, "DELETE FROM opos_movement WHERE {mine} AND decision = 'DISCOUNT' AND reversal_of IS NOT NULL"),
        (COUNTERS, "UPDATE opos_decision SET reversion_target_ident = 'x' WHERE {mine} AND reversion_target_ident IS NOT NULL"),
        (CONSERVED, "UPDATE opos_movement SET amount = amount * 2 WHERE {mine} AND kind = 'CLEARING' AND amount < 0"),
        (CONSERVED, "DELETE FROM opos_movement WHERE {mine} AND kind = 'CLEARING' AND amount < 0"),
        (RUNS, "UPDATE clearing_run_item SET amount = 1 WHERE {mine} AND status = 'CLEARED' AND debit_credit_indicator = 'DEBIT'"),
        (
            RUNS,
            "UPDATE clearing_run_item SET status = 'REVERSED' WHERE {mine} AND status = 'CLEARED' AND debit_credit_indicator = 'DEBIT'",
        ),
        (RUNS, "DELETE FROM clearing_run_item WHERE {mine} AND status = 'CLEARED' AND debit_credit_indicator = 'DEBIT'"),
        (RUNS, "UPDATE clearing_run SET status = 'REVERSED' WHERE {mine}"),
        (DOUBTFUL, "UPDATE opos_case SET ledger_balance = 1 WHERE {mine} AND doubtful"),
        (DOUBTFUL, "UPDATE opos_case SET doubtful = false WHERE {mine} AND doubtful"),
        (DOUBTFUL, "UPDATE journal_line SET amount = 51 WHERE {mine} AND account = 998"),
        (DOUBTFUL, "DELETE FROM journal_line WHERE {mine} AND account = 1460"),
        (HANDLED, "UPDATE opos_case SET dunning_block = true WHERE {mine} AND ident = '{free}'"),
        (HANDLED, "UPDATE opos_case SET dunning_block = false WHERE {mine} AND ident = '{blocked}'"),
        (HANDLED, "UPDATE opos_case SET dunning_block_reason = 'x' WHERE {mine} AND ident = '{free}'"),
        (HANDLED, "UPDATE opos_case SET payment_collection = true WHERE {mine} AND ident = '{free}'"),
        (HANDLED, "UPDATE opos_case SET payment_collection = false WHERE {mine} AND ident = '{blocked}'"),
    ],
)
def test_a_planted_fault_is_found(company: Company, database_dsn: str, check: str, statement: str) -> None:
    names = _a_day(company)
    company.sound()
    mine = f"tenant_id = {company.tenant.id}"
    assert sentences(database_dsn, company.tenant, check, statement.format(mine=mine, **names))


def _a_day(company: Company) -> dict[str, Any]:
    free, blocked = company.document(), company.document()
    decide(company, free, "BANK_FEE", amount="1.00")
    revert(company, decide(company, free, "DISCOUNT", amount="3.00"))
    company.call("PUT", f"/v2/opos-cases/{blocked}/dunning-block", {"blocked": True, "reason": "in dispute"})
    company.call("POST", f"/v2/opos-cases/{blocked}/actions/enable-payment-collection")
    paid = company.document(net="10.00")
    company.pay("11.90", paid)
    company.document("credit-memos", "10.00", relatedDocumentIdent=paid)
    assert clearing(company)["status"] == "COMPLETED"
    decide(company, company.document(), "DOUBTFUL_RECEIVABLE", allowance="50.00")
    return {"free": free, "blocked": blocked}
