"""Cancelling: what was issued is taken back by a further document, as a whole, by an amount, or to be issued with the right tax."""

from contor.documents.cancelling.in_part import CreditKind, credit_kind
from contor.documents.cancelling.kinds import OF_KIND, OF_NO_OTHER_KIND, OF_REFUND, TAKEN_BACK_AS, CreditedAs, credit_kinds
from contor.documents.cancelling.taking_back import Cancel, CancelBody, Cancelled, cancel
from contor.documents.cancelling.vat_2020 import CorrectVat2020, VatCorrected, VatCorrectionBody, correct_vat_2020

__all__ = [
    "OF_KIND",
    "OF_NO_OTHER_KIND",
    "OF_REFUND",
    "TAKEN_BACK_AS",
    "Cancel",
    "CancelBody",
    "Cancelled",
    "CorrectVat2020",
    "CreditKind",
    "CreditedAs",
    "VatCorrected",
    "VatCorrectionBody",
    "cancel",
    "correct_vat_2020",
    "credit_kind",
    "credit_kinds",
]
