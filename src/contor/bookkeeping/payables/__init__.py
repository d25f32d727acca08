"""Invoices of suppliers in the books: posting table rows 34 to 37."""

from contor.bookkeeping.payables.post_expenses import take_accounts, take_expenses

__all__ = ["take_accounts", "take_expenses"]
