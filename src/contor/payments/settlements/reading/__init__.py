"""Settlement files, read: each format its own reader, all bounded, all findings at once. Pure."""

from contor.payments.settlements.reading.files import read_settlement, settlement_format
from contor.payments.settlements.reading.lines import MOST_ROWS, NotRead

__all__ = ["MOST_ROWS", "NotRead", "read_settlement", "settlement_format"]
