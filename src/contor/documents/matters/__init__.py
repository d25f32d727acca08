"""Documents of one matter are decided on by one transaction at a time: what is issued, paid, taken back and reissued."""

from contor.documents.matters.deposited import DepositInvoice, deposit_invoices
from contor.documents.matters.joined import (
    TAKEN_BACK,
    CreditOver,
    FinalOf,
    credited_by,
    credits_over,
    deposits_of,
    finals_of,
    joined_by_credits,
)
from contor.documents.matters.lock import lock_matters

__all__ = [
    "TAKEN_BACK",
    "CreditOver",
    "DepositInvoice",
    "FinalOf",
    "credited_by",
    "credits_over",
    "deposit_invoices",
    "deposits_of",
    "finals_of",
    "joined_by_credits",
    "lock_matters",
]
