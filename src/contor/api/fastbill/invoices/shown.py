"""What is shown of a paper, whether it is a draft or was issued: one value for both."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.api.fastbill.invoices.content import properties_of
from contor.api.fastbill.invoices.rows import SHOWN_UNITS, UNIT, row_number
from contor.documents.drafts import Draft, Judged
from contor.documents.papers import INTRODUCTION, NOTE, Issued, text_of
from contor.documents.types import (
    AmountSides,
    DocumentItem,
    DocumentType,
    Party,
    PaymentTerm,
    Property,
    RequestedItem,
    TaxGroup,
)
from contor.kernel.money import ZERO, round_price

CREDITING = frozenset({DocumentType.CREDIT_MEMO, DocumentType.DEPOSIT_INVOICE_CORRECTION})
_NOTHING = AmountSides(ZERO, ZERO, ZERO)
_NO_TERM = PaymentTerm()


class Row(NamedTuple):
    """A row, with the sign that its paper has on the customer's account."""

    number: int
    article_number: str
    name: str | None
    description: str | None
    quantity: Decimal
    unit: str
    price: Decimal
    """Of one, on the agreed side."""
    is_gross: bool
    rate: Decimal
    total: AmountSides
    said: Mapping[str, str]
    """Its properties."""
    period: tuple[dt.date, dt.date] | None


class Shown(NamedTuple):
    """A paper."""

    id: int
    type: DocumentType
    is_draft: bool
    number: str
    customer_ident: str
    party: Party | None
    currency: str
    date: dt.date
    due: dt.date
    term: PaymentTerm
    payment_type: str
    said: Mapping[str, str]
    """Its properties."""
    introduction: str
    note: str
    rows: Sequence[Row]
    taxes: Sequence[TaxGroup]
    net: Decimal
    tax: Decimal
    gross: Decimal
    sign: int
    iban: str
    contact_ident: str | None
    gender: str | None
    site: str
    """The operating site; empty: the default one, of a draft that names none."""


def of_document(number: int, issued: Issued) -> Shown:
    """An issued document, as it is frozen."""
    document = issued.document
    sign = -1 if document.document_type in CREDITING else 1
    totals = document.totals
    return Shown(
        id=number,
        type=document.document_type,
        is_draft=False,
        number=document.ident,
        customer_ident=document.customer_ident,
        party=document.customer,
        currency=document.currency,
        date=document.document_date,
        due=document.due_date,
        term=document.payment_term,
        payment_type=document.payment_information.payment_type,
        said=_said(document.properties),
        introduction=text_of(INTRODUCTION, document.properties) or "",
        note=document.note or "",
        rows=[_row(number, place, item, sign) for place, item in enumerate(document.items, 1)],
        taxes=document.taxes,
        net=sign * totals.net,
        tax=sign * totals.tax,
        gross=sign * totals.gross,
        sign=sign,
        iban=document.debited_account.shown if document.debited_account is not None else "",
        contact_ident=document.invoice_address_ident,
        gender=document.gender,
        site=document.operating_site_ident,
    )


def of_draft(draft: Draft, judged: Judged, today: dt.date) -> Shown:
    """A draft, with the amounts that it would be issued with; with none where they cannot be computed yet."""
    request, amounts, content = judged.request, judged.amounts, draft.content
    sign = -1 if draft.type in CREDITING else 1
    said = properties_of(content)
    written = tuple(Property(key=entry["key"], value=entry["value"]) for entry in content.get("properties") or ())
    term = request.payment_term if request is not None and request.payment_term is not None else _NO_TERM
    date = request.document_date if request is not None and request.document_date is not None else today
    rows = [
        _requested(draft.id, place, item, amounts.rows[place - 1].total if amounts is not None else _NOTHING, sign)
        for place, item in enumerate(request.items if request is not None else (), 1)
    ]
    totals = amounts.totals if amounts is not None else None
    return Shown(
        id=draft.id,
        type=draft.type,
        is_draft=True,
        number="",
        customer_ident=(content.get("customer_detail") or {}).get("customer_ident") or "",
        party=judged.facts.customer if judged.facts is not None else None,
        currency=str(content.get("currency") or ""),
        date=date,
        due=date + dt.timedelta(days=term.period_in_days),
        term=term,
        payment_type=request.payment_information.payment_type if request is not None else "",
        said=said,
        introduction=text_of(INTRODUCTION, written) or "",
        note=text_of(NOTE, written) or "",
        rows=rows,
        taxes=amounts.taxes if amounts is not None else (),
        net=sign * totals.net if totals is not None else ZERO,
        tax=sign * totals.tax if totals is not None else ZERO,
        gross=sign * totals.gross if totals is not None else ZERO,
        sign=sign,
        iban="",
        contact_ident=(content.get("customer_detail") or {}).get("invoice_address_ident"),
        gender=judged.facts.gender if judged.facts is not None else None,
        site=judged.facts.site.ident if judged.facts is not None and judged.facts.site is not None else "",
    )


# helpers in calling order


def _said(properties: Sequence[Property]) -> dict[str, str]:
    return {entry.key: entry.value for entry in reversed(properties)}


class _Priced(NamedTuple):
    """What a row costs."""

    price: Decimal
    is_gross: bool
    rate: Decimal
    total: AmountSides
    is_credit: bool


def _row(paper: int, place: int, item: DocumentItem, sign: int) -> Row:
    is_gross = item.basis == "GROSS"
    priced = _Priced(item.unit.gross if is_gross else item.unit.net, is_gross, item.rate, item.total, item.is_credit)
    return _made(row_number(paper, place, item.ident), item, priced, sign)


def _requested(paper: int, place: int, item: RequestedItem, total: AmountSides, sign: int) -> Row:
    is_gross = item.tax_detail.calculation_basis == "GROSS"
    price = (item.prices.unit.gross if is_gross else item.prices.unit.net) or ZERO
    rate = sum((tax.rate for tax in item.tax_detail.taxes), ZERO)
    priced = _Priced(price, is_gross, rate, total, item.debit_credit_indicator == "CREDIT")
    return _made(row_number(paper, place, item.ident), item, priced, sign)


def _made(number: int, item: DocumentItem | RequestedItem, priced: _Priced, sign: int) -> Row:
    period, total = item.service_period, priced.total
    said = _said(item.properties) if item.properties else {}
    return Row(
        number,
        item.article_number or "",
        item.name,
        item.description,
        item.quantity,
        said.get(UNIT) or SHOWN_UNITS.get(item.quantity_type, ""),
        # a price may be of more than one (BT-149): of sixty minutes, of a quantity by tiers
        (-1 if priced.is_credit else 1) * sign * round_price(priced.price / item.price_base_quantity),
        priced.is_gross,
        priced.rate,
        total if sign > 0 else AmountSides(-total.net, -total.tax, -total.gross),
        said,
        (period.start, period.end) if period is not None else None,
    )
