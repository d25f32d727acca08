"""Findings about what became of a foreign e-invoice, in the words of its file: the line, the term, what it says. Pure."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from contor.documents.einvoice.importing.import_rows import lines_of_items, rows_of
from contor.documents.einvoice.importing.import_shape import TERMS
from contor.documents.einvoice.model import EInvoice, InvoiceLine, Located, inside
from contor.kernel.errors import Problem

SELLER, BUYER, DELIVERY = "operatingSite", "customer", "shippingAddress"
"""What the parties of a file have become; findings about them begin with it."""
_ROLES: Final = {SELLER: "Seller", BUYER: "Buyer", DELIVERY: "Deliver-to"}
_PARTY: Final = {
    "name": ("name", "BT-27", "BT-44", "BT-70"),
    "company": ("name", "BT-27", "BT-44", "BT-70"),
    "companyName": ("name", "BT-27", "BT-44", "BT-70"),
    "street": ("street", "BT-35", "BT-50", "BT-75"),
    "city": ("city", "BT-37", "BT-52", "BT-77"),
    "zip": ("postal code", "BT-38", "BT-53", "BT-78"),
    "state": ("subdivision", "BT-39", "BT-54", "BT-79"),
    "country": ("country", "BT-40", "BT-55", "BT-80"),
    "address": ("address", "BG-5", "BG-8", "BG-15"),
    "vatId": ("VAT id", "BT-31", "BT-48", ""),
    "taxNumber": ("tax number", "BT-32", "BT-48", ""),
    "registerNumber": ("registration", "BT-30", "BT-47", ""),
    "lastName": ("contact", "BT-41", "BT-56", ""),
    "contact": ("contact", "BG-6", "BG-9", ""),
    "phone": ("phone", "BT-42", "BT-57", ""),
    "email": ("e-mail address", "BT-43", "BT-58", ""),
    "electronicAddress": ("electronic address", "BT-34", "BT-49", ""),
}
"""Fields of our master data: words, and the terms of seller, buyer and place of delivery; the innermost name that is known counts."""
_NEAR: Final = {"tax number": "VAT id", "street": "address", "phone": "contact", "e-mail address": "contact"}
_EXPECTED: Final = {
    "email": "an e-mail address like name@example.org",
    "phone": "a phone number like +49 30 123456",
    "electronicAddress": "an address with a scheme of the code list EAS, like 0204 or EM",
    "country": "an ISO 3166-1 country",
}
_STEP: Final = re.compile(r"[A-Za-z_]+|[0-9]+")
_TERM: Final = re.compile(r"B[TG]-(?:X-)?[0-9]+")


class _Place(NamedTuple):
    """What a finding is about."""

    term: str = ""
    line: int | None = None
    expected: str | None = None
    """What master data want; None: the message says it."""


def located(problems: Sequence[Problem], invoice: EInvoice, of: str = "") -> tuple[Problem, ...]:
    """Each finding with its place in the file of `invoice`, and with the term that it is about. `of`: the master data that the fields
    belong to, where they do not say it themselves."""
    return tuple(problem if isinstance(problem, Located) else _located(problem, invoice, of) for problem in problems)


def _located(problem: Problem, invoice: EInvoice, of: str) -> Problem:
    steps = [*([of] if of else ()), *_STEP.findall(problem.field or "")]
    place = _place_of(steps, invoice)
    message = problem.message
    if of and place.expected:
        said = f"{problem.rejected_value} " if problem.rejected_value else ""
        message = f"{said}is not accepted, expected: {place.expected}"
    codes = _TERM.findall(message)
    line = place.line or next((invoice.places[code] for code in codes if code in invoice.places), None)
    if place.term and not codes:
        message = f"{place.term}: {message}"
    told = Located(problem.code, message, problem.field, problem.rejected_value, f"line {line}" if line else "")
    return inside(told, invoice.inside)


def _place_of(steps: list[str], invoice: EInvoice) -> _Place:
    if not steps:
        return _Place()
    first, index = steps[0], int(steps[1]) if len(steps) > 1 and steps[1].isdigit() else None
    if first in _ROLES:
        return _of_party(_ROLES[first], steps[1:], invoice)
    term = next((TERMS[step] for step in reversed(steps) if step in TERMS), "")
    if index is None:
        return _Place(term, next((invoice.places[code] for code in _TERM.findall(term) if code in invoice.places), None))
    if first in ("items", "rows"):
        lines = lines_of_items(invoice) if first == "items" else [row.line for row in rows_of(invoice)]
        return _of_row(lines[index], term) if index < len(lines) else _Place(term)
    if first == "taxes" and index < len(invoice.breakdown):
        return _Place("VAT group (BG-23)", invoice.breakdown[index].place)
    parts = [part for part in invoice.allowances if part.amount]
    if first == "allowancesCharges" and index < len(parts):
        return _Place(term, parts[index].place)
    return _Place(term)


def _of_row(row: InvoiceLine, term: str) -> _Place:
    return _Place(f"Line {row.ident}{', ' if term else ''}{term}", row.place)


def _of_party(role: str, steps: list[str], invoice: EInvoice) -> _Place:
    name = next((step for step in reversed(steps) if _camel(step) in _PARTY), "")
    if not name:
        return _Place(role, invoice.places.get(f"{role}'s name"))
    if name == "name" and "contact" in steps:
        name = "contact"
    what, *codes = _PARTY[_camel(name)]
    code = codes[list(_ROLES.values()).index(role)]
    places = (f"{role}'s {known}" for known in (what, _NEAR.get(what, what), "name"))
    line = next((invoice.places[place] for place in places if place in invoice.places), None)
    return _Place(f"{role}'s {what}{f' ({code})' if code else ''}", line, _EXPECTED.get(_camel(name)))


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)
