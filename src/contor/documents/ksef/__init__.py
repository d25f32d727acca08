"""Invoices as the Polish national system (KSeF) takes them: the structured invoice FA(3)."""

from contor.documents.ksef.fa3 import Fa3Sender, fa3_of
from contor.documents.ksef.possible import why_no_fa3
from contor.documents.ksef.read import get_fa3, sender_of

__all__ = ["Fa3Sender", "fa3_of", "get_fa3", "sender_of", "why_no_fa3"]
