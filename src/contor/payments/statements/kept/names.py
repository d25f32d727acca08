"""What a payment is called is kept whenever the bank says it: by its EndToEndId, or that of one of its parts, its return is found. So is
why it came back, where it was taken for no return. What was assigned of it stays, as do its amounts."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.shapes import Fields
from contor.payments import tables
from contor.payments.events import PaymentsNamed, ReturnsTold
from contor.payments.queries import FILLERS
from contor.payments.statements.judged import Booking
from contor.payments.statements.kept.bodies import Made
from contor.payments.statements.kept.standing import standing
from contor.payments.stored import NAMES, PAYMENT, PaymentRow, name_of, of_row, returned_of
from contor.payments.types import PaymentBody
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow


class _Name(NamedTuple):
    payment_ident: str
    kind: str
    name: str
    amount: Decimal


class _New(NamedTuple):
    named: _Name
    text: str
    of_all: bool
    """It names the whole payment."""


def keep_names(uow: Uow, account: Fields, told: Sequence[tuple[Booking, Made]]) -> None:
    """`told`: of known bookings, what payments would be made of them by what is said now. The returns that waited for a name are found by
    it."""
    if not told:
        return
    rows = _payments(uow, [one for one, _ in told])
    known = _known(uow, [row.ident for its in rows.values() for row in its])
    new: dict[_Name, _New] = {}
    returned: list[PaymentRow] = []
    for booking, made in told:
        for row, body, of_all in _pairs(rows.get(booking.ident or "", []), [one.body for one in made.incoming]):
            if of_all and (back := _told_back(row, body)) is not None:
                returned.append(back)
            for one in _said(row, body, of_all=of_all):
                if one.named not in known:
                    new.setdefault(one.named, one)
    if new:
        _store(uow, account, {row.ident: row for its in rows.values() for row in its}, list(new.values()))
    _keep_returns(uow, account, returned)


def _told_back(row: PaymentRow, body: PaymentBody) -> PaymentRow | None:
    """It with why it came back, where nothing was said of that before: what was said stands."""
    said = body.return_information
    if said is None or returned_of(row) is not None or not _is_of_amount(row, body):
        return None
    back = {"reason_code": said.reason_code, "original_amount": str(said.original_amount or row.base_amount)}
    return row._replace(changed={**(row.changed or {}), "returned": back})


def _keep_returns(uow: Uow, account: Fields, rows: Sequence[PaymentRow]) -> None:
    if not rows:
        return
    changes = [{"ident": row.ident, "said": {"returned": (row.changed or {})["returned"]}} for row in rows]
    _change(uow, changes)
    for change in changes:
        uow.audit("payment", str(change["ident"]), {"changed": change["said"]})
    idents = tuple(sorted(row.ident for row in rows))
    now = {row.ident: row for row in uow.all(PaymentRow, PAYMENT + "ident = ANY (%s)", (list(idents),))}
    uow.emit(ReturnsTold(payment_idents=idents, payments=tuple(of_row(now[it], account["booking_account"]) for it in idents)))


def _change(uow: Uow, changes: Sequence[Fields]) -> None:
    uow.run(
        "UPDATE payment p SET changed = (coalesce(p.changed::jsonb, '{}') || x.said)::json"
        " FROM jsonb_to_recordset(%s) AS x(ident text, said jsonb) WHERE p.ident = x.ident",
        (ENCODER.encode(list(changes)).decode(),),
    )


def _payments(uow: Uow, bookings: Sequence[Booking]) -> dict[str, list[PaymentRow]]:
    """Those that stand for the bookings, in the order in which they were made of each. Locked."""
    found = standing(uow, bookings)
    return {entry: sorted(rows, key=lambda row: (len(row.external_ident), row.external_ident)) for entry, rows in found.items()}


def _known(uow: Uow, idents: Sequence[str]) -> set[_Name]:
    sql = "SELECT payment_ident, kind, name, amount FROM payment_name WHERE payment_ident = ANY (%s)"
    return set(uow.all(_Name, sql, (list(idents),))) if idents else set()


def _pairs(rows: Sequence[PaymentRow], bodies: Sequence[PaymentBody]) -> Iterator[tuple[PaymentRow, PaymentBody, bool]]:
    """Which payment each transfer is, or is a part of; whether it is all of it. Left out is what may be of several."""
    if len(rows) == len(bodies) and (len(rows) == 1 or all(map(_is_of_amount, rows, bodies))):
        yield from ((row, body, True) for row, body in zip(rows, bodies, strict=True))
    elif len(rows) == 1:
        yield from ((rows[0], body, False) for body in bodies)
    else:
        for body in bodies:
            fitting = [row for row in rows if _is_of_amount(row, body)]
            if len(fitting) == 1:
                yield fitting[0], body, True


def _is_of_amount(row: PaymentRow, body: PaymentBody) -> bool:
    return (row.base_amount, row.credit_debit_indicator) == (body.base_amount.amount, body.credit_debit_indicator)


def _said(row: PaymentRow, body: PaymentBody, *, of_all: bool) -> Iterator[_New]:
    amount = row.base_amount if of_all else body.base_amount.amount
    for kind, name in zip(NAMES, (body.end_to_end_ident, body.provider_reference, body.mandate_reference), strict=True):
        if name and name.upper() not in FILLERS and name != name_of(row, kind):
            yield _New(_Name(row.ident, kind, name, amount), body.description, of_all)


def _store(uow: Uow, account: Fields, rows: Mapping[str, PaymentRow], new: Sequence[_New]) -> None:
    now = uow.ctx.now()
    uow.insert(
        tables.payment_name,
        [{**one.named._asdict(), "text": one.text, "created_at": now} for one in new],
    )
    said: dict[str, dict[str, object]] = {}
    for one in new:
        ident, kind, name, _ = one.named
        if one.of_all and name_of(rows[ident], kind) is None:
            said.setdefault(ident, {}).setdefault(kind, name)
    if said:
        _change(uow, [{"ident": ident, "said": one} for ident, one in said.items()])
    for ident in dict.fromkeys(one.named.payment_ident for one in new):
        if ident in said:
            uow.audit("payment", ident, {"changed": said[ident]})
        uow.audit("payment", ident, {"named": [one.named.name for one in new if one.named.payment_ident == ident]})
    changed = [
        rows[it]._replace(changed={**(rows[it].changed or {}), **said.get(it, {})}) for it in {it.named.payment_ident for it in new}
    ]
    stored = tuple(of_row(row, account["booking_account"]) for row in sorted(changed, key=lambda row: row.ident))
    uow.emit(PaymentsNamed(payment_idents=tuple(it.ident for it in stored), payments=stored))
