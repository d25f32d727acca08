"""Invoices and rows as FastBill answers them.

Amounts are numbers, exact as they are frozen; those of credits are below zero. Numbers of rows are numbers in invoice.get and texts in
item.get, as the clients of each expect.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.api.fastbill.invoices.content import COST_CENTRE, PAYMENT_TYPES, TEXTS
from contor.api.fastbill.invoices.rows import CATEGORY, SORT, description_of
from contor.api.fastbill.invoices.shown import Row, Shown
from contor.api.fastbill.invoices.vat import CASE, INTRA_COMMUNITY
from contor.api.fastbill.writing import (
    NO_DAY,
    NO_TIME,
    Fields,
    comma,
    day,
    decimals,
    flagged,
    identifier,
    moment,
    plain,
    words,
)
from contor.documents.papers import EXTERNAL, SUPPLIED, TITLE
from contor.documents.types import Party, TaxGroup
from contor.kernel.money import ZERO

_NUMBERS: Final[Mapping[str, int]] = {name: number for number, name in PAYMENT_TYPES.items()}
_REFERENCES: Final = ("customer_accounting_note", "contract_reference", "customer_order_reference", "order_reference")
_SALUTATIONS: Final = {"MALE": "mr", "FEMALE": "mrs"}


class Payment(NamedTuple):
    """Money that came in for a document."""

    id: int
    day: dt.date
    amount: Decimal
    note: str | None


class Beside(NamedTuple):
    """What is known of a paper beside what it says."""

    customer_id: int | None
    changed_at: dt.datetime
    outstanding: Decimal
    is_cancelled: bool = False
    today: dt.date = dt.date.max
    paid_on: dt.date | None = None
    payments: Sequence[Payment] = ()
    comments: Sequence[Fields] = ()
    subscription_id: int | None = None
    counter: int | None = None
    related_number: int | None = None
    template: tuple[int, str] | None = None
    """Number and hash."""
    project_id: int | None = None
    contact_id: int | None = None
    document_url: str = ""


def invoice(shown: Shown, beside: Beside) -> Fields:
    """An invoice of invoice.get."""
    state = _state(shown, beside)
    offered = next(iter(shown.term.cash_discount), None)
    periods = [row.period for row in shown.rows if row.period is not None]
    said = shown.said
    return {
        "invoice_id": identifier(shown.id),
        "invoice_ext_uid": words(said.get(EXTERNAL)),
        "type": "draft" if shown.is_draft else "credit" if shown.sign < 0 else "outgoing",
        "status": state,
        "state": state,
        "customer_id": identifier(beside.customer_id),
        "customer_number": shown.customer_ident,
        "customer_costcenter_id": words(said.get(COST_CENTRE)),
        "contact_id": identifier(beside.contact_id),
        "project_id": identifier(beside.project_id),
        **_party(shown.party),
        "salutation": _SALUTATIONS.get(shown.gender or "", ""),
        "comment_": beside.comments[-1]["comment"] if beside.comments else "",
        "comments": list(beside.comments),
        "payment_type": str(_payment_type(shown.payment_type)),
        "days_for_payment": str(shown.term.period_in_days),
        **dict.fromkeys(("bank_name", "bank_account_number", "bank_code", "bank_account_owner"), ""),
        "bank_iban": shown.iban,
        **dict.fromkeys(("bank_bic", "affiliate"), ""),
        "vat_case": words(said.get(CASE)),
        "eu_delivery": flagged(said.get(CASE) == INTRA_COMMUNITY),
        "currency_code": shown.currency,
        "template_id": identifier(beside.template[0] if beside.template is not None else None),
        "template_hash": beside.template[1] if beside.template is not None else "",
        "subscription_id": identifier(beside.subscription_id),
        "subscription_invoice_counter": identifier(beside.counter),
        "invoice_number": shown.number,
        "invoice_title": words(said.get(TITLE)),
        "referenced_invoice_id": identifier(beside.related_number),
        "introtext": shown.introduction.replace("\n", "<br>"),
        "note": shown.note.replace("\n", "<br>"),
        **{tag: words(said.get(TEXTS[tag])) for tag in _REFERENCES},
        "paid_date": moment(beside.paid_on, NO_TIME),
        "is_canceled": flagged(beside.is_cancelled),
        "invoice_date": day(shown.date),
        "due_date": moment(shown.due),
        "service_period_start": day(min((first for first, _ in periods), default=None), NO_DAY),
        "service_period_end": day(max((last for _, last in periods), default=None), NO_DAY),
        "delivery_date": words(said.get(SUPPLIED)),
        "lastupdate": moment(beside.changed_at),
        "cash_discount_percent": decimals(offered.percentage, 2) if offered is not None else "0.00",
        "cash_discount_days": str(offered.days) if offered is not None else "0",
        "sub_total": plain(shown.net),
        "vat_total": plain(shown.tax),
        "vat_items": [_tax(group, shown.sign) for group in shown.taxes],
        "items": [item(row, place, shown, beside.customer_id) for place, row in enumerate(shown.rows, 1)],
        "total": plain(shown.gross),
        "outstanding_amount": comma(beside.outstanding),
        "payments": [_payment(one, shown.currency) for one in beside.payments],
        "payment_info": "",
        "document_url": beside.document_url,
        "details_url": beside.document_url,
        "paypal_url": "",
        "shipments": [],
        "transaction_id": "",
    }


def item(row: Row, place: int, shown: Shown, customer_id: int | None) -> Fields:
    """A row of invoice.get: numbers are numbers."""
    return {
        "invoice_item_id": row.number,
        "invoice_id": identifier(shown.id),
        "customer_id": identifier(customer_id),
        "article_number": row.article_number,
        "description": description_of(row.name, row.description),
        "quantity": plain(row.quantity),
        "unit": row.unit,
        "unit_price": plain(row.price),
        "is_gross": flagged(row.is_gross),
        "vat_percent": plain(row.rate),
        "vat_value": plain(row.total.tax),
        "complete_net": plain(row.total.net),
        "complete_gross": plain(row.total.gross),
        "currency_code": shown.currency,
        "category": row.said[CATEGORY].split(", ") if row.said.get(CATEGORY) else None,
        "category_id": None,
        "sort_order": int(row.said.get(SORT) or place),
    }


def item_in_texts(row: Row, place: int, shown: Shown, customer_id: int | None) -> Fields:
    """A row of item.get: ids, quantities, prices and percent are texts there, and the customer's tag is misspelt."""
    made = item(row, place, shown, customer_id)
    made |= {
        "invoice_item_id": identifier(row.number),
        "costumer_id": made["customer_id"],
        "quantity": decimals(row.quantity, 4),
        "unit_price": decimals(row.price, 4) if row.price == round(row.price, 4) else f"{row.price.normalize():f}",
        "vat_percent": decimals(row.rate, 2),
    }
    return made


