"""Every check of settlements finds what was put wrong past the application."""

import pytest
from tests.checkers.tampering import OURS, sentences
from tests.factories.settlements import Moved, Settled, stripe_file

REPORTS = "settlements.items_lead_from_balance_to_balance"
ITEMS = "settlements.items_are_what_was_paid"
PAYOUTS = "settlements.payouts_arrive_once"
FEES = "bookkeeping.fees_of_settlements_are_booked"
_ITEMS = f"SELECT ident FROM settlement_item WHERE {OURS}"
_COST = f"(SELECT id FROM journal_entry WHERE kind = 'PAYMENT_COST' AND reference IN ({_ITEMS}) AND {OURS})"


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        (REPORTS, f"UPDATE settlement_report SET item_count = item_count + 1 WHERE {OURS}"),
        (REPORTS, f"UPDATE settlement_report SET closing_balance = 0.01 WHERE {OURS}"),
        (REPORTS, f"DELETE FROM settlement_item WHERE type = 'REFUND' AND {OURS}"),
        (ITEMS, f"UPDATE settlement_item SET fee = fee + 0.01 WHERE type = 'PAYMENT' AND {OURS}"),
        (ITEMS, f"UPDATE settlement_item SET payment_ident = 'none' WHERE type = 'PAYMENT' AND {OURS}"),
        (ITEMS, f"UPDATE settlement_item SET gross = gross + 1, net = net + 1 WHERE type = 'REFUND' AND {OURS}"),
        (ITEMS, f"UPDATE settlement_item SET state = 'IN_TRANSIT' WHERE type = 'REFUND' AND {OURS}"),
        (ITEMS, f"UPDATE settlement_item SET state = 'CREATED' WHERE type = 'FEE' AND {OURS}"),
        (
            ITEMS,
            f"UPDATE payment SET base_amount = base_amount + 1 WHERE credit_debit_indicator = 'DEBIT' AND base_amount = 10 AND {OURS}",
        ),
        (PAYOUTS, f"UPDATE settlement_item SET state = 'IN_TRANSIT' WHERE type = 'PAYOUT' AND {OURS}"),
        (PAYOUTS, f"UPDATE settlement_item SET bank_payment_ident = 'none' WHERE type = 'PAYOUT' AND {OURS}"),
        (PAYOUTS, f"UPDATE settlement_item SET bank_payment_ident = NULL WHERE type = 'PAYOUT' AND {OURS}"),
        (PAYOUTS, f"UPDATE payment SET status = 'OPEN' WHERE account_ident = 'bank' AND {OURS}"),
        (PAYOUTS, f"UPDATE payment SET status = 'OPEN' WHERE account_ident = 'psp' AND status = 'IGNORED' AND {OURS}"),
        (PAYOUTS, f"UPDATE payment SET original_amount = 1 WHERE account_ident = 'bank' AND {OURS}"),
        (FEES, f"UPDATE journal_entry SET reference = 'none' WHERE id = {_COST} AND {OURS}"),
        (FEES, f"UPDATE journal_line SET amount = amount + 1 WHERE entry_id = {_COST} AND side = 'D' AND {OURS}"),
    ],
)
def test_what_was_put_wrong_is_found(settled: Settled, database_dsn: str, check: str, statement: str) -> None:
    rows = (Moved("charge", "119.00", "1.66", "1"), Moved("refund", "-10.00", "0", "2"), Moved("fee", "-2.00", "0", "3"))
    settled.upload(stripe_file(*rows))
    settled.pay("105.34", "STRIPE")
    settled.sound()
    assert sentences(database_dsn, settled.tenant, check, statement)
