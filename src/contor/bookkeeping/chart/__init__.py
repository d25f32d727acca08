"""The chart of accounts: which account a role has, what a tenant changed of it."""

from contor.bookkeeping.chart.accounts import accounts_of, chart_of
from contor.bookkeeping.chart.booking_accounts import (
    ACCOUNTS,
    AccountBody,
    create_account,
    delete_account,
    get_account,
    list_accounts,
    update_account,
)

__all__ = [
    "ACCOUNTS",
    "AccountBody",
    "accounts_of",
    "chart_of",
    "create_account",
    "delete_account",
    "get_account",
    "list_accounts",
    "update_account",
]
