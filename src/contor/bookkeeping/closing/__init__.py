"""Closing a month: what stands in its way, the step that lets nothing into it any more, and its closing entries."""

from contor.bookkeeping.closing.close import CloseBody, ClosePeriod, ClosingPreview, close_period, preview_closing
from contor.bookkeeping.closing.complete import CompleteClosing, complete_closing

__all__ = [
    "CloseBody",
    "ClosePeriod",
    "ClosingPreview",
    "CompleteClosing",
    "close_period",
    "complete_closing",
    "preview_closing",
]
