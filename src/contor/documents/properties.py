"""Properties by which a request says what EN 16931 has a term for, and which of them carry codes. Pure."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from contor.kernel.codes import CLASSIFICATION as CLASSIFICATIONS
from contor.kernel.codes import COUNTRY, ITEM, PARTY, REGISTRATION, VAT_PREFIX, CodeList

MANDATE, CREDITOR_ID, DEBITED_ACCOUNT = "mandateReference", "creditorIdentifier", "debitedAccount"
"""Properties of a document that carry BT-89, BT-90 and BT-91."""
DIRECT_DEBIT_TYPES: Final = frozenset({"DIRECT_DEBIT", "SEPA_DIRECT_DEBIT"})
"""Payment types that are a SEPA direct debit."""
TRANSFER_TYPES: Final = frozenset({"BANK_TRANSFER", "SEPA_CREDIT_TRANSFER", "INVOICE", "PREPAYMENT"})
"""Payment types by which the payer transfers money to the account named."""
SELLER_IDENTIFIER, BUYER_IDENTIFIER = "sellerIdentifier", "buyerIdentifier"
"""... BT-29 (a list) and BT-46 of another system, with their scheme: `0088:4012345000009`."""
PAYEE = ("payeeName", "payeeIdentifier", "payeeRegistration")
"""... BT-59, BT-60, BT-61."""
REPRESENTATIVE = (
    "taxRepresentativeName",
    "taxRepresentativeVatId",
    *(f"taxRepresentative{part}" for part in ("Line1", "Line2", "Line3", "City", "PostCode", "State", "Country")),
)
"""... BT-62, BT-63 and BG-12."""
ORIGINAL_NUMBER: Final = "originalNumber"
"""... the number (BT-1) that an imported e-invoice had."""
ORIGINAL_DUE_DATE: Final = "originalDueDate"
"""... its due date (BT-9), or that it had none (`skonto.NO_DUE_DATE`)."""
PAYMENT_TERMS = "paymentTerms"
"""... the text of BT-20, which goes on in `paymentTerms.2` ..."""
NOTE = "note"
"""... and that of BT-22."""
TITLE, INTRODUCTION = "title", "introduction"
"""... what the document is about, in a line below its name, and the text before its rows, which goes on in `introduction.2` ..."""
SUPPLIED = "suppliedText"
"""... when it was supplied, in words, where no row says it by a date."""
EXTERNAL, PROJECT = "externalIdent", "projectIdent"
"""... what another system calls it, and the project that it bills: by these its draft is searched."""
FINAL_METHOD, REASON, PAYMENT_STATUS = "finalInvoiceMethod", "reason", "paymentStatus"
"""... what decides how it is issued, booked and collected."""
ORDER, AGREED_DEPOSIT = "orderIdent", "agreedDepositIdent"
"""... what a deposit invoice demands."""
NOT_DUNNED: Final = "dunningDisabled"
"""... "true" of one that nobody is dunned for."""
REAL_ESTATE = "workOnRealEstate"
"""Property of a document or row: "true" where it bills work on real estate (section 14 (4) no. 9 UStG)."""
SPLIT_PAYMENT: Final = "splitPayment"
"""Property of a document: "true" where it is paid by the Polish split payment mechanism (art. 108a of the VAT act; P_18A of FA(3))."""
BUYER_ITEM, STANDARD_ITEM, CLASSIFICATION, ORIGIN = (
    "buyerItemIdentifier",
    "standardItemIdentifier",
    "itemClassification",
    "originCountry",
)
"""Properties of a row that carry BT-156, BT-157 (`0160:4012345000009`), BT-158 (a list of `SRV:81112000`) and BT-159."""
HEADLINE: Final = "positionGroup"
"""... the headline under which it is printed, together with its neighbours that say the same."""

TERMS_OF_ITEM: Final = frozenset({BUYER_ITEM, STANDARD_ITEM, CLASSIFICATION, ORIGIN, REAL_ESTATE, HEADLINE})
"""What is said of an item wherever it is agreed or offered."""

WITH_SCHEME: Final = re.compile(r"([0-9]{4}):(.+)", re.DOTALL)
"""ISO 6523 ICD: the schemes of party and item identifiers."""


class Coded(NamedTuple):
    """A property that says a code."""

    term: str
    """E.g. "BT-159"."""
    codes: CodeList
    code_in: Callable[[str], str | None]
    """The code in a value; None: there is none in it."""


def _scheme(text: str) -> str | None:
    match = WITH_SCHEME.fullmatch(text)
    return match[1] if match else None


def _whole(text: str) -> str:
    return text


def _list(text: str) -> str:
    return text.partition(":")[0]


def _state(text: str) -> str:
    return text[:2]


CODES_OF_DOCUMENT: Final = {
    SELLER_IDENTIFIER: Coded("BT-29", PARTY, _scheme),
    BUYER_IDENTIFIER: Coded("BT-46", PARTY, _scheme),
    PAYEE[1]: Coded("BT-60", PARTY, _scheme),
    PAYEE[2]: Coded("BT-61", REGISTRATION, _scheme),
    REPRESENTATIVE[1]: Coded("BT-63", VAT_PREFIX, _state),
    REPRESENTATIVE[-1]: Coded("BT-69", COUNTRY, _whole),
}
CODES_OF_ROW: Final = {
    STANDARD_ITEM: Coded("BT-157", ITEM, _scheme),
    CLASSIFICATION: Coded("BT-158", CLASSIFICATIONS, _list),
    ORIGIN: Coded("BT-159", COUNTRY, _whole),
}
"""By key; a list goes on in `key.2` and so on."""
