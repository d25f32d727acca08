"""Open items as they stood on a day of the past, from what moved them."""

from contor.openitems.reporting.as_of import Closing, OpenRow, counted_on, locked_values, open_items

__all__ = ["Closing", "OpenRow", "counted_on", "locked_values", "open_items"]
