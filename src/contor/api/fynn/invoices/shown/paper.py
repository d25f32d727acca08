"""What a paper says, whether it is a draft or was issued, and parts of it as they are shown."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.api.fynn.invoices.shown.answers import ExchangeRateShown, InvoiceAddress
from contor.api.fynn.invoices.shown.lines import SOLD_AT, SOLD_IN, SOLD_ON, Line, lines_of_document, said_of
from contor.documents.types import Document, Party, Property
from contor.kernel.partial import Content

SAID_SOURCE = "source"


class SaidOf(NamedTuple):
    """What a paper says, whether it is a draft or was issued."""

    number: int
    account_ident: str | None
    """Of the payment method."""
    address_ident: str | None
    party: Party | None
    customer_ident: str
    currency: str
    properties: Sequence[Property]
    lines: Sequence[Line]
    net: Decimal
    tax: Decimal
    gross: Decimal
    due: dt.date | None


def said_of_document(number: int, document: Document) -> SaidOf:
    totals = document.totals
    return SaidOf(
        number=number,
        account_ident=document.payment_information.customer_payment_account_ident,
        address_ident=document.invoice_address_ident,
        party=document.customer,
        customer_ident=document.customer_ident,
        currency=document.currency,
        properties=document.properties,
        lines=lines_of_document(number, document),
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        due=document.due_date,
    )


def due_of(content: Content, today: dt.date) -> dt.date:
    dated = content.get("document_date")
    begins = dt.date.fromisoformat(dated) if dated else today
    return begins + dt.timedelta(days=(content.get("payment_term") or {}).get("period_in_days", 14))


def source_of(properties: Sequence[Property]) -> str:
    said = said_of(properties).get(SAID_SOURCE)
    return said if said in ("cart", "subscription") else "manual"


def name_of(party: Party | None) -> tuple[str | None, str | None]:
    """First and last name of the person who is billed, or meant."""
    if party is None:
        return None, None
    said = party.name if party.customer_type == "B2C" else party.contact.name or party.person or ""
    first, _, last = said.rpartition(" ")
    return first or None, last or None


def address_of(party: Party | None, shown: str | None) -> InvoiceAddress | None:
    """`shown`: the id of the address from which it was taken, where that is there still."""
    if party is None:
        return None
    first, last = name_of(party)
    address = party.address
    return InvoiceAddress(
        id=shown,
        company_name=None if party.customer_type == "B2C" else party.name,
        first_name=first,
        last_name=last,
        street=address.street,
        house_number=address.street_no,
        addition=address.addition,
        zip=address.zip,
        city=address.city,
        country_code=address.country,
        vat_id=party.vat_id,
    )


def rates_of(lines: Sequence[Line], currency: str) -> tuple[ExchangeRateShown, ...]:
    """Each rate by which prices of rows were converted, once."""
    used = {(said[SOLD_IN], said[SOLD_AT], said[SOLD_ON]) for line in lines if (said := line.said).get(SOLD_IN)}
    return tuple(
        ExchangeRateShown(
            source_currency_code=source, target_currency_code=currency, rate=Decimal(rate), date=f"{day}T00:00:00+00:00"
        )
        for source, rate, day in sorted(used)
    )
