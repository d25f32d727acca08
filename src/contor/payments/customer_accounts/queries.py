"""Customers' payment accounts as others read them."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from contor.customers.queries import bank_account_findings
from contor.kernel.errors import Problem
from contor.payments.customer_accounts.mandates import CollectableAccount, MandateRow
from contor.payments.customer_accounts.stored import (
    AccountRow,
    accounts_by_ident,
    address_of,
    collectable_of,
    mandates_by_account,
    views_of,
)
from contor.payments.customer_accounts.types import CustomerAccountView, HolderAddress, PaymentMethod
from contor.payments.ibans import KeptIban, read_iban
from contor.payments.sepa import Address, Amendment
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class PayingAccount(NamedTuple):
    """An account as who collects from it, or pays to it, needs it."""

    ident: str
    debtor_ident: str
    gateway_ident: str
    payment_method: PaymentMethod | None
    account_holder_name: str | None
    payment_provider_reference: str | None
    """What the provider calls the customer."""
    payment_method_reference: str | None
    """What the provider calls the means of payment."""
    iban: str | None
    """In clear: for files to the bank, never for answers or logs."""
    bic: str | None
    address: Address | None
    """Of the holder."""
    mandate: MandateRow | None
    amendment: Amendment | None
    """What the next collection has to tell the bank, with the former IBAN in clear."""
    state: CollectableAccount
    """For `collectable`."""


def paying_accounts(uow: Uow, idents: Iterable[str], *, lock: bool = False) -> dict[str, PayingAccount]:
    """Those that exist, by ident. `lock`: them and their mandates, until the end of the transaction."""
    rows = accounts_by_ident(uow, idents, lock=lock)
    mandates = mandates_by_account(uow, rows, lock=lock)
    return {ident: _paying(uow, row, mandates.get(ident)) for ident, row in rows.items()}


def _paying(uow: Uow, row: AccountRow, mandate: MandateRow | None) -> PayingAccount:
    return PayingAccount(
        ident=row.ident,
        debtor_ident=row.debtor_ident,
        gateway_ident=row.merchant_payment_gateway_ident,
        payment_method=row.payment_method,
        account_holder_name=row.account_holder_name,
        payment_provider_reference=row.payment_provider_reference,
        payment_method_reference=row.payment_method_reference,
        iban=read_iban(uow, row.iban, row.iban_key) if row.iban is not None and row.iban_key is not None else None,
        bic=row.bic,
        address=_address(address_of(row)),
        mandate=mandate,
        amendment=_told(uow, mandate) if mandate is not None and mandate.amendment_pending else None,
        state=collectable_of(row, mandate),
    )


def _address(said: HolderAddress | None) -> Address | None:
    if said is None:
        return None
    return Address(said.town, said.country, said.street, said.building_number, said.post_code)


def _told(uow: Uow, mandate: MandateRow) -> Amendment:
    said = mandate.amendment or {}
    sealed, key = said.get("iban"), said.get("iban_key")
    return Amendment(
        reference=_text(said.get("reference")),
        creditor_identifier=_text(said.get("creditor_identifier")),
        creditor_name=_text(said.get("creditor_name")),
        iban=read_iban(uow, sealed, key) if isinstance(sealed, str) and isinstance(key, str) else None,
        iban_key=_text(key),
        other_bank=bool(said.get("other_bank")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


class _Known(NamedTuple):
    iban_key: str
    debtor_ident: str


def customers_by_iban(uow: Uow, keys: Iterable[str]) -> dict[str, list[str]]:
    """By the key of an IBAN (`ibans.key_of`), the customers that pay from it, in order; without those of which there is none."""
    sql = (
        f"SELECT DISTINCT {columns(_Known)} FROM customer_payment_account WHERE iban_key IS NOT NULL AND iban_key = ANY (%s)"
        " ORDER BY iban_key, debtor_ident"
    )
    found: dict[str, list[str]] = {}
    for row in uow.all(_Known, sql, (sorted(set(keys)),)):
        found.setdefault(row.iban_key, []).append(row.debtor_ident)
    return found


class MandateHolder(NamedTuple):
    """Whose mandate a reference is."""

    reference: str
    account_ident: str
    debtor_ident: str


def holders_of_mandates(uow: Uow, references: Iterable[str]) -> dict[str, list[MandateHolder]]:
    """By the reference of a mandate, be it a former one, whose it is; more than one where several creditors use the same reference."""
    sql = (
        "SELECT m.reference, m.account_ident, a.debtor_ident FROM sepa_mandate m JOIN customer_payment_account a"
        " ON a.tenant_id = m.tenant_id AND a.ident = m.account_ident WHERE m.reference = ANY (%s) ORDER BY m.reference, m.key"
    )
    found: dict[str, list[MandateHolder]] = {}
    for row in uow.all(MandateHolder, sql, (sorted(set(references)),)):
        found.setdefault(row.reference, []).append(row)
    return found


_FIRST = (
    " FROM customer_payment_account a LEFT JOIN payment_method m ON m.tenant_id = a.tenant_id AND m.ident = a.ident"
    # one that a process of the version before makes while an update runs is no method yet
    " WHERE a.debtor_ident = {} AND (m.ident IS NULL OR (m.removed_at IS NULL AND m.enabled))"
    " AND NOT EXISTS (SELECT 1 FROM payment_method d WHERE d.tenant_id = a.tenant_id"
    " AND d.customer_ident = a.debtor_ident AND d.is_default AND d.removed_at IS NULL AND d.account_ident IS NULL)"
    " ORDER BY a.debtor_ident, coalesce(m.is_default, false) DESC, a.created_at DESC, a.ident"
)
METHOD_OF_CUSTOMER: Final = f"(SELECT coalesce(a.payment_method, 'DIRECT_DEBIT'){_FIRST} LIMIT 1)"
"""SQL: by what the first of `accounts_of_customers` of the customer `{}` pays; NULL where there is none."""


def accounts_of_customers(uow: Uow, customers: Iterable[str]) -> dict[str, list[str]]:
    """By customer, the idents of its payment accounts that are not switched off: the default one first, then the latest. None of who says
    that he pays by himself."""
    sql = f"SELECT a.debtor_ident, a.ident{_FIRST.format('ANY (%s)')}"
    found: dict[str, list[str]] = {}
    for row in uow.all(_Of, sql, (sorted(set(customers)),)):
        found.setdefault(row.debtor_ident, []).append(row.ident)
    return found


class NamedAccount(NamedTuple):
    """A payment account as who names it needs it."""

    ident: str
    debtor_ident: str
    mandate_reference: str | None
    """Of the mandate by which is collected from it now; None: by none."""
    creditor_identifier: str | None
    iban: KeptIban | None
    """As it is kept."""


class _Named(NamedTuple):
    ident: str
    debtor_ident: str
    mandate_reference: str | None
    creditor_identifier: str | None
    iban: str | None
    iban_key: str | None
    iban_shown: str | None


def named_accounts(uow: Uow, idents: Iterable[str]) -> dict[str, NamedAccount]:
    """Those that exist, by ident."""
    sql = (
        "SELECT a.ident, a.debtor_ident, m.reference AS mandate_reference, m.creditor_identifier, a.iban, a.iban_key, a.iban_shown"
        " FROM customer_payment_account a"
        " LEFT JOIN sepa_mandate m ON m.tenant_id = a.tenant_id AND m.account_ident = a.ident AND m.is_current AND m.status = 'ACTIVE'"
        " WHERE a.ident = ANY (%s)"
    )
    return {row.ident: _named(row) for row in uow.all(_Named, sql, (sorted(set(idents)),))}


def _named(row: _Named) -> NamedAccount:
    kept = KeptIban(row.iban, row.iban_key, row.iban_shown) if row.iban and row.iban_key and row.iban_shown else None
    return NamedAccount(row.ident, row.debtor_ident, row.mandate_reference, row.creditor_identifier, kept)


def payment_account_findings(uow: Uow, customer_ident: str, ident: str | None) -> list[Problem]:
    """What is wrong with naming this account as the one that the customer pays from: it is a payment account of the customer, or one of
    the bank accounts that documents show."""
    problems = bank_account_findings(uow, customer_ident, ident)
    known = named_accounts(uow, [ident]) if problems and ident is not None else {}
    return [] if any(account.debtor_ident == customer_ident for account in known.values()) else problems


class _Of(NamedTuple):
    debtor_ident: str
    ident: str


def account_views(uow: Uow, idents: Iterable[str]) -> dict[str, CustomerAccountView]:
    """Those that exist, by ident; the IBAN masked."""
    return views_of(uow, idents)


def signed_mandates(uow: Uow, idents: Iterable[str]) -> list[CustomerAccountView]:
    """These accounts, for who tells their holders of a mandate; the IBAN masked."""
    return list(views_of(uow, idents).values())
