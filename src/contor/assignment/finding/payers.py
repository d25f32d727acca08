"""Whose account a payment comes from: learned from assignments that are sure, forgotten when they are taken back. Only keyed hashes are
kept: nobody reads an account's number here."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from contor.assignment import tables
from contor.payments.ibans import key_of
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class Learned(NamedTuple):
    """An assignment, and whose open item it is."""

    assignment_ident: str
    payment: StoredPayment
    customer_ident: str


class _Known(NamedTuple):
    key: str
    customer_ident: str


def keys_of(uow: Uow, payment: StoredPayment) -> list[str]:
    """By what its payer is known again: his account, and the mandate by which it was collected."""
    mandate = None if payment.mandate_reference is None else key_of(uow, f"mandate/{payment.mandate_reference}")
    return [key for key in (payment.counterpart_iban_key, mandate) if key is not None]


def learn_payers(uow: Uow, learned: Iterable[Learned]) -> None:
    """The money came from whom it was assigned to."""
    now = uow.ctx.now()
    uow.insert(
        tables.learned_payer,
        [
            {"assignment_ident": it.assignment_ident, "key": key, "customer_ident": it.customer_ident, "created_at": now}
            for it in learned
            for key in keys_of(uow, it.payment)
        ],
    )


def forget_payer(uow: Uow, assignment_ident: str) -> None:
    """It was a mistake, or the money went back."""
    uow.run("DELETE FROM learned_payer WHERE assignment_ident = %s", (assignment_ident,))


def customers_known(uow: Uow, payments: Sequence[StoredPayment]) -> dict[str, set[str]]:
    """By ident of the payment the customers who have paid from its account, or by its mandate, before."""
    keys = {payment.ident: keys_of(uow, payment) for payment in payments}
    wanted = sorted({key for found in keys.values() for key in found})
    if not wanted:
        return {}
    rows = uow.all(_Known, "SELECT DISTINCT key, customer_ident FROM learned_payer WHERE key = ANY (%s)", (wanted,))
    known: dict[str, set[str]] = {}
    for row in rows:
        known.setdefault(row.key, set()).add(row.customer_ident)
    return {ident: {customer for key in found for customer in known.get(key, ())} for ident, found in keys.items()}
