"""Value added tax: rates with their history, and which of them a supply bears."""
