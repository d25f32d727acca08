"""The journal as reports read it: in its order, by account, by tax, by revenue; all of it at once, however large."""

from contor.bookkeeping.reporting.accounts import NamedAccount, account_names, roles_by_number
from contor.bookkeeping.reporting.balances import Personal, Revalued, personal_balances, revalued_on
from contor.bookkeeping.reporting.deferred import Deferred, deferred_account, deferred_at
from contor.bookkeeping.reporting.journal import Counted, JournalRow, counted_by_month, journal_of
from contor.bookkeeping.reporting.revenue import REVENUE_GROUPS, EarnedLine, earned_by_account, earned_in
from contor.bookkeeping.reporting.tax import (
    Baseless,
    TaxSum,
    TaxTurn,
    Undeclared,
    bases_that_differ,
    tax_lines_without_base,
    tax_sums,
    tax_turns,
    taxed_by_account,
)

__all__ = [
    "REVENUE_GROUPS",
    "Baseless",
    "Counted",
    "Deferred",
    "EarnedLine",
    "JournalRow",
    "NamedAccount",
    "Personal",
    "Revalued",
    "TaxSum",
    "TaxTurn",
    "Undeclared",
    "account_names",
    "bases_that_differ",
    "counted_by_month",
    "deferred_account",
    "deferred_at",
    "earned_by_account",
    "earned_in",
    "journal_of",
    "personal_balances",
    "revalued_on",
    "roles_by_number",
    "tax_lines_without_base",
    "tax_sums",
    "tax_turns",
    "taxed_by_account",
]
