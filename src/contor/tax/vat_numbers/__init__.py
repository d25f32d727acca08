"""VAT numbers of customers: confirmed by the registers of the member states, with the proof, and what may be issued by it."""

from contor.tax.vat_numbers.check import (
    CHECKS,
    check_vat_number,
    get_answer,
    get_vat_number_check,
    list_vat_number_checks,
)
from contor.tax.vat_numbers.enquiries import ask_for
from contor.tax.vat_numbers.events import VatNumbersChecked
from contor.tax.vat_numbers.jobs import check_all, get_check_all
from contor.tax.vat_numbers.keeping import Question, keep_heard
from contor.tax.vat_numbers.numbers import is_asked_for, state_of
from contor.tax.vat_numbers.policy import NOT_NEEDED, Verdict
from contor.tax.vat_numbers.queries import InGroup, Proof, proofs_for, valid_vat_ids, validities, verdicts
from contor.tax.vat_numbers.tables import last_answers
from contor.tax.vat_numbers.types import Asked, VatNumberCheckView
from contor.tax.vat_numbers.worker import asked_now

__all__ = [
    "CHECKS",
    "NOT_NEEDED",
    "Asked",
    "InGroup",
    "Proof",
    "Question",
    "VatNumberCheckView",
    "VatNumbersChecked",
    "Verdict",
    "ask_for",
    "asked_now",
    "check_all",
    "check_vat_number",
    "get_answer",
    "get_check_all",
    "get_vat_number_check",
    "is_asked_for",
    "keep_heard",
    "last_answers",
    "list_vat_number_checks",
    "proofs_for",
    "state_of",
    "valid_vat_ids",
    "validities",
    "verdicts",
]
