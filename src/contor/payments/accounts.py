"""Merchant payment accounts: accounts kept at a bank or payment provider."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.payments import tables
from contor.payments.events import AccountSettles, CreditorChanged, MoneyBookedOn, SettlementsPlanned
from contor.payments.gateways import KEEPING, provider_name
from contor.payments.schedule import schedule_problem
from contor.payments.sepa import OurAccount, SepaSettings, account_problems
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow
from contor.settings.exchange import source_findings
from contor.settings.queries import tenant_settings


def _checked(uow: Uow, row: Fields) -> None:
    _judged(row)
    _foreign(uow, row)
    _alone(uow, row)
    if row["booking_account"] is not None:
        uow.emit(MoneyBookedOn(booking_account=row["booking_account"], currency=row["currency"]))


def _foreign(uow: Uow, row: Fields) -> None:
    """Money in another currency than the ledger's stands on an account of the chart by itself, so that it can be compared with the bank's
    balance, and takes payments in its own currency alone."""
    ledger = tenant_settings(uow).ledger_currency
    if row["currency"] == ledger:
        return
    problems = source_findings(uow, row["currency"], "currency")
    if row["booking_account"] is None:
        message = f"An account in {row['currency']} has an account of the chart for itself: the ledger is in {ledger}."
        problems.append(Problem("booking_account_missing", message, "bookingAccount"))
    if row["additionally_accepted_currencies"]:
        message = f"Only an account in {ledger}, the ledger's currency, accepts others additionally."
        problems.append(Problem("currency_not_accepted", message, "additionallyAcceptedCurrencies"))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _alone(uow: Uow, row: Fields) -> None:
    """Statements find an account by its IBAN and currency: two of the same would make every one of them ambiguous. Raises CONFLICT; who
    has had it before keeps it."""
    if row["iban"] is None:
        return
    uow.lock("merchant_account_iban", [row["iban"]])
    sql = "SELECT ident FROM merchant_payment_account WHERE iban = %s AND currency = %s ORDER BY ident"
    idents = uow.column(str, sql, (row["iban"], row["currency"]))
    if idents and row["ident"] not in idents:
        message = f"The merchant payment account {idents[0]} has this IBAN in {row['currency']} already."
        raise Refused(Kind.CONFLICT, Problem("iban_taken", message, "iban", row["iban"]))


def _replaced(uow: Uow, row: Fields) -> None:
    """An account with a payment provider that names no other account of the chart keeps the one on which its money stands."""
    if row["booking_account"] is None and provider_name(uow, row["payment_service_provider_id"]) in KEEPING:
        sql = "SELECT booking_account FROM merchant_payment_account WHERE ident = %s"
        row["booking_account"] = uow.scalar(int, sql, (row["ident"],))
        _kept(uow, row)  # its number was corrected to that provider's
    _checked(uow, row)
    schedule = row["settlements_processing_schedule"]
    sql = "SELECT settlements_processing_schedule FROM merchant_payment_account WHERE ident = %s"
    if uow.scalar(str, sql, (row["ident"],)) != schedule:
        uow.emit(SettlementsPlanned(account_ident=row["ident"], schedule=schedule))
    _creditor(uow, row)


class _Collects(NamedTuple):
    identifier: str | None
    name: str | None


def _creditor(uow: Uow, row: Fields) -> None:
    """Mandates name the creditor; who is none any more collects nothing by them."""
    sql = "SELECT sepa ->> 'creditor_identifier' AS identifier, sepa ->> 'holder_name' AS name FROM merchant_payment_account"
    before = uow.first(_Collects, f"{sql} WHERE ident = %s FOR UPDATE", (row["ident"],))
    if before is None or before.identifier is None or row["sepa"] is None:
        return
    settings = msgspec.convert(row["sepa"], SepaSettings)
    now = _Collects(settings.creditor_identifier, settings.holder_name)
    if now.identifier is not None and now != before:
        fact = CreditorChanged(
            account_ident=row["ident"],
            former_identifier=before.identifier,
            identifier=now.identifier,
            name=settings.holder_name,
        )
        uow.emit(fact)


def _correctable(uow: Uow, row: Fields) -> tuple[str, ...]:
    """A number that no provider has was a slip, as long as no money came by it."""
    if provider_name(uow, row["payment_service_provider_id"]) is not None:
        return ()
    if uow.scalar(int, "SELECT 1 FROM payment WHERE account_ident = %s LIMIT 1", (row["ident"],)) is not None:
        return ()
    return ("payment_service_provider_id",)


def _kept(uow: Uow, row: Fields) -> None:
    """Money that a payment provider keeps for us stands with it from the beginning, not at a bank, whether or not it reports."""
    if row["booking_account"] is None and provider_name(uow, row["payment_service_provider_id"]) in KEEPING:
        uow.emit(AccountSettles(account_ident=row["ident"], currency=row["currency"]))


def book_on(uow: Uow, ident: str, booking_account: int) -> None:
    """The money of an account that names none stands on this account of the chart from now on."""
    sql = "UPDATE merchant_payment_account SET booking_account = %s, last_modified_at = %s WHERE ident = %s AND booking_account IS NULL"
    if uow.run(sql, (booking_account, uow.ctx.now(), ident)):
        change = {"before": {"booking_account": None}, "after": {"booking_account": booking_account}}
        uow.audit("merchant_payment_account", ident, change)


def accept_also(uow: Uow, ident: str, currency: str) -> bool:
    """From now on an active account in the ledger's currency takes money in another one, too. Whether there is such an account."""
    sql = (
        "UPDATE merchant_payment_account SET additionally_accepted_currencies = additionally_accepted_currencies || to_jsonb(%s::text),"
        " last_modified_at = %s WHERE ident = %s AND active AND currency = %s"
    )
    if not uow.run(sql, (currency, uow.ctx.now(), ident, tenant_settings(uow).ledger_currency)):
        return False
    uow.audit("merchant_payment_account", ident, {"additionally_accepted": currency})
    return True


