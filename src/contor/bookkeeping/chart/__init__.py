"""The chart of accounts: which account a role has, what a tenant changed of it."""

from contor.bookkeeping.chart.accounts import AccountFlags, account_flags, accounts_of, chart_of
from contor.bookkeeping.chart.booking_accounts import (
    ACCOUNTS,
    AccountBody,
    create_account,
    delete_account,
    get_account,
    list_accounts,
    require_account,
    update_account,
    whole_chart,
)
from contor.bookkeeping.chart.chart import CHARTS, CREDITORS, DEBTORS
from contor.bookkeeping.chart.money import standing_elsewhere, unfit_for_costs, unfit_for_money

__all__ = [
    "ACCOUNTS",
    "CHARTS",
    "CREDITORS",
    "DEBTORS",
    "AccountBody",
    "AccountFlags",
    "account_flags",
    "accounts_of",
    "chart_of",
    "create_account",
    "delete_account",
    "get_account",
    "list_accounts",
    "require_account",
    "standing_elsewhere",
    "unfit_for_costs",
    "unfit_for_money",
    "update_account",
    "whole_chart",
]
