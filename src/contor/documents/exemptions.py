"""Why a row bears no tax: the category that is meant and the text and code that the paper must show. Pure.

Source: section 14 (4) no. 8 and 14a UStG, EN 16931 BR-AE-10, BR-E-10, BR-G-10, BR-IC-10, BR-O-10; accounting reference 4.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from contor.documents.labels import GERMAN
from contor.documents.types import Tax, TaxCategory
from contor.kernel.shapes import is_blank


class Exemption(NamedTuple):
    """BT-121 (VATEX code list) and BT-120 in German and English."""

    code: str | None
    de: str
    en: str

    def text(self, language: str) -> str:
        return self.de if language in GERMAN else self.en


EXEMPTIONS: Final[dict[str, Exemption]] = {
    "AE": Exemption("VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge"),
    "K": Exemption("VATEX-EU-IC", "Steuerfreie innergemeinschaftliche Lieferung", "Intra-Community supply"),
    "G": Exemption("VATEX-EU-G", "Steuerfreie Ausfuhrlieferung", "Export outside the EU"),
    "O": Exemption("VATEX-EU-O", "Nicht steuerbar", "Not subject to VAT"),
}
SMALL_BUSINESS: Final = Exemption(
    None, "Steuerbefreiung für Kleinunternehmer nach § 19 UStG", "VAT exemption for small businesses, section 19 UStG"
)
WITH_REASON: Final = frozenset({"E", "AE", "K", "G", "O"})
"""Categories whose breakdown must say why (BT-120 or BT-121); on the others it is forbidden (BR-S-10, BR-Z-10)."""
WITHOUT_TAX: Final = frozenset({"Z", *WITH_REASON})
"""Categories whose rate is 0."""
_CATEGORY_OF_CODE: Final[dict[str, TaxCategory]] = {
    "VATEX-EU-AE": "AE",
    "VATEX-FR-AE": "AE",
    "VATEX-EU-IC": "K",
    "VATEX-EU-G": "G",
    "VATEX-EU-O": "O",
}


def category_of(tax: Tax, small_business: bool) -> TaxCategory:
    """The UNCL5305 category that is meant: as given, else S above 0 %, else what the exemption says, else Z (small business: E)."""
    if tax.category_code:
        return tax.category_code
    if tax.rate > 0:
        return "S"
    if tax.exemption_reason_code:
        return _CATEGORY_OF_CODE.get(tax.exemption_reason_code.upper(), "E")  # every other code of the VATEX list is an exemption
    return "E" if tax.exemption_reason_text or small_business else "Z"


@lru_cache(maxsize=4096)
def _completed(tax: Tax, small_business: bool, language: str) -> Tax:
    category = category_of(tax, small_business)
    exemption = EXEMPTIONS.get(category)
    if category == "E" and small_business and not tax.exemption_reason_code:  # a code names an exemption of its own
        exemption = SMALL_BUSINESS
    code = (tax.exemption_reason_code or "").upper() or None
    text = None if is_blank(tax.exemption_reason_text) else tax.exemption_reason_text
    if exemption is not None:
        code, text = code or exemption.code, text or exemption.text(language)
    return Tax(
        rate=tax.rate,
        category_code=category,
        code=tax.code,
        name=tax.name,
        exemption_reason_code=code,
        exemption_reason_text=text,
    )


def complete(taxes: tuple[Tax, ...], small_business: bool = False, language: str = "de") -> tuple[Tax, ...]:
    """The taxes of a row with their category and, where one is due, the text and code of the exemption."""
    if len(taxes) == 1 and taxes[0].category_code == "S":  # most rows: nothing to complete or to look up
        return taxes
    return tuple([_completed(tax, small_business, language) for tax in taxes])
