"""What a foreign e-invoice says and the document that it became does not: both are put in the terms of EN 16931 and compared. Pure.

Nothing is taken for kept because some code meant to keep it: what the new document says is what its own e-invoice says.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.einvoice.importing.import_attachments import why_not_kept
from contor.documents.einvoice.importing.import_payment import not_granted
from contor.documents.einvoice.importing.import_rows import rows_of
from contor.documents.einvoice.model import (
    AllowanceOrCharge,
    EInvoice,
    InvoiceLine,
    InvoicePeriod,
    PostalAddress,
    TradeParty,
)
from contor.documents.skonto import skonto_line
from contor.documents.types import SupportingDocument

_LONGEST_TOLD: Final = 120
_BETWEEN: Final = re.compile(r": |, |; ")


class Said(NamedTuple):
    """One term that a file says."""

    term: str
    """E.g. "BT-13 purchase order"."""
    value: str
    kind: str
    """Values are compared within their kind: a day of supply may stand in one place or another."""


_TEXT, _ROW_TEXT, _DAY = "text", "text of a row", "day of supply"
_TEXTS: Final = frozenset({_TEXT, _ROW_TEXT})


def left_out(original: EInvoice, issued: EInvoice) -> tuple[str, ...]:
    """Term and value of all that `original` says and `issued` does not, in the order of the standard; then what it offers and is not
    granted, and what nobody read."""
    kept: dict[str, set[str]] = defaultdict(set)
    for said in _all(issued):
        kept[said.kind].add(said.value)
    texts = {kind: kept[kind] | {part for line in kept[kind] for part in _parts(line)} for kind in _TEXTS}
    told = [f"{said.term}: {_short(said.value)}" for said in _all(original) if not _is_kept(said, kept, texts)]
    return (*dict.fromkeys(told), *not_granted(original), *original.unread)


def _is_kept(said: Said, kept: Mapping[str, set[str]], texts: Mapping[str, set[str]]) -> bool:
    """It stands in its kind; a text also where each of its parts does."""
    if said.value in kept[said.kind]:
        return True
    return said.kind in _TEXTS and (said.value in texts[said.kind] or set(_parts(said.value)) <= texts[said.kind])


def _parts(line: str) -> list[str]:
    """What was put into one line: an attribute's name and value, lines of an address, words of a payment term."""
    return [part for part in map(str.strip, _BETWEEN.split(line)) if part]


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_TOLD else f"{value[:_LONGEST_TOLD]}…"


def _all(invoice: EInvoice) -> Iterator[Said]:
    yield from _document(invoice)
    yield from _party("seller", ("BT-27", "BT-28", "BT-30", "BT-31", "BT-32", "BT-33", "BT-34"), "BT-29", invoice.seller)
    yield from _party("buyer", ("BT-44", "BT-45", "BT-47", "BT-48", "", "", "BT-49"), "BT-46", invoice.buyer)
    yield from _others(invoice)
    yield from _payment(invoice)
    for part in invoice.allowances:
        yield from _allowance("document", part)
    for group in invoice.breakdown:
        yield from _said("BT-120 exemption", group.exemption_reason, _TEXT)
        yield from _said("BT-121 exemption code", group.exemption_code)
    for file in invoice.attachments:
        yield from _attachment(file)
    rows = [row.line for row in rows_of(invoice)]
    for line in rows:
        yield from _line(line)
    for line in invoice.lines:
        yield from _groups(line, {id(row) for row in rows})


def _said(term: str, value: object, kind: str = "") -> Iterator[Said]:
    if value is None or value == "":
        return
    if isinstance(value, Decimal):
        text = format(abs(value).normalize(), "f")  # a reversal turns signs
    elif isinstance(value, dt.date):
        text = value.isoformat()
    else:
        text = str(value).replace("\r\n", "\n").strip()
    lines = [line.strip() for line in text.split("\n")] if kind in _TEXTS else [text]
    for line in lines:
        if line:
            yield Said(term, line, kind or term)


