"""Intents that wait to go out in a file, as transactions of SEPA."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Problem
from contor.payments.customer_accounts import PayingAccount, collectable
from contor.payments.providers import IntentType
from contor.payments.sepa import (
    Collection,
    Debit,
    Notice,
    SepaSettings,
    Transfer,
    collection_date,
    execution_date,
    notice_of,
    sequence_of,
    why_moved,
)


class Waiting(NamedTuple):
    """An intent that is to go out in a file."""

    ident: str
    type: IntentType
    document_ident: str
    customer_account_ident: str
    amount: Decimal
    currency: str
    statement_descriptor: str | None
    due_on: dt.date
    notified_on: dt.date | None
    announced_on: dt.date | None
    number: int
    """Of its next attempt."""


def text_of(intent: Waiting) -> str:
    """What the other one reads."""
    return intent.statement_descriptor or intent.document_ident


def day_of_collection(intent: Waiting, account: PayingAccount, now: dt.datetime, settings: SepaSettings) -> Collection:
    """When it is collected: not before the customer was told as long before as was agreed."""
    return collection_date(intent.due_on, now, settings, notice_given(intent, account, settings), intent.announced_on)


def notice_given(intent: Waiting, account: PayingAccount, settings: SepaSettings) -> Notice | None:
    """That the customer was told of it by the document."""
    agreed = account.mandate.pre_notification_days if account.mandate is not None else None
    return notice_of(intent.notified_on, agreed, settings) if intent.notified_on is not None else None


def why_later(intent: Waiting, day: Collection, notice: Notice | None, settings: SepaSettings) -> str | None:
    """Why it is collected on another day than when it is due, or than the customer was told; None: it is not."""
    said = why_moved(intent.due_on, day, settings, notice)
    if intent.announced_on is not None and day.on > intent.announced_on:
        told = "was told" if intent.notified_on is not None else "was to be told"
        return f"{said or ''} The customer {told} that it is {intent.announced_on}: tell him the later day.".strip()
    return said


def debit_of(intent: Waiting, account: PayingAccount, key: str, on: dt.date, settings: SepaSettings) -> Debit | Problem:
    """The collection, or why there is none."""
    mandate = account.mandate
    found = collectable(account.state, on, on)
    if found or mandate is None or account.iban is None:
        return found[0] if found else Problem("mandate_missing", "There is no mandate.")
    return Debit(
        reference=key,
        amount=intent.amount,
        currency=intent.currency,
        name=account.account_holder_name or "",
        iban=account.iban,
        bic=account.bic,
        address=account.address,
        text=text_of(intent),
        on=on,
        mandate_reference=mandate.reference,
        signed_on=mandate.signed_on,
        creditor_identifier=mandate.creditor_identifier,
        scheme=mandate.scheme,
        sequence=sequence_of(mandate.kind, settings, presented=mandate.last_presented_on is not None),
        amendment=account.amendment,
    )


def transfer_of(intent: Waiting, account: PayingAccount, key: str, now: dt.datetime, settings: SepaSettings) -> Transfer | Problem:
    """The refund or payout, or why there is none."""
    if account.iban is None:
        return Problem("account_without_iban", f"The customer's payment account {account.ident!r} has no IBAN (iban).")
    return Transfer(
        reference=key,
        amount=intent.amount,
        currency=intent.currency,
        name=account.account_holder_name or "",
        iban=account.iban,
        bic=account.bic,
        address=account.address,
        text=text_of(intent),
        on=execution_date(intent.due_on, now, settings),
    )
