"""Merchant payment accounts and payments as other packages read them: also which payment a return takes back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, TypedDict

import msgspec

from contor.kernel.money import ZERO
from contor.payments.sepa import OurAccount, SepaSettings
from contor.payments.stored import PAYMENT, PaymentRow, of_row, view_of
from contor.payments.types import PaymentView, StoredPayment, Waiting
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class OnAccount(NamedTuple):
    """A merchant payment account, and the account of the chart that it names for its money."""

    ident: str
    booking_account: int
    currency: str


def accounts_on_chart(uow: Uow) -> list[OnAccount]:
    """Those that name an account, by ident; the money of the others stands on the chart's bank account."""
    sql = f"SELECT {columns(OnAccount)} FROM merchant_payment_account WHERE booking_account IS NOT NULL ORDER BY ident"
    return uow.all(OnAccount, sql)


def published_payments(uow: Uow, idents: Sequence[str]) -> dict[str, PaymentView]:
    """By ident, as they are answered."""
    return {row.ident: view_of(row) for row in uow.all(PaymentRow, PAYMENT + "ident = ANY (%s)", (list(idents),))}


class _Kept(NamedTuple):
    ident: str
    country: str


def countries_of_accounts(uow: Uow, idents: Sequence[str]) -> dict[str, str]:
    """Where each merchant payment account is kept."""
    return dict(uow.all(_Kept, "SELECT ident, country FROM merchant_payment_account WHERE ident = ANY (%s)", (list(idents),)))


class _InCurrency(NamedTuple):
    ident: str
    currency: str


def currencies_of_accounts(uow: Uow, idents: Sequence[str]) -> dict[str, str]:
    """In what each merchant payment account is kept."""
    sql = "SELECT ident, currency FROM merchant_payment_account WHERE ident = ANY (%s)"
    return dict(uow.all(_InCurrency, sql, (list(idents),))) if idents else {}


FILLERS: Final = frozenset({"NOTPROVIDED", "NONREF", "NOTAVAILABLE", "NONE"})
"""What banks write where a reference is missing."""
MOST: Final = 200
"""Payments of one name that are looked at: what more of them bear means none of them."""
MOST_WAITING: Final = 10_000
"""Returns that wait."""


def returned_amount(payment: StoredPayment) -> Decimal:
    """What the payment takes back, positive, in its currency: without what the banks took beside it."""
    said = payment.returns
    assert said is not None
    return abs(payment.amount) - said.charges if said.original_amount is None else said.original_amount


def payments_returned(uow: Uow, returns: Sequence[StoredPayment]) -> dict[str, list[StoredPayment]]:
    """By ident of the return the payments that may be meant, of the opposite direction: those that are called the same; where there are
    none, those by its mandate and of its amount."""
    later = _named_later(uow, sorted({name for it in returns for name in (*_names(it), *_mandates(it))}))
    by_name = _called(uow, returns, later)
    found = {it.ident: _opposite(it, by_name) for it in returns}
    for it in returns:
        if not found[it.ident] and it.mandate_reference:
            amount = returned_amount(it)
            rows = _rows(uow, "mandate_reference = %s AND original_amount = %s", (it.mandate_reference, amount))
            mandate = ("mandate_reference", it.mandate_reference, amount)
            rows += _rows_of(uow, [one.payment_ident for one in later if (one.kind, one.name, one.amount) == mandate])
            found[it.ident] = [payment for payment in rows if payment.amount * it.amount < 0 and payment.currency == it.currency]
    return found


def returns_waiting(uow: Uow, payments: Sequence[StoredPayment]) -> list[StoredPayment]:
    """The returns that nothing was found for, and that may be of these payments. Few wait at any time, in an index of their own."""
    sql = f"{PAYMENT}return_reason IS NOT NULL AND status = 'OPEN' ORDER BY ident LIMIT %s"
    waiting = [of_row(row, None) for row in uow.all(PaymentRow, sql, (MOST_WAITING,))]
    if not waiting:
        return []
    later = _names_later(uow, [payment.ident for payment in payments])
    names = {name for payment in payments for name in _names(payment)} | {(it.kind, it.name) for it in later}
    mandates = {payment.mandate_reference for payment in payments if payment.mandate_reference}
    mandates |= {it.name for it in later if it.kind == "mandate_reference"}
    return [it for it in waiting if names.intersection(_names(it)) or it.mandate_reference in mandates]


