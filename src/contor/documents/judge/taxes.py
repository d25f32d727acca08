"""Category, rate and reason of a tax that do not fit together: of a row, or of an allowance of the whole document. Pure.

Source: EN 16931 BR-S-05, BR-S-10, BR-E-05, BR-E-10 and siblings; section 14 (4) no. 8 and 14c UStG; the remarks of the list VATEX, which
Peppol judges as PEPPOL-EN16931-P0104 to P0111.
"""

import datetime as dt
from collections.abc import Iterator

from contor.documents.amounts import Left
from contor.documents.exemptions import WITH_REASON, WITHOUT_TAX
from contor.documents.types import DocumentRequest, Tax
from contor.kernel.codes import EXEMPT, EXEMPTION, REASONS, TRIANGULAR
from contor.kernel.errors import Problem
from contor.tax.rules import Rules
from contor.tax.supply import Determined


def tax_findings(tax: Tax, small_business: bool, path: str) -> Iterator[Problem]:
    """`tax`: with its category (`exemptions.complete`)."""
    category = tax.category_code or "S"
    if category == "S" and tax.rate <= 0:
        yield Problem("rate_missing", "category S bears a rate above 0 (BR-S-05)", f"{path}.rate", tax.rate)
    if category in WITHOUT_TAX and tax.rate != 0:
        yield Problem("rate_not_zero", f"category {category} bears no tax", f"{path}.rate", tax.rate)
    if tax.code == TRIANGULAR and category != "AE":
        message = f"{TRIANGULAR} is of category AE: the recipient owes the tax (section 25b (2) UStG)"
        yield Problem("triangular_of_other_category", message, f"{path}.categoryCode", category)
    if small_business and tax.rate > 0:
        message = "the seller is a small business (section 19 UStG) and would owe the tax it shows (section 14c UStG)"
        yield Problem("small_business_shows_tax", message, f"{path}.rate", tax.rate)
    reason = tax.exemption_reason_code or tax.exemption_reason_text
    if category == "E" and not reason:
        message = "an exemption needs its reason as text or code (section 14 (4) no. 8 UStG, BR-E-10)"
        yield Problem("exemption_reason_missing", message, f"{path}.exemptionReasonText")
    if reason and category not in WITH_REASON:
        message = f"category {category} has no exemption reason"
        said = "exemptionReasonCode" if tax.exemption_reason_code else "exemptionReasonText"
        yield Problem("exemption_reason_not_expected", message, f"{path}.{said}", reason)


def reason_findings(tax: Tax, path: str) -> Iterator[Problem]:
    """A code of the list VATEX that is the reason of another category than that which the tax says. Codes that are on no list are told by
    `judge.codes`."""
    code, category = tax.exemption_reason_code, tax.category_code or "S"
    if not code or category not in WITH_REASON or code not in EXEMPTION:
        return
    fitting = REASONS.get(category)
    if code in fitting if fitting is not None else code in EXEMPT:
        return
    expected = " or ".join(fitting) if fitting is not None else EXEMPT.expected
    message = f"{code} (BT-121) is no reason of category {category}: expected is {expected}"
    owner = next((name for name, codes in REASONS.items() if code in codes), "E")
    yield Problem("exemption_code_of_other_category", f"{message}, or category {owner}", f"{path}.exemptionReasonCode", code)


def credited_tax_findings(request: DocumentRequest, left: Left) -> Iterator[Problem]:
    """A credit takes back the tax of its original (accounting reference 6.5): another one was not meant."""
    for index, item in enumerate(request.items):
        credited = left.row_of(item)
        if credited is None:
            continue
        path, taxes = f"items[{index}].taxDetail.taxes", credited.item.taxes
        if len(item.tax_detail.taxes) != len(taxes):
            message = f"the credited row bears {len(taxes)} taxes: a credit takes back those of its original"
            yield Problem("tax_differs_from_original", message, path, len(item.tax_detail.taxes))
            continue
        for position, (said, tax) in enumerate(zip(item.tax_detail.taxes, taxes, strict=True)):
            if said.rate != tax.rate:
                message = f"the credited row bears {tax.rate:f} %: a credit takes back the tax of its original"
                yield Problem("tax_differs_from_original", message, f"{path}[{position}].rate", said.rate)
            elif said.category_code and said.category_code != tax.category_code:
                message = f"the credited row is of category {tax.category_code}: a credit takes back the tax of its original"
                yield Problem("tax_differs_from_original", message, f"{path}[{position}].categoryCode", said.category_code)


def rule_findings(tax: Tax, day: dt.date, rules: Rules, path: str) -> list[Problem]:
    """Why the stored tax rule that is named does not say this of the day of the supply."""
    path, named = f"{path}.determinedBy", tax.determined_by or ""
    if named not in rules.by_path:
        return [Problem("tax_rule_unknown", "is no tax rule with this variant", path, named)]
    said = rules.on(named, day)
    if said is None or said.path != named:
        other = "nothing" if said is None else f"what {said.path} says"
        return [
            Problem("tax_rule_of_other_day", f"does not hold for a supply of {day}: of that day the rule says {other}", path, named)
        ]
    if (said.rate, said.category_code) != (tax.rate, tax.category_code):
        message = f"says {said.rate:f} %, category {said.category_code}, not {tax.rate:f} %, category {tax.category_code}"
        return [Problem("tax_rule_says_otherwise", message, path, named)]
    return []


def tax_of(found: Determined) -> Tax:
    """What was determined, as a row says it."""
    return Tax(
        rate=found.rate,
        category_code=found.category_code,  # type: ignore[arg-type]
        code=found.code,
        name=found.name,
        exemption_reason_code=found.exemption_reason_code,
        exemption_reason_text=found.exemption_reason_text,
        determined_by=found.determined_by,
    )
