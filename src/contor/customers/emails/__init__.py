"""Where customers get mail."""

from contor.customers.emails.addresses import (
    NUMBERED,
    AddEmail,
    CustomerEmail,
    EmailBody,
    EmailsOf,
    EmailView,
    EmailViews,
    OneEmail,
    ReplaceEmail,
    add_email,
    emails_of,
    get_email,
    list_emails,
    owner_of_email,
    remove_email,
    replace_email,
)
from contor.customers.emails.default import follow_default
from contor.customers.emails.readers import Reader, readers

__all__ = [
    "NUMBERED",
    "AddEmail",
    "CustomerEmail",
    "EmailBody",
    "EmailView",
    "EmailViews",
    "EmailsOf",
    "OneEmail",
    "Reader",
    "ReplaceEmail",
    "add_email",
    "emails_of",
    "follow_default",
    "get_email",
    "list_emails",
    "owner_of_email",
    "readers",
    "remove_email",
    "replace_email",
]