def _judged(row: Fields) -> None:
    problems = []
    if (schedule := row["settlements_processing_schedule"]) is not None:
        if row["settlement_creation_disabled"]:
            message = "No settlement reports are taken of this account (settlementCreationDisabled): none are processed."
            problems.append(Problem("settlement_creation_disabled", message, "settlementsProcessingSchedule", schedule))
        elif (problem := schedule_problem(schedule, "settlementsProcessingSchedule")) is not None:
            problems.append(problem)
    problems += _sepa_problems(row)
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _sepa_problems(row: Fields) -> list[Problem]:
    """Settings by which no file could ever be written."""
    if row["sepa"] is None:
        return []
    if row["iban"] is None:
        return [Problem("sepa_without_iban", "is required: files for the bank name the account", "iban")]
    if row["currency"] != "EUR":
        return [Problem("sepa_without_euro", "SEPA moves euros, and the account is kept in another currency.", "sepa")]
    settings = msgspec.convert(row["sepa"], SepaSettings)
    account = OurAccount(row["iban"], settings, row["bic"])
    problems = account_problems(account, debits=settings.creditor_identifier is not None)
    return [problem for problem in problems if problem.field not in ("iban", "bic") or problem.code == "bic_missing"]


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
    correctable=_correctable,
    filterable=("ident", "name", "active", "country", "currency", "payment_service_provider_id", "created_at"),
    before_create=_checked,
    after_create=_kept,
    before_update=_replaced,
)
"""Core data cannot be edited; an account with payments cannot be deleted (foreign key)."""


class Taking(NamedTuple):
    """An account on which money can come in."""

    ident: str
    currency: str
    accepted: Sequence[str]
    iban: str | None
    created_at: dt.datetime


def accounts_taking(uow: Uow, currency: str) -> list[Taking]:
    """The active accounts that are kept in a currency; without any, those that accept it."""
    sql = (
        "SELECT ident, currency, additionally_accepted_currencies AS accepted, iban, created_at FROM merchant_payment_account"
        " WHERE active ORDER BY ident"
    )
    accounts = uow.all(Taking, sql)
    return [it for it in accounts if it.currency == currency] or [it for it in accounts if currency in it.accepted]


def longest_lead(uow: Uow) -> int:
    """Of all our accounts the most days of TARGET that a bank wants between a file and its collection."""
    return uow.scalar(int, "SELECT max((sepa ->> 'lead_days')::int) FROM merchant_payment_account") or 0
