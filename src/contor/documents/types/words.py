"""The words of the papers: their six types, units, categories and methods. Pure."""

import enum
from typing import Annotated, Final, Literal

from contor.kernel.shapes import written


class DocumentType(enum.StrEnum):
    """The six papers."""

    INVOICE = "INVOICE"
    CREDIT_MEMO = "CREDIT_MEMO"
    DEPOSIT_INVOICE = "DEPOSIT_INVOICE"
    DEPOSIT_INVOICE_CORRECTION = "DEPOSIT_INVOICE_CORRECTION"
    SELF_BILLING_INVOICE = "SELF_BILLING_INVOICE"
    SELF_BILLING_INVOICE_CORRECTION = "SELF_BILLING_INVOICE_CORRECTION"


DocumentStatus = Literal["CREATED", "FINALIZING", "COMPLETED"]
"""COMPLETED: its files are made. FINALIZING: all but the picture, for which one is awaited that somebody uploads."""

OF_DEPOSITS = frozenset({DocumentType.DEPOSIT_INVOICE, DocumentType.DEPOSIT_INVOICE_CORRECTION})
"""They ask for money in advance or take that back: nothing is supplied by them."""

VOUCHERS: Final = frozenset({"VOUCHER", "VOUCHER_APPLICATION"})
"""Only these have a refundability; said of another row it means nothing."""
QuantityType = Literal["PC", "KWH", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR"]
UNIT_CODES: Final = {
    "PC": "H87",
    "KWH": "KWH",
    "SECOND": "SEC",
    "MINUTE": "MIN",
    "HOUR": "HUR",
    "DAY": "DAY",
    "WEEK": "WEE",
    "MONTH": "MON",
    "YEAR": "ANN",
}
"""`quantityType` -> BT-130 (UN/ECE Recommendation 20)."""
Basis = Literal["NET", "GROSS"]
EInvoiceFormat = Literal["XRECHNUNG", "PEPPOL", "EN16931"]
"""The rules that the electronic invoice for sending keeps."""
PRICE_REDUCTION_REASONS = frozenset({"GOODWILL", "WARRANTY", "PRICE_REDUCTION", "BONUS", "DISCOUNT", "CASH_DISCOUNT"})
"""Values of a credit memo's property `reason` that reduce the price of a supply that stands (posting table row 8). Every other credit memo
takes rows of the document back: cancellation, return, billing error (row 7)."""
PaidBy = Literal["TRANSFER", "DIRECT_DEBIT", "STORED_MEANS"]
"""How a document says that it is paid: to an account of ours, by a SEPA direct debit, or by what its customer left with a payment
provider, e.g. a card."""
FinalInvoiceMethod = Literal["REMAINDER", "FINAL", "REVERSAL"]
"""How a final invoice treats received deposits (accounting reference 2.4)."""

Gender = Literal["MALE", "FEMALE"]
"""As far as a person is addressed by it."""
ExtraType = Literal["DISCOUNT", "SINGLE_PURPOSE_VOUCHER", "VOUCHER"]
"""What an extra of a row is."""

RequestId = Annotated[
    str,
    written(
        r"^[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f\s][^\x00-\x1f\x7f]*$",
        "one line of text that is not blank",
        min_length=1,
        max_length=255,
    ),
]
