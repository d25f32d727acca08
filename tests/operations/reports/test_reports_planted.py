"""Every check of reports finds what was put wrong past the application."""

import pytest
from tests.checkers.tampering import OURS, sentences
from tests.factories.reported import Reported

OPEN = "reports.open_items_of_a_day_are_the_receivables_of_the_books"
VAT = "reports.vat_of_a_month_is_that_of_its_accounts"
EC = "reports.ec_sales_are_those_of_the_vat_return"
DECLARED = "reports.what_is_taxed_is_declared"
REVENUE = "reports.revenue_of_a_month_is_that_of_its_accounts"
CLOSED = "reports.of_closed_months_say_what_the_books_say"
FILES = "reports.files_are_kept"
ENDED = "reports.say_how_they_ended"
FRANCE = {
    "taxes": [{"rate": 0, "categoryCode": "AE", "exemptionReasonCode": "VATEX-EU-AE"}],
    "performanceLocation": {"country": "FR"},
}


@pytest.fixture
def reported(company: Reported) -> Reported:
    company.sell("2026-10-02", "100.00")
    company.sell("2026-10-03", "50.00", "paris", **FRANCE)
    company.paid("2026-10-20", "119.00", "RE-2026-000001")
    company.turn("2026-11-05")
    for kind in ("JOURNAL", "REVENUE", "OPEN_ITEMS"):
        company.report(kind, "2026-10")
    company.sound()
    return company


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        # what moved an item is another amount, another day, or gone
        (OPEN, f"UPDATE opos_movement SET amount = amount + 1, ledger_amount = ledger_amount + 1 WHERE {OURS}"),
        (OPEN, f"UPDATE opos_movement SET booked_on = '2026-11-02' WHERE {OURS}"),
        (OPEN, f"DELETE FROM opos_movement WHERE {OURS}"),
        (OPEN, f"UPDATE opos_case SET document_date = '2026-11-02' WHERE customer_ident = 'paris' AND {OURS}"),
        (OPEN, f"UPDATE journal_line SET party = 'paris' WHERE side = 'C' AND party IS NOT NULL AND {OURS}"),
        (VAT, f"UPDATE journal_line SET tax_base = NULL WHERE account = 1776 AND {OURS}"),
        (DECLARED, f"UPDATE journal_line SET tax_base = tax_base - 1 WHERE account = 1776 AND {OURS}"),
        (DECLARED, f"UPDATE journal_line SET amount = amount + 1 WHERE account = 8400 AND {OURS}"),
        (EC, f"UPDATE journal_entry SET document_id = NULL WHERE document_ident = 'RE-2026-000002' AND {OURS}"),
        (CLOSED, f"UPDATE report SET period_closed = true, rows = rows + 1 WHERE type = 'JOURNAL' AND {OURS}"),
        (CLOSED, f"UPDATE report SET period_closed = true, sums = '{{\"amount\": \"1\"}}' WHERE type = 'REVENUE' AND {OURS}"),
        (CLOSED, f"UPDATE report SET period_closed = true, sums = '{{}}' WHERE type = 'OPEN_ITEMS' AND {OURS}"),
        (FILES, f"UPDATE report SET size = size + 1 WHERE type = 'JOURNAL' AND {OURS}"),
        (FILES, f"UPDATE report SET sha256 = repeat('0', 64) WHERE type = 'JOURNAL' AND {OURS}"),
        (ENDED, f"UPDATE report SET completed_at = NULL WHERE type = 'JOURNAL' AND {OURS}"),
        (ENDED, f"UPDATE report SET status = 'FAILED' WHERE type = 'JOURNAL' AND {OURS}"),
    ],
)
def test_what_was_put_wrong_is_found(reported: Reported, database_dsn: str, check: str, statement: str) -> None:
    assert sentences(database_dsn, reported.tenant, check, statement)


def test_what_is_posted_into_a_month_that_was_reported_is_found(reported: Reported, database_dsn: str) -> None:
    """As one that was closed."""
    closed = f"UPDATE report SET period_closed = true WHERE type = 'JOURNAL' AND {OURS}"
    assert sentences(database_dsn, reported.tenant, CLOSED, closed) == []
    late = f"UPDATE journal_entry SET posting_date = '2026-11-03' WHERE kind = 'PAYMENT' AND {OURS}"
    said = sentences(database_dsn, reported.tenant, CLOSED, closed, late)
    sums = [f"{side} 288.00 EUR, the books say 169.00 EUR" for side in ("debit", "credit")]
    assert [it.split(": ")[1] for it in said] == ["rows 7, the books say 5", *sums]
