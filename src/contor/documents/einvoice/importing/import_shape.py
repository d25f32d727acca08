"""What a request of ours cannot hold of a foreign e-invoice, in the words of the file: the line, the term, what it says, what was
expected. Pure."""

from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from contor.documents.einvoice.importing.import_rows import Row
from contor.documents.types import DocumentRequest
from contor.kernel.errors import Problem

TERMS: Final = {
    "quantity": "Quantity (BT-129)",
    "unitCode": "Unit (BT-130)",
    "priceBaseQuantity": "Base quantity (BT-149)",
    "unit": "Price (BT-146)",
    "originalTotal": "Amount before allowances (BT-131)",
    "total": "Amount (BT-131)",
    "categoryCode": "VAT category (BT-151)",
    "rate": "VAT rate (BT-152)",
    "performanceLocation": "Country of the buyer or of delivery (BT-55, BT-80)",
    "taxLocation": "Country of the seller (BT-40)",
    "articleNumber": "Item number (BT-155)",
    "description": "Description with notes and attributes (BT-154)",
    "exemptionReasonText": "Reason of the exemption (BT-120)",
    "extras": "Allowances and charges (BG-27, BG-28)",
    "currency": "Currency (BT-5)",
    "allowancesCharges": "Allowances and charges (BG-20, BG-21)",
    "externalReferences": "Preceding invoices (BG-3)",
    "prepaid": "Paid amount (BT-113)",
    "rounding": "Rounding (BT-114)",
    "documentDate": "Date (BT-2)",
    "paymentReference": "Payment reference (BT-83)",
    "exchangeRate": "Exchange rate",
    "properties": "References and notes",
}
"""Where a request says what a file says; the innermost name that is known counts."""
_EXPECTED: Final = {
    "categoryCode": "one of S, Z, E, AE, K, G, O, L, M",
    "unitCode": "a code of two or three letters or digits (UN/ECE Recommendation 20)",
    "performanceLocation": "an ISO 3166-1 country",
    "taxLocation": "an ISO 3166-1 country",
    "currency": "an active ISO 4217 currency",
}


@cache
def _border() -> TypeAdapter[DocumentRequest]:
    """Made when the first file comes: it takes longer than all else that this package is imported for."""
    return TypeAdapter(DocumentRequest)


def shape_findings(request: DocumentRequest, rows: list[Row]) -> list[Problem]:
    """Where the request has not the shape that a client's must have, e.g. more decimals than a quantity has here."""
    try:
        border = _border()
        border.validate_python(border.dump_python(request, by_alias=True, warnings=False))
    except ValidationError as error:
        found = error.errors(include_url=False)
        # An item that is refused is missing afterwards; that too few are left is no finding of its own.
        told = [finding for finding in found if finding["type"] != "too_short"] or found
        return [_finding(one, request) for one in told]
    return []


def _finding(finding: ErrorDetails, request: DocumentRequest) -> Problem:
    steps, value = finding["loc"], finding["input"]
    name = next((str(step) for step in reversed(steps) if step in TERMS), None)
    term = TERMS[name] if name else "The file"
    where = ""
    if len(steps) > 1 and steps[0] == "items" and isinstance(steps[1], int):
        item = request.items[steps[1]]
        original = next((entry.value for entry in item.properties if entry.key == "originalLine"), item.ident)
        where = f"Line {original}: "
    said = f" is {str(value)[:100]}" if isinstance(value, (str, int)) or _is_number(value) else " cannot be kept"
    message = f"{where}{term}{said}, expected: {_EXPECTED.get(name or '') or _expected(finding)}"
    return Problem("not_representable", message, ".".join(str(step) for step in steps), value)


def _is_number(value: object) -> bool:
    return type(value).__name__ == "Decimal"


def _expected(finding: ErrorDetails) -> str:
    limits = finding.get("ctx", {})
    match finding["type"]:
        case "decimal_max_places":
            return f"at most {limits['decimal_places']} decimals"
        case "decimal_max_digits" | "decimal_whole_digits":
            return "fewer digits"
        case "greater_than_equal" | "greater_than":
            return "no negative number" if finding["type"] == "greater_than_equal" else "more than 0"
        case "string_too_long":
            return f"at most {limits['max_length']} characters"
        case "too_long":
            return f"at most {limits['max_length']}"
        case "too_short" | "string_too_short":
            return "at least one"
        case "string_pattern_mismatch":
            return "text without control characters"
        case _:
            return "another form"
