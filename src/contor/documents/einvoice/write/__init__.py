"""The two syntaxes of an e-invoice: CII and UBL. Pure."""

from contor.documents.einvoice.write.cii_parts import FURTHER_PRECEDING
from contor.documents.einvoice.write.ubl import CREDIT_NOTE, INVOICE
from contor.documents.einvoice.write.ubl_parts import CREDITOR_SCHEME
from contor.documents.einvoice.write.write import cii_and_ubl_of, cii_of, ubl_of, with_supporting
from contor.documents.einvoice.write.xrechnung_rules import breaches

__all__ = [
    "CREDITOR_SCHEME",
    "CREDIT_NOTE",
    "FURTHER_PRECEDING",
    "INVOICE",
    "breaches",
    "cii_and_ubl_of",
    "cii_of",
    "ubl_of",
    "with_supporting",
]