def _opposite(payment: StoredPayment, by_name: Mapping[tuple[str, str], Sequence[StoredPayment]]) -> list[StoredPayment]:
    for name in _names(payment):
        if found := [it for it in by_name.get(name, ()) if it.amount * payment.amount < 0 and it.currency == payment.currency]:
            return found
    return []


def _names(payment: StoredPayment) -> list[tuple[str, str]]:
    named = (("end_to_end_ident", payment.end_to_end_ident), ("provider_reference", payment.provider_reference))
    return [(column, name) for column, name in named if name and name.upper() not in FILLERS]


def _mandates(payment: StoredPayment) -> list[tuple[str, str]]:
    return [("mandate_reference", payment.mandate_reference)] if payment.mandate_reference else []


def _called(
    uow: Uow, payments: Iterable[StoredPayment], later: Sequence["NamedLater"]
) -> dict[tuple[str, str], list[StoredPayment]]:
    found: dict[tuple[str, str], list[StoredPayment]] = {}
    for column, name in sorted({name for payment in payments for name in _names(payment)}):
        found[column, name] = _rows(uow, f"{column} = %s", (name,))
    rows = {it.ident: it for it in _rows_of(uow, [one.payment_ident for one in later])}
    for one in later:
        its = found.get((one.kind, one.name))
        if its is not None and one.payment_ident in rows and all(it.ident != one.payment_ident for it in its):
            its.append(rows[one.payment_ident])
    return found


class NamedLater(NamedTuple):
    """What a later message of the bank called a payment, or a part of it."""

    kind: str
    name: str
    payment_ident: str
    amount: Decimal
    """Of that part."""
    text: str


def named_later(uow: Uow, payment: StoredPayment) -> list[NamedLater]:
    """Of a return: what was called as it is."""
    return _named_later(uow, _names(payment))


def _named_later(uow: Uow, names: Sequence[tuple[str, str]]) -> list[NamedLater]:
    sql = (
        f"SELECT {columns(NamedLater, 'n')} FROM unnest(%s::text[], %s::text[]) k(kind, name) CROSS JOIN LATERAL"
        f" (SELECT {columns(NamedLater)} FROM payment_name WHERE kind = k.kind AND name = k.name LIMIT {MOST}) n"
    )
    return sorted(uow.all(NamedLater, sql, ([it[0] for it in names], [it[1] for it in names]))) if names else []


def _names_later(uow: Uow, idents: Sequence[str]) -> list[NamedLater]:
    return uow.all(NamedLater, f"SELECT {columns(NamedLater)} FROM payment_name WHERE payment_ident = ANY (%s)", (list(idents),))


def _rows_of(uow: Uow, idents: Sequence[str]) -> list[StoredPayment]:
    return _rows(uow, "ident = ANY (%s)", (sorted(set(idents)),)) if idents else []


def _rows(uow: Uow, where: str, values: Sequence[object]) -> list[StoredPayment]:
    """Those that take none back. Sorted by nothing, so that the index of the name is walked; a few of them are read then."""
    few = f"SELECT {columns(PaymentRow)} FROM payment WHERE {where} LIMIT %s"
    sql = f"SELECT {columns(PaymentRow)} FROM ({few}) x WHERE return_reason IS NULL"
    return sorted([of_row(row, None) for row in uow.all(PaymentRow, sql, (*values, MOST))], key=lambda it: it.ident)


def returns_assigned(uow: Uow) -> set[str]:
    """Those that took earlier payments back, and are assigned."""
    return set(uow.column(str, "SELECT ident FROM payment WHERE return_reason IS NOT NULL AND assigned > 0"))


def adds_up(payment: StoredPayment) -> bool:
    """Whether what went back and what the banks took are the payment; of a transfer of ours that came back nothing is told apart."""
    charges = payment.returns.charges if payment.returns is not None else ZERO
    if payment.amount > 0 and charges:
        return False
    return returned_amount(payment) + charges == abs(payment.amount) and returned_amount(payment) > 0


