"""Entries: what balances, the gapless journal they are written to, how they are read."""

from contor.bookkeeping.entries.balances import AccountBalance, ChartRow, balances_between, chart_rows
from contor.bookkeeping.entries.booking_entries import ENTRIES, BookingEntry, ListEntries, list_entries
from contor.bookkeeping.entries.entries import account_line, entry_lines, part_tax_line, personal_line, reversed_entry
from contor.bookkeeping.entries.joined import JournalRow
from contor.bookkeeping.entries.journal import ENTRY, Posting, entries_of, entries_under, post
from contor.bookkeeping.entries.journal_entries import JOURNAL, JournalEntry, get_journal_entry, list_journal
from contor.bookkeeping.entries.streaming import (
    count_between,
    documents_booked_between,
    journal_between,
    journal_marks,
    numbers_of_several,
    numbers_that_meet,
)

__all__ = [
    "ENTRIES",
    "ENTRY",
    "JOURNAL",
    "AccountBalance",
    "BookingEntry",
    "ChartRow",
    "JournalEntry",
    "JournalRow",
    "ListEntries",
    "Posting",
    "account_line",
    "balances_between",
    "chart_rows",
    "count_between",
    "documents_booked_between",
    "entries_of",
    "entries_under",
    "entry_lines",
    "get_journal_entry",
    "journal_between",
    "journal_marks",
    "list_entries",
    "list_journal",
    "numbers_of_several",
    "numbers_that_meet",
    "part_tax_line",
    "personal_line",
    "post",
    "reversed_entry",
]
