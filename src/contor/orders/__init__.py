"""Orders: line items, allowances, agreed deposits and attachments that a customer ordered and that are billed."""
