"""Banks as they are asked: one module each, and its line in the registry."""

from contor.payments.open_banking.banks.registry import bank_of
from contor.payments.open_banking.banks.simulated import make_booking
from contor.payments.open_banking.banks.types import (
    Access,
    Asked,
    Bank,
    BankRefused,
    ConsentEnded,
    Fetched,
    Linked,
    StatementFile,
    Unreachable,
)

__all__ = [
    "Access",
    "Asked",
    "Bank",
    "BankRefused",
    "ConsentEnded",
    "Fetched",
    "Linked",
    "StatementFile",
    "Unreachable",
    "bank_of",
    "make_booking",
]
