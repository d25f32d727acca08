"""Tests that take long."""

LONGEST = (
    "scenarios/test_tampering.py",
    "scenarios/test_year_of_money.py",
    "operations/orders/test_final_invoices_taken_back.py",
    "property/test_receivables_auditor.py",
    "operations/migrations/test_first_release.py",
    "operations/billing/test_planted.py",
    "dialects/platform/test_fuzzing.py",
    "property/test_dunning_auditor.py",
    "operations/runtime/test_postgres.py",
    "operations/assignment/test_returned_deposits.py",
    "property/test_engine_auditor.py",
    "scenarios/test_killed_notifications.py",
    "operations/runtime/test_jobs.py",
)
"""Files of tests that take more than half a minute of a machine that is busy, the longest first: they begin first. What goes
through all tenants of a test process costs as much as there are: that is the very first."""
