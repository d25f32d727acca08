"""How an invoice stands, by the facts of the core: one document, one open item, one ledger."""

from decimal import Decimal
from typing import NamedTuple

from contor.api.fynn.invoices.shown.answers import DunningStatus, InvoiceStatus, InvoiceType
from contor.documents.cancelling import CreditKind
from contor.documents.types import DocumentType
from contor.dunning.rules import Level
from contor.kernel.money import ZERO

CREDITING = frozenset({DocumentType.CREDIT_MEMO, DocumentType.DEPOSIT_INVOICE_CORRECTION})
_TYPES: dict[CreditKind, InvoiceType] = {"CANCELLATION": "TYPE_CANCEL", "CREDIT": "TYPE_CREDIT", "REFUND": "TYPE_REFUND"}


class Standing(NamedTuple):
    """What is known of an issued document."""

    payable: Decimal
    settled: Decimal
    is_taken_back: bool = False
    """Credits took back all of it."""
    taken_back_as: CreditKind | None = None
    """What the last credit over it is to the customer; None: none says it."""
    is_complete: bool = True
    """All of its files are made."""
    has_payments: bool = False
    """Money came for it, or went out, and stands."""
    is_given_up: bool = False
    """Somebody decided that nothing more comes."""
    dunning_level: int = 0


def draft_status(*, has_rows: bool) -> InvoiceStatus:
    return "STATUS_DRAFT" if has_rows else "STATUS_NEW"


def status_of(standing: Standing) -> InvoiceStatus:
    """The first that holds: what became of the document, then of its money, then where it is on its way."""
    if standing.is_taken_back:
        return _BACK.get(standing.taken_back_as or "CANCELLATION", "STATUS_CANCELLED")
    if not standing.is_complete and standing.settled <= ZERO < standing.payable:
        return "STATUS_FINALIZING"
    if standing.settled >= standing.payable:
        return "STATUS_PAID" if standing.has_payments or not (standing.payable and standing.is_given_up) else "STATUS_CLOSED"
    return "STATUS_REMINDED" if standing.dunning_level else "STATUS_UNPAID"


def credit_status(standing: Standing) -> InvoiceStatus:
    """Of what takes something back: open until what it gives is cleared or paid out."""
    if not standing.is_complete and standing.settled < standing.payable:
        return "STATUS_FINALIZING"
    if standing.settled < standing.payable:
        return "STATUS_UNPAID"
    return "STATUS_PAID" if standing.has_payments else "STATUS_CLOSED"


def type_of(kind: DocumentType, credit: CreditKind | None) -> InvoiceType:
    """`credit`: what a credit is to the customer, where that is known."""
    if kind not in CREDITING:
        return "TYPE_INVOICE"
    return "TYPE_CREDIT" if credit is None else _TYPES[credit]


def dunning_status(level: Level | None, number: int) -> DunningStatus:
    """By the level of the last letter that stands; None: there is none."""
    if level is None:
        return "none"
    kind = level.kind or ("REMINDER" if number == 1 else "DUNNING")
    return "reminder" if kind == "REMINDER" else "dunning"


# helpers in calling order

_BACK: dict[str, InvoiceStatus] = {"CANCELLATION": "STATUS_CANCELLED", "CREDIT": "STATUS_CLOSED", "REFUND": "STATUS_REFUNDED"}
