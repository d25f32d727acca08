"""What people do with open items, in the books in the same transaction: decisions and their counter decisions, clearing."""
