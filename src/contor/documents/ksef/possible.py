"""Whether a document can be a structured invoice FA(3). Pure."""

import datetime as dt
import re
from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.pl import nip

from contor.documents.einvoice import seller_and_buyer
from contor.documents.ksef.rates import rate_of_group
from contor.documents.types import Document
from contor.kernel.errors import Problem
from contor.kernel.money import exponent

MOST_ROWS: Final = 10_000
EARLIEST: Final = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
"""The schema refuses files made before."""
_DIGITS: Final = re.compile(r"[^0-9]")


def nip_of(vat_id: str | None, tax_number: str | None, country: str) -> str | None:
    """The NIP in a Polish VAT id, or in the tax number of who sits in Poland; None: there is none with right check digits."""
    found = vat_id[2:] if vat_id and vat_id.startswith("PL") else tax_number if country == "PL" else None
    digits = _DIGITS.sub("", found or "")
    try:
        return str(nip.validate(digits))
    except ValidationError:
        return None


def why_no_fa3(document: Document, taxpayer_number: str | None = None) -> list[Problem]:
    """Every reason; none: `fa3_of` makes it. `taxpayer_number`: the NIP that is configured for the seller."""
    seller, buyer = seller_and_buyer(document)
    found = []
    if nip_of(seller.vat_id, seller.tax_number, seller.address.country) is None and taxpayer_number is None:
        message = "the seller has no NIP: KSeF takes invoices of Polish taxpayers (VAT id PL and ten digits)"
        found.append(Problem("ksef_seller_without_nip", message, "seller.vatId", seller.vat_id))
    if any(len(item.taxes) > 1 for item in document.items):
        found.append(Problem("ksef_several_taxes", "a row bears several taxes: FA(3) has one rate a row", "items"))
    elif wrong := [group for group in document.taxes if rate_of_group(group, document, buyer.address.country) is None]:
        said = ", ".join(f"{group.category_code} {group.rate} %" for group in wrong)
        found.append(Problem("ksef_rate_unknown", f"Poland has no such tax: {said}", "taxes"))
    if exponent(document.currency) > 2:
        message = f"amounts in {document.currency} have more than two decimals"
        found.append(Problem("ksef_currency_too_fine", message, "currency", document.currency))
    if document.created_at < EARLIEST:
        message = f"was issued before {EARLIEST:%Y-%m-%d}, from which on FA(3) files are made"
        found.append(Problem("ksef_issued_before_fa3", message, "createdAt"))
    if document.sign < 0:
        found += _correcting(document)
    if len(document.items) > MOST_ROWS // 2:
        found.append(Problem("ksef_too_many_rows", f"has more than {MOST_ROWS // 2} rows", "items", len(document.items)))
    return found


def _correcting(document: Document) -> list[Problem]:
    if not document.related:
        message = "names no document that it corrects (art. 106j ust. 2 pkt 3)"
        return [Problem("ksef_correction_of_nothing", message, "relatedDocumentIdent")]
    undated = [related.ident for related in document.related if related.document_date is None]
    if not undated:
        return []
    return [Problem("ksef_corrected_undated", f"corrects {', '.join(undated)}, of which no date is known", "externalReferences")]
