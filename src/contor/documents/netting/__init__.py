"""Rows that take something back of another document without being its credit: which they are, and of which rows."""

from contor.documents.netting.keep import named_rows
from contor.documents.netting.read import NettingRow, netted_of, netting_rows

__all__ = ["NettingRow", "named_rows", "netted_of", "netting_rows"]
