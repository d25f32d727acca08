"""SEPA on paper: what may stand in a file, when TARGET is open, files of debits and transfers, and what the bank says to them. Pure."""

from contor.payments.sepa.identifiers import CreditorIdentifier, Reference35
from contor.payments.sepa.settings import SepaSettings

__all__ = ["CreditorIdentifier", "Reference35", "SepaSettings"]
