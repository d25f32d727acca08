"""The values of credits. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.kernel.shapes import Currency, Money, Text255, shape


@shape
class GrantedCredit:
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4, examples=[25])]
    """Gross: so much less is owed for the next invoice."""
    currency: Currency | None = None
    """That of the invoices which it reduces; default: the customer's, else EUR."""
    note: Text255 | None = None
    """Why it is granted."""


@shape
class CreditEntry:
    amount: Money
    """Positive: granted, or given back where an invoice's reduction was taken back. Negative: used."""
    currency: str
    note: str | None = None
    document_id: int | None = None
    """The invoice that used it."""
    created_at: dt.datetime


@shape
class CreditAccount:
    """What a customer has to his credit."""

    customer_ident: str
    balances: dict[str, Decimal]
    """By currency."""
    entries: tuple[CreditEntry, ...]
    """The latest first, at most a hundred."""


class Standing(NamedTuple):
    customer_ident: str
    currency: str
    balance: Decimal
