"""Entries: what balances, the gapless journal they are written to, how they are read."""

from contor.bookkeeping.entries.booking_entries import ENTRIES, BookingEntry, list_entries
from contor.bookkeeping.entries.entries import account_line, entry_lines, part_tax_line, personal_line, reversed_entry
from contor.bookkeeping.entries.journal import ENTRY, Posting, entries_of, entries_under, post
from contor.bookkeeping.entries.journal_entries import JOURNAL, JournalEntry, get_journal_entry, list_journal

__all__ = [
    "ENTRIES",
    "ENTRY",
    "JOURNAL",
    "BookingEntry",
    "JournalEntry",
    "Posting",
    "account_line",
    "entries_of",
    "entries_under",
    "entry_lines",
    "get_journal_entry",
    "list_entries",
    "list_journal",
    "part_tax_line",
    "personal_line",
    "post",
    "reversed_entry",
]
