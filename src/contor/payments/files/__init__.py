"""Files for banks: written of the intents that wait, kept unchanged, given to the bank, and what it says to them."""

from contor.payments.files.read import FILES, PaymentFileView, file_content, get_file, list_files
from contor.payments.files.sending import confirm_file, release_file
from contor.payments.files.status import Heard, StatusReportView, hear_report, take_report
from contor.payments.files.submitting import wait_after
from contor.payments.files.targets import TARGETS
from contor.payments.files.worker import DIRECTIONS, Wrote, write_files
from contor.payments.files.writing import WriteWaiting, write_waiting
from contor.payments.intents import accounts_with_waiting

__all__ = [
    "DIRECTIONS",
    "FILES",
    "TARGETS",
    "Heard",
    "PaymentFileView",
    "StatusReportView",
    "WriteWaiting",
    "Wrote",
    "accounts_with_waiting",
    "confirm_file",
    "file_content",
    "get_file",
    "hear_report",
    "list_files",
    "release_file",
    "take_report",
    "wait_after",
    "write_files",
    "write_waiting",
]
