"""Statements of banks: read in every format that they come in, believed only where they add up, and turned into payments once."""

from contor.payments.statements.balances import proven_balances
from contor.payments.statements.bookings import Told, require_untold, told_of
from contor.payments.statements.files import (
    STATEMENTS,
    OriginalFile,
    ReceiveFile,
    StatementReason,
    StatementView,
    get_original,
    get_statement,
    list_files,
    list_statements,
    receive_statement,
    upload_statement,
)
from contor.payments.statements.mappings import MAPPINGS
from contor.payments.statements.read import LARGEST
from contor.payments.statements.take import ReadFile, read_again, read_statement

__all__ = [
    "LARGEST",
    "MAPPINGS",
    "STATEMENTS",
    "OriginalFile",
    "ReadFile",
    "ReceiveFile",
    "StatementReason",
    "StatementView",
    "Told",
    "get_original",
    "get_statement",
    "list_files",
    "list_statements",
    "proven_balances",
    "read_again",
    "read_statement",
    "receive_statement",
    "require_untold",
    "told_of",
    "upload_statement",
]
