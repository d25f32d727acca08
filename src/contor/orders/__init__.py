"""Orders: what a customer buys once. Line items of orders and of contracts, allowances, agreed deposits, attachments."""
