"""Recurring documents: a document request that becomes a draft, or an issued document, every interval."""

from contor.documents.recurring.events import RecurringDocumentMade
from contor.documents.recurring.keep import (
    ChangeRecurringDocument,
    CreateRecurringDocument,
    RecurringDocumentVersion,
    change_recurring,
    create_recurring,
    delete_recurring,
    replace_recurring,
)
from contor.documents.recurring.make import look
from contor.documents.recurring.named import as_draft
from contor.documents.recurring.queries import (
    MADE,
    RECURRING,
    Recurring,
    get_recurring,
    list_made,
    list_recurring,
    recurring_named,
    recurring_numbered,
)
from contor.documents.recurring.types import (
    MadeDocumentView,
    RecurringDocumentCreation,
    RecurringDocumentUpdate,
    RecurringDocumentView,
)

__all__ = [
    "MADE",
    "RECURRING",
    "ChangeRecurringDocument",
    "CreateRecurringDocument",
    "MadeDocumentView",
    "Recurring",
    "RecurringDocumentCreation",
    "RecurringDocumentMade",
    "RecurringDocumentUpdate",
    "RecurringDocumentVersion",
    "RecurringDocumentView",
    "as_draft",
    "change_recurring",
    "create_recurring",
    "delete_recurring",
    "get_recurring",
    "list_made",
    "list_recurring",
    "look",
    "recurring_named",
    "recurring_numbered",
    "replace_recurring",
]