def _document(invoice: EInvoice) -> Iterator[Said]:
    yield from _said("BT-1 number", invoice.number)
    for note in invoice.notes:
        yield from _said("BT-22 note", note.text, _TEXT)
        yield from _said("BT-21 subject of a note", note.subject_code)
    for name, term in _OF_DOCUMENT.items():
        yield from _said(term, getattr(invoice, name))
    for identifier, term in ((invoice.object_id, "BT-18 object"),):
        if identifier:
            yield from _said(term, identifier.value)
            yield from _said(f"{term}, scheme", identifier.scheme)
    for date in (invoice.due_date, *invoice.further_due_dates):
        yield from _said("BT-9 due date", date)
    yield from _said("BT-20 payment terms", invoice.payment_terms, _TEXT)
    for offer in invoice.discounts:  # profile EXTENDED has fields for what EN 16931 says in the text
        yield from _said("Skonto (BG-X-71)", skonto_line(offer.days, offer.percentage), _TEXT)
    yield from _said("BT-111 VAT in the tax currency", invoice.totals.tax_in_tax_currency)
    for preceding in invoice.preceding:
        yield from _said("BT-25 preceding invoice", preceding.number)
        yield from _said("BT-26 date of the preceding invoice", preceding.issue_date)
    yield from _period("BT-73, BT-74 period", invoice.period)


_OF_DOCUMENT: Final = {
    "issue_date": "BT-2 date",
    "type_code": "BT-3 type",
    "currency": "BT-5 currency",
    "tax_currency": "BT-6 tax currency",
    "tax_point_date": "BT-7 tax point",
    "tax_point_code": "BT-8 tax point code",
    "business_process": "BT-23 business process",
    "buyer_reference": "BT-10 buyer reference",
    "project": "BT-11 project",
    "contract": "BT-12 contract",
    "purchase_order": "BT-13 purchase order",
    "sales_order": "BT-14 sales order",
    "receiving_advice": "BT-15 receiving advice",
    "despatch_advice": "BT-16 despatch advice",
    "tender": "BT-17 tender or lot",
    "accounting_reference": "BT-19 buyer accounting reference",
}


def _party(role: str, terms: tuple[str, ...], identifier_term: str, party: TradeParty) -> Iterator[Said]:
    registration = party.legal_registration
    values = (
        (party.name, "name"),
        (party.trading_name, "trading name"),
        (registration.value if registration else None, "registration"),
        (party.vat_id.replace(" ", "") if party.vat_id else None, "VAT id"),
        (party.tax_number, "tax number"),
        (party.legal_information, "legal information"),
        (party.endpoint.value if party.endpoint else None, "electronic address"),
    )
    for term, (value, name) in zip(terms, values, strict=True):
        # a number of the seller's may stand where another of them belongs
        numbers = f"{role} numbers" if name in ("registration", "VAT id", "tax number") else ""
        yield from _said(f"{term} {role} {name}", value, numbers or (_TEXT if name == "legal information" else ""))
    yield from _said(f"{terms[2]} {role} registration, scheme", registration.scheme if registration else None)
    for identifier in party.identifiers:
        yield from _said(f"{identifier_term} {role} identifier", identifier.value)
        yield from _said(f"{identifier_term} {role} identifier, scheme", identifier.scheme)
    contact = party.contact
    if contact is not None:
        for value, name in ((contact.name, "name"), (contact.phone, "phone"), (contact.email, "e-mail")):
            yield from _said(f"{role} contact, {name}", value)
    yield from _address(role, party.address)


def _address(role: str, address: PostalAddress) -> Iterator[Said]:
    for line in (address.line_1, address.line_2, address.line_3):
        yield from _said(f"{role} address", line, _TEXT)
    for name in ("city", "post_code", "subdivision", "country"):
        yield from _said(f"{role} {name.replace('_', ' ')}", getattr(address, name))


def _others(invoice: EInvoice) -> Iterator[Said]:
    payee, representative, delivery = invoice.payee, invoice.tax_representative, invoice.delivery
    if payee is not None:
        yield from _said("BT-59 payee", payee.name)
        for number, term in ((payee.identifier, "BT-60 payee identifier"), (payee.legal_registration, "BT-61 payee registration")):
            yield from _said(term, number.value if number else None)
    if representative is not None:
        yield from _said("BT-62 tax representative", representative.name)
        yield from _said("BT-63 tax representative VAT id", representative.vat_id)
        yield from _address("tax representative", representative.address)
    if delivery is not None:
        yield from _said("BT-70 deliver-to name", delivery.name)
        yield from _said("BT-71 deliver-to location", delivery.location.value if delivery.location else None)
        yield from _said("BT-72 delivery date", delivery.date, _DAY)
        if delivery.address is not None:
            yield from _address("deliver-to", delivery.address)