class _Rest(NamedTuple):
    ident: str
    rest: Decimal


def rests_of(uow: Uow, idents: Collection[str]) -> dict[str, Decimal]:
    """What of each payment can be assigned still, positive, in the payer's currency."""
    sql = "SELECT ident, CASE status WHEN 'IGNORED' THEN 0 ELSE original_amount - assigned END AS rest FROM payment WHERE ident = ANY (%s)"
    return dict(uow.all(_Rest, sql, (sorted(idents),))) if idents else {}


def waiting_payments(uow: Uow, after: str, limit: int) -> list[Waiting]:
    """The next such payments behind this one, by ident."""
    return uow.all(
        Waiting,
        "SELECT ident, original_currency AS currency, original_amount - assigned AS amount, description, customer_specific_ident,"
        " counterpart_iban_key, mandate_reference"
        # word for word the condition of payment_waiting_ix
        " FROM payment WHERE credit_debit_indicator = 'CREDIT' AND status IN ('OPEN', 'PARTIALLY_ASSIGNED') AND ident > %s"
        " ORDER BY ident LIMIT %s",
        (after, limit),
    )


class CollectionFields(TypedDict):
    """Of a `CollectionConfig`."""

    days_after_due_date: int


class _Ours(NamedTuple):
    ident: str
    name: str
    active: bool
    currency: str
    additionally_accepted_currencies: Sequence[str]
    payment_service_provider_id: int
    payment_collection_config: CollectionFields
    booking_account: int | None
    iban: str | None
    bic: str | None
    sepa: Mapping[str, object] | None


class MerchantAccount(NamedTuple):
    """An account of ours as who collects on it, or pays from it, needs it."""

    ident: str
    name: str
    active: bool
    currency: str
    accepted: tuple[str, ...]
    """In which it takes money beside its own currency."""
    payment_provider_id: int
    days_after_due_date: int
    """After which what is due is collected."""
    booking_account: int | None
    iban: str | None
    bic: str | None
    sepa: SepaSettings | None
    """None: no files are written for it."""

    @property
    def for_files(self) -> OurAccount | None:
        """As files for its bank are written; None: none are."""
        return OurAccount(self.iban, self.sepa, self.bic) if self.iban is not None and self.sepa is not None else None


def merchant_accounts(uow: Uow, idents: Iterable[str]) -> dict[str, MerchantAccount]:
    """Those that exist, by ident."""
    sql = f"SELECT {columns(_Ours)} FROM merchant_payment_account WHERE ident = ANY (%s)"
    return {row.ident: _ours(row) for row in uow.all(_Ours, sql, (sorted(set(idents)),))}


def _ours(row: _Ours) -> MerchantAccount:
    return MerchantAccount(
        ident=row.ident,
        name=row.name,
        active=row.active,
        currency=row.currency,
        accepted=tuple(row.additionally_accepted_currencies),
        payment_provider_id=row.payment_service_provider_id,
        days_after_due_date=row.payment_collection_config["days_after_due_date"],
        booking_account=row.booking_account,
        iban=row.iban,
        bic=row.bic,
        sepa=msgspec.convert(row.sepa, SepaSettings) if row.sepa is not None else None,
    )


class AtProvider(NamedTuple):
    """A payment, and what a provider calls it."""

    ident: str
    account_ident: str
    provider_reference: str


def received_at_providers(uow: Uow, references: Sequence[str]) -> list[AtProvider]:
    """What was received, and did not go back by a bank, that providers call so."""
    sql = (
        f"SELECT {columns(AtProvider)} FROM payment WHERE provider_reference = ANY (%s) AND credit_debit_indicator = 'CREDIT'"
        " AND return_reason IS NULL ORDER BY ident"
    )
    return uow.all(AtProvider, sql, (list(references),)) if references else []


def has_account(uow: Uow) -> bool:
    """Whether the company has an account on which money can stand."""
    return uow.scalar(int, "SELECT 1 FROM merchant_payment_account WHERE active LIMIT 1") is not None
