"""The values of settlements: what a payment provider says of an account that it keeps for us (platform API 2.14; money 6). Pure.

Amounts are signed as the provider's balance moves: positive came in. Of every item gross - fee = net, of every report opening balance + the
nets of its items = closing balance.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.kernel.money import ZERO
from contor.kernel.shapes import Amount, Currency, Ident, Money, Name255, Text, Text100, Text255, shape, written
from contor.payments.types import SettlementFormat

ItemType = Literal["PAYMENT", "REFUND", "CHARGEBACK", "FEE", "PAYOUT", "CORRECTION"]
ItemState = Literal["CONFIRMED", "CREATED", "BOOKED", "IN_TRANSIT", "ARRIVED"]
"""CONFIRMED: the payment was known. CREATED: it was not, and was made. BOOKED: a fee, in the books. IN_TRANSIT: paid out, and not seen at
the bank yet. ARRIVED: its booking at the bank is known."""
UploadWay = Literal["UPLOAD", "SFTP", "DIRECTORY"]
UploadState = Literal["RECEIVED", "READ", "KEPT_ASIDE"]
"""RECEIVED: it waits to be read. READ: its reports are stored. KEPT_ASIDE: nothing of it is stored; its findings say why."""
ReasonCode = Annotated[str, written(r"^[A-Z0-9]{4}$", "4 capitals and digits", examples=["MD06"])]
ASKED_BACK = "MD06"
"""ISO 20022 external code of a chargeback whose cause the provider does not say: the payer asked for the money back."""


class ReadItem(NamedTuple):
    """An item as a file has it."""

    row: int
    """Where it stands: the line of the file, from 1."""
    external_ident: str
    type: ItemType
    gross: Decimal
    fee: Decimal
    net: Decimal
    booked_on: dt.date
    value_date: dt.date | None = None
    references: tuple[str, ...] = ()
    """What the provider calls the payment: the first is the one that is kept."""
    description: str = ""
    reason_code: str | None = None


class ReadReport(NamedTuple):
    """A report as a file has it."""

    provider: str
    external_ident: str
    currency: str
    period_start: dt.date
    period_end: dt.date
    items: tuple[ReadItem, ...]
    opening: Decimal | None = None
    """None: the file has no balances; it goes on from the report before."""
    closing: Decimal | None = None


@shape
class SettlementReportBody:
    """The header of a report."""

    settlement_report_ident: Ident | None = None
    """The caller's own key of the report; without it, one is made."""
    provider: Text100
    """Who reports, e.g. STRIPE: banks name it in the text of its payouts."""
    external_ident: Name255
    """The provider's own number of the report: taken once."""
    period_start: dt.date
    """First day of what it covers."""
    period_end: dt.date
    """Last day of what it covers."""
    opening_balance: Amount = ZERO
    """What stood on the account before the first item."""
    closing_balance: Amount
    """What stands on it after the last item."""
    currency: Currency = "EUR"
    """That of the account."""


@shape
class SettlementReportView:
    settlement_report_ident: str
    merchant_payment_account_ident: str
    provider: str
    external_ident: str
    period_start: dt.date
    period_end: dt.date
    opening_balance: Money
    closing_balance: Money
    currency: str
    item_count: int
    """How many items it has so far."""
    difference: Money
    """What its items lack to lead from the opening to the closing balance; 0: it is complete."""
    settlement_upload_ident: str | None = None
    """The file that it came with; none: it came item by item."""
    created_at: dt.datetime


@shape
class SettlementItemBody:
    """One movement of the provider's balance."""

    settlement_item_ident: Ident | None = None
    """The caller's own key of the item; without it, one is made."""
    external_ident: Name255
    """The provider's own number of the movement: taken once per account."""
    type: ItemType
    """What moved the balance."""
    gross: Amount
    """What was paid, positive where it came in."""
    fee: Amount = ZERO
    """What the provider kept of it."""
    net: Amount
    """gross - fee: by what the balance moved."""
    currency: Currency = "EUR"
    """That of the account."""
    booking_date: dt.date
    """Day on which the provider booked it."""
    value_date: dt.date | None = None
    """Of a payout: the day on which it is to be at the bank."""
    reference: Text255 | None = None
    """What the provider calls the payment: it is confirmed by it, and a chargeback finds the payment that it takes back."""
    description: Text = ""
    """Text of the payment, in which idents are looked for."""
    reason_code: ReasonCode | None = None
    """Of a chargeback: why it came back (ISO 20022 external code); without it MD06, the payer asked for it."""


