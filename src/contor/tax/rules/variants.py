"""Whether what a variant says fits together, and what it says with all that follows from it. Pure.

Source: EN 16931 BR-S-05, BR-E-10 and siblings; section 14 (4) no. 8 UStG.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from contor.kernel.codes import EXEMPT, REASONS, TRIANGULAR, TaxCategory
from contor.kernel.errors import Problem
from contor.kernel.shapes import is_blank
from contor.tax.rules.types import TaxRuleVariantBody

TAXED: Final = frozenset({"S", "L", "M"})
"""Categories that bear a rate; L and M are those of the Canaries and of Ceuta and Melilla, where it may be 0."""


def category_of(body: TaxRuleVariantBody) -> TaxCategory:
    """As it is said, else S above 0 %, else AE of a triangular supply, else whose reason the exemption is, else Z."""
    if body.tax_category_code is not None:
        return body.tax_category_code
    if body.tax_rate > 0:
        return "S"
    if body.tax_code == TRIANGULAR:
        return "AE"
    if body.tax_exemption_ident is None:
        return "Z" if is_blank(body.tax_exemption_reason) else "E"
    return next((_CATEGORIES[name] for name in _CATEGORIES if body.tax_exemption_ident in REASONS[name]), "E")


_CATEGORIES: Final[dict[str, TaxCategory]] = {"AE": "AE", "K": "K", "G": "G", "O": "O"}


def variant_findings(body: TaxRuleVariantBody, path: str) -> Iterator[Problem]:
    """What does not go together."""
    category, code, reason = category_of(body), body.tax_exemption_ident, body.tax_exemption_reason
    if category == "S" and body.tax_rate <= 0:
        yield Problem("rate_missing", "category S bears a rate above 0 (BR-S-05)", f"{path}taxRate", body.tax_rate)
    if category not in TAXED and body.tax_rate > 0:
        yield Problem("rate_not_zero", f"category {category} bears no tax", f"{path}taxRate", body.tax_rate)
    if body.tax_code == TRIANGULAR and category != "AE":
        message = f"{TRIANGULAR} is of category AE: the recipient owes the tax (section 25b (2) UStG)"
        yield Problem("triangular_of_other_category", message, f"{path}taxCategoryCode", category)
    if body.tax_rate > 100:
        yield Problem("rate_too_high", "a rate is at most 100 %", f"{path}taxRate", body.tax_rate)
    said = ("taxExemptionIdent", code) if code is not None else ("taxExemptionReason", reason)
    if category not in ("E", *REASONS):
        if not is_blank(said[1]):
            message = f"category {category} has no exemption reason"
            yield Problem("exemption_reason_not_expected", message, f"{path}{said[0]}", said[1])
        return
    if category == "E" and code is None and is_blank(reason):
        message = "an exemption says its reason as text or code (section 14 (4) no. 8 UStG, BR-E-10)"
        yield Problem("exemption_reason_missing", message, f"{path}taxExemptionIdent")
    fits = code is None or (code in REASONS[category] if category in REASONS else code in EXEMPT)
    if not fits:
        expected = " or ".join(REASONS[category]) if category in REASONS else EXEMPT.expected
        message = f"is no reason of category {category}: expected is {expected}"
        yield Problem("exemption_code_of_other_category", message, f"{path}taxExemptionIdent", code)


def time_line_findings(bodies: Sequence[TaxRuleVariantBody], path: str) -> Iterator[Problem]:
    """Of one rule no two hold from the same day, or are called the same."""
    for name, label in (("applicable_from", "applicableFrom"), ("tax_rule_variant_ident", "taxRuleVariantIdent")):
        said = [getattr(body, name) for body in bodies]
        for n, value in enumerate(said):
            if value is not None and value in said[:n]:
                code = "tax_rule_variant_day_taken" if name == "applicable_from" else "tax_rule_variant_exists"
                message = "another variant of the rule holds from this day" if name == "applicable_from" else "is said twice"
                yield Problem(code, message, f"{path}[{n}].{label}", value)
