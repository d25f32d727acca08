"""Merchant payment accounts: accounts kept at a bank or payment provider."""

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.payments import tables
from contor.payments.events import MoneyBookedOn
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


def _checked(uow: Uow, row: Fields) -> None:
    """The books take what the bank booked: an account in another currency would need a rate for every transaction. No settlement is made,
    so nothing of it can be planned."""
    _changed(uow, row)
    ledger = tenant_settings(uow).ledger_currency
    if row["currency"] != ledger:
        message = f"An account is kept in the ledger's currency, {ledger}; other currencies are accepted additionally."
        raise Refused(Kind.INVALID, Problem("account_currency_not_ledger", message, "currency", row["currency"]))


def _changed(uow: Uow, row: Fields) -> None:
    _unplanned(row)
    if row["booking_account"] is not None:
        uow.emit(MoneyBookedOn(booking_account=row["booking_account"], currency=row["currency"]))


def _unplanned(row: Fields) -> None:
    problems = []
    if row["settlements_processing_schedule"] is not None:
        message = "Settlements are not read from here: no schedule can be set for them."
        schedule = row["settlements_processing_schedule"]
        problems.append(Problem("settlement_not_read", message, "settlementsProcessingSchedule", schedule))
    if problems:
        raise Refused(Kind.INVALID, *problems)


ACCOUNTS = Resource(
    "merchant_payment_account",
    tables.merchant_payment_account,
    permission="payments",
    writable=(
        "ident",
        "name",
        "active",
        "country",
        "currency",
        "additionally_accepted_currencies",
        "payment_service_provider_id",
        "payment_collection_config",
        "settlement_creation_disabled",
        "settlements_processing_schedule",
        "booking_account",
        "iban",
        "bic",
        "other_idents",
        "sepa",
    ),
    immutable=("country", "currency", "payment_service_provider_id", "payment_collection_config", "settlement_creation_disabled"),
    filterable=("ident", "name", "active", "country", "currency", "payment_service_provider_id", "created_at"),
    before_create=_checked,
    before_update=_changed,
)
"""Core data cannot be edited; an account with payments cannot be deleted (foreign key)."""
