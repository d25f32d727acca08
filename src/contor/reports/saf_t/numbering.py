"""How Portugal numbers and signs documents: InvoiceNo, ATCUD, and the chain of signatures.

Source: Portaria 321-A/2007 with the structure 1.04_01 of Portaria 302/2016 (4.1.4.1, 4.1.4.2, 4.1.4.4); signature: Portaria 363/2010,
article 6 and 7; ATCUD: Portaria 195/2020.
"""

import base64
import re
from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from contor.documents.types import Document, DocumentType
from contor.reports.saf_t.lines import ledger_totals
from contor.reports.saf_t.tree import cents

_NUMBER: Final = re.compile(r"([^ ]+) ([^/^ ]+)/([0-9]+)")
_LAST_DIGITS: Final = re.compile(r"([0-9]+)[^0-9]*$")
_NOT_OF_A_SERIES: Final = re.compile(r"[^A-Za-z0-9_.-]")
KINDS: Final = {
    DocumentType.INVOICE: "FT",
    DocumentType.DEPOSIT_INVOICE: "FT",
    DocumentType.CREDIT_MEMO: "NC",
    DocumentType.DEPOSIT_INVOICE_CORRECTION: "NC",
}
"""InvoiceType. Self-billing papers are reported in the partner's file (TaxAccountingBasis S)."""


class Numbered(NamedTuple):
    """A document's number in the form of the structure: `kind series/number`."""

    series: str
    """With its type: the chain of signatures is one for each."""
    number: int
    invoice_no: str


def numbered(
    document: Document, configured: str | None, counter: str | None, year: int | None, value: int | None
) -> Numbered | None:
    """The number as it stands, where it has that form; else made of the series that is configured for its type, or of its counter and
    year, and of its number in them. None: there is no number in it."""
    kind = KINDS[document.document_type]
    if found := _NUMBER.fullmatch(document.ident):
        return Numbered(f"{found[1]} {found[2]}", int(found[3]), document.ident)
    if value is None and (digits := _LAST_DIGITS.search(document.ident)) is not None:
        value = int(digits[1])
    if value is None:
        return None
    series = configured or _NOT_OF_A_SERIES.sub("", f"{counter or 'X'}{year or ''}") or "X"
    return Numbered(f"{kind} {series}", value, f"{kind} {series}/{value}")


def atcud(validation_code: str | None, number: Numbered) -> str:
    """The unique code of a document; 0 where the authority gave its series no code."""
    return f"{validation_code}-{number.number}" if validation_code else "0"


class Signer:
    """Signs the documents of each series, each with the signature of the one before it."""

    def __init__(self, pem: str | None, key_version: int) -> None:
        key = load_pem_private_key(pem.encode(), None) if pem else None
        self._key = key if isinstance(key, RSAPrivateKey) else None
        self._last: dict[str, str] = {}
        self.control = str(key_version) if self._key is not None else "0"
        """HashControl: the version of the key; 0: nothing is signed."""

    @property
    def signs(self) -> bool:
        return self._key is not None

    def signature(self, document: Document, number: Numbered) -> str:
        """Hash: RSA with SHA-1 (PKCS #1 v1.5) over date, time of making, number, sum and the signature before, base64; 0 without a key."""
        if self._key is None:
            return "0"
        gross = cents(ledger_totals(document).gross)
        said = (
            f"{document.document_date.isoformat()};{document.created_at:%Y-%m-%dT%H:%M:%S};{number.invoice_no};{gross};"
            f"{self._last.get(number.series, '')}"
        )
        # the method is the authority's, and its readers know no other one
        made = base64.b64encode(self._key.sign(said.encode(), padding.PKCS1v15(), hashes.SHA1())).decode()
        self._last[number.series] = made
        return made
