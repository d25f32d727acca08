"""What is known of an account: the bookings that statements told, and the payments that were given beside them."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.payments.ibans import key_of
from contor.payments.statements.judged import GIVEN, MOVED_WITHIN, Booking, matched
from contor.payments.statements.read import FILLERS
from contor.payments.statements.types import Statement
from contor.payments.types import PaymentBody
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_NAMES: Final = 2
"""EndToEndId and mandate, as they are counted."""
_KEPT: Final = 1_000_000
"""The detail of a payment of which more was said than any statement says: none takes its place."""


class _Stored(NamedTuple):
    ident: str
    booked_on: dt.date
    valued_on: dt.date
    amount: Decimal
    family: str
    reference: str | None
    end_to_end_ident: str | None
    iban_key: str | None
    statement_position: int | None
    ordinal: int
    parts: int
    detail: int
    payments: int
    payment_ident: str | None


def known_bookings(uow: Uow, account_ident: str, statements: Sequence[Statement]) -> list[Booking]:
    """The account's bookings around the days that the statements tell of."""
    days = [entry.booked_on for one in statements for entry in one.booked]
    days += [balance.on for one in statements for balance in (one.opening, one.closing) if balance is not None]
    if not days:
        return []
    sql = (
        f"SELECT {columns(_Stored)} FROM bank_entry WHERE account_ident = %s AND booked_on >= %s AND booked_on <= %s"
        " ORDER BY booked_on, ordinal, ident"
    )
    return _bookings(uow.all(_Stored, sql, (account_ident, min(days) - MOVED_WITHIN, max(days) + MOVED_WITHIN)))


def _bookings(rows: Sequence[_Stored]) -> list[Booking]:
    return [
        Booking(
            booked_on=row.booked_on,
            valued_on=row.valued_on,
            amount=row.amount,
            family=row.family,
            reference=row.reference,
            end_to_end=row.end_to_end_ident,
            iban_key=row.iban_key,
            ident=row.ident,
            position=row.statement_position,
            ordinal=row.ordinal,
            parts=row.parts,
            detail=row.detail,
            payments=row.payments,
            payment=row.payment_ident,
        )
        for row in rows
    ]


class _Standing(NamedTuple):
    bank_entry_ident: str
    ident: str


class _Given(NamedTuple):
    ident: str
    external_ident: str
    credit_debit_indicator: str
    base_amount: Decimal
    base_currency: str
    original_currency: str
    booking_date: dt.date
    value_date: dt.date | None
    description: str
    customer_specific_ident: str | None
    content: Mapping[str, Sequence[Mapping[str, object]]]
    changed: Mapping[str, object] | None
    counterpart_name: str | None
    counterpart_iban_key: str | None
    end_to_end_ident: str | None
    provider_reference: str | None


def given_bookings(uow: Uow, account_ident: str, statements: Sequence[Statement], known: Sequence[Booking]) -> list[Booking]:
    """The payments of the days of these statements that no statement brought, and that are none of the `known` bookings."""
    days = [entry.booked_on for one in statements for entry in one.booked]
    if not days:
        return []
    sql = (
        f"SELECT {columns(_Given)} FROM payment WHERE account_ident = %s AND booking_date >= %s AND booking_date <= %s"
        " AND bank_entry_ident IS NULL AND replaced_at IS NULL ORDER BY booking_date, ident"
    )
    told = {one.payment for one in known}
    rows = uow.all(_Given, sql, (account_ident, min(days), max(days)))
    return [_of_row(row) for row in rows if row.ident not in told]


def _of_row(row: _Given) -> Booking:
    fees = sum((Decimal(str(fee["amount"])) for fee in row.content.get("fees") or ()), ZERO)
    sign = 1 if row.credit_debit_indicator == "CREDIT" else -1
    return Booking(
        booked_on=row.booking_date,
        valued_on=row.value_date,
        amount=sign * row.base_amount - fees,
        family=GIVEN,
        reference=_said(row.provider_reference),
        other_reference=_said(row.external_ident),
        end_to_end=_said(row.end_to_end_ident),
        iban_key=row.counterpart_iban_key,
        payment=row.ident,
        detail=_detail(row),
    )


