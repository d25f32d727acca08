"""Which keys of properties have an effect, by what has the property: what is published of them is made from this. Pure."""

from typing import Final

from contor.documents import properties as named
from contor.documents.references import OF_DOCUMENT, OF_ROW

KEYS_OF_OWNER: Final = tuple([reference.key for reference in OF_DOCUMENT])
"""Of an order or contract: its documents refer so."""
KEYS_OF_DOCUMENT: Final = (
    *KEYS_OF_OWNER,
    named.TITLE,
    named.INTRODUCTION,
    named.SUPPLIED,
    named.NOTE,
    named.PAYMENT_TERMS,
    named.FINAL_METHOD,
    named.REASON,
    named.PAYMENT_STATUS,
    named.REAL_ESTATE,
    named.SPLIT_PAYMENT,
    named.ORDER,
    named.AGREED_DEPOSIT,
    named.MANDATE,
    named.CREDITOR_ID,
    named.DEBITED_ACCOUNT,
    named.SELLER_IDENTIFIER,
    named.BUYER_IDENTIFIER,
    *named.PAYEE,
    *named.REPRESENTATIVE,
    named.ORIGINAL_NUMBER,
    named.ORIGINAL_DUE_DATE,
    named.EXTERNAL,
    named.PROJECT,
    named.NOT_DUNNED,
)
KEYS_OF_ROW: Final = (*(reference.key for reference in OF_ROW), *sorted(named.TERMS_OF_ITEM))
"""Of a row, and of the option, line item or deposit that it bills."""

DRAFT_PREFIX: Final = "draft~"
"""What the id of a request begins with that was a draft; no caller names one so."""
