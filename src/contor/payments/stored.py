"""Payments as they are stored, as others handle them, and as they are answered."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, NamedTuple

import msgspec

from contor.kernel.money import ZERO, shown
from contor.kernel.shapes import replace
from contor.payments.types import (
    BatchItem,
    Fee,
    MonetaryValue,
    PaymentProperty,
    PaymentStatus,
    PaymentView,
    ReturnInformation,
    ShownCounterpart,
    StoredPayment,
)
from contor.runtime.rows import columns


class PaymentRow(NamedTuple):
    """A payment as it is stored."""

    ident: str
    id: int
    account_ident: str
    external_ident: str
    credit_debit_indicator: Literal["CREDIT", "DEBIT"]
    base_amount: Decimal
    base_currency: str
    original_amount: Decimal
    original_currency: str
    exchange_rate: Decimal
    booking_date: dt.date
    value_date: dt.date | None
    creation_date: dt.datetime
    description: str
    customer_specific_ident: str | None
    content: Mapping[str, object]
    """Fees, batch items, properties and what a return says, as they came."""
    status: PaymentStatus
    assigned: Decimal
    reason: str | None
    created_at: dt.datetime
    counterpart_name: str | None
    counterpart_iban: str | None
    counterpart_iban_key: str | None
    counterpart_account: str | None
    counterpart_bic: str | None
    end_to_end_ident: str | None
    mandate_reference: str | None
    provider_reference: str | None
    return_reason: str | None
    parent_ident: str | None
    ledger_amount: Decimal | None
    category: str | None
    changed: Mapping[str, object] | None
    """Batch items and properties that a person gave later; what the bank called it later (`NAMES`)."""
    bank_entry_ident: str | None


NAMES: Final = ("end_to_end_ident", "provider_reference", "mandate_reference")
"""What a payment is called by, as its columns; a later message may say what is missing."""


def name_of(row: PaymentRow, kind: str) -> str | None:
    """What the payment is called, whenever that was said."""
    own = dict(zip(NAMES, (row.end_to_end_ident, row.provider_reference, row.mandate_reference), strict=True))[kind]
    said = (row.changed or {}).get(kind)
    return own or (str(said) if said is not None else None)


PAYMENT = f"SELECT {columns(PaymentRow)} FROM payment WHERE "
"""Rows of `PaymentRow`; a condition follows."""


def of_row(row: PaymentRow, booking_account: int | None) -> StoredPayment:
    """A payment as others handle it: with its sign, positive for money that came in."""
    sign = 1 if row.credit_debit_indicator == "CREDIT" else -1
    return StoredPayment(
        ident=row.ident,
        account_ident=row.account_ident,
        booking_account=booking_account,
        amount=sign * row.original_amount,
        currency=row.original_currency,
        ledger_amount=sign * (row.base_amount if row.ledger_amount is None else row.ledger_amount),
        account_currency=row.base_currency,
        booked_on=row.booking_date,
        paid_on=row.value_date or row.booking_date,
        text=" ".join(part for part in (row.description, row.customer_specific_ident) if part),
        counterpart_name=row.counterpart_name,
        counterpart_iban_key=row.counterpart_iban_key,
        end_to_end_ident=name_of(row, "end_to_end_ident"),
        mandate_reference=name_of(row, "mandate_reference"),
        provider_reference=name_of(row, "provider_reference"),
        returns=returned_of(row),
        category=row.category,
        parent_ident=row.parent_ident,
        counterpart_country=row.counterpart_account[:2] if row.counterpart_account else None,
    )


class _Said(msgspec.Struct, frozen=True):
    """What is said of it beside its amounts; what a return says is read by itself (`returned_of`)."""

    fees: tuple[Fee, ...] = ()
    batch_items: tuple[BatchItem, ...] = ()
    properties: tuple[PaymentProperty, ...] = ()


def _said(row: PaymentRow) -> _Said:
    """... by now: as it came, or as a person said it later."""
    return msgspec.convert({**row.content, **(row.changed or {})}, _Said, strict=False)


def batch_of(row: PaymentRow) -> tuple[tuple[str, Decimal], ...]:
    """What each document that a collective transfer names gets of it, as it is said by now."""
    batch: dict[str, Decimal] = {}
    for item in _said(row).batch_items:
        batch[item.reference] = batch.get(item.reference, ZERO) + item.amount
    return tuple(batch.items())


def view_of(row: PaymentRow) -> PaymentView:
    said = _said(row)
    return PaymentView(
        payment_ident=row.ident,
        merchant_payment_account_ident=row.account_ident,
        external_ident=row.external_ident,
        base_amount=MonetaryValue(amount=row.base_amount, currency=row.base_currency),
        original_amount=MonetaryValue(amount=row.original_amount, currency=row.original_currency),
        exchange_rate=row.exchange_rate,
        booking_date=row.booking_date,
        value_date=row.value_date,
        creation_date=row.creation_date,
        credit_debit_indicator=row.credit_debit_indicator,
        description=row.description,
        customer_specific_ident=row.customer_specific_ident,
        status=row.status,
        assigned_amount=shown(row.assigned, row.original_currency),
        reason=row.reason,
        fees=said.fees,
        batch_items=said.batch_items,
        properties=said.properties,
        counterpart=_shown(row),
        end_to_end_ident=name_of(row, "end_to_end_ident"),
        mandate_reference=name_of(row, "mandate_reference"),
        provider_reference=name_of(row, "provider_reference"),
        return_information=_returned(row),
        parent_ident=row.parent_ident,
        category=row.category,
    )


def _returned(row: PaymentRow) -> ReturnInformation | None:
    """As it is answered: in the payment's currency, which stands elsewhere in the answer."""
    said, currency = returned_of(row), row.original_currency
    if said is None:
        return None
    original = said.original_amount
    return replace(
        said,
        original_amount=None if original is None else shown(original, currency),
        charges=shown(said.charges, currency),
    )


def _shown(row: PaymentRow) -> ShownCounterpart | None:
    found = ShownCounterpart(name=row.counterpart_name, iban=row.counterpart_account, bic=row.counterpart_bic)
    return found if found != ShownCounterpart() else None


def returned_of(row: PaymentRow) -> ReturnInformation | None:
    """Why it takes an earlier payment back, whenever that was said."""
    said = row.content.get("returned") if row.return_reason else (row.changed or {}).get("returned")
    return msgspec.convert(said, ReturnInformation, strict=False) if said else None
