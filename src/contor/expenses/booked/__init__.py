"""What of expenses goes into the books: whose account, which costs."""

from contor.expenses.booked.categories import CATEGORIES
from contor.expenses.booked.suppliers import SUPPLIERS
from contor.expenses.booked.telling import name_accounts, posting_problems, tell_books, withdraw

__all__ = ["CATEGORIES", "SUPPLIERS", "name_accounts", "posting_problems", "tell_books", "withdraw"]