# helpers in calling order


def _state(shown: Shown, beside: Beside) -> str:
    if shown.is_draft:
        return "draft"
    if beside.is_cancelled:
        return "canceled"
    if beside.outstanding == ZERO:
        return "paid"
    return "overdue" if shown.sign > 0 and shown.due < beside.today else "unpaid"


def _party(party: Party | None) -> Fields:
    """Who is billed, as it stands on the paper."""
    if party is None:
        return dict.fromkeys(_PARTY, "")
    address, person = party.address, party.contact.name or party.person or ""
    is_person = party.customer_type == "B2C"
    first, _, last = (party.name if is_person else person).rpartition(" ")
    return {
        "organization": "" if is_person else party.name,
        "salutation": "",
        "first_name": first,
        "last_name": last,
        "address": " ".join(part for part in (address.street, address.street_no) if part),
        "address_2": words(address.addition),
        "zipcode": words(address.zip),
        "city": words(address.city),
        "country_code": address.country,
        "vat_id": words(party.vat_id),
    }


_PARTY: Final = (
    *("organization", "salutation", "first_name", "last_name", "address", "address_2", "zipcode", "city"),
    *("country_code", "vat_id"),
)


def _tax(group: TaxGroup, sign: int) -> Fields:
    amounts = {"complete_net": plain(sign * group.base), "vat_value": plain(sign * group.amount)}
    return {"vat_percent": plain(group.rate), **amounts}


def _payment_type(kind: str) -> int:
    """A transfer where FastBill has no number for it."""
    return _NUMBERS.get(kind.upper()) or (2 if "DEBIT" in kind.upper() else 1)


def _payment(payment: Payment, currency: str) -> Fields:
    return {
        "payment_id": identifier(payment.id),
        "date": moment(payment.day),
        "amount": plain(payment.amount),
        "currency": currency,
        "currency_code": currency,
        "type": "payment",
        "note": words(payment.note),
    }
