"""What reports read of issued documents: a few fields of many, decoded without the rest."""

from contor.documents.reporting.outline import CreditedOn, Outline, OutlineRow, credited_days, outlines

__all__ = ["CreditedOn", "Outline", "OutlineRow", "credited_days", "outlines"]
