"""AVALARA: what AvaTax REST v2 is asked, and what it answers. Pure.

A document's code there is unique for one company code, and what has a code that is known replaces what had it: two companies, tenants or
environments that share an account may have the same numbers, so it is the number and something that nothing else has.

Source: developer.avalara.com, AvaTax REST v2: CreateTransaction (type SalesOrder: calculated, recorded nowhere), CreateOrAdjustTransaction
(by the document's code: the same one twice is recorded once), VoidTransaction. Amounts are exact on the whole way: taxes of an invoice are
recorded as it says them (`taxOverride`), not as they would be calculated then.
"""

import base64
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from contor.kernel.foreign import printable
from contor.kernel.money import ZERO, split
from contor.kernel.shapes import Fields
from contor.tax.providers.capabilities import COMPANY_CODE, TAX_CODE
from contor.tax.providers.types import Place, Quotation, QuotedTax

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
CLIENT: Final = "Contor;1;REST;v2"
MOST_TAXES: Final = 10
"""Of one row."""
_FOUR: Final = Decimal("0.0001")
LONGEST_CODE: Final = 50
HIGHEST_RATE: Final = Decimal(1000)
"""Percent; no tax on a supply comes near it."""


class Request(NamedTuple):
    path: str
    body: bytes


def headers(username: str, password: str) -> dict[str, str]:
    """Of every call."""
    token = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {
        "Authorization": f"Basic {token}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-Avalara-Client": CLIENT,
    }


# --- what is asked


def quotation_request(quotations: Sequence[Quotation], properties: Mapping[str, str]) -> Request:
    """The taxes of supplies to one customer on one day, from one place to another: calculated, and recorded nowhere."""
    first = quotations[0]
    body = {
        "type": "SalesOrder",
        "companyCode": properties[COMPANY_CODE],
        "date": first.day.isoformat(),
        "customerCode": first.customer_ident[:LONGEST_CODE],
        "currencyCode": first.currency,
        "commit": False,
        "addresses": {"shipFrom": _address(first.sent_from), "shipTo": _address(first.sent_to)},
        "lines": [_line(str(number), one, properties) for number, one in enumerate(quotations, 1)],
        **({"exemptionNo": first.exemption[:25]} if first.exemption else {}),
    }
    return Request("/api/v2/transactions/create", _ENCODER.encode(body))


def groups_of(quotations: Sequence[Quotation], most: int = 100) -> list[list[int]]:
    """By their places, those that are asked together."""
    found: dict[object, list[list[int]]] = {}
    for place, one in enumerate(quotations):
        key = (one.customer_ident, one.currency, one.day, one.sent_from, one.sent_to, one.exemption)
        parts = found.setdefault(key, [[]])
        if len(parts[-1]) >= most:
            parts.append([])
        parts[-1].append(place)
    return [part for parts in found.values() for part in parts]


def _line(number: str, one: Quotation, properties: Mapping[str, str]) -> Fields:
    code = properties.get(f"{TAX_CODE}{one.category}")
    return {
        "number": number,
        "quantity": one.quantity,
        "amount": one.amount,
        "taxIncluded": one.basis == "GROSS",
        **({"taxCode": code} if code else {}),
        **({"itemCode": one.article_number[:LONGEST_CODE]} if one.article_number else {}),
        **({"description": one.description[:2000]} if one.description else {}),
    }


def _address(place: Place) -> dict[str, str]:
    region = None if place.region is None else place.region.removeprefix(f"{place.country}-")
    said = {
        "line1": place.line,
        "city": place.city,
        "region": region,
        "postalCode": place.postal_code,
        "country": place.country,
    }
    return {name: text for name, text in said.items() if text}


class Row(NamedTuple):
    """Of a document that is recorded."""

    number: str
    net: Decimal
    """Negative for what takes back."""
    tax: Decimal
    """As the rows say it, before it is fitted to that of the document."""
    quantity: Decimal
    category: str
    article_number: str | None
    description: str


class Recorded(NamedTuple):
    """A document as it is recorded."""

    type: str
    """SalesInvoice, or ReturnInvoice for what takes back."""
    code: str
    day: dt.date
    customer_ident: str
    currency: str
    sent_from: Place
    sent_to: Place
    rows: Sequence[Row]
    tax: Decimal
    """Of the document: the rows are recorded with parts of it."""
    refers_to: str | None = None


def code_of(number: str, unique: uuid.UUID) -> str:
    """By which a document is recorded: its number, as far as there is room, and what makes it the only one. It is made once and stored with
    what is recorded, so that every try says the same."""
    return f"{number[: LONGEST_CODE - len(unique.hex) - 1]}.{unique.hex}"


def recording_body(one: Recorded) -> Fields:
    """What is recorded, but for the company's code, which may be said otherwise until then."""
    taxes = split(one.tax, [abs(row.tax) for row in one.rows], one.currency) if one.rows else []
    return {
        "type": one.type,
        "code": one.code,
        "date": one.day.isoformat(),
        "customerCode": one.customer_ident[:LONGEST_CODE],
        "currencyCode": one.currency,
        "commit": True,
        "addresses": {"shipFrom": _address(one.sent_from), "shipTo": _address(one.sent_to)},
        **({"referenceCode": one.refers_to[:LONGEST_CODE]} if one.refers_to else {}),
        "lines": [
            {
                "number": row.number,
                "quantity": row.quantity,
                "amount": row.net,
                "category": row.category,
                "description": row.description[:2000],
                "taxOverride": {"type": "TaxAmount", "taxAmount": tax, "reason": "as invoiced"},
                **({"itemCode": row.article_number[:LONGEST_CODE]} if row.article_number else {}),
            }
            for row, tax in zip(one.rows, taxes, strict=True)
        ],
    }


