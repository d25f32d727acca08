"""Balances: kept by month, read as trial balance and account by account."""

from contor.bookkeeping.balances.accounts import (
    POSTINGS,
    AccountPosting,
    get_account_month,
    list_account_postings,
)
from contor.bookkeeping.balances.folding import BALANCES, FoldLedger, fold
from contor.bookkeeping.balances.personal import PERSONAL, PersonalBalance, list_personal_balances
from contor.bookkeeping.balances.trial_balance import (
    Balance,
    OneTrialBalance,
    TrialBalance,
    TrialBalanceRow,
    balances,
    difference,
    get_trial_balance,
)

__all__ = [
    "BALANCES",
    "PERSONAL",
    "POSTINGS",
    "AccountPosting",
    "Balance",
    "FoldLedger",
    "OneTrialBalance",
    "PersonalBalance",
    "TrialBalance",
    "TrialBalanceRow",
    "balances",
    "difference",
    "fold",
    "get_account_month",
    "get_trial_balance",
    "list_account_postings",
    "list_personal_balances",
]
