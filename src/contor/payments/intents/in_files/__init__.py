"""Attempts that went out in files: the transactions of SEPA."""

from contor.payments.intents.in_files.transactions import (
    SEPA_TRANSACTIONS,
    ListTransactions,
    SepaTransaction,
    list_transactions,
    sepa_transactions,
)

__all__ = ["SEPA_TRANSACTIONS", "ListTransactions", "SepaTransaction", "list_transactions", "sepa_transactions"]
