"""What a received paper says, and what was read in a file. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.kernel.shapes import Amount, Ident, Name255, Quantity, Rate, Sent, Text, Text32, Text64, Text255, UnitPrice, shape
from contor.settings.identifiers import VatId

MOST_ROWS = 500
TaxTreatment = Literal[
    "DOMESTIC",
    "NOT_DEDUCTIBLE",
    "REVERSE_CHARGE_DOMESTIC",
    "REVERSE_CHARGE_EU",
    "REVERSE_CHARGE_THIRD_COUNTRY",
    "INTRA_COMMUNITY",
]
"""What the VAT of an expense means in the books. DOMESTIC: it is deducted (section 15 (1) no. 1 UStG). NOT_DEDUCTIBLE: it is part of the
cost, as that of another country. REVERSE_CHARGE_…: we owe it and deduct it (section 13b UStG), by where the supplier is. INTRA_COMMUNITY:
goods from another member state; those are kept, and not posted."""
BookingAccount = Annotated[int, Field(gt=0, le=999_999_999)]


class PaperRow(Sent, frozen=True, omit_defaults=True):
    """What was supplied at one rate."""

    description: Text255
    net: Amount
    vat_rate: Rate = Decimal(0)
    """Percent."""
    vat: Amount | None = None
    """What the paper says is the row's VAT; left out, it is the row's part of that of its rate."""
    quantity: Quantity = Decimal(1)
    unit_price: UnitPrice | None = None
    """Net, for one of `quantity`; left out, it is not said."""
    category: Text64 | None = None
    article_number: Text255 | None = None


PaperRows = Annotated[tuple[PaperRow, ...], Field(max_length=MOST_ROWS)]


class PaperFinding(Sent, frozen=True, omit_defaults=True):
    """What is to be said of a file that was read."""

    code: str
    message: str
    level: Literal["fatal", "warning", "information"] = "fatal"
    location: str | None = None


InboxStatus = Literal["RECEIVED", "WAITING", "TAKEN", "DISMISSED"]
"""RECEIVED: it is being read. WAITING: for a person, who takes it as an expense or dismisses it."""
PaperForm = Literal["XML", "HYBRID", "OTHER"]
"""XML: an e-invoice by itself. HYBRID: a PDF with one inside. OTHER: nothing that can be read."""


class Proposal(Sent, frozen=True, omit_defaults=True):
    """The fields of an expense as the e-invoice says them."""

    supplier: Name255
    net: Amount
    tax: Amount
    currency: str
    supplier_vat_id: Text32 | None = None
    tax_treatment: TaxTreatment | None = None
    """Where the file says who owes the VAT."""
    number: Text255 | None = None
    date: dt.date | None = None
    due_date: dt.date | None = None
    service_start: dt.date | None = None
    service_end: dt.date | None = None
    rows: PaperRows = ()
    comment: Text | None = None


@shape
class InboxView:
    """A file that came in."""

    inbox_item_ident: str
    inbox_item_id: int
    status: InboxStatus
    file_name: str
    media_type: str
    size: int
    sha256: str
    form: PaperForm | None = None
    """Of what kind it is; not there: it is not read yet."""
    proposal: Proposal | None = None
    findings: tuple[PaperFinding, ...] = ()
    expense_ident: str | None = None
    reason: str | None = None
    """Why it was dismissed."""
    received_at: dt.datetime
    read_at: dt.datetime | None = None


@shape
class TakeBody:
    """What the expense says otherwise than the file, or what the file does not say."""

    expense_ident: Ident | None = None
    supplier: Name255 | None = None
    supplier_vat_id: VatId | None = None
    tax_treatment: TaxTreatment | None = None
    booking_account: BookingAccount | None = None
    posted: bool | None = None
    customer_ident: Ident | None = None
    project_ident: Ident | None = None
    category: Text255 | None = None
    number: Text255 | None = None
    date: dt.date | None = None
    due_date: dt.date | None = None
    service_start: dt.date | None = None
    service_end: dt.date | None = None
    comment: Text | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    net: Amount | None = None
    tax: Amount | None = None
    rows: PaperRows | None = None
    paid_on: dt.date | None = None


@shape
class DismissBody:
    reason: Text255 | None = None


@shape
class PaidBody:
    paid_on: dt.date | None = None
    """Default: today."""


@shape
class ExpensePaidBody(PaidBody):
    paid_from: BookingAccount | None = None
    """The account of money that it was paid from, where it is not the bank's."""
