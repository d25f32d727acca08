"""Bookings of a bank as payments. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from contor.kernel.money import ZERO
from contor.payments.statements.judged import Transfer, transfers_of
from contor.payments.statements.types import Entry, Part
from contor.payments.types import Counterpart, Fee, Incoming, MonetaryValue, PaymentBody, PaymentProperty, ReturnInformation

CHARGES = "Bank charges"
"""What the bank states as charge of a transfer."""


class Made(NamedTuple):
    """The payments of a booking."""

    incoming: list[Incoming]
    is_listed: bool
    """The parts that the bank names do not come to it: it stays one payment."""


def payments_of(ident: str, entry: Entry, transfers: Sequence[Transfer] | None = None, offset: int = 0) -> Made:
    """`transfers`: of what it consists, where that is known from elsewhere; empty: what is known does not come to the booking.
    `offset`: how many were made of it before."""
    found = transfers_of(entry) if transfers is None else list(transfers) or None
    is_listed = found is None
    if found is None:
        text = " ".join(part.text for part in entry.parts if part.text)[:10_000]
        whole = Transfer(entry.amount, ZERO, Part(text=text))
        found = [whole]
    incoming = []
    for number, transfer in enumerate(found, offset + 1):
        external = ident if number == 1 and len(found) == 1 else f"{ident}/{number}"
        incoming.append(
            Incoming(
                body=_body(external, entry, transfer, alone=len(found) == 1),
                bank_entry_ident=ident,
                parent_ident=ident if len(found) > 1 else None,
            )
        )
    return Made(incoming, is_listed)


def _body(external: str, entry: Entry, transfer: Transfer, *, alone: bool) -> PaymentBody:
    part, money = transfer.part, entry.currency
    fee = transfer.fee if transfer.fee > 0 else ZERO
    amount = transfer.amount if transfer.fee >= 0 else transfer.amount - transfer.fee
    counterpart = Counterpart(name=part.name, iban=part.iban, bic=part.bic)
    properties = [("bankTransactionCode", entry.code), ("counterpartAccount", part.account)]
    if entry.is_reversal:
        properties.append(("reversal", "true"))
    return PaymentBody(
        external_ident=external,
        base_amount=MonetaryValue(amount=abs(amount), currency=money),
        booking_date=entry.booked_on,
        credit_debit_indicator="CREDIT" if amount > 0 else "DEBIT",
        value_date=entry.valued_on,
        description=part.text or entry.text,
        fees=(Fee(type=CHARGES, amount=fee, currency=money),) if fee else (),
        properties=tuple([PaymentProperty(key=key, value=value[:255]) for key, value in properties if value]),
        counterpart=counterpart if counterpart != Counterpart() else None,
        end_to_end_ident=part.end_to_end,
        mandate_reference=part.mandate,
        provider_reference=(entry.reference if alone else None) or part.reference,
        return_information=ReturnInformation(reason_code=part.return_code, original_amount=abs(amount))
        if part.return_code
        else None,
    )
