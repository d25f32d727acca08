"""Customers' payment accounts as they are stored and answered."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from contor.payments.customer_accounts.mandates import CollectableAccount, MandateRow, status_on, status_reason_on
from contor.payments.customer_accounts.types import CustomerAccountView, HealthStatus, HolderAddress, Mandate, PaymentMethod
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class AccountRow(NamedTuple):
    """An account as it is stored."""

    ident: str
    debtor_ident: str
    merchant_payment_gateway_ident: str
    account_holder_name: str | None
    display_name: str | None
    account_creation_date: dt.date | None
    payment_method: PaymentMethod | None
    payment_card_type: str | None
    payment_provider_reference: str | None
    payment_method_reference: str | None
    iban: str | None
    iban_key: str | None
    iban_shown: str | None
    bic: str | None
    holder_address: Mapping[str, str | None] | None
    health_status: HealthStatus
    health_reason: str | None
    health_code: str | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


ACCOUNT = f"SELECT {columns(AccountRow)} FROM customer_payment_account WHERE ident = ANY (%s)"
_MANDATE = (
    # no array of constants: a planner without statistics would take so many for all, and walk by the key
    f"SELECT {columns(MandateRow)} FROM sepa_mandate WHERE account_ident = ANY (ARRAY(SELECT unnest(%s::text[]))) AND is_current"
)


def accounts_by_ident(uow: Uow, idents: Iterable[str], *, lock: bool = False) -> dict[str, AccountRow]:
    """Those that exist."""
    sql = ACCOUNT + (" ORDER BY ident FOR UPDATE" if lock else "")
    return {row.ident: row for row in uow.all(AccountRow, sql, (sorted(set(idents)),))}


def mandates_by_account(uow: Uow, idents: Iterable[str], *, lock: bool = False) -> dict[str, MandateRow]:
    """The current mandate of each of the accounts that has one."""
    sql = _MANDATE + (" ORDER BY key FOR UPDATE" if lock else "")
    return {row.account_ident: row for row in uow.all(MandateRow, sql, (sorted(set(idents)),))}


def views_of(uow: Uow, idents: Iterable[str]) -> dict[str, CustomerAccountView]:
    rows = accounts_by_ident(uow, idents)
    mandates = mandates_by_account(uow, rows)
    today = uow.ctx.today()
    return {ident: _view(row, mandates.get(ident), today) for ident, row in rows.items()}


def collectable_of(row: AccountRow, mandate: MandateRow | None) -> CollectableAccount:
    """What decides whether it can be collected from."""
    return CollectableAccount(
        row.ident,
        row.iban is not None,
        row.payment_method_reference,
        row.health_status,
        row.health_reason,
        mandate,
        row.health_code,
    )


def address_of(row: AccountRow) -> HolderAddress | None:
    return msgspec.convert(row.holder_address, HolderAddress) if row.holder_address is not None else None


def _view(row: AccountRow, mandate: MandateRow | None, today: dt.date) -> CustomerAccountView:
    said = row._asdict()
    del said["iban"], said["iban_key"], said["iban_shown"], said["holder_address"], said["health_code"]
    return CustomerAccountView(
        **said,
        iban=row.iban_shown,
        holder_address=address_of(row),
        mandate=mandate_of(mandate) if mandate is not None else None,
        mandate_status=status_on(mandate, today) if mandate is not None else None,
        mandate_status_reason=status_reason_on(mandate, today) if mandate is not None else None,
        last_presented_on=mandate.last_presented_on if mandate is not None else None,
        amendment_pending=mandate is not None and mandate.amendment_pending,
    )


def mandate_of(row: MandateRow) -> Mandate:
    """As it was sent."""
    return Mandate(
        reference=row.reference,
        signed_on=row.signed_on,
        scheme=row.scheme,
        kind=row.kind,
        creditor_identifier=row.creditor_identifier,
        pre_notification_days=row.pre_notification_days,
    )
