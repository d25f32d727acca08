"""The inbox: a file comes in, is read, waits for a person, and becomes an expense or is dismissed."""

from contor.expenses.inbox.listing import INBOX, OneItem, get_inbox_file, get_item, list_inbox
from contor.expenses.inbox.receiving import ReadItems, ReceiveFile, read_items, receive_file
from contor.expenses.inbox.taking import DismissItem, TakeItem, dismiss_item, take_item

__all__ = [
    "INBOX",
    "DismissItem",
    "OneItem",
    "ReadItems",
    "ReceiveFile",
    "TakeItem",
    "dismiss_item",
    "get_inbox_file",
    "get_item",
    "list_inbox",
    "read_items",
    "receive_file",
    "take_item",
]