def _payment(invoice: EInvoice) -> Iterator[Said]:
    payment = invoice.payment
    if payment is None:
        return
    yield from _said("BT-81 payment means", payment.means_code)
    yield from _said("BT-82 payment means in words", payment.means_text)
    yield from _said("BT-83 remittance", payment.remittance)
    for transfer in payment.transfers:
        yield from _said("BT-84 account", transfer.account.replace(" ", "").upper())
        yield from _said("BT-85 account holder", transfer.holder)
        yield from _said("BT-86 BIC", transfer.bic)
    if payment.card is not None:
        yield from _said("BT-87 card", payment.card.number)
        yield from _said("BT-88 card holder", payment.card.holder)
    debit = payment.direct_debit
    if debit is not None:
        yield from _said("BT-89 mandate", debit.mandate)
        yield from _said("BT-90 creditor identifier", debit.creditor_id)
        yield from _said("BT-91 debited account", debit.debited_account)


def _allowance(where: str, part: AllowanceOrCharge) -> Iterator[Said]:
    yield from _said(f"amount of an allowance or charge of the {where}", part.amount, "amount")
    yield from _said(f"reason of an allowance or charge of the {where}", part.reason, _ROW_TEXT if where == "line" else _TEXT)
    for name in ("category", "rate", "reason_code", "base", "percentage"):
        yield from _said(f"{name.replace('_', ' ')} of an allowance or charge of the {where}", getattr(part, name))


def _attachment(file: SupportingDocument) -> Iterator[Said]:
    yield from _said("BT-122 supporting document", file.reference)
    yield from _said("BT-123 description of a supporting document", file.description)
    yield from _said("BT-124 location of a supporting document", file.location)
    if file.file is not None:
        reason = why_not_kept(file.file)
        if reason:
            yield from _said(f"BT-125 attached file, kept is none when {reason}", file.file.name or file.reference)
        else:
            yield from _said("BT-125 name of an attached file", file.file.name)


def _period(term: str, period: InvoicePeriod | None) -> Iterator[Said]:
    for day in (period.start, period.end) if period else ():
        yield from _said(term, day, _DAY)


_OF_LINE: Final = {
    "ident": ("BT-126 identifier", ""),
    "note": ("BT-127 note", _ROW_TEXT),
    "net": ("BT-131 amount", "amount"),
    "quantity": ("BT-129 quantity", ""),
    "unit": ("BT-130 unit", ""),
    "order_line": ("BT-132 order line", ""),
    "accounting_reference": ("BT-133 accounting reference", ""),
    "discount": ("BT-147 price discount", ""),
    "gross_price": ("BT-148 gross price", ""),
    "category": ("BT-151 category", ""),
    "rate": ("BT-152 rate", ""),
    "name": ("BT-153 name", _ROW_TEXT),
    "description": ("BT-154 description", _ROW_TEXT),
    "seller_item_id": ("BT-155 seller's item number", ""),
    "buyer_item_id": ("BT-156 buyer's item number", ""),
    "origin_country": ("BT-159 origin", ""),
}


def _groups(line: InvoiceLine, rows: set[int]) -> Iterator[Said]:
    """Lines that are the sum of others have become their rows, or the others are told."""
    for sub in line.sub_lines:
        yield from _groups(sub, rows)
    if id(line) not in rows:
        yield from _line(line)


def _line(line: InvoiceLine) -> Iterator[Said]:
    for name, (term, kind) in _OF_LINE.items():
        yield from _said(f"line {term}", getattr(line, name), kind)
    if line.price is not None:
        yield from _said("line BT-146 price", line.price / (line.price_base or Decimal(1)), "price")
    for identifier, term in ((line.object_id, "BT-128 object"), (line.standard_item_id, "BT-157 standard item number")):
        if identifier:
            yield from _said(f"line {term}", identifier.value)
            yield from _said(f"line {term}, scheme", identifier.scheme)
    for part in line.allowances:
        yield from _allowance("line", part)
    for code in line.classifications:
        yield from _said("line BT-158 classification", f"{code.list_id}:{code.code}")
        yield from _said("line BT-158 classification, version of its list", code.list_version)
    for attribute in line.attributes:
        yield from _said("line BT-160, BT-161 attribute", f"{attribute.name}: {attribute.value}", _ROW_TEXT)
    yield from _period("line BT-134, BT-135 period", line.period)
