"""SEPA on paper: what may stand in a file, when TARGET is open, files of debits and transfers, and what the bank says to them. Pure."""

from contor.payments.sepa.characters import transliterated
from contor.payments.sepa.days import Collection, Notice, bank_day, collection_date, execution_date, notice_of
from contor.payments.sepa.identifiers import CreditorIdentifier, Reference35
from contor.payments.sepa.judge import account_problems
from contor.payments.sepa.returns import RETRIED_AFTER, Consequence, consequence_of
from contor.payments.sepa.settings import SepaSettings
from contor.payments.sepa.status import (
    Check,
    GroupStatus,
    Rejection,
    StatusReport,
    TransactionStatus,
    Verification,
    read_status,
    rejection_of,
    unknown_statuses,
    verification_of,
)
from contor.payments.sepa.types import (
    Address,
    Amendment,
    Debit,
    LeftOut,
    OurAccount,
    Run,
    Transfer,
    Written,
    WrittenFile,
    WrittenGroup,
    sequence_of,
)
from contor.payments.sepa.write import write_debits, write_transfers

__all__ = [
    "RETRIED_AFTER",
    "Address",
    "Amendment",
    "Check",
    "Collection",
    "Consequence",
    "CreditorIdentifier",
    "Debit",
    "GroupStatus",
    "LeftOut",
    "Notice",
    "OurAccount",
    "Reference35",
    "Rejection",
    "Run",
    "SepaSettings",
    "StatusReport",
    "TransactionStatus",
    "Transfer",
    "Verification",
    "Written",
    "WrittenFile",
    "WrittenGroup",
    "account_problems",
    "bank_day",
    "collection_date",
    "consequence_of",
    "execution_date",
    "notice_of",
    "read_status",
    "rejection_of",
    "sequence_of",
    "transliterated",
    "unknown_statuses",
    "verification_of",
    "write_debits",
    "write_transfers",
]
