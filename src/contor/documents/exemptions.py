"""Why a row bears no tax: the category that is meant and the text and code that the paper must show. Pure.

Source: section 14 (4) no. 8 and 14a UStG, EN 16931 BR-AE-10, BR-E-10, BR-G-10, BR-IC-10, BR-O-10; accounting reference 4.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from contor.documents.labels import GERMAN
from contor.documents.types import Tax, TaxCategory
from contor.kernel.codes import TRIANGULAR
from contor.kernel.shapes import is_blank


class Exemption(NamedTuple):
    """BT-121 (VATEX code list) and BT-120 in German and English."""

    code: str | None
    de: str
    en: str
    words: tuple[str, ...] = ()
    """Of which a text of the caller's own says one, in small letters; else the text that the law demands stands before it."""

    def text(self, language: str) -> str:
        return self.de if language in GERMAN else self.en

    def said(self, own: str | None, language: str) -> str:
        if not own:
            return self.text(language)
        small = own.casefold()
        known = (self.de.casefold(), self.en.casefold(), *self.words)
        return own if any(words in small for words in known) else f"{self.text(language)}; {own}"


_REVERSE_CHARGE: Final = (
    "vat reverse charge|autoliquidation|inversione contabile|inversión del sujeto pasivo|btw verlegd|odwrotne obciążenie|autoliquidação"
    "|taxare inversă|omvendt betalingspligt|omvänd betalningsskyldighet|käännetty verovelvollisuus|daň odvede zákazník"
    "|prenesenie daňovej povinnosti|fordított adózás|obrnjena davčna obveznost|prijenos porezne obveze|pöördmaksustamine"
    "|nodokļa apgrieztā maksāšana|atvirkštinis apmokestinimas|inverżjoni tal-ħlas|αντίστροφη επιβάρυνση|обратно начисляване"
)
"""As the other languages of the Union have it (Article 226 no. 11a MwStSystRL; UStAE 14a.1 (6))."""
_FREE: Final = ("steuerfrei", "steuerbefrei", "exempt", "§ 4 ", "§4 ", "art. 1", "artikel 1", "article 1")
EXEMPTIONS: Final[dict[str, Exemption]] = {
    "AE": Exemption(
        "VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge", tuple(_REVERSE_CHARGE.split("|"))
    ),
    "K": Exemption(
        "VATEX-EU-IC",
        "Steuerfreie innergemeinschaftliche Lieferung",
        "Intra-Community supply",
        (*_FREE, "innergemeinschaftliche", "intra-community", "intracommunautaire"),
    ),
    "G": Exemption("VATEX-EU-G", "Steuerfreie Ausfuhrlieferung", "Export outside the EU", (*_FREE, "ausfuhr", "export")),
    "O": Exemption("VATEX-EU-O", "Nicht steuerbar", "Not subject to VAT", ("",)),
}
TRIANGULAR_SUPPLY: Final = Exemption(
    "VATEX-EU-AE",
    "Innergemeinschaftliches Dreiecksgeschäft nach § 25b UStG, Steuerschuldnerschaft des Leistungsempfängers",
    "Intra-Community triangular transaction, Article 141 of Directive 2006/112/EC, reverse charge",
)
"""Both facts are said (section 14a (7) UStG); who leaves them out is not relieved, and cannot make up for it later (ECJ, C-247/21)."""
_OF_SMALL_BUSINESS: Final = ("kleinunternehmer", "small business", "small enterprise", "§ 19", "§19", "section 19 ")
SMALL_BUSINESS: Final = Exemption(
    None,
    "Steuerbefreiung für Kleinunternehmer nach § 19 UStG",
    "VAT exemption for small businesses, section 19 UStG",
    (*_OF_SMALL_BUSINESS, "§ 4 ", "§4 "),
)


def says_small_business(text: str) -> bool:
    """Whether a reason says in either language that the exemption of small businesses holds (section 34a no. 6 UStDV)."""
    return any(words in text.casefold() for words in _OF_SMALL_BUSINESS)


SPECIAL_SCHEMES: Final = {
    "VATEX-EU-D": Exemption("VATEX-EU-D", "Sonderregelung für Reisebüros", "Margin scheme - Travel agents"),
    "VATEX-EU-F": Exemption("VATEX-EU-F", "Gebrauchtgegenstände/Sonderregelung", "Margin scheme - Second-hand goods"),
    "VATEX-EU-I": Exemption("VATEX-EU-I", "Kunstgegenstände/Sonderregelung", "Margin scheme - Works of art"),
    "VATEX-EU-J": Exemption(
        "VATEX-EU-J", "Sammlungsstücke und Antiquitäten/Sonderregelung", "Margin scheme - Collector's items and antiques"
    ),
}
"""Of category E the ones whose words the law gives (section 14a (6) UStG)."""
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
    if tax.code == TRIANGULAR:
        return "AE"
    if tax.exemption_reason_code:
        return _CATEGORY_OF_CODE.get(tax.exemption_reason_code.upper(), "E")  # every other code of the VATEX list is an exemption
    return "E" if tax.exemption_reason_text or small_business else "Z"


def exemption_of(category: str | None, tax_code: str | None) -> Exemption | None:
    """What the law says of a category; of reverse charge also which one it is. None: the caller says it, or there is nothing to say."""
    return TRIANGULAR_SUPPLY if (category, tax_code) == ("AE", TRIANGULAR) else EXEMPTIONS.get(category or "")


@lru_cache(maxsize=4096)
def _completed(tax: Tax, small_business: bool, language: str, as_said: bool) -> Tax:
    category = category_of(tax, small_business)
    exemption = exemption_of(category, tax.code)
    if category == "E" and small_business and not tax.exemption_reason_code:  # a code names an exemption of its own
        exemption = SMALL_BUSINESS
    code = (tax.exemption_reason_code or "").upper() or None
    text = None if is_blank(tax.exemption_reason_text) else tax.exemption_reason_text
    if category == "E" and code in SPECIAL_SCHEMES:
        exemption = SPECIAL_SCHEMES[code]
    if exemption is not None:
        code, text = code or exemption.code, text if text and as_said else exemption.said(text, language)
    return Tax(
        rate=tax.rate,
        category_code=category,
        code=tax.code,
        name=tax.name,
        exemption_reason_code=code,
        exemption_reason_text=text,
        determined_by=tax.determined_by,
    )


def complete(taxes: tuple[Tax, ...], small_business: bool = False, language: str = "de", as_said: bool = False) -> tuple[Tax, ...]:
    """The taxes of a row with their category and, where one is due, the text and code of the exemption. `as_said`: words that somebody
    else issued stay as they are."""
    if len(taxes) == 1 and taxes[0].category_code == "S":  # most rows: nothing to complete or to look up
        return taxes
    return tuple([_completed(tax, small_business, language, as_said) for tax in taxes])