def recording_request(body: Fields, properties: Mapping[str, str]) -> Request:
    """Record and commit: the same code twice is recorded once."""
    lines = []
    for line in body["lines"]:
        code = properties.get(f"{TAX_CODE}{line['category']}")
        lines.append({**{name: value for name, value in line.items() if name != "category"}, **({"taxCode": code} if code else {})})
    made = {**body, "companyCode": properties[COMPANY_CODE], "lines": lines}
    return Request("/api/v2/transactions/createoradjust", _ENCODER.encode({"createTransactionModel": made}))


def voiding_request(code: str, properties: Mapping[str, str]) -> Request:
    """Take back what was recorded by this code."""
    company, named = _in_path(properties[COMPANY_CODE]), _in_path(code)
    return Request(f"/api/v2/companies/{company}/transactions/{named}/void", _ENCODER.encode({"code": "DocVoided"}))


_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def _in_path(text: str) -> str:
    """As a part of an address (RFC 3986, 2.1)."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode())


# --- what is answered


class Problem(NamedTuple):
    """`is_final`: the same question gets the same answer."""

    message: str
    is_final: bool
    is_unknown: bool = False
    """There is no such document."""


class _Detail(msgspec.Struct, rename="camel"):
    tax_name: str = ""
    rate: Decimal = ZERO
    tax: Decimal = ZERO
    taxable_amount: Decimal = ZERO
    juris_code: str | None = None


class _Line(msgspec.Struct, rename="camel"):
    line_number: str = ""
    line_amount: Decimal = ZERO
    details: tuple[_Detail, ...] = ()


class _Answer(msgspec.Struct, rename="camel"):
    lines: tuple[_Line, ...] = ()


class _Fault(msgspec.Struct):
    code: str = ""
    message: str = ""
    description: str | None = None


class _Error(msgspec.Struct):
    code: str = ""
    message: str = ""
    details: tuple[_Fault, ...] = ()


class _Refusal(msgspec.Struct):
    error: _Error | None = None


def quoted(raw: bytes, status: int, count: int) -> list[tuple[QuotedTax, ...]] | Problem:
    """The taxes of each line, in their order."""
    if (problem := problem_of(raw, status)) is not None:
        return problem
    try:
        answer = msgspec.json.Decoder(_Answer, strict=False, float_hook=Decimal).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Problem(f"AVALARA answered with status {status} and nothing that can be read", is_final=False)
    lines = {line.line_number: line for line in answer.lines}
    if set(lines) != {str(number) for number in range(1, count + 1)}:
        return Problem("AVALARA answered about other lines than were asked", is_final=False)
    try:
        found = [_taxes(lines[str(number)]) for number in range(1, count + 1)]
    except ArithmeticError:
        return Problem("AVALARA answered with what is no number", is_final=True)
    for rate in (tax.rate for taxes in found for tax in taxes):
        if not 0 <= rate < HIGHEST_RATE:
            return Problem(f"AVALARA answered with a tax of {rate} %", is_final=True)
    return found


def _taxes(line: _Line) -> tuple[QuotedTax, ...]:
    """What is due on it. Where only a part of the row is taxable the rate is that of all of it, so that the tax is what was said."""
    found: dict[tuple[str, str | None], Decimal] = {}
    for detail in line.details:
        if not detail.tax:
            continue
        is_whole = detail.taxable_amount == line.line_amount
        rate = detail.rate * 100 if is_whole or not line.line_amount else detail.tax * 100 / line.line_amount
        key = (printable(detail.tax_name, 255) or "TAX", printable(detail.juris_code or "", 255) or None)
        found[key] = found.get(key, ZERO) + rate
    taxes = [QuotedTax(name=name, code=code, rate=_rounded(rate)) for (name, code), rate in found.items()]
    if len(taxes) > MOST_TAXES:
        rest = sum((tax.rate for tax in taxes[MOST_TAXES - 1 :]), ZERO)
        taxes = [*taxes[: MOST_TAXES - 1], QuotedTax(name="OTHER TAXES", rate=rest)]
    return tuple(taxes)


def _rounded(rate: Decimal) -> Decimal:
    """What is no number, or has more digits than any rate, is more than every rate."""
    return rate.quantize(_FOUR).normalize() + ZERO if rate.is_finite() and abs(rate) < HIGHEST_RATE else HIGHEST_RATE


def problem_of(raw: bytes, status: int) -> Problem | None:
    """Why it was not done; None: it was."""
    if status < 300:
        return None
    try:
        error = msgspec.json.decode(raw, type=_Refusal).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        error = None
    said = "; ".join(fault.description or fault.message for fault in error.details) if error else ""
    words = said or (error.message if error else "") or "nothing that can be read"
    message = printable(f"AVALARA answers {status}: {words}", 1000)
    # who may not sign in now may tomorrow; what is too much now is not later
    is_final = 400 <= status < 500 and status not in (401, 403, 408, 409, 425, 429)
    return Problem(message, is_final, is_unknown=status == 404)