def _detail(row: _Given) -> int:
    """How much was said of it, as of what a statement says. Its EndToEndId and mandate are told to it where they were not said: these alone
    take nothing's place."""
    is_beyond = (
        row.customer_specific_ident or row.changed or row.base_currency != row.original_currency or any(row.content.values())
    )
    said = (row.counterpart_name, row.counterpart_iban_key, row.description)
    return _KEPT if is_beyond else _NAMES + sum(map(bool, said))


def require_untold(uow: Uow, account_ident: str, bodies: Sequence[PaymentBody]) -> None:
    """None of the payments that are given is a booking that a statement brought. Raises CONFLICT with the payment that it is. The account's
    payments are locked."""
    found = [_of_body(uow, body) for body in bodies]
    sql = (
        f"SELECT {columns(_Stored)} FROM bank_entry WHERE account_ident = %s AND booked_on = ANY (%s) AND amount = ANY (%s)"
        " AND payment_ident IS NULL ORDER BY booked_on, ordinal, ident"
    )
    days, amounts = sorted({one.booked_on for one in found}), sorted({one.amount for one in found})
    known = _bookings(uow.all(_Stored, sql, (account_ident, days, amounts)))
    matches = matched(found, known)
    sql = "SELECT bank_entry_ident, min(ident) AS ident FROM payment WHERE bank_entry_ident = ANY (%s) AND replaced_at IS NULL GROUP BY 1"
    payments = dict(uow.all(_Standing, sql, ([one.ident for one in matches if one is not None],)))
    problems = []
    for body, one, booking in zip(bodies, found, matches, strict=True):
        if booking is None:
            continue
        ident = payments[booking.ident or ""]
        if booking.reference is not None and booking.reference in (one.reference, one.other_reference):
            message = f"A statement brought the booking of that reference, day and amount already: it is the payment {ident!r}."
        else:
            message = (
                f"A statement brought a booking of that day and amount already, the payment {ident!r}, and nothing tells this one apart:"
                " endToEndIdent, the counterpart's IBAN and valueDate are the same, or one of the two does not say them."
            )
        problems.append(Problem("payment_known", message, "externalIdent", body.external_ident))
    if problems:
        raise Refused(Kind.CONFLICT, *problems)


def _of_body(uow: Uow, body: PaymentBody) -> Booking:
    iban = body.counterpart.iban if body.counterpart is not None else None
    sign = 1 if body.credit_debit_indicator == "CREDIT" else -1
    return Booking(
        booked_on=body.booking_date,
        valued_on=body.value_date,
        amount=sign * body.base_amount.amount - sum((fee.amount for fee in body.fees), ZERO),
        family=GIVEN,
        reference=_said(body.provider_reference),
        other_reference=_said(body.external_ident),
        end_to_end=_said(body.end_to_end_ident),
        iban_key=key_of(uow, iban) if iban else None,
    )


def _said(name: str | None) -> str | None:
    """A name, where it is none of those that stand for a missing one."""
    return name if name and name.upper() not in FILLERS else None


class Told(NamedTuple):
    """How a bank told of a payment."""

    payment_ident: str
    family: str
    """The kind of booking, by ISO 20022 or as the bank writes it."""
    way: str
    """How the file came that told of it first."""


def told_of(uow: Uow, payments: Collection[str]) -> dict[str, Told]:
    """By payment; without those that no statement brought."""
    sql = (
        "SELECT p.ident AS payment_ident, e.family, f.way FROM payment p JOIN bank_entry e ON e.tenant_id = p.tenant_id"
        " AND e.ident = p.bank_entry_ident JOIN statement_file f ON f.tenant_id = e.tenant_id AND f.ident = e.file_ident"
        " WHERE p.ident = ANY (%s)"
    )
    return {row.payment_ident: row for row in uow.all(Told, sql, (sorted(payments),))}
