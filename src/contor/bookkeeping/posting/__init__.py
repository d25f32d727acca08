"""Which entries a document, a payment or a decision makes."""

from contor.bookkeeping.posting.book import exchange_lines
from contor.bookkeeping.posting.decisions import on_its_account, post_decision, post_divided_anew, post_tax_due
from contor.bookkeeping.posting.revenue import booked_groups

__all__ = ["booked_groups", "exchange_lines", "on_its_account", "post_decision", "post_divided_anew", "post_tax_due"]
