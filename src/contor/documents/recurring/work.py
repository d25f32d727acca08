"""The name of the work that makes recurring documents: who changes one marks it."""

RECURRING_DOCUMENTS = "recurring_documents"