@shape
class SettlementItemView:
    settlement_item_ident: str
    settlement_report_ident: str
    merchant_payment_account_ident: str
    external_ident: str
    type: ItemType
    gross: Money
    fee: Money
    net: Money
    currency: str
    booking_date: dt.date
    value_date: dt.date | None = None
    reference: str | None = None
    description: str
    reason_code: str | None = None
    state: ItemState
    """CONFIRMED: the payment was known. CREATED: it was not, and was made. BOOKED: a fee. IN_TRANSIT: a payout that no booking of a bank
    is known for yet. ARRIVED: one that was seen at the bank."""
    late: bool = False
    """A payout that is in transit for so long that no booking of a bank is taken for it by itself any more: 10 days behind its value date,
    or where it has none, its booking date."""
    payment_ident: str | None = None
    """The payment on the provider's account that it made or confirmed."""
    bank_payment_ident: str | None = None
    """Of a payout: the booking on the bank's account."""
    created_at: dt.datetime


@shape
class FileFinding:
    """What is wrong with a file."""

    code: str
    message: str
    row: int | None = None
    """The line of the file."""


@shape
class SettlementUploadView:
    settlement_upload_ident: str
    merchant_payment_account_ident: str
    file_name: str
    size: int
    """Bytes."""
    sha256: str
    """Of the content, in hex: one content is taken once."""
    way: UploadWay
    """UPLOAD: somebody sent it; else a settlement source brought it."""
    state: UploadState
    """RECEIVED: it waits to be read. READ: its reports are stored. KEPT_ASIDE: nothing of it is stored."""
    format: SettlementFormat | None = None
    """What it was read as."""
    findings: tuple[FileFinding, ...] = ()
    """Why it was kept aside, or what of it belongs to other accounts."""
    settlement_report_idents: tuple[str, ...] = ()
    """The reports that came with it."""
    due_at: dt.datetime | None = None
    """When it is read, or was to be, by the account's settlementsProcessingSchedule; without it, as it came."""
    created_at: dt.datetime
    read_at: dt.datetime | None = None


@shape
class MappedColumns:
    """The names of the columns, as the first line of the file has them."""

    type: Name255
    """What moved the balance, in words that `types` explains."""
    net: Name255
    gross: Name255 | None = None
    """Without it, net + fee."""
    fee: Name255 | None = None
    booking_date: Name255
    value_date: Name255 | None = None
    external_ident: Name255 | None = None
    """The provider's own number of the movement; without it, it is made of type and reference."""
    reference: Name255 | None = None
    description: Name255 | None = None
    currency: Name255 | None = None
    """Without it, the account's."""
    balance: Name255 | None = None
    """What stands on the account after the row: proves that none is missing."""
    report: Name255 | None = None
    """The provider's own number of the report; without it, all rows are one, named by its content."""


@shape
class MappedType:
    """A word of the file, and what it stands for."""

    value: Name255
    type: ItemType


@shape
class SettlementMapping:
    """How a table of a provider whose files are not known is read."""

    provider: Text100
    """Who reports: banks name it in the text of its payouts."""
    delimiter: Literal[",", ";", "|", "TAB"] = ","
    decimal_separator: Literal[".", ","] = "."
    date_format: Literal["YYYY-MM-DD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY"] = "YYYY-MM-DD"
    fee_is_negative: bool = False
    """true: a fee that is kept has a minus sign in the file."""
    columns: MappedColumns
    types: Annotated[tuple[MappedType, ...], Field(min_length=1, max_length=100)]
    """What no row of it explains is kept as CORRECTION."""
