"""Whose account a payment comes from: of payment accounts and mandates it is known; else it is learned from assignments that are sure, and
forgotten when they are taken back. Only keyed hashes are kept: nobody reads an account's number here."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from contor.assignment import tables
from contor.payments.customer_accounts import customers_by_iban, holders_of_mandates
from contor.payments.ibans import key_of
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class Learned(NamedTuple):
    """An assignment, and whose open item it is."""

    assignment_ident: str
    payment: StoredPayment
    customer_ident: str


class Paying(Protocol):
    """What is known of where a payment comes from."""

    @property
    def ident(self) -> str: ...
    @property
    def counterpart_iban_key(self) -> str | None: ...
    @property
    def mandate_reference(self) -> str | None: ...


class _Known(NamedTuple):
    key: str
    customer_ident: str


def keys_of(uow: Uow, payment: Paying) -> list[str]:
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


def customers_known(uow: Uow, payments: Sequence[Paying]) -> dict[str, set[str]]:
    """By ident of the payment the customers who pay from its account, or by its mandate, as they say or as they did before."""
    keys = {payment.ident: keys_of(uow, payment) for payment in payments}
    wanted = sorted({key for found in keys.values() for key in found})
    if not wanted:
        return {}
    rows = uow.all(_Known, "SELECT DISTINCT key, customer_ident FROM learned_payer WHERE key = ANY (%s)", (wanted,))
    known: dict[str, set[str]] = {}
    for row in rows:
        known.setdefault(row.key, set()).add(row.customer_ident)
    said = _said(uow, payments)
    return {ident: {it for key in found for it in known.get(key, ())} | said.get(ident, set()) for ident, found in keys.items()}


def _said(uow: Uow, payments: Sequence[Paying]) -> dict[str, set[str]]:
    """The same, as payment accounts and mandates say it."""
    ibans = {it.counterpart_iban_key for it in payments if it.counterpart_iban_key is not None}
    references = {it.mandate_reference for it in payments if it.mandate_reference is not None}
    by_iban = customers_by_iban(uow, ibans) if ibans else {}
    by_mandate = holders_of_mandates(uow, references) if references else {}
    return {
        it.ident: {
            *by_iban.get(it.counterpart_iban_key or "", ()),
            *(one.debtor_ident for one in by_mandate.get(it.mandate_reference or "", ())),
        }
        for it in payments
    }
