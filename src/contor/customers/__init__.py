"""To whom documents are addressed: customers, their addresses, and their accounts in the ledger."""
